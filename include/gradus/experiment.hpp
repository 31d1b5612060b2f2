#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"
#include "gradus/export.hpp"
#include "gradus/metrics.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/trainer.hpp"
#include "gradus/training_options.hpp"

namespace gradus {

/// The network, options and data of one fold of a cross-validation.
struct FoldPlan {
  NetworkSpec network = {};
  TrainingOptions training = {};
  Dataset train;
  /// As HeldOut::validation: chooses the epoch, and can end the run.
  std::optional<Dataset> validation = std::nullopt;
};

/// Makes the plan of a fold, counted from 0. `rest` has the samples that the fold does not hold out: a recipe depends on
/// their number, and a validation set is taken from them.
using PlanFold = std::function<FoldPlan(std::size_t fold, const Dataset& rest)>;

/// A fold whose training is about to begin.
struct FoldBegin {
  std::size_t fold = 0;  ///< counted from 0
  const FoldPlan& plan;
  const Dataset& held_out;
  const Trainer& trainer;
};

/// A fold whose training has ended.
struct FoldResult {
  std::size_t fold = 0;     ///< counted from 0
  TrainingResult training;  ///< `test` is the evaluation on the samples that were held out
};

/// Functions that a cross-validation calls while it runs. Each may be empty.
struct FoldCallbacks {
  std::function<void(const FoldBegin&)> begin;
  ProgressCallback epoch;                         ///< as in Trainer::fit; `false` stops the cross-validation
  std::function<bool(const FoldResult&)> finish;  ///< after each fold, even a diverged one; `false` stops all
};

struct FoldOptions {
  std::size_t folds = 5;
  std::uint64_t seed = 0;  ///< draws the folds
};

/// Mean and standard deviation of a metric over the folds.
struct MetricSpread {
  const Metric* metric = nullptr;
  double mean = 0.0;
  double deviation = 0.0;  ///< the sample standard deviation: the sum of squares is divided by the number of folds minus 1
};

struct GRADUS_EXPORT CrossValidation {
  std::vector<FoldResult> finished;  ///< in the order of the folds
  std::vector<FoldResult> diverged;  ///< folds whose cost did not stay finite; the means leave them out
  bool stopped = false;              ///< whether a callback or the stop token ended it before all folds were trained

  /// One for each metric of Metric::Level::always that the task has, over the finished folds; empty if fewer than two folds
  /// are finished.
  [[nodiscard]] std::vector<MetricSpread> spreads() const;
};

/// Cross-validation: for each fold, trains on the other samples and evaluates on the fold's own (`Dataset::folds`). A fold
/// that diverges does not end the cross-validation. A request to stop takes effect after the current step; a fold that it
/// interrupts is in neither list. Throws UsageError unless 2 ≤ folds ≤ samples, and what `plan`, Trainer and Trainer::fit
/// throw.
[[nodiscard]] GRADUS_EXPORT CrossValidation cross_validate(const Dataset& data, const FoldOptions& options,
                                                           const PlanFold& plan, const FoldCallbacks& callbacks = {},
                                                           const std::stop_token& stop = {});
/// The same network and options for every fold, without validation sets.
[[nodiscard]] GRADUS_EXPORT CrossValidation cross_validate(const Dataset& data, const FoldOptions& options,
                                                           const NetworkSpec& network, const TrainingOptions& training = {},
                                                           const std::stop_token& stop = {});

}  // namespace gradus
