// NPY arrays as inputs and as targets, and what becomes of them as a data set.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "data/arrays/arrays.hpp"
#include "data/arrays/npy_reader.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/error.hpp"

namespace {

using namespace gradus;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_inputs(std::span<const char> bytes) {
  const auto inputs = internal::read_npy_inputs(*internal::source_from_memory("x.npy", bytes));
  require((inputs.holds_bytes ? inputs.bytes.size() : inputs.floats.size()) == inputs.samples * inputs.features);
  for (const float value : inputs.floats.span())
    require(std::isfinite(value) || (std::isnan(value) && !inputs.first_missing.empty()));
}

void check_targets(std::span<const char> bytes, std::optional<Task> task) {
  auto targets = internal::read_npy_targets(*internal::source_from_memory("y.npy", bytes));
  require(targets.values.size() == targets.samples * targets.columns);
  internal::ArrayInputs inputs;
  inputs.source = "inputs";
  inputs.samples = targets.samples;
  inputs.features = 1;
  inputs.floats.resize(targets.samples);
  const auto storage = internal::training_storage(std::move(inputs), std::move(targets), "pair", task);
  for (const std::int32_t label : storage->class_indices.span())
    require(label >= 0 && static_cast<std::size_t>(label) < storage->schema.class_names.size());
  for (const float value : storage->targets.span()) require(std::isfinite(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const char> bytes(reinterpret_cast<const char*>(data), size);
  try {
    check_inputs(bytes);
  } catch (const Error&) {
  }
  for (const std::optional<Task> task : {std::optional<Task>(), std::optional(Task::classification),
                                         std::optional(Task::regression), std::optional(Task::multi_label)}) {
    try {
      check_targets(bytes, task);
    } catch (const Error&) {
    }
  }
  return 0;
}
