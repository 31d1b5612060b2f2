#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "backend/backend.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/trainer.hpp"
#include "inference/inference.hpp"
#include "network/parameters.hpp"
#include "network/propagation.hpp"
#include "network/samples.hpp"
#include "training/best_epoch.hpp"
#include "training/learning_rate.hpp"

namespace gradus {

/// What a trainer is made of. Steps along epochs are in trainer_steps.cpp, runs of many epochs in trainer.cpp.
struct Trainer::Implementation {
  Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given);

  double step();
  TrainingResult fit(const HeldOut& held_out, const ProgressCallback& progress, const std::stop_token& stop);
  [[nodiscard]] std::shared_ptr<const ModelState> state() const;

 private:
  /// A part that is measured and never learnt from.
  struct Part {
    const Dataset& data;
    internal::PreparedSamples prepared;
    std::unique_ptr<internal::Samples> samples;
  };

  /// What a run needs beside the trainer's own state.
  struct Run {
    const ProgressCallback& progress;
    std::optional<Part> validation = std::nullopt;
    std::optional<Part> test = std::nullopt;
    std::optional<internal::BestEpoch> best = std::nullopt;  // with a validation part
    internal::Buffer best_parameters = {};
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    std::size_t first_epoch = 0;
    std::size_t first_step = 0;
    std::size_t samples = 0;  // visited
    double training_seconds = 0.0;
  };

  [[nodiscard]] std::unique_ptr<internal::Backend> make_backend_for_training() const;
  void require_parts(const HeldOut& held_out) const;
  Part hold(const Dataset& data);
  Evaluation evaluate(Part& part) { return evaluate(*part.samples, part.data); }
  TrainingResult::End train_epochs(Run& run, const std::stop_token& stop);
  std::optional<TrainingResult::End> end_epoch(Run& run, double cost);
  void begin_epoch();
  void use_rate_of(std::size_t step);
  void take_steps(std::size_t batch, std::size_t count);
  void take_step_in_parts(std::size_t batch);
  void take_minibatches(std::size_t most);
  bool train_epoch(const std::stop_token& stop);
  bool report(Run& run, double epoch_cost, const std::optional<Evaluation>& validation);
  void keep(internal::Buffer& copy) { backend_->copy(parameters_.all(), copy.span()); }
  void go_back_to(const internal::Buffer& copy);
  void return_to_last_finite();
  Evaluation evaluate_training();
  Evaluation evaluate(internal::Samples& held, const Dataset& part) {
    return internal::evaluate(*backend_, evaluation_, held, preprocessing_, part);
  }

 public:
  Dataset data;
  NetworkSpec network;
  TrainingOptions options;

 private:
  std::vector<float> weights_;  // of the samples, or none
  std::vector<std::size_t> widths_;
  internal::OptimizerSettings optimizer_settings_;
  std::size_t rows_;            // of the batch at once
  std::size_t steps_at_once_;   // that may be begun without looking up
  std::size_t evaluated_rows_;  // of the data at once
  std::unique_ptr<internal::Backend> backend_;
  internal::Parameters parameters_;
  bool has_gradients_;              // or each step is folded into the products that would make them
  internal::Parameters gradients_;  // without layers where there are none
  std::unique_ptr<internal::OptimizerState> optimizer_;
  internal::LearningRate learning_rate_;
  float rate_ = 0.0F;               // that the backend has; 0 before the first step
  std::size_t schedule_begin_ = 0;  // the step from which the schedule counts
  // Where a diverging run goes back to: the parameters at the beginning of this epoch, and of the last one whose cost was
  // finite. On the device.
  internal::Buffer epoch_start_;
  internal::Buffer last_finite_;
  internal::Preprocessing preprocessing_;
  internal::Propagation propagation_;
  internal::Propagation evaluation_;
  internal::PreparedSamples prepared_;
  std::unique_ptr<internal::Samples> samples_;       // not scaled where steps scale what they have distorted
  std::unique_ptr<internal::Repetition> full_step_;  // of a minibatch
  std::unique_ptr<internal::Repetition> last_step_;  // of what is left for the last minibatch of an epoch

  std::size_t epoch_ = 0;  // epochs begun
  std::size_t position_;   // samples of this epoch that were visited
  std::size_t steps_ = 0;
  double epoch_cost_ = 0.0;  // the sum over the samples visited in this epoch
  bool loaded_ = false;      // whether the whole data set lies in the propagation already
  bool had_validation_ = false;  // in the last run
  double train_cost_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace gradus
