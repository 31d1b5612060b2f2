#pragma once

// Matrix products on a GPU without anything between them: what a step is measured beside. All that the benchmarks know of
// how the CUDA backend multiplies is here.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "backend/cuda/float_memory.hpp"
#include "backend/cuda/gpu.hpp"
#include "backend/cuda/matrix_products.hpp"
#include "kernels/launchers/elementwise.hpp"
#include "network/parameters.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// Products by the backend's own means, in memory that is laid out as the backend's.
class CudaProducts {
 public:
  CudaProducts(const internal::cuda::Gpu& gpu, Precision precision)
      : gpu_(gpu), memory_(precision == Precision::bf16), products_(precision) {}
  CudaProducts(const CudaProducts&) = delete;
  CudaProducts& operator=(const CudaProducts&) = delete;
  ~CudaProducts() {
    for (float* const memory : taken_) memory_.give_back(memory);
  }

  /// `count` floats on the GPU, uniform in ±range.
  float* random(std::size_t count, double range) { return hold(random_floats(count, range)); }
  /// One float on the GPU.
  float* value(float number) { return hold({number}); }

  void multiply(const internal::cuda::ProductShape& shape, const internal::cuda::Factors& factors, const float* a,
                const float* b, float* c) {
    gpu_.run([&] { products_.run(shape, factors, memory_.operand(a), memory_.operand(b), c, gpu_.stream()); });
  }

 private:
  float* hold(const std::vector<float>& values) {
    return gpu_.run([&] {
      float* const memory = memory_.take(values.size(), gpu_.stream());
      taken_.push_back(memory);
      internal::cuda::check(
          cudaMemcpyAsync(memory, values.data(), values.size() * sizeof(float), cudaMemcpyHostToDevice, gpu_.stream()),
          "cudaMemcpyAsync");
      if (memory_.has_twins())
        kernels::launch_round({.values = memory, .rounded = memory_.twin(memory), .count = values.size()},
                              {.stream = gpu_.stream()});
      gpu_.wait();
      return memory;
    });
  }

  const internal::cuda::Gpu& gpu_;
  internal::cuda::FloatMemory memory_;
  internal::cuda::MatrixProducts products_;
  std::vector<float*> taken_;
};

/// The products of one step and nothing else: the same shapes, alignments and algorithms.
class CudaStepProducts {
 public:
  /// `parameters`: those of the step, for where they lie in their buffer.
  CudaStepProducts(const internal::cuda::Gpu& gpu, Precision precision, std::span<const std::size_t> widths,
                   std::size_t rows, internal::Parameters& parameters)
      : products_(gpu, precision), widths_(widths.begin(), widths.end()), rows_(rows) {
    float* const all = products_.random(parameters.all().size(), kRange / std::sqrt(static_cast<double>(widths[0])));
    for (std::size_t l = 0; l < widths.size(); ++l) {
      activations_.push_back(products_.random(rows * widths[l], 1.0));
      errors_.push_back(l == 0 ? nullptr : products_.random(rows * widths[l], 1.0));
      weights_.push_back(
          l == 0 ? nullptr
                 : all + (parameters.tensors(l - 1)[internal::DenseTensors::kWeight].data - parameters.all().data()));
    }
    // A rate of almost nothing: the weights stay what they are, and the arithmetic is the same.
    rate_ = products_.random(1, 1e-20);
    one_ = products_.value(1.0F);
  }

  void run() {
    const std::size_t layers = widths_.size() - 1;
    constexpr float kZero = 0.0F;
    constexpr float kOne = 1.0F;
    const internal::cuda::Factors plain{.alpha = &kOne, .beta = &kZero};
    for (std::size_t l = 1; l <= layers; ++l)  // Y Wᵀ
      products_.multiply({.rows = rows_, .columns = widths_[l], .inner = widths_[l - 1], .transposed_b = true}, plain,
                         activations_[l - 1], weights_[l], activations_[l]);
    for (std::size_t l = layers - 1; l >= 1; --l)  // Δ W
      products_.multiply({.rows = rows_, .columns = widths_[l], .inner = widths_[l + 1]}, plain, errors_[l + 1],
                         weights_[l + 1], errors_[l]);
    for (std::size_t l = 1; l <= layers; ++l)  // Δᵀ Y, added to the weights
      products_.multiply({.rows = widths_[l], .columns = widths_[l - 1], .inner = rows_, .transposed_a = true},
                         {.alpha = rate_, .beta = one_, .on_device = true}, errors_[l], activations_[l - 1], weights_[l]);
  }

 private:
  static constexpr double kRange = 1.7;  // about √3: outputs are as large as inputs

  CudaProducts products_;
  std::vector<std::size_t> widths_;
  std::size_t rows_;
  std::vector<float*> activations_;
  std::vector<float*> errors_;   // nothing at 0
  std::vector<float*> weights_;  // nothing at 0
  float* rate_ = nullptr;
  float* one_ = nullptr;
};

}  // namespace gradus::bench
