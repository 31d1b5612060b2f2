#include "data/arrays/npy_reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/wording.hpp"
#include "data/arrays/npy_header.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr std::string_view kFeatures = "features";
constexpr std::string_view kTargets = "targets";

/// The array as a matrix: (rows, columns), stored by rows or, in Fortran order, by columns.
struct Matrix {
  NpyHeader header;
  std::size_t rows = 0;
  std::size_t columns = 1;
  std::size_t bytes = 0;
  std::string announced;
  std::string_view noun;  // what a row consists of: kFeatures or kTargets
};

Matrix read_matrix_header(ByteSource& source, std::string_view noun) {
  Matrix matrix;
  matrix.noun = noun;
  matrix.header = read_npy_header(source);
  const auto& shape = matrix.header.shape;
  matrix.announced = fmt::format("an array of {}", shape_text(shape));
  if (shape.empty()) throw DataError(fmt::format("{}: this NPY file holds a single number, not an array", source.name()));
  matrix.bytes = checked_bytes(shape, npy_size(matrix.header.type), source.name());
  refuse_empty(shape, noun, source.name());
  if (shape.size() > 2 && matrix.header.fortran_order)
    throw DataError(fmt::format("{}: this NPY file has {} dimensions in Fortran order; save numpy.ascontiguousarray(x)",
                                source.name(), shape.size()));
  matrix.rows = static_cast<std::size_t>(shape.front());
  matrix.columns = matrix.bytes / npy_size(matrix.header.type) / matrix.rows;
  return matrix;
}

/// One element from its bytes.
template <typename Element>
Element decode(const std::uint8_t* bytes, bool swap) {
  std::array<std::uint8_t, sizeof(Element)> ordered{};
  std::copy_n(bytes, sizeof(Element), ordered.begin());
  if (swap) std::reverse(ordered.begin(), ordered.end());
  return std::bit_cast<Element>(ordered);
}

/// The message for an element: where it is, and what is wrong.
std::string element_message(const ByteSource& source, const Matrix& matrix, std::size_t i, std::string_view what) {
  const std::size_t row = matrix.header.fortran_order ? i % matrix.rows : i / matrix.columns;
  const std::size_t column = matrix.header.fortran_order ? i / matrix.rows : i % matrix.columns;
  return fmt::format("{}: row {}, column {} (counted from 1): {}", source.name(), row + 1, column + 1, what);
}

/// The elements of an array in the order of the file.
template <typename Value>
struct Elements {
  Array<Value> values;
  std::string first_missing = {};  ///< DatasetStorage
};

/// Appends the elements of a chunk, converted.
template <typename Element, typename Value>
void convert(const ByteSource& source, const Matrix& matrix, std::span<const std::uint8_t> chunk,
             Elements<Value>& elements) {
  Array<Value>& values = elements.values;
  const bool swap = matrix.header.big_endian != (std::endian::native == std::endian::big);
  const std::size_t count = chunk.size() / sizeof(Element);
  const std::size_t first = values.size();
  Value* place = values.extend(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto element = decode<Element>(chunk.data() + i * sizeof(Element), swap);
    if constexpr (std::is_floating_point_v<Element>)
      if (!std::isfinite(element)) {
        std::string message = element_message(source, matrix, first + i, fmt::format("{} is not a finite number", element));
        if (!std::isnan(element) || matrix.noun != kFeatures) throw DataError(message);
        if (elements.first_missing.empty()) elements.first_missing = std::move(message);
      }
    place[i] = static_cast<Value>(element);
    if constexpr (sizeof(Value) < sizeof(Element) && std::is_floating_point_v<Element>)
      if (std::isinf(place[i]))
        throw DataError(
            element_message(source, matrix, first + i, fmt::format("{} is too large for a 32-bit float", element)));
  }
}

template <typename Value>
Elements<Value> read_elements(ByteSource& source, const Matrix& matrix) {
  Elements<Value> elements;
  const auto take = [&](std::span<const std::uint8_t> chunk) {
    make_room(elements.values, chunk.size() / npy_size(matrix.header.type), source.name());
    switch (matrix.header.type) {
      case NpyType::float32:
        return convert<float>(source, matrix, chunk, elements);
      case NpyType::float64:
        return convert<double>(source, matrix, chunk, elements);
      case NpyType::uint8:
        return convert<std::uint8_t>(source, matrix, chunk, elements);
      case NpyType::int32:
        return convert<std::int32_t>(source, matrix, chunk, elements);
      case NpyType::int64:
        return convert<std::int64_t>(source, matrix, chunk, elements);
    }
  };
  read_announced(source, matrix.bytes, matrix.announced, take);
  elements.values.shrink();
  return elements;
}

/// By rows from by columns, in squares that stay in the cache.
template <typename Value>
Array<Value> by_rows(Array<Value> values, const Matrix& matrix, std::string_view source) {
  if (!matrix.header.fortran_order || matrix.columns == 1) return values;
  constexpr std::size_t kSquare = 32;
  Array<Value> turned;
  make_room(turned, values.size(), source);
  turned.resize(values.size());
  for (std::size_t row = 0; row < matrix.rows; row += kSquare)
    for (std::size_t column = 0; column < matrix.columns; column += kSquare)
      for (std::size_t i = row; i < std::min(row + kSquare, matrix.rows); ++i)
        for (std::size_t j = column; j < std::min(column + kSquare, matrix.columns); ++j)
          turned[i * matrix.columns + j] = values[j * matrix.rows + i];
  return turned;
}

}  // namespace

ArrayInputs read_npy_inputs(ByteSource& source) {
  const Matrix matrix = read_matrix_header(source, kFeatures);
  ArrayInputs inputs;
  inputs.source = source.name();
  inputs.samples = matrix.rows;
  inputs.features = matrix.columns;
  inputs.image_size = image_size(matrix.header.shape);
  inputs.holds_bytes = matrix.header.type == NpyType::uint8;
  if (inputs.holds_bytes) {
    inputs.bytes = by_rows(read_elements<std::uint8_t>(source, matrix).values, matrix, source.name());
  } else {
    Elements<float> elements = read_elements<float>(source, matrix);
    inputs.floats = by_rows(std::move(elements.values), matrix, source.name());
    inputs.first_missing = std::move(elements.first_missing);
  }
  return inputs;
}

ArrayTargets read_npy_targets(ByteSource& source) {
  const Matrix matrix = read_matrix_header(source, kTargets);
  if (matrix.header.shape.size() > 2)
    throw DataError(fmt::format("{}: targets need one or two dimensions, and this NPY file has {} ({})", source.name(),
                                matrix.header.shape.size(), shape_text(matrix.header.shape)));
  ArrayTargets targets;
  targets.source = source.name();
  targets.samples = matrix.rows;
  targets.columns = matrix.columns;
  targets.values = by_rows(read_elements<double>(source, matrix).values, matrix, source.name());
  return targets;
}

}  // namespace gradus::internal
