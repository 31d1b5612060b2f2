#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gradus/export.hpp"
#include "gradus/image_size.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/schema.hpp"
#include "gradus/training_options.hpp"

namespace gradus {

/// Sets of choices that do well without tuning; docs/methods.md has their numbers.
/// - `classic`: the founding method, which is what NetworkSpec and TrainingOptions are by default
/// - `tabular`: for tables of measurements, which may lack values. Of numbers, and of many samples, a tenth
///   is a validation part, which chooses the epoch
/// - `image`: for images whose pixels are the inputs. Where their size is known, those of a classification are distorted a
/// little
enum class Recipe : std::uint8_t { classic, tabular, image };

template <>
inline constexpr std::array<std::string_view, 3> kNames<Recipe>{"classic", "tabular", "image"};

/// What a recipe chooses. Change what should be otherwise, and make a Trainer of it.
struct RecipeChoices {
  NetworkSpec network = {};
  TrainingOptions training = {};
  std::optional<double> validation_fraction = std::nullopt;  ///< of the training samples, for Dataset::split
};

/// What a recipe chooses for a task and so many samples to learn from, which are images of this size (Dataset::image_size).
[[nodiscard]] GRADUS_EXPORT RecipeChoices choices(Recipe recipe, Task task, std::size_t samples,
                                                  std::optional<ImageSize> images = std::nullopt);

}  // namespace gradus
