#pragma once

// Random numbers that any thread can draw, in any order.

#include "device.cuh"
#include "launchers.hpp"

namespace gradus::kernels {

/// Four random words, or the counter that they are drawn for.
struct PhiloxBlock {
  std::uint32_t at[4];
};

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four words as a function of a
/// 128-bit counter and a 64-bit key. The bits are those of the library's own, and of the paper's test vectors.
__device__ inline PhiloxBlock philox(PhiloxBlock counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint32_t high0 = __umulhi(0xD2511F53U, counter.at[0]);
    const std::uint32_t low0 = 0xD2511F53U * counter.at[0];
    const std::uint32_t high1 = __umulhi(0xCD9E8D57U, counter.at[2]);
    const std::uint32_t low1 = 0xCD9E8D57U * counter.at[2];
    counter = {{high1 ^ counter.at[1] ^ key0, low1, high0 ^ counter.at[3] ^ key1, low0}};
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  return counter;
}

/// Block `index` of a sequence.
__device__ inline PhiloxBlock draw(const RandomKey& key, std::uint64_t index) {
  return philox({{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), key.part, key.purpose}},
                static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32));
}

}  // namespace gradus::kernels
