#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gradus/names.hpp"

namespace gradus {

/// How inputs and regression targets are scaled before the network sees them; learnt from the training set only.
/// - `automatic`: bytes to [0, 1], floats like `standard`; if images are distorted, all features to [0, 1] by one common
///   scale
/// - `none`: as they are (bytes as 0 … 255)
/// - `minmax`: each column to [0, 1]
/// - `standard`: each column to mean 0 and standard deviation 1
/// - `quantile`: each column to the standard normal distribution, by its quantiles; for columns with long tails
/// A column that is constant in the training set becomes 0. Inputs that are made from names are always 0 or 1. Targets of a
/// regression are standardised, except with `none`; predictions are in the units of the data.
enum class Normalization : std::uint8_t { automatic, none, minmax, standard, quantile };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Normalization>{"auto", "none", "minmax", "standard", "quantile"};

}  // namespace gradus
