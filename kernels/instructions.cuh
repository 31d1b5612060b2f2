#pragma once

// Instructions that CUDA C++ has no name for: each function is one of them in inline PTX, with a twin of the same name and
// arguments in the emulation (tests/cuda_emulation/device/instructions.hpp). Kernels get them from device.cuh. Letters and
// fragment layouts: the PTX manual, "Matrix fragments".

#include <cstdint>

namespace gradus::kernels {

/// D = A B + C by a warp: A (16, 8) row-major, B (8, 8) column-major, C and D (16, 8); tf32, summed in fp32. Needs sm_80.
/// With g = lane / 4 and t = lane % 4 a lane holds a[0..3] = A[g][t], A[g+8][t], A[g][t+4], A[g+8][t+4];
/// b[0..1] = B[t][g], B[t+4][g]; c[0..3] and d[0..3] = [g][2t], [g][2t+1], [g+8][2t], [g+8][2t+1].
__device__ inline void mma_m16n8k8_tf32(float (&d)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2],
                                        const float (&c)[4]) {
#if __CUDA_ARCH__ >= 800
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
               : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]),
                 "f"(c[3]));
#else
  __trap();  // the launcher must not come here: see the compute capability above
#endif
}

/// D = A B + C by a warp: A (16, 16) row-major, B (16, 8) column-major, C and D (16, 8); bf16, summed in fp32. Needs sm_80.
/// Each register holds two neighbours along k, the lower one in the lower half: a[0..3] = A[g][2t..], A[g+8][2t..],
/// A[g][2t+8..], A[g+8][2t+8..]; b[0..1] = B[2t..][g], B[2t+8..][g]; c and d as above.
__device__ inline void mma_m16n8k16_bf16(float (&d)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2],
                                         const float (&c)[4]) {
#if __CUDA_ARCH__ >= 800
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
#else
  __trap();
#endif
}

/// The nearest tf32 to x, ties away from zero, as the bits that mma takes. Needs sm_80.
__device__ inline std::uint32_t to_tf32(float x) {
  std::uint32_t bits = 0;
#if __CUDA_ARCH__ >= 800
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
#else
  __trap();
#endif
  return bits;
}

/// Starts a copy of 4, 8 or 16 bytes from global to shared memory, both aligned to that; bytes from `valid` on become 0.
/// Before sm_80 it is an ordinary copy, done at once.
template <unsigned Bytes>
__device__ inline void cp_async(void* shared, const void* global, unsigned valid = Bytes) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16);
#if __CUDA_ARCH__ >= 800
  const auto address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(address), "l"(global), "n"(Bytes), "r"(valid)
               : "memory");
#else
  for (unsigned i = 0; i < Bytes; ++i)
    static_cast<unsigned char*>(shared)[i] = i < valid ? static_cast<const unsigned char*>(global)[i] : 0;
#endif
}

/// Closes the group of this thread's copies since the last one.
__device__ inline void cp_async_commit() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Waits until at most `Pending` of this thread's groups are under way. Other threads see the data after a barrier.
template <unsigned Pending>
__device__ inline void cp_async_wait() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

/// tanh in one instruction of the special-function unit, with a relative error of about 2^-11. Needs sm_75.
__device__ inline float tanh_approximate(float x) {
  float y = 0.0F;
  asm("tanh.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

}  // namespace gradus::kernels
