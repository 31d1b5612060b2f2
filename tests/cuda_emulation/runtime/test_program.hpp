#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cuda_runtime_api.h>
#include <deque>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/failure.hpp"
#include "cuda_emulation/sanitizers.hpp"
#include "device.cuh"
#include "fixture.hpp"

// What the tests of the stand-in for the CUDA runtime share.
namespace cuda_emulation {

using gradus::kernels::check;
using gradus::kernels::CudaError;
using gradus::kernels::launch;
using gradus::self_test::DeviceArray;
using gradus::self_test::Event;
using gradus::self_test::Graph;
using gradus::self_test::PinnedArray;
using gradus::self_test::Stream;

/// The program under test broke a rule, and the emulation ended it.
inline auto broken_rule() {
  return testing::ExitedWithCode(kFailureExitCode);
}
/// The same, or AddressSanitizer was first.
inline bool found(int status) {
  return broken_rule()(status) || (has_address_sanitizer() && !testing::ExitedWithCode(0)(status));
}

/// The error that `function` throws.
inline cudaError_t error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const CudaError& error) {
    return error.code();
  }
  return cudaSuccess;
}

/// values (count) += increment.
__global__ inline void add_kernel(int* values, int count, int increment) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) values[i] += increment;
}
inline void add(const DeviceArray<int>& values, int increment, cudaStream_t stream) {
  const int count = static_cast<int>(values.size());
  launch(add_kernel, {.grid = static_cast<unsigned>((count + 31) / 32), .block = 32, .stream = stream}, values.data(), count,
         increment);
}

/// Host functions that leave their numbers in the order in which they run. A test may look at any time, which for a vector
/// would be a race.
class Log {
 public:
  void put(int number, cudaStream_t stream) {
    entries_.push_back({this, number});
    check(cudaLaunchHostFunc(stream, &Log::write, &entries_.back()), "cudaLaunchHostFunc");
  }
  [[nodiscard]] std::vector<int> numbers() const { return {numbers_.begin(), numbers_.begin() + count_}; }

 private:
  struct Entry {
    Log* log;
    int number;
  };
  static void write(void* argument) {
    const auto& [log, number] = *static_cast<Entry*>(argument);
    log->numbers_.at(static_cast<std::size_t>(log->count_++)) = number;
  }

  std::deque<Entry> entries_;
  std::array<std::atomic<int>, 8> numbers_{};
  std::atomic<int> count_ = 0;
};
using Numbers = std::vector<int>;

}  // namespace cuda_emulation
