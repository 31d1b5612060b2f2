#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/device.hpp"
#include "gradus/export.hpp"
#include "gradus/image_size.hpp"
#include "gradus/methods.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/schema.hpp"

namespace gradus {

/// How inputs and regression targets are scaled before the network sees them; learnt from the training set only.
/// - `automatic`: bytes to [0, 1], floats like `standard`; if images are distorted, all features to [0, 1] by one common
/// scale
/// - `none`: as they are (bytes as 0 … 255)
/// - `minmax`: each column to [0, 1]
/// - `standard`: each column to mean 0 and standard deviation 1
/// - `quantile`: each column to the standard normal distribution, by its quantiles; for columns with long tails
/// A column that is constant in the training set becomes 0. Inputs that are made from names are always 0 or 1. Targets of a
/// regression are standardised, except with `none`; predictions are in the units of the data.
enum class Normalization : std::uint8_t { automatic, none, minmax, standard, quantile };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Normalization>{"auto", "none", "minmax", "standard", "quantile"};

/// How the learning rate changes from its first value. Epochs count from the beginning of `Trainer::fit`, or from the end of
/// the warm-up if there is one.
/// - `constant`: it does not change
/// - `step:N:F`: times F after every N epochs (`step:N`: F = 0.1)
/// - `exponential:F`: times F after every epoch
/// - `cosine`: falls to 0 at the end of the run as ½ (1 + cos) does, step by step (Loshchilov and Hutter 2017, no restarts)
/// - `one-cycle`: rises from 1/25 to the full rate in the first 30 % of the steps, then falls to 1/250,000 (Smith and Topin
///   2019)
/// - `plateau:N:F`: times F whenever the monitored metric (without a validation set, the training cost) has not improved for
///   more than N epochs (`plateau`: N = 10, F = 0.1)
struct GRADUS_EXPORT Schedule {
  enum class Kind : std::uint8_t { constant, step, exponential, cosine, one_cycle, plateau };

  Kind kind = Kind::constant;
  std::size_t epochs = 10;  ///< N of `step` and `plateau`
  double factor = 0.1;      ///< F of `step`, `exponential` and `plateau`; 0 < F < 1

  /// Reads one of the forms above. Throws UsageError for anything else.
  static Schedule parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  bool operator==(const Schedule&) const = default;
};

template <>
inline constexpr std::array<std::string_view, 6> kNames<Schedule::Kind>{"constant", "step",      "exponential",
                                                                        "cosine",   "one-cycle", "plateau"};
template <>
inline constexpr std::array<std::string_view, 6> kForms<Schedule::Kind>{"constant", "step:N:F",  "exponential:F",
                                                                        "cosine",   "one-cycle", "plateau:N:F"};

/// The metric of the validation set that says how good a model is. Accuracy is better when it is larger, the others when
/// they are smaller. `cost` is for every task, `accuracy` for classification and multi-label data, `rmse` and `mae` for
/// regression.
enum class Monitor : std::uint8_t { cost, accuracy, rmse, mae };

template <>
inline constexpr std::array<std::string_view, 4> kNames<Monitor>{"cost", "accuracy", "rmse", "mae"};

/// How images are distorted in training, each in another way in every epoch. The amounts are drawn uniformly between 0 and
/// the values given here, in both directions. Beyond an image's border, the value is that of the nearest pixel.
/// docs/methods.md has the formulas.
struct Distortions {
  double shift = 0.0;     ///< along each axis, in pixels, at most 65,536
  double rotation = 0.0;  ///< in degrees, at most 180
  double scaling = 0.0;   ///< the fraction by which each axis becomes longer or shorter, below 1
  double elastic = 0.0;  ///< α of elastic distortions (Simard et al. 2003): the factor of a smoothed field of displacements;
                         ///< at most 65,536
  double elastic_sigma = 4.0;  ///< standard deviation of the Gaussian that smooths the field, in pixels, at most 1024

