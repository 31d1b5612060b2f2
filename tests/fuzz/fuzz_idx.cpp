// IDX images and labels, and what becomes of them as a data set.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "data/arrays/arrays.hpp"
#include "data/arrays/idx_reader.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/error.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gradus;
  const std::span<const char> bytes(reinterpret_cast<const char*>(data), size);
  try {
    auto images = internal::read_idx_images(*internal::source_from_memory("i.idx", bytes));
    require(images.bytes.size() == images.samples * images.features && images.bytes.size() < size);
    internal::ArrayTargets targets;
    targets.source = "targets";
    targets.samples = images.samples;
    for (std::size_t i = 0; i < images.samples; ++i) targets.values.push_back(static_cast<double>(i % 3));
    const auto storage = internal::training_storage(std::move(images), std::move(targets), "pair", {});
    require(storage->class_indices.size() == storage->samples);
  } catch (const Error&) {
  }
  try {
    const auto labels = internal::read_idx_labels(*internal::source_from_memory("l.idx", bytes));
    require(labels.samples == labels.values.size() && labels.samples + 8 == size);
  } catch (const Error&) {
  }
  return 0;
}
