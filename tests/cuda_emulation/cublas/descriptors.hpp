#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <cublasLt.h>
#include <string>
#include <type_traits>

#include "cuda_emulation/failure.hpp"

// What the opaque descriptors of cuBLASLt hold here. The state lies in the storage itself, so that those on a stack
// (cublasLtMatmulDescInit and its like) are the same as those that were created.
namespace cuda_emulation {

/// The attributes have the types that cublasLt.h documents. Values are not checked when they are set, as the library does
/// not either, but when the descriptor is used.
struct MatmulDescription {
  static constexpr std::uint32_t kTag = 0x6D61'746DU;
  static constexpr const char* kKind = "matmul descriptor";
  std::uint32_t tag = kTag;
  std::int32_t compute_type = CUBLAS_COMPUTE_32F;
  std::int32_t scale_type = CUDA_R_32F;
  std::int32_t pointer_mode = CUBLASLT_POINTER_MODE_HOST;
  std::int32_t operation_a = CUBLAS_OP_N;
  std::int32_t operation_b = CUBLAS_OP_N;
  std::uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  std::int32_t bias_type = -1;  // -1: that of D
  std::int64_t bias_batch_stride = 0;
  void* bias = nullptr;
};

struct MatrixLayout {
  static constexpr std::uint32_t kTag = 0x6C61'796FU;
  static constexpr const char* kKind = "matrix layout";
  std::uint32_t tag = kTag;
  std::uint32_t type = CUDA_R_32F;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::int64_t leading_dimension = 0;
  std::int64_t batch_stride = 0;
  std::int32_t order = CUBLASLT_ORDER_COL;
  std::int32_t batches = 1;
  bool operator==(const MatrixLayout&) const = default;
};

struct MatmulPreference {
  static constexpr std::uint32_t kTag = 0x7072'6566U;
  static constexpr const char* kKind = "matmul preference";
  std::uint32_t tag = kTag;
  std::uint64_t workspace_bytes = 0;
  std::uint32_t reduction_schemes = CUBLASLT_REDUCTION_SCHEME_MASK;
  std::array<std::uint32_t, 4> alignments{256, 256, 256, 256};  // of A, B, C, D
};

/// What a product is, as far as the choice of an algorithm depends on it.
struct ProblemKey {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t inner = 0;
  std::uint32_t batches = 1;
  std::array<std::uint32_t, 4> leading_dimensions{};  // of A, B, C, D
  std::array<std::uint8_t, 4> types{};
  std::uint8_t operations = 0;  // 1: A is transposed, 2: B is
  std::uint8_t orders = 0;      // by bit, whether a matrix is row-major
  std::uint8_t compute_type = 0;
  std::uint8_t pointer_mode = 0;
  std::uint16_t epilogue = 0;
  bool operator==(const ProblemKey&) const = default;
};

struct Algorithm {
  static constexpr std::uint32_t kTag = 0x616C'676FU;
  static constexpr const char* kKind = "algorithm";
  std::uint32_t tag = kTag;
  std::uint32_t workspace_bytes = 0;
  ProblemKey problem;
  /// Binary logarithms of what the addresses of A, B, C and D must be multiples of.
  std::array<std::uint8_t, 4> alignment_bits{};
};

template <class State, class Opaque>
void store_state(Opaque* opaque, const State& state) {
  static_assert(sizeof(State) <= sizeof(Opaque) && std::is_trivially_copyable_v<State>);
  std::memcpy(opaque->data, &state, sizeof state);
}

/// Ends the process for storage that was not initialised, or was given back: the library would take it as it is.
template <class State, class Opaque>
State load_state(const Opaque* opaque, const char* function) {
  static_assert(sizeof(State) <= sizeof(Opaque) && std::is_trivially_copyable_v<State>);
  State state;
  std::memcpy(&state, opaque->data, sizeof state);
  if (state.tag != State::kTag)
    fail(std::string(function) + ": this " + State::kKind + " was never initialised, or is destroyed");
  return state;
}

}  // namespace cuda_emulation
