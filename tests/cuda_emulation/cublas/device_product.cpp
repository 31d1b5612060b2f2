#include "cuda_emulation/cublas/device_product.hpp"

#include <algorithm>

#include "cuda_emulation/cublas/status.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"

namespace cuda_emulation {

namespace {

/// A range of memory with the name that messages have for it.
struct Range {
  const char* name;
  const void* data;
  std::size_t bytes;
};

/// From the first element of a batch to the last.
std::size_t extent(const StridedMatrix& matrix, std::int64_t rows, std::int64_t columns, std::int64_t batches) {
  if (rows == 0 || columns == 0 || batches == 0) return 0;
  const std::int64_t last =
      (rows - 1) * matrix.row_stride + (columns - 1) * matrix.column_stride + (batches - 1) * matrix.batch_stride;
  return static_cast<std::size_t>(last + 1) * bytes_of(matrix.type);
}

bool overlap(const Range& one, const Range& other) {
  const auto from = reinterpret_cast<std::uintptr_t>(one.data);
  const auto other_from = reinterpret_cast<std::uintptr_t>(other.data);
  return one.bytes > 0 && other.bytes > 0 && from < other_from + other.bytes && other_from < from + one.bytes;
}

void check_workspace(const char* function, const Workspace& workspace, const Range* ranges, std::size_t count) {
  if (workspace.bytes == 0 || workspace.data == nullptr) return;
  check_device_range(workspace.data, workspace.bytes, std::string(function) + ": the workspace");
  const Range used{.name = "", .data = workspace.data, .bytes = workspace.bytes_used};
  for (std::size_t i = 0; i < count; ++i)
    if (overlap(used, ranges[i])) fail(std::string(function) + ": the workspace overlaps " + ranges[i].name);
}

/// What a GPU would have to move at least.
std::size_t bytes_of(const Product& product, float beta) {
  const auto rows = static_cast<std::size_t>(product.rows);
  const auto columns = static_cast<std::size_t>(product.columns);
  const auto inner = static_cast<std::size_t>(product.inner);
  const std::size_t result = rows * columns * bytes_of(product.d.type) * (beta == 0 ? 1 : 2);
  const std::size_t bias = static_cast<std::size_t>(bias_length(product)) * bytes_of(product.bias.type);
  return static_cast<std::size_t>(product.batches) *
         (rows * inner * bytes_of(product.a.type) + inner * columns * bytes_of(product.b.type) + result + bias);
}

}  // namespace

cublasStatus_t enqueue_product(const char* function, cudaStream_t stream, const Product& product, const Factors& factors,
                               const Workspace& workspace) {
  const std::string prefix = std::string(function) + ": ";
  const auto check_factors = factors.on_device ? check_device_range : check_host_range;
  check_factors(factors.alpha, sizeof(float), prefix + "alpha");
  check_factors(factors.beta, sizeof(float), prefix + "beta");
  const float host_alpha = factors.on_device ? 0 : *static_cast<const float*>(factors.alpha);
  const float host_beta = factors.on_device ? 0 : *static_cast<const float*>(factors.beta);

  const bool reads_c = factors.on_device || host_beta != 0;
  const Range ranges[] = {
      {"A", product.a.data, extent(product.a, product.rows, product.inner, product.batches)},
      {"B", product.b.data, extent(product.b, product.inner, product.columns, product.batches)},
      {"C", product.c.data, reads_c ? extent(product.c, product.rows, product.columns, product.batches) : 0},
      {"D", product.d.data, extent(product.d, product.rows, product.columns, product.batches)},
      {"the bias", product.bias.data, extent(product.bias, bias_length(product), 1, product.batches)},
  };
  for (const Range& each : ranges) check_device_range(each.data, each.bytes, prefix + each.name);
  for (const Range& operand : {ranges[0], ranges[1]})
    if (operand.data == product.d.data && overlap(operand, ranges[3])) fail(prefix + "the result replaces " + operand.name);
  check_workspace(function, workspace, ranges, std::size(ranges));

  return to_status(enqueue(
      stream, "matmul",
      [=] {
        // A copy, since the sanitizers see what multiply reads, and the closure's memory belongs to the host.
        const Product local = product;
        if (workspace.bytes_used > 0) spoil(workspace.data, workspace.bytes_used);
        const float alpha = factors.on_device ? read_scalar(factors.alpha) : host_alpha;
        const float beta = factors.on_device ? read_scalar(factors.beta) : host_beta;
        multiply(local, alpha, beta);
        count_bytes(bytes_of(local, beta));
      },
      prefix + std::to_string(product.rows) + " x " + std::to_string(product.columns) + " x " +
          std::to_string(product.inner)));
}

bool find_arithmetic(std::int32_t compute_type, std::uint32_t operand_type, std::uint32_t result_type, bool& tf32) {
  const bool single = operand_type == CUDA_R_32F && result_type == CUDA_R_32F;
  const bool half = operand_type == CUDA_R_16BF && (result_type == CUDA_R_16BF || result_type == CUDA_R_32F);
  switch (compute_type) {
    case CUBLAS_COMPUTE_32F:
    case CUBLAS_COMPUTE_32F_PEDANTIC:
      tf32 = false;
      return single || half;
    case CUBLAS_COMPUTE_32F_FAST_TF32:
      tf32 = true;
      return single;
    default:
      return false;
  }
}

}  // namespace cuda_emulation
