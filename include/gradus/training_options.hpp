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

/// How inputs and regression targets are scaled before the network sees them; learnt from the training part only.
/// - `automatic`: bytes to [0, 1], floats like `standard`, or all alike to [0, 1] where images are distorted
/// - `none`: as they are (bytes as 0 … 255)
/// - `minmax`: each column to [0, 1]
/// - `standard`: each column to mean 0 and standard deviation 1
/// - `quantile`: each column to the standard normal distribution, by its quantiles; for columns with long tails
/// Constant columns become 0. The inputs of names are 0 and 1 in each case. Targets of a regression are standardised unless
/// `none`; predictions come back in the user's units.
enum class Normalization : std::uint8_t { automatic, none, minmax, standard, quantile };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Normalization>{"auto", "none", "minmax", "standard", "quantile"};

/// How the learning rate goes on from its first value. Epochs count from the beginning of `Trainer::fit`, and after the
/// warm-up if there is one.
/// - `constant`
/// - `step:N:F`: times F after every N epochs (`step:N`: F = 0.1)
/// - `exponential:F`: times F after every epoch
/// - `cosine`: falls to 0 at the end of the run as ½ (1 + cos) does, step by step (Loshchilov and Hutter 2017, no restarts)
/// - `one-cycle`: rises from 1/25 to the full rate in the first 30 % of the steps, then falls to 1/250,000 (Smith and Topin
///   2019)
/// - `plateau:N:F`: times F whenever the cost was not lower than the lowest so far for more than N epochs (`plateau`:
///   N = 10, F = 0.1)
struct GRADUS_EXPORT Schedule {
  enum class Kind : std::uint8_t { constant, step, exponential, cosine, one_cycle, plateau };

  Kind kind = Kind::constant;
  std::size_t epochs = 10;  ///< N of `step` and `plateau`
  double factor = 0.1;      ///< F of `step`, `exponential` and `plateau`; 0 < F < 1

  /// As it is written above. Throws UsageError for anything else.
  static Schedule parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  bool operator==(const Schedule&) const = default;
};

template <>
inline constexpr std::array<std::string_view, 6> kNames<Schedule::Kind>{"constant", "step",      "exponential",
                                                                        "cosine",   "one-cycle", "plateau"};

/// Which figure of the validation part says how good a model is. Accuracy is the better the larger it is, the others the
/// smaller. `cost` is for every task, `accuracy` for classification, `rmse` and `mae` for regression.
enum class Monitor : std::uint8_t { cost, accuracy, rmse, mae };

template <>
inline constexpr std::array<std::string_view, 4> kNames<Monitor>{"cost", "accuracy", "rmse", "mae"};

/// How images are distorted in training, each in another way whenever it is visited. All are drawn uniformly from 0 to what
/// is given here, in both directions. Beyond an image's border are the values of its nearest pixel. docs/methods.md has the
/// formulas.
struct Distortions {
  double shift = 0.0;     ///< along each axis, in pixels, at most 65,536
  double rotation = 0.0;  ///< in degrees, at most 180
  double scaling = 0.0;   ///< part by which each axis becomes longer or shorter, below 1
  double elastic =
      0.0;  ///< α of elastic distortions (Simard et al. 2003): by which a smoothed field is multiplied; at most 65,536
  double elastic_sigma = 4.0;  ///< standard deviation of the Gaussian that smooths it, in pixels, at most 1024

  [[nodiscard]] bool is_any() const { return shift > 0.0 || rotation > 0.0 || scaling > 0.0 || elastic > 0.0; }

  bool operator==(const Distortions&) const = default;
};

/// The method of training. What is not given gets a default that depends on the task; Trainer::options() shows it.
struct TrainingOptions {
  Optimizer optimizer = Optimizer::sgd;
  /// By default for sgd 3.0 in classification with sigmoid and mse, 0.5 with an entropy and else 0.1; 0.02 for momentum and
  /// nesterov, 0.01 for lamb, 0.001 for the others.
  std::optional<double> learning_rate = std::nullopt;
  double momentum = 0.9;                       ///< μ of momentum and nesterov, 0 ≤ μ < 1
  double beta1 = 0.9;                          ///< β₁ of adam, adamw and lamb, 0 ≤ β₁ < 1
  std::optional<double> beta2 = std::nullopt;  ///< β₂, 0 ≤ β₂ < 1; 0.99 for rmsprop, else 0.999
  double epsilon = 1e-8;                       ///< ε > 0
  /// Each step also takes α times this part of every weight away, beside the gradient. 0.01 for adamw, else 0.
  std::optional<double> weight_decay = std::nullopt;
  /// Classification: by how much samples of each class count, in proportion to each other and times their own weights;
  /// empty: alike. The mean over the training part counts as 1. balanced_class_weights gives some. Costs of training are
  /// weighted; evaluations are not.
  std::vector<double> class_weights = {};
  double dropout = 0.0;      ///< each node of the hidden layers is left out with this chance
  double input_noise = 0.0;  ///< standard deviation of noise that is added to the scaled inputs, anew in each step
  /// α: each sample is mixed with another, in parts λ and 1 − λ of Beta(α, α), inputs and targets (Zhang et al. 2018); 0:
  /// not
  double mixup = 0.0;
  Distortions distortions = {};  ///< of samples that are images; not together with quantiles, names and indicators
  std::optional<ImageSize> image_size = std::nullopt;    ///< for distortions; by default what the data say
  double l1 = 0.0;                                       ///< adds this times the sign of each weight to its gradient
  double l2 = 0.0;                                       ///< adds this times each weight to its gradient
  std::optional<double> clip_norm = std::nullopt;        ///< a longer gradient, of all parameters, is made so long
  Schedule schedule = {};                                ///< of the learning rate
  std::size_t warmup_epochs = 0;                         ///< in which the rate first rises from 0, step by step
  Monitor monitor = Monitor::cost;                       ///< by which the best epoch of a validation part is chosen
  std::optional<std::size_t> patience = std::nullopt;    ///< a run ends after more epochs than that without a better one
  std::optional<double> stop_at = std::nullopt;          ///< a run ends when the monitored figure is at least as good
  std::optional<double> time_limit = std::nullopt;       ///< a run ends after the epoch in which so many seconds are over
  std::optional<std::size_t> batch_size = std::nullopt;  ///< samples per step; not given: the whole data set (full batch)
  std::optional<std::size_t> epochs = std::nullopt;      ///< passes over the data; 30 when batch_size is given, else 1000
  Initialization initialization = {};
  Normalization normalization = Normalization::automatic;
  Missing missing = Missing::error;  ///< what replaces missing values
  std::uint64_t seed = 0;
  Device device = {};
  std::size_t threads = 0;  ///< CPU: at most so many; 0: all cores that help
  Precision precision = Precision::fp32;
  std::optional<std::size_t> report_every =
      std::nullopt;  ///< epochs between evaluations of the test part; about 30 reports by default
};

}  // namespace gradus
