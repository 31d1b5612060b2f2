#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "gradus/loading.hpp"

namespace gradus::cli {

/// The options that say how to read data. What is not given is detected.
struct DataArguments {
  std::optional<std::string> target;
  std::optional<std::string> task;
  std::optional<std::string> header;
  std::optional<std::string> delimiter;
  std::optional<std::string> ignored;
  std::optional<std::string> categorical;
  std::optional<std::string> most_categories;
  std::optional<std::string> weights;
  std::optional<std::string> missing;

  /// `--target`, `--header` and `--delimiter`; the task of data for a model is that of the model.
  void add_to(Arguments& arguments);
  /// The others: what a model keeps of the data that it was trained on.
  void add_learning_to(Arguments& arguments);

  /// Throws UsageError.
  [[nodiscard]] DataOptions options() const;
  /// What `--missing` says, if it is given. Throws UsageError.
  [[nodiscard]] std::optional<Missing> missing_policy() const;
  /// How to read another file that was written alike: its target is known from the first one.
  [[nodiscard]] DataOptions layout() const;
  /// The words that ask for the same layout again.
  [[nodiscard]] std::vector<std::string> layout_words() const;
};

/// Throws UsageError when both sources are standard input, which can be read only once.
void refuse_standard_input_twice(const std::string& first, const std::string& second);

}  // namespace gradus::cli