  [[nodiscard]] bool is_any() const { return shift > 0.0 || rotation > 0.0 || scaling > 0.0 || elastic > 0.0; }

  bool operator==(const Distortions&) const = default;
};

/// The method of training. An option that is not given gets a default that may depend on the task; Trainer::options() has
/// it.
struct TrainingOptions {
  Optimizer optimizer = Optimizer::sgd;
  /// α. By default, for sgd: 3.0 for classes and labels with sigmoid units and mse, 0.5 with an entropy, otherwise 0.1; 0.02
  /// for momentum and nesterov, 0.01 for lamb, 0.001 for the other optimizers.
  std::optional<double> learning_rate = std::nullopt;
  double momentum = 0.9;                       ///< μ of momentum and nesterov, 0 ≤ μ < 1
  double beta1 = 0.9;                          ///< β₁ of adam, adamw and lamb, 0 ≤ β₁ < 1
  std::optional<double> beta2 = std::nullopt;  ///< β₂, 0 ≤ β₂ < 1; by default 0.99 for rmsprop, otherwise 0.999
  double epsilon = 1e-8;                       ///< ε > 0 of rmsprop, adam, adamw and lamb
  /// λ: each step also multiplies every weight by 1 − αλ. By default 0.01 for adamw, otherwise 0.
  std::optional<double> weight_decay = std::nullopt;
  /// Classification: how much the samples of each class count, (classes); empty: all the same. A sample counts with the
  /// product of this and its own weight, divided by the mean of the products over the training set. See also
  /// balanced_class_weights. The costs of training are weighted; evaluations are not.
  std::vector<double> class_weights = {};
  double dropout = 0.0;      ///< each unit of the hidden layers is left out with this probability, 0 ≤ p < 1
  double input_noise = 0.0;  ///< standard deviation of the noise that is added to the scaled inputs, anew in each step
  /// α: each sample is mixed with another, inputs and targets, with weights λ and 1 − λ, where λ is drawn from Beta(α, α)
  /// (Zhang et al. 2018); 0: samples are not mixed.
  double mixup = 0.0;
  Distortions distortions = {};  ///< for samples that are images; not with quantiles, names or indicators
  std::optional<ImageSize> image_size = std::nullopt;  ///< for distortions; by default Dataset::image_size
  double l1 = 0.0;                                     ///< adds this times the sign of each weight to its gradient
  double l2 = 0.0;                                     ///< adds this times each weight to its gradient
  std::optional<double> clip_norm = std::nullopt;  ///< the gradient of all parameters is scaled down to at most this norm
  Schedule schedule = {};                          ///< of the learning rate
  std::size_t warmup_epochs = 0;                   ///< epochs in which the rate first rises from 0, step by step
  Monitor monitor = Monitor::cost;                 ///< chooses the best epoch on the validation set
  std::optional<std::size_t> patience = std::nullopt;    ///< a run ends after more than this many epochs without improvement
  std::optional<double> stop_at = std::nullopt;          ///< a run ends when the monitored metric is at least this good
  std::optional<double> time_limit = std::nullopt;       ///< seconds; a run ends after the epoch in which they have passed
  std::optional<std::size_t> batch_size = std::nullopt;  ///< samples per step; by default the whole training set
  std::optional<std::size_t> epochs = std::nullopt;      ///< by default 30 if batch_size is given, otherwise 1000
  Initialization initialization = {};
  Normalization normalization = Normalization::automatic;
  Missing missing = Missing::error;  ///< what replaces missing values
  std::uint64_t seed = 0;
  Device device = {};
  std::size_t threads = 0;  ///< CPU: at most this many; 0: all cores that help
  Precision precision = Precision::fp32;
  std::optional<std::size_t> report_every =
      std::nullopt;  ///< epochs between reports, which evaluate the test set; by default about 30 reports
};

}  // namespace gradus
