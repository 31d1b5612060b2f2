// cuBLASLt's descriptors: created, initialised, changed, asked, destroyed.

#include <cstddef>
#include <cstring>
#include <cublasLt.h>

#include "cuda_emulation/cublas/descriptors.hpp"
#include "cuda_emulation/cublas/status.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"

namespace cuda_emulation {

namespace {

/// A value in a descriptor; none (null) when the attribute does not exist or is not emulated.
struct AttributeField {
  void* value = nullptr;
  std::size_t bytes = 0;
  cublasStatus_t status = CUBLAS_STATUS_INVALID_VALUE;  // what to answer when there is none
};

template <class Value>
AttributeField field(Value& value) {
  return {.value = &value, .bytes = sizeof value, .status = CUBLAS_STATUS_SUCCESS};
}

/// An attribute of the library that this emulation does not know.
AttributeField not_emulated() {
  return {.value = nullptr, .bytes = 0, .status = CUBLAS_STATUS_NOT_SUPPORTED};
}

cublasStatus_t set_attribute(const AttributeField& field, const void* buffer, std::size_t bytes) {
  if (field.value == nullptr) return field.status;
  if (buffer == nullptr || bytes != field.bytes) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(field.value, buffer, bytes);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t get_attribute(const AttributeField& field, void* buffer, std::size_t bytes, std::size_t* written) {
  if (field.value == nullptr) return field.status;
  if (bytes == 0 ? written == nullptr : buffer == nullptr || bytes != field.bytes) return CUBLAS_STATUS_INVALID_VALUE;
  if (bytes != 0) std::memcpy(buffer, field.value, bytes);
  if (written != nullptr) *written = field.bytes;
  return CUBLAS_STATUS_SUCCESS;
}

AttributeField find(MatmulDescription& state, cublasLtMatmulDescAttributes_t attribute) {
  switch (attribute) {
    case CUBLASLT_MATMUL_DESC_COMPUTE_TYPE:
      return field(state.compute_type);
    case CUBLASLT_MATMUL_DESC_SCALE_TYPE:
      return field(state.scale_type);
    case CUBLASLT_MATMUL_DESC_POINTER_MODE:
      return field(state.pointer_mode);
    case CUBLASLT_MATMUL_DESC_TRANSA:
      return field(state.operation_a);
    case CUBLASLT_MATMUL_DESC_TRANSB:
      return field(state.operation_b);
    case CUBLASLT_MATMUL_DESC_EPILOGUE:
      return field(state.epilogue);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER:
      return field(state.bias);
    case CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE:
      return field(state.bias_batch_stride);
    case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE:
      return field(state.bias_type);
    default:
      return attribute >= CUBLASLT_MATMUL_DESC_COMPUTE_TYPE && attribute <= CUBLASLT_MATMUL_DESC_EMULATION_DESCRIPTOR
                 ? not_emulated()
                 : AttributeField{};
  }
}

AttributeField find(MatrixLayout& state, cublasLtMatrixLayoutAttribute_t attribute) {
  switch (attribute) {
    case CUBLASLT_MATRIX_LAYOUT_TYPE:
      return field(state.type);
    case CUBLASLT_MATRIX_LAYOUT_ORDER:
      return field(state.order);
    case CUBLASLT_MATRIX_LAYOUT_ROWS:
      return field(state.rows);
    case CUBLASLT_MATRIX_LAYOUT_COLS:
      return field(state.columns);
    case CUBLASLT_MATRIX_LAYOUT_LD:
      return field(state.leading_dimension);
    case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT:
      return field(state.batches);
    case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET:
      return field(state.batch_stride);
    case CUBLASLT_MATRIX_LAYOUT_PLANE_OFFSET:
    case CUBLASLT_MATRIX_LAYOUT_BATCH_MODE:
      return not_emulated();
  }
  return {};
}

AttributeField find(MatmulPreference& state, cublasLtMatmulPreferenceAttributes_t attribute) {
  switch (attribute) {
    case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES:
      return field(state.workspace_bytes);
    case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK:
      return field(state.reduction_schemes);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES:
      return field(state.alignments[0]);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES:
      return field(state.alignments[1]);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES:
      return field(state.alignments[2]);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES:
      return field(state.alignments[3]);
    case CUBLASLT_MATMUL_PREF_SEARCH_MODE:
    case CUBLASLT_MATMUL_PREF_MAX_WAVES_COUNT:
    case CUBLASLT_MATMUL_PREF_IMPL_MASK:
      return not_emulated();
  }
  return {};
}

template <class State, class Opaque>
cublasStatus_t create(Opaque** descriptor, const State& state, const char* function) {
  if (const cublasStatus_t status = begin_blas_call(function); status != CUBLAS_STATUS_SUCCESS) return status;
  if (descriptor == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  *descriptor = new Opaque{};
  store_state(*descriptor, state);
  count_object(State::kKind, +1);
  return CUBLAS_STATUS_SUCCESS;
}

template <class State, class Opaque>
cublasStatus_t initialize(Opaque* descriptor, std::size_t bytes, const State& state, const char* function) {
  if (const cublasStatus_t status = begin_blas_call(function); status != CUBLAS_STATUS_SUCCESS) return status;
  if (descriptor == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  if (bytes < sizeof(Opaque)) return CUBLAS_STATUS_ALLOC_FAILED;
  store_state(descriptor, state);
  return CUBLAS_STATUS_SUCCESS;
}

template <class State, class Opaque>
cublasStatus_t destroy(Opaque* descriptor, const char* function) {
  const cublasStatus_t status = begin_blas_release(function);
  if (descriptor == nullptr) return status;
  State state = load_state<State>(descriptor, function);
  state.tag = 0;
  store_state(descriptor, state);
  delete descriptor;
  count_object(State::kKind, -1);
  return status;
}

template <class State, class Opaque, class Attribute>
cublasStatus_t set(Opaque* descriptor, Attribute attribute, const void* buffer, std::size_t bytes, const char* function) {
  if (const cublasStatus_t status = begin_blas_call(function); status != CUBLAS_STATUS_SUCCESS) return status;
  if (descriptor == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  State state = load_state<State>(descriptor, function);
  const cublasStatus_t status = set_attribute(find(state, attribute), buffer, bytes);
  store_state(descriptor, state);
  return status;
}

template <class State, class Opaque, class Attribute>
cublasStatus_t get(const Opaque* descriptor, Attribute attribute, void* buffer, std::size_t bytes, std::size_t* written,
                   const char* function) {
  if (const cublasStatus_t status = begin_blas_call(function); status != CUBLAS_STATUS_SUCCESS) return status;
  if (descriptor == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  State state = load_state<State>(descriptor, function);
  return get_attribute(find(state, attribute), buffer, bytes, written);
}

MatmulDescription description_of(cublasComputeType_t compute_type, cudaDataType_t scale_type) {
  MatmulDescription state;
  state.compute_type = compute_type;
  state.scale_type = scale_type;
  return state;
}

MatrixLayout layout_of(cudaDataType type, std::uint64_t rows, std::uint64_t columns, std::int64_t leading_dimension) {
  MatrixLayout state;
  state.type = static_cast<std::uint32_t>(type);
  state.rows = rows;
  state.columns = columns;
  state.leading_dimension = leading_dimension;
  return state;
}

}  // namespace

}  // namespace cuda_emulation

using cuda_emulation::MatmulDescription;
using cuda_emulation::MatmulPreference;
using cuda_emulation::MatrixLayout;

extern "C" {

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* descriptor, cublasComputeType_t compute_type,
                                        cudaDataType_t scale_type) {
  return cuda_emulation::create(descriptor, cuda_emulation::description_of(compute_type, scale_type), __func__);
}

cublasStatus_t cublasLtMatmulDescInit_internal(cublasLtMatmulDesc_t descriptor, std::size_t bytes,
                                               cublasComputeType_t compute_type, cudaDataType_t scale_type) {
  return cuda_emulation::initialize(descriptor, bytes, cuda_emulation::description_of(compute_type, scale_type),
                                    "cublasLtMatmulDescInit");
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t descriptor) {
  return cuda_emulation::destroy<MatmulDescription>(descriptor, __func__);
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t descriptor, cublasLtMatmulDescAttributes_t attribute,
                                              const void* buffer, std::size_t bytes) {
  return cuda_emulation::set<MatmulDescription>(descriptor, attribute, buffer, bytes, __func__);
}

cublasStatus_t cublasLtMatmulDescGetAttribute(cublasLtMatmulDesc_t descriptor, cublasLtMatmulDescAttributes_t attribute,
                                              void* buffer, std::size_t bytes, std::size_t* written) {
  return cuda_emulation::get<MatmulDescription>(descriptor, attribute, buffer, bytes, written, __func__);
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType type, std::uint64_t rows,
                                          std::uint64_t columns, std::int64_t leading_dimension) {
  return cuda_emulation::create(layout, cuda_emulation::layout_of(type, rows, columns, leading_dimension), __func__);
}

cublasStatus_t cublasLtMatrixLayoutInit_internal(cublasLtMatrixLayout_t layout, std::size_t bytes, cudaDataType type,
                                                 std::uint64_t rows, std::uint64_t columns, std::int64_t leading_dimension) {
  return cuda_emulation::initialize(layout, bytes, cuda_emulation::layout_of(type, rows, columns, leading_dimension),
                                    "cublasLtMatrixLayoutInit");
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  return cuda_emulation::destroy<MatrixLayout>(layout, __func__);
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t layout, cublasLtMatrixLayoutAttribute_t attribute,
                                                const void* buffer, std::size_t bytes) {
  return cuda_emulation::set<MatrixLayout>(layout, attribute, buffer, bytes, __func__);
}

cublasStatus_t cublasLtMatrixLayoutGetAttribute(cublasLtMatrixLayout_t layout, cublasLtMatrixLayoutAttribute_t attribute,
                                                void* buffer, std::size_t bytes, std::size_t* written) {
  return cuda_emulation::get<MatrixLayout>(layout, attribute, buffer, bytes, written, __func__);
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
  return cuda_emulation::create(preference, MatmulPreference{}, __func__);
}

cublasStatus_t cublasLtMatmulPreferenceInit_internal(cublasLtMatmulPreference_t preference, std::size_t bytes) {
  return cuda_emulation::initialize(preference, bytes, MatmulPreference{}, "cublasLtMatmulPreferenceInit");
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  return cuda_emulation::destroy<MatmulPreference>(preference, __func__);
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute, const void* buffer,
                                                    std::size_t bytes) {
  return cuda_emulation::set<MatmulPreference>(preference, attribute, buffer, bytes, __func__);
}

cublasStatus_t cublasLtMatmulPreferenceGetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute, void* buffer,
                                                    std::size_t bytes, std::size_t* written) {
  return cuda_emulation::get<MatmulPreference>(preference, attribute, buffer, bytes, written, __func__);
}
}
