#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_options.hpp"
#include "gradus/options.hpp"

namespace gradus::cli {

/// All that the user asked of `gradus train`.
struct TrainRequest {
  std::string data;
  GivenOptions given;
  Options options;  ///< with the recipe's choices; for a classification of many samples until the data are known
  CommandOptions command;

  [[nodiscard]] std::filesystem::path output() const { return command.output.value_or("gradus-run"); }
  /// How to read another file that was written alike: its target is known from the first one.
  [[nodiscard]] DataOptions layout() const;
  /// The words that ask for the same layout again.
  [[nodiscard]] std::vector<std::string> layout_words() const;
};

/// Throws UsageError, and FileError for a config file that cannot be read.
[[nodiscard]] TrainRequest parse_train(const std::vector<std::string>& words);

}  // namespace gradus::cli
