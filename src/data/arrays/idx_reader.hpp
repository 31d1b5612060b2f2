#pragma once

#include <string_view>

#include "data/arrays/arrays.hpp"
#include "data/source/byte_source.hpp"

namespace gradus::internal {

/// Whether a file that begins with these 4 bytes is an IDX file, of whatever type.
[[nodiscard]] bool has_idx_magic(std::string_view beginning);

/// IDX, the format of MNIST's files: two zero bytes, the type, the number of dimensions, each dimension's size as a
/// big-endian 32-bit number, then the elements. Only unsigned bytes (type 0x08) are read. Throw FileError and DataError.
/// Images: two or more dimensions; all but the first become features.
[[nodiscard]] ArrayInputs read_idx_images(ByteSource& source);
/// Labels: one dimension.
[[nodiscard]] ArrayTargets read_idx_labels(ByteSource& source);

}  // namespace gradus::internal
