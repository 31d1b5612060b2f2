#pragma once

// Arithmetic that CUDA C++ has beyond <cmath>. The fast forms are computed exactly: their error on a GPU is not emulated.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

using std::max;
using std::min;

inline float rsqrtf(float x) {
  return 1.0F / std::sqrt(x);
}
inline float rcbrtf(float x) {
  return 1.0F / std::cbrt(x);
}
inline float exp10f(float x) {
  return std::pow(10.0F, x);
}

/// sin πx and cos πx, exact where x is a multiple of ½.
inline float sinpif(float x) {
  const float whole = std::nearbyint(x);
  const double rest = static_cast<double>(x - whole) * 3.14159265358979323846;
  const double sine = std::sin(rest);
  return static_cast<float>(std::fmod(whole, 2.0F) == 0.0F ? sine : -sine);
}
inline float cospif(float x) {
  const float whole = std::nearbyint(x);
  const float rest = x - whole;
  const double cosine = std::abs(rest) == 0.5F ? 0.0 : std::cos(static_cast<double>(rest) * 3.14159265358979323846);
  return static_cast<float>(std::fmod(whole, 2.0F) == 0.0F ? cosine : -cosine);
}

inline float __expf(float x) {
  return std::exp(x);
}
inline float __exp10f(float x) {
  return exp10f(x);
}
inline float __logf(float x) {
  return std::log(x);
}
inline float __log2f(float x) {
  return std::log2(x);
}
inline float __log10f(float x) {
  return std::log10(x);
}
inline float __powf(float x, float y) {
  return std::pow(x, y);
}
inline float __sinf(float x) {
  return std::sin(x);
}
inline float __cosf(float x) {
  return std::cos(x);
}
inline float __fdividef(float x, float y) {
  return x / y;
}
inline float __frcp_rn(float x) {
  return 1.0F / x;
}
inline float __fsqrt_rn(float x) {
  return std::sqrt(x);
}
inline float __frsqrt_rn(float x) {
  return 1.0F / std::sqrt(x);
}
inline double __dadd_rn(double x, double y) {
  return x + y;
}
inline double __dmul_rn(double x, double y) {
  return x * y;
}
inline float __fadd_rn(float x, float y) {
  return x + y;
}
inline float __fsub_rn(float x, float y) {
  return x - y;
}
inline float __fmul_rn(float x, float y) {
  return x * y;
}
inline float __fdiv_rn(float x, float y) {
  return x / y;
}
inline float __fmaf_rn(float x, float y, float z) {
  return std::fma(x, y, z);
}
/// Into [0, 1]; NaN becomes 0.
inline float __saturatef(float x) {
  return x > 0.0F ? std::min(x, 1.0F) : 0.0F;
}

inline int __float2int_rn(float x) {
  return static_cast<int>(std::nearbyint(x));
}
inline int __float2int_rz(float x) {
  return static_cast<int>(x);
}
inline int __float2int_rd(float x) {
  return static_cast<int>(std::floor(x));
}
inline unsigned __float2uint_rn(float x) {
  return static_cast<unsigned>(std::nearbyint(x));
}
inline unsigned __float2uint_rz(float x) {
  return static_cast<unsigned>(x);
}
inline float __int2float_rn(int x) {
  return static_cast<float>(x);
}
inline float __uint2float_rn(unsigned x) {
  return static_cast<float>(x);
}

inline unsigned __float_as_uint(float x) {
  return std::bit_cast<unsigned>(x);
}
inline int __float_as_int(float x) {
  return std::bit_cast<int>(x);
}
inline float __uint_as_float(unsigned x) {
  return std::bit_cast<float>(x);
}
inline float __int_as_float(int x) {
  return std::bit_cast<float>(x);
}

inline unsigned __umulhi(unsigned x, unsigned y) {
  return static_cast<unsigned>(std::uint64_t{x} * y >> 32);
}
inline int __popc(unsigned x) {
  return std::popcount(x);
}
inline int __clz(int x) {
  return std::countl_zero(static_cast<unsigned>(x));
}
inline int __ffs(int x) {
  return x == 0 ? 0 : std::countr_zero(static_cast<unsigned>(x)) + 1;
}

/// Loads through particular caches.
template <class T>
T __ldg(const T* address) {
  return *address;
}
template <class T>
T __ldcg(const T* address) {
  return *address;
}
template <class T>
T __ldcs(const T* address) {
  return *address;
}
template <class T>
void __stcs(T* address, T value) {
  *address = value;
}
