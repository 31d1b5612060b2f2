#include "baseline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics.hpp"

namespace gradus::cli {
namespace {

Baseline of_classes(const Dataset& train, const Dataset& measured) {
  const std::vector<std::size_t> learnt = class_counts(train);
  const auto most = static_cast<std::size_t>(std::max_element(learnt.begin(), learnt.end()) - learnt.begin());
  Baseline baseline;
  baseline.most_frequent_class = most;
  baseline.accuracy = static_cast<double>(class_counts(measured)[most]) / static_cast<double>(measured.samples());
  return baseline;
}

Baseline of_targets(const Dataset& train, const Dataset& measured) {
  const std::size_t columns = train.schema().targets;
  double squares = 0.0;
  for (std::size_t column = 0; column < columns; ++column) {
    double sum = 0.0;
    for (std::size_t sample = 0; sample < train.samples(); ++sample)
      sum += static_cast<double>(train.target(sample, column));
    const double mean = sum / static_cast<double>(train.samples());
    for (std::size_t sample = 0; sample < measured.samples(); ++sample) {
      const double error = static_cast<double>(measured.target(sample, column)) - mean;
      squares += error * error;
    }
  }
  Baseline baseline;
  baseline.rmse = std::sqrt(squares / static_cast<double>(measured.samples() * columns));
  return baseline;
}

}  // namespace

Baseline baseline(const Dataset& train, const Dataset& measured) {
  return train.task() == Task::classification ? of_classes(train, measured) : of_targets(train, measured);
}

}  // namespace gradus::cli
