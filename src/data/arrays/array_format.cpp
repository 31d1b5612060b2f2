#include "data/arrays/array_format.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/wording.hpp"
#include "data/arrays/idx_reader.hpp"
#include "data/arrays/npy_header.hpp"
#include "data/arrays/npy_reader.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr std::array kFormats{
    ArrayFormat{.name = "an IDX",
                .pair = "IMAGES.idx,LABELS.idx",
                .what = "two IDX files",
                .lack = "an IDX file holds images or labels; give both as IMAGES.idx,LABELS.idx",
                .has_magic = has_idx_magic,
                .read_inputs = read_idx_images,
                .read_targets = read_idx_labels},
    ArrayFormat{.name = "an NPY",
                .pair = "X.npy,Y.npy",
                .what = "two NumPy arrays",
                .lack = "an NPY file holds one array; give inputs and targets as X.npy,Y.npy",
                .has_magic = has_npy_magic,
                .read_inputs = read_npy_inputs,
                .read_targets = read_npy_targets},
};

/// One text of each format.
std::vector<std::string_view> texts(std::string_view ArrayFormat::*text) {
  std::vector<std::string_view> all;
  all.reserve(std::size(kFormats));
  for (const ArrayFormat& format : kFormats) all.push_back(format.*text);
  return all;
}

}  // namespace

std::span<const ArrayFormat> array_formats() {
  return kFormats;
}

const ArrayFormat* array_format(std::string_view beginning) {
  const auto found =
      std::ranges::find_if(kFormats, [beginning](const ArrayFormat& format) { return format.has_magic(beginning); });
  return found == kFormats.end() ? nullptr : &*found;
}

std::string array_pairs() {
  return alternatives(texts(&ArrayFormat::pair));
}

void fail_array_format(std::string_view source) {
  throw DataError(fmt::format("{}: neither {} file; a pair is {}", source, fmt::join(texts(&ArrayFormat::name), " nor "),
                              array_pairs()));
}

}  // namespace gradus::internal
