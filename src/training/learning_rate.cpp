#include "training/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::internal {
namespace {

/// From 1 at 0 to 0 at 1.
double half_cosine(double progress) {
  return 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

/// The fraction of the full rate at a step of a run, as in PyTorch's OneCycleLR: up in 30 % of the steps, then down.
double one_cycle(double step, double steps) {
  constexpr double kRise = 0.3;
  constexpr double kFirst = 1.0 / 25.0;
  constexpr double kLast = kFirst * 1e-4;
  const double top = kRise * steps - 1.0;
  if (step <= top) return 1.0 - (1.0 - kFirst) * half_cosine(top > 0.0 ? step / top : 1.0);
  const double progress = std::min(1.0, (step - top) / (steps - 1.0 - top));
  return kLast + (1.0 - kLast) * half_cosine(progress);
}

}  // namespace

LearningRate::LearningRate(const TrainingOptions& options, std::size_t steps_per_epoch)
    : first_(options.optimizer.learning_rate.value()),
      schedule_(options.schedule),
      steps_per_epoch_(steps_per_epoch),
      warmup_steps_(options.warmup_epochs * steps_per_epoch),
      steps_((options.epochs.value() - std::min(options.warmup_epochs, *options.epochs)) * steps_per_epoch) {}

void LearningRate::begin(std::size_t step) {
  begin_ = step;
  plateau_factor_ = 1.0;
  best_cost_ = std::numeric_limits<double>::infinity();
  epochs_without_progress_ = 0;
}

double LearningRate::at(std::size_t step) const {
  const std::size_t of_run = step - begin_;
  if (of_run < warmup_steps_) return first_ * static_cast<double>(of_run + 1) / static_cast<double>(warmup_steps_);
  const std::size_t since = of_run - warmup_steps_;
  const std::size_t epoch = since / steps_per_epoch_;
  const auto after_falls = [this](std::size_t falls) {
    return first_ * std::pow(schedule_.factor, static_cast<double>(falls));
  };
  // Single steps may go on beyond the run.
  const auto steps = static_cast<double>(std::max(steps_, since + 1));
  switch (schedule_.kind) {
    case Schedule::Kind::constant:
      return first_;
    case Schedule::Kind::step:
      return after_falls(epoch / schedule_.epochs);
    case Schedule::Kind::exponential:
      return after_falls(epoch);
    case Schedule::Kind::cosine:
      return first_ * half_cosine(static_cast<double>(since) / steps);
    case Schedule::Kind::one_cycle:
      return first_ * one_cycle(static_cast<double>(since), steps);
    case Schedule::Kind::plateau:
      return first_ * plateau_factor_;
  }
  return first_;
}

void LearningRate::end_epoch(double cost) {
  if (schedule_.kind != Schedule::Kind::plateau) return;
  if (cost < best_cost_) {
    best_cost_ = cost;
    epochs_without_progress_ = 0;
  } else if (++epochs_without_progress_ > schedule_.epochs) {
    plateau_factor_ *= schedule_.factor;
    epochs_without_progress_ = 0;
  }
}

}  // namespace gradus::internal
