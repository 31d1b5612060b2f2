#pragma once

#include <memory>
#include <string>
#include <variant>

#include "data/arrays/array_format.hpp"
#include "data/arrays/mnist_folder.hpp"
#include "data/source/byte_source.hpp"

namespace gradus::internal {

/// A file, and what it holds, by its first bytes.
struct OpenFile {
  std::unique_ptr<ByteSource> bytes;
  const ArrayFormat* arrays = nullptr;  ///< null: a table
};

struct OpenPair {
  std::string name;  ///< as it was given
  OpenFile inputs;
  std::string targets;  ///< its path; opened only when the targets are wanted
};

using DataSource = std::variant<OpenFile, OpenPair, MnistFolder>;

/// Opens a file and looks at its first bytes. Throws FileError, and DataError for an empty file.
[[nodiscard]] OpenFile open_data_file(const std::string& path);

/// Finds out what `source` names: a folder, a file (also one with a comma in its name), or two files separated by a comma.
/// Throws FileError for what is not there.
[[nodiscard]] DataSource open_data(const std::string& source);

}  // namespace gradus::internal
