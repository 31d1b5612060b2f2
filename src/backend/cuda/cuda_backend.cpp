#include "backend/cuda/cuda_backend.hpp"

#include <algorithm>

#include "backend/cuda/captured_work.hpp"
#include "backend/cuda/cuda_samples.hpp"

namespace gradus::internal::cuda {
namespace {

constexpr float kZero = 0.0F;
constexpr float kOne = 1.0F;

kernels::ActivationKind kind_of(Activation activation) {
  switch (activation) {
    case Activation::sigmoid:
      return kernels::ActivationKind::sigmoid;
    case Activation::tanh:
      return kernels::ActivationKind::tanh;
    case Activation::relu:
      return kernels::ActivationKind::relu;
    case Activation::identity:
      break;
  }
  return kernels::ActivationKind::identity;
}

}  // namespace

CudaBackend::CudaBackend(int index, Precision precision, unsigned block) : gpu_(index) {
  streaming_.block = block;
  summing_.block = block;
  gpu_.run([&] {
    products_ = std::make_unique<MatrixProducts>(precision);
    scratch_ = DeviceArray<kernels::SumScratch>(1);
    squared_error_ = DeviceArray<double>(1);
    device_rate_ = DeviceArray<float>(1);
    device_one_ = DeviceArray<float>(1);
    device_one_.upload({&kOne, 1}, gpu_.stream());
    scratch_.clear(gpu_.stream());
    squared_error_.clear(gpu_.stream());
    device_rate_.clear(gpu_.stream());
  });
}

float* CudaBackend::take(std::size_t count) {
  return gpu_.run([&] {
    DeviceArray<float> memory(std::max<std::size_t>(count, 1));
    memory.clear(gpu_.stream());
    return memory.leave();
  });
}

void CudaBackend::give_back(float* memory) noexcept {
  release(memory);
}

void CudaBackend::upload(std::span<const float> host, float* device) {
  if (host.empty()) return;
  gpu_.run([&] {
    check(cudaMemcpyAsync(device, host.data(), host.size_bytes(), cudaMemcpyHostToDevice, gpu_.stream()), "cudaMemcpyAsync");
  });
}

void CudaBackend::download(const float* device, std::span<float> host) {
  if (host.empty()) return;
  gpu_.run([&] {
    check(cudaMemcpyAsync(host.data(), device, host.size_bytes(), cudaMemcpyDeviceToHost, gpu_.stream()), "cudaMemcpyAsync");
    gpu_.wait();
  });
}

std::unique_ptr<Samples> CudaBackend::hold(const SampleSource& source) {
  return std::make_unique<CudaSamples>(gpu_, source);
}

void CudaBackend::gather_rows(Samples& samples, Matrix x, Matrix t) {
  const auto& held = static_cast<CudaSamples&>(samples);
  gpu_.run([&] {
    kernels::launch_gather_rows(held.view(), held.order(), held.position(), x.rows, x.data, t.data, scratch_.data(),
                                gpu_.stream(), streaming_);
  });
}

void CudaBackend::multiply(const ProductShape& shape, const float* a, const float* b, float* c) {
  products_->run(shape, {.alpha = &kOne, .beta = &kZero}, a, b, c, gpu_.stream());
}

void CudaBackend::dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, Matrix y) {
  if (y.rows == 0) return;
  gpu_.run([&] {
    multiply({.rows = y.rows, .columns = y.columns, .inner = x.columns, .transposed_b = true}, x.data, w.data, y.data);
    kernels::launch_bias_activation(kind_of(activation), b.data(), y.data, y.rows, y.columns, gpu_.stream(), streaming_);
  });
}

void CudaBackend::output_error(ConstMatrix y, ConstMatrix t, Loss loss, Activation activation, Matrix delta) {
  gpu_.run([&] {
    switch (loss) {
      case Loss::mse:
        kernels::launch_output_error(kind_of(activation), y.data, t.data, y.rows, y.columns, delta.data,
                                     squared_error_.data(), scratch_.data(), gpu_.stream(), summing_);
        break;
    }
  });
}

