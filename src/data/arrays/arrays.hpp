#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/array.hpp"
#include "data/dataset/storage.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {

/// Inputs as IDX and NPY files hold them, (samples, features) row-major: bytes or floats.
struct ArrayInputs {
  std::string source;
  std::size_t samples = 0;
  std::size_t features = 0;
  std::optional<ImageSize> image_size = std::nullopt;
  bool holds_bytes = false;
  Array<std::uint8_t> bytes;
  Array<float> floats;
  std::string first_missing = {};  ///< DatasetStorage
};

/// Targets as these files hold them, (samples, columns) row-major.
struct ArrayTargets {
  std::string source;
  std::size_t samples = 0;
  std::size_t columns = 1;
  bool class_numbers = false;  ///< the values count classes from 0: IDX says so, NPY leaves it open
  Array<double> values;
};

/// Samples to learn from; `task` as in DataOptions. Throws DataError when the two do not fit together.
[[nodiscard]] std::shared_ptr<const DatasetStorage> training_storage(ArrayInputs inputs, ArrayTargets targets,
                                                                     std::string source, std::optional<Task> task);

/// Samples for a model that was trained on `schema`; without targets when there are none.
[[nodiscard]] std::shared_ptr<DatasetStorage> matching_storage(ArrayInputs inputs, std::optional<ArrayTargets> targets,
                                                               std::string source, const DataSchema& schema);

/// The product of an array's sizes times `element_size`, in bytes. Throws DataError, which names `source`, when it
/// overflows.
[[nodiscard]] std::size_t checked_bytes(std::span<const std::uint64_t> sizes, std::size_t element_size,
                                        std::string_view source);

/// Throws DataError for an array without elements: it has no samples, or they have no `noun`, "features" or "targets".
void refuse_empty(std::span<const std::uint64_t> sizes, std::string_view noun, std::string_view source);

/// What an array of three or four dimensions, (samples, height, width) or (samples, height, width, channels), says of
/// images.
[[nodiscard]] std::optional<ImageSize> image_size(std::span<const std::uint64_t> sizes);

/// "60,000 × 28 × 28".
[[nodiscard]] std::string shape_text(std::span<const std::uint64_t> sizes);

/// Reads the `size` bytes that a header announced, hands them to `take` in chunks of whole mebibytes (the last one may be
/// smaller), and makes sure that the file ends there. Throws DataError, which says what the header said (`announced`) and
/// what was there.
void read_announced(ByteSource& source, std::size_t size, std::string_view announced,
                    const std::function<void(std::span<const std::uint8_t>)>& take);

}  // namespace gradus::internal
