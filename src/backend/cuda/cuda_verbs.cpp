#include "backend/cuda/cuda_verbs.hpp"

#include "kernels/launchers/elementwise.hpp"
#include "kernels/launchers/layers.hpp"

namespace gradus::internal::cuda {
namespace {

constexpr float kZero = 0.0F;
constexpr float kOne = 1.0F;
constexpr Factors kProduct{.alpha = &kOne, .beta = &kZero};

}  // namespace

CudaVerbs::CudaVerbs(CudaDevice& device, Precision precision)
    : device_(device), products_(device.run([&] { return MatrixProducts(precision); })), rate_(device) {
  device_.run([&] {
    cost_ = DeviceArray<double>(1);
    classified_cost_ = DeviceArray<double>(1);
    one_ = DeviceArray<float>(1);
    one_.upload({&kOne, 1}, device_.stream());
    cost_.clear(device_.stream());
  });
}

void CudaVerbs::multiply(const ProductShape& shape, const Factors& factors, const float* a, const float* b, float* c) {
  products_.run(shape, factors, device_.memory().operand(a), device_.memory().operand(b), c, device_.stream());
}

void CudaVerbs::forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation,
                        LayerOutputs outputs) {
  const Matrix y = outputs.y;
  if (y.rows == 0) return;
  device_.run([&] {
    multiply({.rows = y.rows, .columns = y.columns, .inner = x.columns, .transposed_b = true}, kProduct, x.data, w.data,
             y.data);
    kernels::launch_bias_activation({.activation = activation,
                                     .bias = b.data(),
                                     .a = y.data,
                                     .rows = y.rows,
                                     .columns = y.columns,
                                     .kept = outputs.kept,
                                     .rounded = device_.twin(y.data)},
                                    device_.on());
  });
}

void CudaVerbs::output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss,
                             Activation activation, Matrix delta, const BiasUpdate& biases) {
  device_.run([&] {
    kernels::launch_output_error({.activation = activation,
                                  .loss = loss.terms(delta.columns),
                                  .y = y.y.data,
                                  .kept = y.kept,
                                  .t = t.t.data,
                                  .weights = t.weights,
                                  .rows = delta.rows,
                                  .columns = delta.columns,
                                  .delta = delta.data,
                                  .rounded = device_.twin(delta.data),
                                  .biases = sums_of(biases, delta.rows),
                                  .cost = cost_.data()},
                                 device_.on());
  });
}

void CudaVerbs::hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                             Activation activation, Matrix delta, const BiasUpdate& biases) {
  device_.run([&] {
    if (delta.rows > 0)
      multiply({.rows = delta.rows, .columns = delta.columns, .inner = delta_next.columns}, kProduct, delta_next.data,
               w_next.data, delta.data);
    if (argument.factors != nullptr)
      kernels::launch_multiply({.factors = argument.factors, .values = delta.data, .count = delta.size()}, device_.on());
    kernels::launch_hidden_error({.activation = activation,
                                  .y = argument.at.data,
                                  .delta = delta.data,
                                  .rows = delta.rows,
                                  .columns = delta.columns,
                                  .rounded = device_.twin(delta.data),
                                  .biases = sums_of(biases, delta.rows)},
                                 device_.on());
  });
}

kernels::ColumnSums CudaVerbs::sums_of(const BiasUpdate& biases, std::size_t rows) {
  switch (biases.kind) {
    case BiasUpdate::Kind::gradient:
      return {.alpha = {.value = biases.alpha}, .beta = biases.beta, .out = biases.values.data()};
    case BiasUpdate::Kind::descent:
      if (rows > 0) return {.alpha = {.on_device = rate_.factor(rows)}, .beta = 1.0F, .out = biases.values.data()};
      break;
    case BiasUpdate::Kind::none:
      break;
  }
  return {};
}

void CudaVerbs::gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) {
  device_.run([&] {
    if (x.rows == 0)
      kernels::launch_scale({.values = grad_w.data, .count = grad_w.size(), .factor = beta}, device_.on());
    else
      multiply({.rows = grad_w.rows, .columns = grad_w.columns, .inner = x.rows, .transposed_a = true},
               {.alpha = &alpha, .beta = &beta}, delta.data, x.data, grad_w.data);
  });
}

void CudaVerbs::descend(ConstMatrix x, ConstMatrix delta, Matrix w) {
  if (x.rows == 0) return;
  device_.run([&] {
    multiply({.rows = w.rows, .columns = w.columns, .inner = x.rows, .transposed_a = true},
             {.alpha = rate_.factor(x.rows), .beta = one_.data(), .on_device = true}, delta.data, x.data, w.data);
    device_.round_twins(w.values());
  });
}

double CudaVerbs::classify(ConstLayerOutputs outputs, ConstMatrix t, const LossFunction& loss,
                           std::span<std::int32_t> classes) {
  double cost = 0.0;
  const ConstMatrix y = outputs.y;
  if (y.rows == 0) return cost;
  device_.run([&] {
    if (classes_.size() < y.rows) classes_ = DeviceArray<std::int32_t>(y.rows);
    classified_cost_.clear(device_.stream());
    kernels::launch_classify({.loss = loss.terms(y.columns),
                              .y = y.data,
                              .kept = outputs.kept,
                              .t = t.data,
                              .rows = y.rows,
                              .columns = y.columns,
                              .predicted = classes_.data(),
                              .cost = classified_cost_.data()},
                             device_.on());
    check(cudaMemcpyAsync(classes.data(), classes_.data(), y.rows * sizeof(std::int32_t), cudaMemcpyDeviceToHost,
                          device_.stream()),
          "cudaMemcpyAsync");
    check(cudaMemcpyAsync(&cost, classified_cost_.data(), sizeof cost, cudaMemcpyDeviceToHost, device_.stream()),
          "cudaMemcpyAsync");
    device_.gpu().wait();
  });
  return cost;
}

double CudaVerbs::take_cost() {
  double total = 0.0;
  device_.run([&] {
    check(cudaMemcpyAsync(&total, cost_.data(), sizeof total, cudaMemcpyDeviceToHost, device_.stream()), "cudaMemcpyAsync");
    cost_.clear(device_.stream());
    device_.gpu().wait();
  });
  return total;
}

}  // namespace gradus::internal::cuda
