#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gradus/device.hpp"
#include "gradus/distortions.hpp"
#include "gradus/image_size.hpp"
#include "gradus/methods.hpp"
#include "gradus/monitor.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/normalization.hpp"
#include "gradus/schedule.hpp"
#include "gradus/schema.hpp"

namespace gradus {

/// The rule of a step, and its numbers. Numbers that the rule does not have are ignored.
struct OptimizerOptions {
  Optimizer kind = Optimizer::sgd;
  /// α. By default, for sgd: 3.0 for classes and labels with sigmoid units and mse, 0.5 with an entropy, otherwise 0.1; 0.02
  /// for momentum and nesterov, 0.01 for lamb, 0.001 for the other optimizers.
  std::optional<double> learning_rate = std::nullopt;
  double momentum = 0.9;                           ///< μ of momentum and nesterov, 0 ≤ μ < 1
  double beta1 = 0.9;                              ///< β₁ of adam, adamw and lamb, 0 ≤ β₁ < 1
  std::optional<double> beta2 = std::nullopt;      ///< β₂, 0 ≤ β₂ < 1; by default 0.99 for rmsprop, otherwise 0.999
  double epsilon = 1e-8;                           ///< ε > 0 of rmsprop, adam, adamw and lamb
  std::optional<double> clip_norm = std::nullopt;  ///< the gradient of all parameters is scaled down to at most this norm
};

/// What keeps the weights small, and units from relying on each other.
struct RegularizationOptions {
  /// λ: each step also multiplies every weight by 1 − αλ. By default 0.01 for adamw, otherwise 0.
  std::optional<double> weight_decay = std::nullopt;
  double l1 = 0.0;       ///< adds this times the sign of each weight to its gradient
  double l2 = 0.0;       ///< adds this times each weight to its gradient
  double dropout = 0.0;  ///< each unit of the hidden layers is left out with this probability, 0 ≤ p < 1
};

/// How samples are changed in training, differently each time. Evaluations and predictions see them unchanged.
struct AugmentationOptions {
  double input_noise = 0.0;  ///< standard deviation of the noise that is added to the scaled inputs, anew in each step
  /// α: each sample is mixed with another, inputs and targets, with weights λ and 1 − λ, where λ is drawn from Beta(α, α)
  /// (Zhang et al. 2018); 0: samples are not mixed.
  double mixup = 0.0;
  Distortions distortions = {};  ///< for samples that are images; not with quantiles, names or indicators
  std::optional<ImageSize> image_size = std::nullopt;  ///< for distortions; by default Dataset::image_size
};

/// What ends a run of Trainer::fit before its last epoch, and which epoch is the best. `monitor`, `patience` and `stop_at`
/// apply to the validation set.
struct StoppingOptions {
  Monitor monitor = Monitor::cost;                     ///< chooses the best epoch on the validation set
  std::optional<std::size_t> patience = std::nullopt;  ///< a run ends after more than this many epochs without improvement
  std::optional<double> stop_at = std::nullopt;        ///< a run ends when the monitored metric is at least this good
  std::optional<double> time_limit = std::nullopt;     ///< seconds; a run ends after the epoch in which they have passed
};

/// How features and targets become the numbers that the network sees. All of it is learnt from the training set, and kept in
/// the model.
struct PreprocessingOptions {
  Normalization normalization = Normalization::automatic;
  Missing missing = Missing::error;  ///< what replaces missing values
};

/// The device, threads and precision of training.
struct ExecutionOptions {
  Device device = {};
  std::size_t threads = 0;  ///< CPU: at most this many; 0: all cores that help
  Precision precision = Precision::fp32;
};

/// The method of training. An option that is not given gets a default that may depend on the task; Trainer::options() has
/// it. Set only the members that differ from the default, in the order of the members:
/// `{.optimizer = {.kind = Optimizer::adam}, .epochs = 30, .regularization = {.dropout = 0.2}}`.
/// The loss is a part of the network (NetworkSpec::loss), because Model::evaluate computes the loss too.
struct TrainingOptions {
  OptimizerOptions optimizer = {};
  Schedule schedule = {};                                ///< of the learning rate
  std::size_t warmup_epochs = 0;                         ///< epochs in which the rate first rises from 0, step by step
  std::optional<std::size_t> batch_size = std::nullopt;  ///< samples per step; by default the whole training set
  std::optional<std::size_t> epochs = std::nullopt;      ///< by default 30 if batch_size is given, otherwise 1000
  Initialization initialization = {};
  std::uint64_t seed = 0;  ///< of everything that training draws at random
  RegularizationOptions regularization = {};
  AugmentationOptions augmentation = {};
  /// Classification: how much the samples of each class count, (classes); empty: all the same. A sample counts with the
  /// product of this and its own weight, divided by the mean of the products over the training set. See also
  /// balanced_class_weights. The costs of training are weighted; evaluations are not.
  std::vector<double> class_weights = {};
  PreprocessingOptions preprocessing = {};
  StoppingOptions stopping = {};
  ExecutionOptions execution = {};
  /// Epochs between reports, which evaluate the test set; by default about 30 reports.
  std::optional<std::size_t> report_every = std::nullopt;
};

}  // namespace gradus
