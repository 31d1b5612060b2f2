#pragma once

// The twins of kernels/instructions.cuh.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cuda_bf16.h>

#include "cuda_emulation/collectives.hpp"
#include "cuda_emulation/device/warp.hpp"
#include "cuda_emulation/thread.hpp"

namespace cuda_emulation::instructions {

/// D = A B + C of one warp, A (16, depth) and B (depth, 8), from the registers of all lanes. The four numbers of C and D
/// that a lane holds are [g][2t], [g][2t + 1], [g + 8][2t], [g + 8][2t + 1], g = lane / 4, t = lane % 4.
/// `element_a(registers of a lane's a, half)`… so: `a(all, row, k)` and `b(all, k, column)` find an element among the
/// registers.
template <unsigned Depth, class ElementOfA, class ElementOfB>
void matrix_product(float (&d)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2], const float (&c)[4],
                    ElementOfA element_of_a, ElementOfB element_of_b, const Place& where) {
  using Registers = std::array<std::uint32_t, 6>;
  const Registers mine{a[0], a[1], a[2], a[3], b[0], b[1]};
  const LaneValue* const all = exchange_in_warp(0xFFFFFFFFU, WarpOperation::matrix_product, &mine, sizeof mine, true, where);
  const unsigned lane = this_thread().lane;
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned row = lane / 4 + (i >= 2 ? 8 : 0);
    const unsigned column = 2 * (lane % 4) + i % 2;
    float sum = c[i];
    for (unsigned k = 0; k < Depth; ++k) {
      const auto of_lane = [all](unsigned which) { return lane_value<Registers>(all, which); };
      sum += element_of_a(of_lane, row, k) * element_of_b(of_lane, k, column);
    }
    d[i] = sum;
  }
}

/// A register of tf32: the lower 13 bits of the mantissa do not count.
inline float tf32_value(std::uint32_t bits) {
  return std::bit_cast<float>(bits & 0xFFFFE000U);
}

inline void mma_m16n8k8_tf32(float (&d)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2], const float (&c)[4],
                             const Place& where = Place::current()) {
  matrix_product<8>(
      d, a, b, c,
      [](auto of_lane, unsigned row, unsigned k) {
        return tf32_value(of_lane(row % 8 * 4 + k % 4)[(row >= 8 ? 1 : 0) + (k >= 4 ? 2 : 0)]);
      },
      [](auto of_lane, unsigned k, unsigned column) { return tf32_value(of_lane(column * 4 + k % 4)[k >= 4 ? 5 : 4]); },
      where);
}

/// Half of a register: bf16 is the upper half of a float.
inline float bf16_value(std::uint32_t bits, bool upper) {
  return std::bit_cast<float>(upper ? bits & 0xFFFF0000U : bits << 16);
}

inline void mma_m16n8k16_bf16(float (&d)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2], const float (&c)[4],
                              const Place& where = Place::current()) {
  matrix_product<16>(
      d, a, b, c,
      [](auto of_lane, unsigned row, unsigned k) {
        return bf16_value(of_lane(row % 8 * 4 + k % 8 / 2)[(row >= 8 ? 1 : 0) + (k >= 8 ? 2 : 0)], k % 2 == 1);
      },
      [](auto of_lane, unsigned k, unsigned column) {
        return bf16_value(of_lane(column * 4 + k % 8 / 2)[k >= 8 ? 5 : 4], k % 2 == 1);
      },
      where);
}

/// To the nearest with 10 bits of mantissa, ties away from zero.
inline std::uint32_t to_tf32(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return std::isfinite(x) ? (bits + 0x1000U) & 0xFFFFE000U : bits;
}

template <unsigned Bytes>
void cp_async(void* shared, const void* global, unsigned valid = Bytes, const Place& where = Place::current()) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16);
  start_copy(shared, global, Bytes, valid, where);
}
inline void cp_async_commit() {
  commit_copies();
}
template <unsigned Pending>
void cp_async_wait() {
  wait_for_copies(Pending);
}

inline float tanh_approximate(float x) {
  return std::tanh(x);
}

}  // namespace cuda_emulation::instructions
