#include "backend/cuda/cuda_backend.hpp"
#include "backend_under_test.hpp"

namespace gradus::internal {

namespace {

#if defined(GRADUS_TESTS_ON_A_GPU)
constexpr unsigned kBlock = kernels::kStreamingGrid.block;
constexpr bool kIsOnAGpu = true;
#elif defined(__SANITIZE_THREAD__)
/// ThreadSanitizer takes much memory and time for each thread of a block.
constexpr unsigned kBlock = 32;
constexpr bool kIsOnAGpu = false;
#else
constexpr unsigned kBlock = 64;
constexpr bool kIsOnAGpu = false;
#endif

BackendUnderTest cuda_backend(const std::string& name, Precision precision, unsigned block, double tolerance) {
  return {name, [precision, block] { return std::make_unique<cuda::CudaBackend>(0, precision, block); }, tolerance};
}

}  // namespace

const std::vector<BackendUnderTest>& backends() {
  // tf32 keeps 10 bits of an operand's mantissa: a relative error of 2⁻¹¹ each, twice that for hardware that cuts them off.
  // bf16 keeps 7: 2⁻⁸.
  static const std::vector<BackendUnderTest> all{
      cuda_backend("cuda_fp32", Precision::fp32, kBlock, 2e-6),
      cuda_backend("cuda_tf32", Precision::tf32, kBlock, 2e-3),
      cuda_backend("cuda_bf16", Precision::bf16, kBlock, 1e-2),
  };
  return all;
}

std::unique_ptr<Backend> make_tested_backend(std::size_t /*threads*/) {
  return std::make_unique<cuda::CudaBackend>(0, Precision::fp32, kBlock);
}

/// Around warps and blocks. Under the emulation larger ones take the same ways, and minutes; races show in a few.
const std::vector<Shape>& shapes() {
#if defined(__SANITIZE_THREAD__)
  static const std::vector<Shape> all{{0, 3, 2}, {1, 1, 1}, {3, 1, 4}, {31, 33, 17}, {70, 5, 36}};
#else
  static const std::vector<Shape> all = [] {
    std::vector<Shape> some{{0, 3, 2},    {1, 1, 1},   {1, 5, 3},     {3, 1, 4},   {10, 784, 30},
                            {31, 33, 17}, {33, 31, 1}, {128, 64, 16}, {300, 7, 65}};
    if (kIsOnAGpu) some.insert(some.end(), {{65, 1000, 7}, {1000, 33, 129}, {257, 300, 301}, {1000, 784, 2500}});
    return some;
  }();
#endif
  return all;
}

}  // namespace gradus::internal
