#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cublasLt.h>
#include <map>
#include <memory>
#include <vector>

#include "backend/cuda/device_array.hpp"
#include "backend/cuda/handles.hpp"
#include "gradus/device.hpp"

namespace gradus::internal::cuda {

/// C (rows, columns) = alpha · op(A) op(B) + beta · C. All are row-major without gaps; op(A) is (rows, inner), op(B) (inner,
/// columns), and what is transposed lies in memory the other way round.
struct ProductShape {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t inner = 0;
  bool transposed_a = false;
  bool transposed_b = false;

  auto operator<=>(const ProductShape&) const = default;  // NOLINT(modernize-use-nullptr): a mistake of clang-tidy 14
};

/// The factors alpha and beta, both on the host, where they are read now, or both on the device, where they are read when
/// the product runs, and again each time that a graph is replayed.
struct Factors {
  const float* alpha = nullptr;
  const float* beta = nullptr;
  bool on_device = false;
};

/// Matrix products by cuBLASLt. How a shape is computed is asked for when it occurs first, and stays: the same numbers give
/// the same bits.
class MatrixProducts {
 public:
  /// Operands are of floats, or of bf16 where the precision is that; tf32 rounds floats to 10 bits of mantissa. Sums and
  /// results are in fp32 always.
  explicit MatrixProducts(Precision precision);
  ~MatrixProducts();
  MatrixProducts(const MatrixProducts&) = delete;
  MatrixProducts& operator=(const MatrixProducts&) = delete;

  /// Pointers to device memory; C overlaps neither A nor B. Where beta is 0, C is not read. All streams must be the same
  /// one, since they share a workspace. Throws DeviceError, also for matrices with 2³¹ rows or columns.
  void run(const ProductShape& shape, const Factors& factors, const void* a, const void* b, float* c, cudaStream_t stream);

 private:
  /// What the choice of an algorithm depends on.
  struct Key {
    ProductShape shape;
    std::uint32_t alignment = 0;  // of all addresses, in bytes
    bool factors_on_device = false;

    auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr): as above
  };
  struct Plan;

  const Plan& plan_for(const Key& key);
  void require_workspace(std::size_t bytes);

  Precision precision_;
  LtHandle handle_;
  /// The last one is the largest, and the one that is used. Graphs may have captured the others.
  std::vector<DeviceArray<unsigned char>> workspaces_;
  std::map<Key, std::unique_ptr<const Plan>> plans_;
};

}  // namespace gradus::internal::cuda
