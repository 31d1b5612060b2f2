#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/export.hpp"

namespace gradus {

/// How to read a source of data. What is not given is detected.
struct DataOptions {
  /// A column, by name or by number counted from 1; if not given, the last column. Several columns, separated by commas, are
  /// numbers, or labels if all their values are 0 or 1.
  std::optional<std::string> target = std::nullopt;
  std::optional<Task> task = std::nullopt;
  std::optional<bool> header = std::nullopt;
  std::optional<char> delimiter = std::nullopt;
  // For tables that are trained on; columns are given like the target.
  std::vector<std::string> ignored = {};              ///< columns that are not features
  std::vector<std::string> categorical = {};          ///< columns whose values are names even where they look like numbers
  std::optional<std::string> weights = std::nullopt;  ///< a column that says how much each row counts in training
  std::size_t most_categories = 128;  ///< a feature with more names than this is hashed into this many inputs
};

/// A form in which a source of data can be given.
struct DataForm {
  std::string_view form;  ///< such as `X.npy,Y.npy`
  std::string_view what;  ///< what it holds or can be, such as "two NumPy arrays"
};

/// Every form that Dataset::load reads, for help texts.
[[nodiscard]] GRADUS_EXPORT std::vector<DataForm> data_forms();

/// The sets of a source: a folder in MNIST's layout has a test set of its own.
struct DataSplits {
  Dataset train;
  std::optional<Dataset> test;
};

/// Like Dataset::load, with the test set if the source has one.
[[nodiscard]] GRADUS_EXPORT DataSplits load_splits(const std::string& source, const DataOptions& options = {});

/// Whether data that is given to a model must have targets.
enum class Targets : std::uint8_t { required, optional };

/// Reads data for a model that was trained on data with this schema. The columns of a table are matched by name if both have
/// names, otherwise by position; classes are matched by name. From a folder in MNIST's layout it takes the test set. With
/// `Targets::optional` the source may lack targets (a table without the target column, `IMAGES.idx` or `X.npy` alone).
/// A name that a feature did not have in training becomes −1, and a note says so.
/// Throws like Dataset::load, and DataError for a missing column, another number of features, or an unknown class.
[[nodiscard]] GRADUS_EXPORT Dataset load_matching(const std::string& source, const DataSchema& schema, Targets targets,
                                                  const DataOptions& options = {});

}  // namespace gradus
