#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gradus/device.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"

namespace gradus {

/// How inputs and regression targets are scaled before the network sees them; learnt from the training part only.
/// - `automatic`: bytes to [0, 1], floats like `standard`
/// - `none`: as they are (bytes as 0 … 255)
/// - `minmax`: each column to [0, 1]
/// - `standard`: each column to mean 0 and standard deviation 1
/// Constant columns become 0. Targets of a regression are standardised unless `none`; predictions come back in the
/// user's units.
enum class Normalization : std::uint8_t { automatic, none, minmax, standard };

template <>
inline constexpr std::array<std::string_view, 4> kNames<Normalization>{"auto", "none", "minmax", "standard"};

enum class Optimizer : std::uint8_t { sgd };

template <>
inline constexpr std::array<std::string_view, 1> kNames<Optimizer>{"sgd"};

/// The method of training. What is not given gets a default that depends on the task; Trainer::options() shows it.
struct TrainingOptions {
  Optimizer optimizer = Optimizer::sgd;
  std::optional<double> learning_rate = std::nullopt;    ///< 3.0 for classification with sigmoid and mse, else 0.1
  std::optional<std::size_t> batch_size = std::nullopt;  ///< samples per step; not given: the whole data set (full batch)
  std::optional<std::size_t> epochs = std::nullopt;      ///< passes over the data; 30 when batch_size is given, else 1000
  Initialization initialization = {};
  Normalization normalization = Normalization::automatic;
  std::uint64_t seed = 0;
  Device device = {};
  std::size_t threads = 0;  ///< CPU: at most so many; 0: all cores that help
  Precision precision = Precision::fp32;
  std::optional<std::size_t> report_every =
      std::nullopt;  ///< epochs between evaluations of the test part; about 30 reports by default
};

}  // namespace gradus