void CudaBackend::hidden_error(ConstMatrix delta_next, ConstMatrix w_next, ConstMatrix y, Activation activation,
                               Matrix delta) {
  if (delta.rows == 0) return;
  gpu_.run([&] {
    multiply({.rows = delta.rows, .columns = delta.columns, .inner = delta_next.columns}, delta_next.data, w_next.data,
             delta.data);
    kernels::launch_hidden_error(kind_of(activation), y.data, delta.data, delta.rows, delta.columns, gpu_.stream(),
                                 streaming_);
  });
}

void CudaBackend::dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w,
                                 std::span<float> grad_b) {
  gpu_.run([&] {
    if (x.rows == 0) {
      kernels::launch_scale(grad_w.data, grad_w.size(), beta, gpu_.stream(), streaming_);
      kernels::launch_scale(grad_b.data(), grad_b.size(), beta, gpu_.stream(), streaming_);
      return;
    }
    add_gradient(x, delta, {.alpha = &alpha, .beta = &beta}, {.value = alpha}, beta, grad_w, grad_b);
  });
}

void CudaBackend::add_gradient(ConstMatrix x, ConstMatrix delta, const Factors& of_product, kernels::Factor of_sums,
                               float beta, Matrix grad_w, std::span<float> grad_b) {
  products_->run({.rows = grad_w.rows, .columns = grad_w.columns, .inner = x.rows, .transposed_a = true}, of_product,
                 delta.data, x.data, grad_w.data, gpu_.stream());
  kernels::launch_column_sums(delta.data, delta.rows, delta.columns, of_sums, beta, grad_b.data(), scratch_.data(),
                              gpu_.stream(), summing_);
}

void CudaBackend::repeat(std::unique_ptr<Repetition>& repetition, const std::function<void()>& work) {
  if (!repetition) repetition = std::make_unique<CapturedWork>();
  auto& captured = static_cast<CapturedWork&>(*repetition);
  gpu_.run([&] { captured.run(gpu_.stream(), work); });
}

void CudaBackend::set_rate(float rate) {
  rate_ = rate;
  gpu_.run([&] {
    device_rate_.upload({&rate, 1}, gpu_.stream());
    for (auto& [rows, factor] : descent_factors_) upload_descent_factor(rows, factor);
  });
}

void CudaBackend::upload_descent_factor(std::size_t rows, DeviceArray<float>& factor) {
  const float value = -rate_ / static_cast<float>(rows);
  factor.upload({&value, 1}, gpu_.stream());
}

const float* CudaBackend::descent_factor(std::size_t rows) {
  const auto known = descent_factors_.find(rows);
  if (known != descent_factors_.end()) return known->second.data();
  DeviceArray<float> factor(1);
  upload_descent_factor(rows, factor);
  return descent_factors_.emplace(rows, std::move(factor)).first->second.data();
}

void CudaBackend::dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w, std::span<float> b) {
  if (x.rows == 0) return;
  gpu_.run([&] {
    const float* const factor = descent_factor(x.rows);
    add_gradient(x, delta, {.alpha = factor, .beta = device_one_.data(), .on_device = true}, {.on_device = factor}, 1.0F, w,
                 b);
  });
}

void CudaBackend::optimizer_step(std::span<const float> gradients, std::span<float> parameters) {
  gpu_.run([&] {
    kernels::launch_descend(gradients.data(), device_rate_.data(), parameters.data(), parameters.size(), gpu_.stream(),
                            streaming_);
  });
}

double CudaBackend::take_squared_error() {
  double total = 0.0;
  gpu_.run([&] {
    check(cudaMemcpyAsync(&total, squared_error_.data(), sizeof total, cudaMemcpyDeviceToHost, gpu_.stream()),
          "cudaMemcpyAsync");
    squared_error_.clear(gpu_.stream());
    gpu_.wait();
  });
  return total;
}

}  // namespace gradus::internal::cuda
