#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "options/row.hpp"

namespace gradus {
namespace {

/// Options of which only one can be given, and why.
struct Exclusive {
  std::string_view one;
  std::string_view other;
  std::string_view advice;
};

constexpr std::array<Exclusive, 4> kExclusive{{
    {"test", "test_fraction", "give the test data, or the fraction of the data to hold out"},
    {"validation", "validation_fraction", "give the validation data, or the fraction of the data to hold out"},
    {"folds", "test", "each fold is the test set once"},
    {"folds", "test_fraction", "each fold is the test set once"},
}};

/// The recipe's choices, where nothing else was given.
Options choices_of(const GivenOptions& given, Task task, std::size_t samples, const std::optional<ImageSize>& images) {
  Options options;
  options.recipe = given.values().recipe;
  const auto& size = given.values().training.augmentation.image_size;
  RecipeChoices chosen = choices(options.recipe, task, samples, size ? size : images);
  options.network = std::move(chosen.network);
  options.training = std::move(chosen.training);
  if (given.find("validation") == nullptr) options.split.validation_fraction = chosen.validation_fraction;
  return options;
}

}  // namespace

void GivenOptions::set(std::string_view key, std::string_view text) {
  internal::row_of(key).set(values_, text);
  const auto known = std::ranges::find(given_, key, [](const auto& pair) { return std::string_view(pair.first); });
  if (known != given_.end())
    known->second = text;
  else
    given_.emplace_back(key, text);
}

const std::string* GivenOptions::find(std::string_view key) const {
  const auto found = std::ranges::find(given_, key, [](const auto& pair) { return std::string_view(pair.first); });
  return found == given_.end() ? nullptr : &found->second;
}

Options GivenOptions::complete(Task task, std::size_t samples, std::optional<ImageSize> images) const {
  for (const auto& [one, other, advice] : kExclusive) {
    const bool has_both = get_option(values_, one).index() != 0 && get_option(values_, other).index() != 0;
    if (has_both) throw UsageError(fmt::format("`{}` and `{}` exclude each other: {}", one, other, advice));
  }
  Options options = choices_of(*this, task, samples, images);
  for (const auto& [key, text] : given_) internal::row_of(key).set(options, text);
  for (const internal::Row& row : internal::rows()) {
    const std::string problem = row.problem ? row.problem(options) : std::string();
    if (problem.empty()) continue;
    if (find(row.info.key) != nullptr && !row.is_off(values_))
      throw UsageError(fmt::format("`{}` {}", row.info.key, problem));
    row.reset(options);
  }
  return options;
}

}  // namespace gradus
