#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gradus/names.hpp"

namespace gradus {

/// The metric of the validation set that says how good a model is. Accuracy is better when it is larger, the others when
/// they are smaller. `cost` is for every task, `accuracy` for classification and multi-label data, `rmse` and `mae` for
/// regression.
enum class Monitor : std::uint8_t { cost, accuracy, rmse, mae };

template <>
inline constexpr std::array<std::string_view, 4> kNames<Monitor>{"cost", "accuracy", "rmse", "mae"};

}  // namespace gradus
