#include "backend/cuda/cuda_backend.hpp"
#include "backend_under_test.hpp"

namespace gradus::internal {

namespace {

/// ThreadSanitizer takes much memory and time for each thread of a block.
constexpr unsigned kSmallBlock = 64;

BackendUnderTest cuda_backend(const std::string& name, Precision precision, unsigned block, double tolerance) {
  return {name, [precision, block] { return std::make_unique<cuda::CudaBackend>(0, precision, block); }, tolerance};
}

}  // namespace

const std::vector<BackendUnderTest>& backends() {
  // tf32 keeps 10 bits of an operand's mantissa: a relative error of 2⁻¹¹ each, twice that for hardware that cuts them off.
  // bf16 keeps 7: 2⁻⁸.
  static const std::vector<BackendUnderTest> all{
      cuda_backend("cuda_fp32", Precision::fp32, kSmallBlock, 2e-6),
      cuda_backend("cuda_tf32", Precision::tf32, kSmallBlock, 2e-3),
      cuda_backend("cuda_bf16", Precision::bf16, kSmallBlock, 1e-2),
  };
  return all;
}

std::unique_ptr<Backend> make_tested_backend(std::size_t /*threads*/) {
  return std::make_unique<cuda::CudaBackend>(0, Precision::fp32, kSmallBlock);
}

/// Around warps and blocks. Larger ones take the same ways, and minutes under ThreadSanitizer.
const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{{0, 3, 2},    {1, 1, 1},   {1, 5, 3},     {3, 1, 4},   {10, 784, 30},
                                      {31, 33, 17}, {33, 31, 1}, {128, 64, 16}, {300, 7, 65}};
  return all;
}

}  // namespace gradus::internal
