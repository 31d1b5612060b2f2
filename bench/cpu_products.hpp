#pragma once

// The matrix products of a step on the CPU and nothing else: what a step is measured beside. All that the benchmarks know of
// how the CPU backend multiplies is here.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "backend/cpu/matrix_product.hpp"
#include "backend/cpu/partition.hpp"
#include "backend/cpu/thread_pool.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// The same shapes, library, cut into tasks, and threads as a step's.
class CpuProducts {
 public:
  CpuProducts(const std::vector<std::size_t>& widths, std::size_t rows, std::size_t threads)
      : widths_(widths), rows_(rows), pool_(threads) {
    for (std::size_t l = 0; l < widths.size(); ++l) {
      activations_.push_back(random_floats(rows * widths[l], 1.0));
      errors_.push_back(random_floats(rows * widths[l], 0.01));
      weights_.push_back(random_floats(l == 0 ? 0 : widths[l - 1] * widths[l], 0.1));
    }
  }

  void run() {
    const std::size_t layers = widths_.size() - 1;
    for (std::size_t l = 1; l <= layers; ++l)  // Y = X Wᵀ
      by_rows(widths_[l], widths_[l - 1], [&](internal::Range rows) {
        internal::matrix_product({.m = rows.size(),
                                  .n = widths_[l],
                                  .k = widths_[l - 1],
                                  .a = {&activations_[l - 1][rows.first * widths_[l - 1]], widths_[l - 1]},
                                  .b = {weights_[l].data(), widths_[l - 1], internal::Transpose::yes},
                                  .c = &activations_[l][rows.first * widths_[l]],
                                  .stride_c = widths_[l]});
      });
    for (std::size_t l = layers - 1; l >= 1; --l)  // Δ W
      by_rows(widths_[l], widths_[l + 1], [&](internal::Range rows) {
        internal::matrix_product({.m = rows.size(),
                                  .n = widths_[l],
                                  .k = widths_[l + 1],
                                  .a = {&errors_[l + 1][rows.first * widths_[l + 1]], widths_[l + 1]},
                                  .b = {weights_[l + 1].data(), widths_[l]},
                                  .c = &errors_[l][rows.first * widths_[l]],
                                  .stride_c = widths_[l]});
      });
    for (std::size_t l = 1; l <= layers; ++l) weight_gradient(l);  // W −= … Δᵀ X
  }

 private:
  [[nodiscard]] std::size_t tasks(std::size_t m, std::size_t n, std::size_t k, std::size_t divisible) const {
    const double operations = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    return internal::task_count(operations, internal::kOperationsPerTask, divisible, pool_.threads());
  }

  template <typename Product>
  void by_rows(std::size_t n, std::size_t k, Product product) {
    const std::size_t count = tasks(rows_, n, k, rows_);
    pool_.run(count, [&](std::size_t task) { product(internal::part(rows_, count, task)); });
  }

  void weight_gradient(std::size_t l) {
    const std::size_t outputs = widths_[l];
    const std::size_t inputs = widths_[l - 1];
    const bool cut_outputs = outputs > inputs;
    const std::size_t count = tasks(outputs, inputs, rows_, std::max(outputs, inputs));
    pool_.run(count, [&](std::size_t task) {
      const internal::Range all_outputs{0, outputs};
      const internal::Range all_inputs{0, inputs};
      const internal::Range m = cut_outputs ? internal::part(outputs, count, task) : all_outputs;
      const internal::Range n = cut_outputs ? all_inputs : internal::part(inputs, count, task);
      // A rate of almost nothing: the weights stay what they are, and the arithmetic is the same.
      internal::matrix_product({.m = m.size(),
                                .n = n.size(),
                                .k = rows_,
                                .alpha = 1e-12F,
                                .a = {&errors_[l][m.first], outputs, internal::Transpose::yes},
                                .b = {&activations_[l - 1][n.first], inputs},
                                .beta = 1.0F,
                                .c = &weights_[l][m.first * inputs + n.first],
                                .stride_c = inputs});
    });
  }

  std::vector<std::size_t> widths_;
  std::size_t rows_;
  internal::ThreadPool pool_;
  std::vector<std::vector<float>> activations_;
  std::vector<std::vector<float>> errors_;
  std::vector<std::vector<float>> weights_;
};

}  // namespace gradus::bench
