#include "inference/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/cost.hpp"
#include "inference/class_metrics.hpp"

namespace gradus::internal {

Score::Score(const DataSchema& schema, const Preprocessing& preprocessing, const LossFunction& loss)
    : preprocessing_(preprocessing), loss_(loss) {
  sums_.task = schema.task;
  if (schema.task == Task::classification) classes_ = schema.outputs();
  if (schema.task == Task::classification)
    sums_.confusion.assign(schema.outputs() > kMostComparedClasses ? 0 : schema.outputs() * schema.outputs(), 0);
  else
    targets_.resize(schema.targets);
}

void Score::add_classes(const Dataset& data, std::size_t first, std::span<const std::int32_t> classes, double cost) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto actual = static_cast<std::size_t>(data.class_index(first + i));
    const auto predicted = static_cast<std::size_t>(classes[i]);
    if (predicted == actual) ++sums_.correct;
    if (!sums_.confusion.empty()) ++sums_.confusion[actual * classes_ + predicted];
  }
  sums_.samples += classes.size();
  cost_ += cost;
}

void Score::add_labels(const Dataset& data, std::size_t first, std::span<const float> outputs, double cost) {
  const std::size_t labels = targets_.size();
  for (std::size_t i = 0; i < outputs.size() / labels; ++i) {
    std::size_t correct = 0;
    for (std::size_t j = 0; j < labels; ++j)
      if ((outputs[i * labels + j] > 0.5F) == (data.target(first + i, j) > 0.5F)) ++correct;
    correct_labels_ += correct;
    if (correct == labels) ++sums_.correct;
    ++sums_.samples;
  }
  cost_ += cost;
}

void Score::add_outputs(const Dataset& data, std::size_t first, std::span<const float> outputs) {
  const std::size_t width = targets_.size();
  for (std::size_t i = 0; i < outputs.size() / width; ++i) {
    add_output(data, first + i, outputs.subspan(i * width, width));
    ++sums_.samples;
  }
}

void Score::add_output(const Dataset& data, std::size_t sample, std::span<const float> outputs) {
  for (std::size_t j = 0; j < outputs.size(); ++j) {
    const float target = data.target(sample, j);
    const float scaled = (target - preprocessing_.target_shift[j]) * preprocessing_.target_scale[j];
    cost_ += cost_of_outputs(loss_, outputs.size(), &outputs[j], nullptr, &scaled, 1);

    TargetSums& sums = targets_[j];
    const auto actual = static_cast<double>(target);
    const double error = static_cast<double>(preprocessing_.restore_target(outputs[j], j)) - actual;
    if (sums_.samples == 0) sums.first = actual;
    sums.sum += actual - sums.first;
    sums.squares += (actual - sums.first) * (actual - sums.first);
    sums.error_squares += error * error;
    sums.error_sizes += std::abs(error);
  }
}

Evaluation Score::evaluation() const {
  Evaluation result = sums_;
  const auto samples = static_cast<double>(std::max<std::size_t>(result.samples, 1));
  result.cost = cost_ / samples;
  const auto targets = static_cast<double>(targets_.size());
  if (result.task != Task::regression) {
    result.accuracy = static_cast<double>(result.correct) / samples;
    if (result.task == Task::multi_label) result.label_accuracy = static_cast<double>(correct_labels_) / (samples * targets);
    return result;
  }
  double squares = 0.0;
  double sizes = 0.0;
  double with_r2 = 0.0;
  for (const TargetSums& sums : targets_) {
    squares += sums.error_squares;
    sizes += sums.error_sizes;
    const double total = sums.squares - sums.sum * sums.sum / samples;
    NumberMetrics& metrics = result.targets.emplace_back();
    metrics.rmse = std::sqrt(sums.error_squares / samples);
    metrics.mae = sums.error_sizes / samples;
    metrics.r2 = total > 0.0 ? 1.0 - sums.error_squares / total : std::numeric_limits<double>::quiet_NaN();
    if (std::isnan(metrics.r2)) continue;
    result.r2 += metrics.r2;
    with_r2 += 1.0;
  }
  result.rmse = std::sqrt(squares / (samples * targets));
  result.mae = sizes / (samples * targets);
  result.r2 = with_r2 > 0.0 ? result.r2 / with_r2 : std::numeric_limits<double>::quiet_NaN();
  return result;
}

std::int32_t predicted_class(std::span<const float> outputs) {
  return static_cast<std::int32_t>(std::max_element(outputs.begin(), outputs.end()) - outputs.begin());
}

}  // namespace gradus::internal
