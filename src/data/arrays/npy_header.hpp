#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/source/byte_source.hpp"

namespace gradus::internal {

/// The types of elements that Gradus reads.
enum class NpyType : std::uint8_t { float32, float64, uint8, int32, int64 };

[[nodiscard]] std::size_t npy_size(NpyType type);

/// What stands before the elements of an NPY file.
struct NpyHeader {
  NpyType type = NpyType::float32;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
};

/// Whether a file that begins with these 8 bytes is an NPY file.
[[nodiscard]] bool has_npy_magic(std::string_view beginning);

/// Reads the header, format versions 1.0 to 3.0. Throws DataError.
[[nodiscard]] NpyHeader read_npy_header(ByteSource& source);

/// The header's text: a Python dictionary with exactly the keys 'descr', 'fortran_order' and 'shape'. `source` is for
/// messages. Throws DataError.
[[nodiscard]] NpyHeader parse_npy_header(std::string_view text, std::string_view source);

}  // namespace gradus::internal
