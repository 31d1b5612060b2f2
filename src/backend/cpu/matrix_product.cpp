#include "backend/cpu/matrix_product.hpp"

#include <fmt/format.h>
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

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

}  // namespace

void matrix_product(std::size_t m, std::size_t n, std::size_t k, float alpha, Operand a, Operand b, float beta, float* c,
                    std::size_t stride_c) {
  const auto integer = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
  const OneOpenMPThread one;
  const dnnl_status_t status =
      dnnl_sgemm(static_cast<char>(a.transpose), static_cast<char>(b.transpose), integer(m), integer(n), integer(k), alpha,
                 a.data, integer(a.stride), b.data, integer(b.stride), beta, c, integer(stride_c));
  if (status == dnnl_success) return;
  if (status == dnnl_out_of_memory) throw OutOfMemory("not enough memory for a matrix product's working space");
  throw Error(fmt::format("oneDNN refused a matrix product of {} × {} × {} (status {})", m, n, k, static_cast<int>(status)));
}

}  // namespace gradus::internal
