#include "backend/cuda/float_memory.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>

#include "backend/cuda/device_array.hpp"

namespace gradus::internal::cuda {
namespace {

/// As cudaMalloc aligns, so that twins are aligned like their floats.
constexpr std::size_t kAlignment = 256;
constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

struct Release {
  void operator()(float* memory) const noexcept { release(memory); }
};

}  // namespace

float* FloatMemory::take(std::size_t count, cudaStream_t stream) {
  count = std::max<std::size_t>(count, 1);
  const std::size_t each = sizeof(float) + (has_twins_ ? sizeof(kernels::Bf16) : 0);
  // A size that overflows is refused like one that is not available.
  const bool is_countable = count <= (kMost - kAlignment) / each;
  const std::size_t floats = (count * sizeof(float) + kAlignment - 1) / kAlignment * kAlignment;
  const std::size_t bytes = has_twins_ ? floats + count * sizeof(kernels::Bf16) : count * sizeof(float);
  std::unique_ptr<float, Release> memory(static_cast<float*>(allocate(is_countable ? bytes : kMost)));
  check(cudaMemsetAsync(memory.get(), 0, bytes, stream), "cudaMemsetAsync");
  if (has_twins_) taken_.emplace(memory.get(), floats);
  return memory.release();
}

void FloatMemory::give_back(float* memory) noexcept {
  taken_.erase(memory);
  release(memory);
}

kernels::Bf16* FloatMemory::twin(const float* place) const {
  if (!has_twins_ || place == nullptr) return nullptr;
  const auto& [base, offset] = *std::prev(taken_.upper_bound(place));
  return reinterpret_cast<kernels::Bf16*>(reinterpret_cast<unsigned char*>(base) + offset) + (place - base);
}

}  // namespace gradus::internal::cuda
