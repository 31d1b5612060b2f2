#include "backend/cpu/matrix_product.hpp"

#include <fmt/format.h>
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include "backend/cpu/direct_products.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// oneDNN takes the calling thread's number of OpenMP threads. Gradus divides the work itself, by shape, so here it is one;
/// the caller's setting comes back afterwards.
class OneOpenMPThread {
 public:
  OneOpenMPThread() : before_(omp_get_max_threads()) {
    if (before_ != 1) omp_set_num_threads(1);
  }
  OneOpenMPThread(const OneOpenMPThread&) = delete;
  OneOpenMPThread& operator=(const OneOpenMPThread&) = delete;
  ~OneOpenMPThread() {
    if (before_ != 1) omp_set_num_threads(before_);
  }

 private:
  int before_;
};

constexpr std::size_t kFew = 16;  // rows or columns, of which a library's kernels take more at once

double multiplications(std::size_t m, std::size_t n, std::size_t k) {
  return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

/// Does a product without packing, if that is faster for its shape and if direct_products.hpp has its form.
bool multiplied_directly(const Product& product) {
  const std::size_t m = product.m;
  const std::size_t n = product.n;
  const std::size_t k = product.k;
  const bool replaces_c = product.alpha == 1.0F && product.beta == 0.0F;
  if (product.b.transpose == Transpose::yes) {
    if (product.a.transpose == Transpose::yes || !replaces_c || !goes_row_by_row(m, n, k)) return false;
    product_along_rows(product);
    return true;
  }
  if (product.a.transpose == Transpose::yes) {
    if (product.beta != 1.0F || (m > kFew && multiplications(m, n, k) > 5e5)) return false;
    add_transposed_product(product);
    return true;
  }
  const bool b_is_near = n <= (std::size_t{1} << 14) / k;
  if (!replaces_c || (multiplications(m, n, k) > 1e5 && (n < 3 * kFew || !b_is_near))) return false;
  product_of_columns(product);
  return true;
}

}  // namespace

void matrix_product(const Product& product) {
  const auto& [m, n, k, alpha, a, b, beta, c, stride_c] = product;
  if (m == 0 || n == 0) return;
  if (k > 0 && multiplied_directly(product)) return;
  const auto integer = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
  const OneOpenMPThread one;
  const dnnl_status_t status =
      dnnl_sgemm(static_cast<char>(a.transpose), static_cast<char>(b.transpose), integer(m), integer(n), integer(k), alpha,
                 a.data, integer(a.stride), b.data, integer(b.stride), beta, c, integer(stride_c));
  if (status == dnnl_success) return;
  if (status == dnnl_out_of_memory) throw OutOfMemory("not enough memory for a matrix product's working space");
  throw Error(fmt::format("oneDNN refused a matrix product of {} × {} × {} (status {})", m, n, k, static_cast<int>(status)));
}

bool goes_row_by_row(std::size_t m, std::size_t n, std::size_t k) {
  // All of B stays in the second cache, or is read a few times only; and each sum is long enough to pay for its last steps.
  const bool b_is_near = m <= kFew || n <= (std::size_t{1} << 17) / k;
  return b_is_near && (k >= 128 || n <= kFew || multiplications(m, n, k) <= 1e4);
}

}  // namespace gradus::internal
