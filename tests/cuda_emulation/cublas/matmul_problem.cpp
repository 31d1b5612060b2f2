#include "cuda_emulation/cublas/matmul_problem.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "cuda_emulation/cublas/device_product.hpp"

namespace cuda_emulation {

namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::int32_t>::max();

bool is_row_major(const MatrixLayout& layout) {
  return layout.order == CUBLASLT_ORDER_ROW;
}

/// Whether the matrix lies in memory without overlapping itself. (For C the library takes a leading dimension of 0 too, to
/// repeat a column, but 13.1 computes nonsense then.)
bool is_sound(const MatrixLayout& layout) {
  if (layout.rows == 0 || layout.columns == 0 || layout.rows > kLargest || layout.columns > kLargest) return false;
  if (layout.batches < 1 || layout.batch_stride < 0) return false;
  const std::uint64_t least = is_row_major(layout) ? layout.columns : layout.rows;
  return layout.leading_dimension >= static_cast<std::int64_t>(least) &&
         layout.leading_dimension <= static_cast<std::int64_t>(kLargest);
}

StridedMatrix strided(const MatrixLayout& layout, bool transposed) {
  StridedMatrix matrix =
      strided(nullptr, element_of(layout.type), layout.leading_dimension, transposed, is_row_major(layout));
  matrix.batch_stride = layout.batch_stride;
  return matrix;
}

struct Layouts {
  MatrixLayout a;
  MatrixLayout b;
  MatrixLayout c;
  MatrixLayout d;
};

/// What an epilogue does; false for one that is not emulated, among them all that need an auxiliary buffer.
bool find_epilogue(std::uint32_t epilogue, Product& product) {
  switch (epilogue) {
    case CUBLASLT_EPILOGUE_DEFAULT:
      return true;
    case CUBLASLT_EPILOGUE_RELU:
      product.relu = true;
      return true;
    case CUBLASLT_EPILOGUE_BIAS:
      product.bias_role = BiasRole::added;
      return true;
    case CUBLASLT_EPILOGUE_RELU_BIAS:
      product.relu = true;
      product.bias_role = BiasRole::added;
      return true;
    case CUBLASLT_EPILOGUE_BGRADA:
      product.bias_role = BiasRole::sums_of_a;
      return true;
    case CUBLASLT_EPILOGUE_BGRADB:
      product.bias_role = BiasRole::sums_of_b;
      return true;
    default:
      return false;
  }
}

/// Whether the elements that an operand's sums add up lie apart in memory: the library sums along no other direction, which
/// for column-major operands means BGRADA of an A that is not transposed, and BGRADB of a B that is.
bool can_be_summed(const MatmulDescription& description, const Layouts& of, BiasRole role) {
  if (role == BiasRole::sums_of_a) return (description.operation_a != CUBLAS_OP_N) == is_row_major(of.a);
  if (role == BiasRole::sums_of_b) return (description.operation_b != CUBLAS_OP_N) != is_row_major(of.b);
  return true;
}

/// The epilogue and its vector: as long as D has rows, and for BGRADB as D has columns; of D's type.
cublasStatus_t read_epilogue(const MatmulDescription& description, const Layouts& of, Product& product) {
  if (!find_epilogue(description.epilogue, product)) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (!can_be_summed(description, of, product.bias_role)) return CUBLAS_STATUS_NOT_SUPPORTED;
  // ReLU and bias are documented not to work with a row-major D; BGRADA and BGRADB do so only since 13.2.
  const MatrixLayout& d = of.d;
  if (description.epilogue != CUBLASLT_EPILOGUE_DEFAULT && is_row_major(d)) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (product.bias_role == BiasRole::none) return CUBLAS_STATUS_SUCCESS;
  if (description.bias_type != -1 && static_cast<std::uint32_t>(description.bias_type) != d.type)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  product.bias = {.data = description.bias,
                  .type = element_of(d.type),
                  .row_stride = 1,
                  .column_stride = 0,
                  .batch_stride = description.bias_batch_stride};
  const bool is_written = product.bias_role != BiasRole::added;
  if (is_written && product.batches > 1 && description.bias_batch_stride < bias_length(product))
    return CUBLAS_STATUS_INVALID_VALUE;
  return description.bias_batch_stride < 0 ? CUBLAS_STATUS_INVALID_VALUE : CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t check_layouts(const MatmulDescription& description, const Layouts& of) {
  for (const MatrixLayout* each : {&of.a, &of.b, &of.c, &of.d}) {
    if (each->order != CUBLASLT_ORDER_COL && each->order != CUBLASLT_ORDER_ROW) return CUBLAS_STATUS_NOT_SUPPORTED;
    if (!is_sound(*each) || each->batches != of.d.batches) return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (!is_operation(description.operation_a) || !is_operation(description.operation_b)) return CUBLAS_STATUS_INVALID_VALUE;
  const bool transposed_a = description.operation_a != CUBLAS_OP_N;
  const bool transposed_b = description.operation_b != CUBLAS_OP_N;
  const bool shapes_fit = (transposed_a ? of.a.columns : of.a.rows) == of.d.rows &&
                          (transposed_b ? of.b.rows : of.b.columns) == of.d.columns &&
                          (transposed_a ? of.a.rows : of.a.columns) == (transposed_b ? of.b.columns : of.b.rows);
  // Out of place, C and D may differ in leading dimension and batch stride, and in nothing else.
  const bool results_fit = of.c.rows == of.d.rows && of.c.columns == of.d.columns && of.c.type == of.d.type &&
                           of.c.order == of.d.order && of.a.type == of.b.type;
  if (!shapes_fit || !results_fit) return CUBLAS_STATUS_INVALID_VALUE;
  // The matrices of a batch that is written must not overlap.
  const auto lines = static_cast<std::int64_t>(is_row_major(of.d) ? of.d.rows : of.d.columns);
  if (of.d.batches > 1 && of.d.batch_stride < of.d.leading_dimension * lines) return CUBLAS_STATUS_INVALID_VALUE;
  return CUBLAS_STATUS_SUCCESS;
}

ProblemKey key_of(const MatmulDescription& description, const Layouts& of, const Product& product) {
  ProblemKey key;
  key.rows = static_cast<std::uint32_t>(product.rows);
  key.columns = static_cast<std::uint32_t>(product.columns);
  key.inner = static_cast<std::uint32_t>(product.inner);
  key.batches = static_cast<std::uint32_t>(product.batches);
  key.operations = static_cast<std::uint8_t>((description.operation_a != CUBLAS_OP_N ? 1U : 0U) |
                                             (description.operation_b != CUBLAS_OP_N ? 2U : 0U));
  key.compute_type = static_cast<std::uint8_t>(description.compute_type);
  key.pointer_mode = static_cast<std::uint8_t>(description.pointer_mode);
  key.epilogue = static_cast<std::uint16_t>(description.epilogue);
  unsigned index = 0;
  for (const MatrixLayout* each : {&of.a, &of.b, &of.c, &of.d}) {
    key.leading_dimensions[index] = static_cast<std::uint32_t>(each->leading_dimension);
    key.types[index] = static_cast<std::uint8_t>(each->type);
    key.orders = static_cast<std::uint8_t>(key.orders | (is_row_major(*each) ? 1U << index : 0U));
    ++index;
  }
  return key;
}

}  // namespace

cublasStatus_t read_problem(const char* function, const MatmulDescriptors& descriptors, MatmulProblem& problem) {
  if (descriptors.operation == nullptr || descriptors.a == nullptr || descriptors.b == nullptr || descriptors.d == nullptr)
    return CUBLAS_STATUS_INVALID_VALUE;
  const auto description = load_state<MatmulDescription>(descriptors.operation, function);
  Layouts of;
  of.a = load_state<MatrixLayout>(descriptors.a, function);
  of.b = load_state<MatrixLayout>(descriptors.b, function);
  of.d = load_state<MatrixLayout>(descriptors.d, function);
  of.c = descriptors.c == nullptr ? of.d : load_state<MatrixLayout>(descriptors.c, function);
  if (const cublasStatus_t status = check_layouts(description, of); status != CUBLAS_STATUS_SUCCESS) return status;

  const bool transposed_a = description.operation_a != CUBLAS_OP_N;
  const bool transposed_b = description.operation_b != CUBLAS_OP_N;
  Product& product = problem.product;
  product = {};
  product.rows = static_cast<std::int64_t>(of.d.rows);
  product.columns = static_cast<std::int64_t>(of.d.columns);
  product.inner = static_cast<std::int64_t>(transposed_a ? of.a.rows : of.a.columns);
  product.batches = of.d.batches;
  product.a = strided(of.a, transposed_a);
  product.b = strided(of.b, transposed_b);
  product.c = strided(of.c, false);
  product.d = strided(of.d, false);
  if (description.scale_type != CUDA_R_32F || !find_arithmetic(description.compute_type, of.a.type, of.d.type, product.tf32))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  if (description.pointer_mode != CUBLASLT_POINTER_MODE_HOST && description.pointer_mode != CUBLASLT_POINTER_MODE_DEVICE)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  problem.factors_on_device = description.pointer_mode == CUBLASLT_POINTER_MODE_DEVICE;
  problem.same_layout_of_c_and_d = of.c == of.d;
  if (const cublasStatus_t status = read_epilogue(description, of, product); status != CUBLAS_STATUS_SUCCESS) return status;
  problem.key = key_of(description, of, product);
  return CUBLAS_STATUS_SUCCESS;
}

std::string to_string(const ProblemKey& key) {
  std::string text = std::to_string(key.rows) + " x " + std::to_string(key.columns) + " x " + std::to_string(key.inner) +
                     ", leading dimensions";
  for (const std::uint32_t each : key.leading_dimensions) text += " " + std::to_string(each);
  text += ", types";
  for (const std::uint8_t each : key.types) text += " " + std::to_string(each);
  return text + ", operations " + std::to_string(key.operations) + ", orders " + std::to_string(key.orders) +
         ", compute type " + std::to_string(key.compute_type) + ", epilogue " + std::to_string(key.epilogue) +
         ", pointer mode " + std::to_string(key.pointer_mode) + ", batch " + std::to_string(key.batches);
}

Algorithm choose_algorithm(const MatmulProblem& problem, const MatmulPreference& preference) {
  constexpr std::uint64_t kUnit = 256;
  constexpr std::uint64_t kMost = std::uint64_t{32} << 20U;
  const Product& product = problem.product;
  Algorithm algorithm;
  algorithm.problem = problem.key;
  // As an algorithm that splits the inner dimension: another result in fp32, or as much of it as there is room for.
  const auto results = static_cast<std::uint64_t>(product.rows * product.columns * product.batches) * sizeof(float);
  const std::uint64_t wanted = std::min(kMost, (results + kUnit - 1) / kUnit * kUnit);
  if (preference.reduction_schemes != CUBLASLT_REDUCTION_SCHEME_NONE)
    algorithm.workspace_bytes = static_cast<std::uint32_t>(std::min(wanted, preference.workspace_bytes / kUnit * kUnit));
  // As one that loads up to 16 bytes at once, when every column of the matrix begins at such an address.
  const StridedMatrix* const matrices[] = {&product.a, &product.b, &product.c, &product.d};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto strides = static_cast<std::uint64_t>(problem.key.leading_dimensions[i] | matrices[i]->batch_stride);
    const std::uint64_t multiples = std::uint64_t{16} | preference.alignments[i] | strides * bytes_of(matrices[i]->type);
    algorithm.alignment_bits[i] = static_cast<std::uint8_t>(std::countr_zero(multiples));
  }
  return algorithm;
}

bool is_aligned_enough(const MatmulProblem& problem, const Algorithm& algorithm) {
  const StridedMatrix* const matrices[] = {&problem.product.a, &problem.product.b, &problem.product.c, &problem.product.d};
  for (std::size_t i = 0; i < 4; ++i)
    if (std::size_t{1} << algorithm.alignment_bits[i] < bytes_of(matrices[i]->type)) return false;
  return true;
}

}  // namespace cuda_emulation
