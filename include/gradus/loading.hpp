#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/export.hpp"

namespace gradus {

/// How to read a source of data. What is not given is detected.
struct DataOptions {
  /// A column's name, or its number counted from 1; otherwise the last column. Several, with commas between them, are
  /// numbers, or labels if all their values are 0 and 1.
  std::optional<std::string> target = std::nullopt;
  std::optional<Task> task = std::nullopt;
  std::optional<bool> header = std::nullopt;
  std::optional<char> delimiter = std::nullopt;
  // For tables to learn from; columns are given like the target.
  std::vector<std::string> ignored = {};              ///< columns that are not features
  std::vector<std::string> categorical = {};          ///< columns whose values are names even where they look like numbers
  std::optional<std::string> weights = std::nullopt;  ///< a column that says by how much each row counts in training
  std::size_t most_categories = 128;                  ///< a feature with more names than this is hashed to this many inputs
};

/// The parts that a source brings along: MNIST's folder has a test part of its own.
struct DataParts {
  Dataset train;
  std::optional<Dataset> test;
};

/// Like Dataset::load, with the test part where the source has one.
[[nodiscard]] GRADUS_EXPORT DataParts load_parts(const std::string& source, const DataOptions& options = {});

/// Whether data that is given to a model must have targets.
enum class Targets : std::uint8_t { required, optional };

/// Reads data for a model that was trained on `schema`: the columns of a table are matched by name where both have names,
/// else by position; classes are matched by name. From a folder in MNIST's layout it takes the test part. With
/// `Targets::optional` the source may lack targets (a table without the target column, `IMAGES.idx` or `X.npy` alone).
/// A name that a feature did not have in training is −1 in the data set, with a note.
/// Throws like Dataset::load, and DataError for a missing column, a width that does not fit, or an unknown class.
[[nodiscard]] GRADUS_EXPORT Dataset load_matching(const std::string& source, const DataSchema& schema, Targets targets,
                                                  const DataOptions& options = {});

}  // namespace gradus
