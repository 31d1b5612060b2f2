#include "report/baseline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/statistics.hpp"

namespace gradus::report {
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

Baseline of_labels(const Dataset& train, const Dataset& measured) {
  const std::size_t labels = train.schema().targets;
  const std::vector<std::size_t> learnt = label_counts(train);
  const std::vector<std::size_t> there = label_counts(measured);
  std::size_t right = 0;
  for (std::size_t label = 0; label < labels; ++label)
    right += 2 * learnt[label] > train.samples() ? there[label] : measured.samples() - there[label];
  Baseline baseline;
  baseline.label_accuracy = static_cast<double>(right) / static_cast<double>(measured.samples() * labels);
  return baseline;
}

}  // namespace

Baseline baseline(const Dataset& train, const Dataset& measured) {
  switch (train.task()) {
    case Task::classification:
      return of_classes(train, measured);
    case Task::multi_label:
      return of_labels(train, measured);
    case Task::regression:
      break;
  }
  return of_targets(train, measured);
}

}  // namespace gradus::report
