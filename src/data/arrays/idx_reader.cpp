#include "data/arrays/idx_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/wording.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr unsigned char kUnsignedByte = 0x08;

std::string_view type_name(unsigned char type) {
  switch (type) {
    case 0x09:
      return "signed bytes";
    case 0x0B:
      return "16-bit integers";
    case 0x0C:
      return "32-bit integers";
    case 0x0D:
      return "32-bit floats";
    case 0x0E:
      return "64-bit floats";
    default:
      return "a type that IDX does not have";
  }
}

/// The sizes of the dimensions.
std::vector<std::uint64_t> read_header(ByteSource& source) {
  std::array<unsigned char, 4> magic{};
  const auto read_word = [&](std::array<unsigned char, 4>& word) {
    return source.read({reinterpret_cast<char*>(word.data()), word.size()}) == word.size();
  };
  if (!read_word(magic) || magic[0] != 0 || magic[1] != 0)
    throw DataError(fmt::format("{}: this is not an IDX file: it begins with {:02x} {:02x}, and an IDX file with 00 00",
                                source.name(), magic[0], magic[1]));
  if (magic[2] != kUnsignedByte)
    throw DataError(fmt::format("{}: this IDX file holds {} (type {:#04x}); Gradus reads unsigned bytes (type 0x08)",
                                source.name(), type_name(magic[2]), magic[2]));
  std::vector<std::uint64_t> sizes;
  for (unsigned i = 0; i < magic[3]; ++i) {
    std::array<unsigned char, 4> word{};
    if (!read_word(word))
      throw DataError(
          fmt::format("{}: this IDX file is truncated: its header declares {}, and it ends within the size of dimension {}",
                      source.name(), counted(magic[3], "dimension"), i + 1));
    std::uint64_t size = 0;
    for (const unsigned char byte : word) size = size << 8 | byte;
    sizes.push_back(size);
  }
  return sizes;
}

Array<std::uint8_t> read_elements(ByteSource& source, std::span<const std::uint64_t> sizes) {
  Array<std::uint8_t> bytes;
  const std::size_t size = checked_bytes(sizes, 1, source.name());
  refuse_empty(sizes, "features", source.name());
  read_announced(source, size, shape_text(sizes), [&](std::span<const std::uint8_t> chunk) {
    make_room(bytes, chunk.size(), source.name());
    std::copy(chunk.begin(), chunk.end(), bytes.extend(chunk.size()));
  });
  bytes.shrink();
  return bytes;
}

}  // namespace

bool has_idx_magic(std::string_view beginning) {
  return beginning.size() >= 4 && beginning[0] == 0 && beginning[1] == 0 && beginning[2] >= 0x08 && beginning[2] <= 0x0E;
}

ArrayInputs read_idx_images(ByteSource& source) {
  const auto sizes = read_header(source);
  if (sizes.size() < 2)
    throw DataError(
        fmt::format("{}: images need two or more dimensions, and this IDX file has {} (are these the labels? "
                    "The images come first)",
                    source.name(), sizes.size()));
  ArrayInputs inputs;
  inputs.source = source.name();
  inputs.holds_bytes = true;
  inputs.bytes = read_elements(source, sizes);
  inputs.samples = static_cast<std::size_t>(sizes.front());
  inputs.features = inputs.bytes.size() / inputs.samples;
  inputs.image_size = image_size(sizes);
  return inputs;
}

ArrayTargets read_idx_labels(ByteSource& source) {
  const auto sizes = read_header(source);
  if (sizes.size() != 1)
    throw DataError(
        fmt::format("{}: labels need one dimension, and this IDX file has {} (are these the images? The labels "
                    "come second)",
                    source.name(), sizes.size()));
  const Array<std::uint8_t> bytes = read_elements(source, sizes);
  ArrayTargets targets;
  targets.source = source.name();
  targets.samples = bytes.size();
  targets.class_numbers = true;
  make_room(targets.values, bytes.size(), source.name());
  for (const std::uint8_t label : bytes.span()) targets.values.push_back(label);
  return targets;
}

}  // namespace gradus::internal
