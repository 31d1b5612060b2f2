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

/// Sets of choices that do well without tuning; docs/methods.md has their values.
/// - `classic`: sigmoid units, squared error, plain gradient descent: the defaults of NetworkSpec and TrainingOptions
/// - `tabular`: for tables, which may have missing values. A tenth of the samples is the validation set: in a regression
///   with at least 200 samples, in other tasks with at least 5,000
/// - `image`: for images whose pixels are the inputs. If their size is known and the task is not a regression, they are
///   distorted a little
enum class Recipe : std::uint8_t { classic, tabular, image };

template <>
inline constexpr std::array<std::string_view, 3> kNames<Recipe>{"classic", "tabular", "image"};

/// The choices of a recipe. Change what should be otherwise, and make a Trainer with them.
struct RecipeChoices {
  NetworkSpec network = {};
  TrainingOptions training = {};
  std::optional<double> validation_fraction = std::nullopt;  ///< of the training set, for Dataset::split
};

/// The choices of a recipe for a task and this many training samples; `images` is their size if they are images
/// (Dataset::image_size).
[[nodiscard]] GRADUS_EXPORT RecipeChoices choices(Recipe recipe, Task task, std::size_t samples,
                                                  std::optional<ImageSize> images = std::nullopt);

}  // namespace gradus
