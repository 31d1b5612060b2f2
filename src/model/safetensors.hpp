#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::internal {

/// A file in the safetensors format (github.com/huggingface/safetensors): the length of the header as 8 bytes little-endian,
/// the header as JSON, then the tensors' bytes without gaps. Gradus writes 32-bit floats only, and a checksum of header and
/// tensors under the metadata key `crc32`.
struct Safetensors {
  struct Tensor {
    std::string name;
    std::vector<std::size_t> shape;
    std::vector<float> values;
  };

  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;  // in the order of the file
};

/// A tensor whose values somebody else owns, for writing.
struct TensorView {
  std::string name;
  std::vector<std::size_t> shape;
  std::span<const float> values;
};

/// Writes the file beside its place and renames it. Throws FileError, and UsageError for text that is not UTF-8.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       std::span<const TensorView> tensors);

/// Looks at the metadata before anything else is believed, and throws when the file is of another kind or of a newer
/// version.
using MetadataCheck = std::function<void(const std::map<std::string, std::string>&)>;

/// Throws FileError, and FormatError, with the path, for a file that is not in the format, is truncated, or does not agree
/// with its checksum. Allocates in proportion to the file's size.
[[nodiscard]] Safetensors read_safetensors(const std::filesystem::path& path, const MetadataCheck& check);

/// The same from memory; `source` names it in messages.
[[nodiscard]] Safetensors parse_safetensors(std::string_view bytes, std::string_view source, const MetadataCheck& check);

}  // namespace gradus::internal
