#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <functional>
#include <map>

#include "kernels/launchers/on.hpp"

namespace gradus::internal::cuda {

/// Device memory of floats, which may have a twin in bf16 each: what matrix products in that format take. Whoever writes
/// floats that are an operand writes their twins too.
class FloatMemory {
 public:
  explicit FloatMemory(bool has_twins) : has_twins_(has_twins) {}

  /// `count` floats, set to 0. Throws OutOfMemory, CudaError.
  [[nodiscard]] float* take(std::size_t count, cudaStream_t stream);
  void give_back(float* memory) noexcept;

  [[nodiscard]] bool has_twins() const { return has_twins_; }
  /// Where the twin of a float is, anywhere in memory that was taken; null without twins.
  [[nodiscard]] kernels::Bf16* twin(const float* place) const;
  /// What a matrix product takes for an operand: its twin if there is one.
  [[nodiscard]] const void* operand(const float* place) const {
    if (has_twins_) return twin(place);
    return place;
  }

 private:
  bool has_twins_;
  std::map<float*, std::size_t, std::less<>> taken_;  // where the twins begin, in bytes behind the floats
};

}  // namespace gradus::internal::cuda
