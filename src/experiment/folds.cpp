#include <cmath>
#include <limits>
#include <utility>

#include "gradus/experiment.hpp"

namespace gradus {
namespace {

MetricSpread spread_of(const Metric& metric, const std::vector<FoldResult>& folds) {
  const auto value = [&metric](const FoldResult& fold) {
    return metric.value(*fold.training.test).value_or(std::numeric_limits<double>::quiet_NaN());
  };
  const auto count = static_cast<double>(folds.size());
  MetricSpread spread{.metric = &metric};
  for (const FoldResult& fold : folds) spread.mean += value(fold) / count;
  double squares = 0.0;
  for (const FoldResult& fold : folds) squares += std::pow(value(fold) - spread.mean, 2);
  spread.deviation = std::sqrt(squares / (count - 1.0));
  return spread;
}

}  // namespace

std::vector<MetricSpread> CrossValidation::spreads() const {
  std::vector<MetricSpread> spreads;
  if (finished.size() < 2) return spreads;
  const Task task = finished.front().training.test->task;
  for (const Metric& metric : metrics())
    if (metric.level == Metric::Level::always && metric.is_for(task)) spreads.push_back(spread_of(metric, finished));
  return spreads;
}

CrossValidation cross_validate(const Dataset& data, const FoldOptions& options, const PlanFold& plan,
                               const FoldCallbacks& callbacks, const std::stop_token& stop) {
  CrossValidation result;
  const auto folds = data.folds(options.folds, options.seed);
  for (std::size_t i = 0; i < folds.size(); ++i) {
    result.stopped = result.stopped || stop.stop_requested();
    if (result.stopped) break;
    const auto& [rest, held_out] = folds[i];
    const FoldPlan planned = plan(i, rest);
    Trainer trainer(planned.network, planned.train, planned.training);
    if (callbacks.begin) callbacks.begin({i, planned, held_out, trainer});
    FoldResult fold{i, trainer.fit(HeldOut{.validation = planned.validation, .test = held_out}, callbacks.epoch, stop)};
    if (fold.training.end == TrainingResult::End::stopped) {
      result.stopped = true;
      break;
    }
    const bool goes_on = !callbacks.finish || callbacks.finish(fold);
    const bool has_diverged = fold.training.end == TrainingResult::End::diverged;
    (has_diverged ? result.diverged : result.finished).push_back(std::move(fold));
    result.stopped = !goes_on && i + 1 < folds.size();
  }
  return result;
}

CrossValidation cross_validate(const Dataset& data, const FoldOptions& options, const NetworkSpec& network,
                               const TrainingOptions& training, const std::stop_token& stop) {
  const auto plan = [&](std::size_t /*fold*/, const Dataset& rest) {
    return FoldPlan{.network = network, .training = training, .train = rest};
  };
  return cross_validate(data, options, plan, {}, stop);
}

}  // namespace gradus
