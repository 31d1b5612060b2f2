#pragma once

#include <span>
#include <string>
#include <string_view>

#include "data/arrays/arrays.hpp"
#include "data/source/byte_source.hpp"

namespace gradus::internal {

/// A format of files that hold one array each: inputs in one file, targets in another. A new one is a row in
/// array_format.cpp.
struct ArrayFormat {
  std::string_view name;  ///< for messages, with its article: `an IDX`
  std::string_view pair;  ///< how both files are given: `X.npy,Y.npy`
  std::string_view what;  ///< what the pair is, for help texts: "two NumPy arrays"
  std::string_view lack;  ///< what is wrong with one file alone
  bool (*has_magic)(std::string_view beginning);
  ArrayInputs (*read_inputs)(ByteSource& source);
  ArrayTargets (*read_targets)(ByteSource& source);
};

/// Every format.
[[nodiscard]] std::span<const ArrayFormat> array_formats();

/// The format of a file that begins with these 8 bytes; null if it is not a file of arrays.
[[nodiscard]] const ArrayFormat* array_format(std::string_view beginning);

/// The pairs of all formats: "IMAGES.idx,LABELS.idx or X.npy,Y.npy".
[[nodiscard]] std::string array_pairs();

/// Throws DataError: the file that `source` names, a part of a pair, has none of the formats.
[[noreturn]] void fail_array_format(std::string_view source);

}  // namespace gradus::internal
