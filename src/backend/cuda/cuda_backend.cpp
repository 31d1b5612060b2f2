#include "backend/cuda/cuda_backend.hpp"

#include <algorithm>

#include "backend/cuda/captured_work.hpp"
#include "backend/cuda/cuda_distorter.hpp"
#include "backend/cuda/cuda_optimizer.hpp"
#include "backend/cuda/cuda_samples.hpp"
#include "backend/cuda/resident_samples.hpp"
#include "kernels/launchers/augmentation.hpp"
#include "kernels/launchers/elementwise.hpp"
#include "kernels/launchers/layers.hpp"
#include "kernels/launchers/samples.hpp"

namespace gradus::internal::cuda {
namespace {

constexpr float kZero = 0.0F;
constexpr float kOne = 1.0F;
constexpr Factors kProduct{.alpha = &kOne, .beta = &kZero};

}  // namespace

CudaBackend::CudaBackend(int index, Precision precision, unsigned block)
    : gpu_(index), memory_(precision == Precision::bf16) {
  on_.stream = gpu_.stream();
  on_.streaming.block = block;
  on_.summing.block = block;
  gpu_.run([&] {
    products_ = std::make_unique<MatrixProducts>(precision);
    scratch_ = DeviceArray<kernels::SumScratch>(1);
    on_.scratch = scratch_.data();
    cost_ = DeviceArray<double>(1);
    classified_cost_ = DeviceArray<double>(1);
    device_rate_ = DeviceArray<float>(1);
    device_one_ = DeviceArray<float>(1);
    device_one_.upload({&kOne, 1}, gpu_.stream());
    scratch_.clear(gpu_.stream());
    cost_.clear(gpu_.stream());
    device_rate_.clear(gpu_.stream());
  });
}

float* CudaBackend::take(std::size_t count) {
  return gpu_.run([&] { return memory_.take(count, gpu_.stream()); });
}

void CudaBackend::give_back(float* memory) noexcept {
  memory_.give_back(memory);
}

void CudaBackend::upload(std::span<const float> host, float* device) {
  if (host.empty()) return;
  gpu_.run([&] {
    check(cudaMemcpyAsync(device, host.data(), host.size_bytes(), cudaMemcpyHostToDevice, gpu_.stream()), "cudaMemcpyAsync");
    gpu_.wait();  // the host's values may be gone then
    round_twins({device, host.size()});
  });
}

void CudaBackend::round_twins(std::span<const float> values) {
  if (memory_.has_twins())
    kernels::launch_round({.values = values.data(), .rounded = memory_.twin(values.data()), .count = values.size()}, on_);
}

void CudaBackend::download(const float* device, std::span<float> host) {
  if (host.empty()) return;
  gpu_.run([&] {
    check(cudaMemcpyAsync(host.data(), device, host.size_bytes(), cudaMemcpyDeviceToHost, gpu_.stream()), "cudaMemcpyAsync");
    gpu_.wait();
  });
}

void CudaBackend::copy(std::span<const float> from, std::span<float> to) {
  if (from.empty()) return;
  gpu_.run([&] {
    check(cudaMemcpyAsync(to.data(), from.data(), from.size_bytes(), cudaMemcpyDeviceToDevice, gpu_.stream()),
          "cudaMemcpyAsync");
    round_twins(to);
  });
}

std::unique_ptr<Samples> CudaBackend::hold(const SampleSource& source, std::size_t rows) {
  return hold_samples(gpu_, source, rows);
}

std::optional<std::vector<ColumnStatistics>> CudaBackend::column_statistics(const SampleSource& source) {
  if (!fits(gpu_, source)) return std::nullopt;
  ResidentSamples held(gpu_, source);
  held.in_order();
  const std::size_t rows = source.rows.size();
  std::vector<ColumnStatistics> found(source.features);
  gpu_.run([&] {
    const DeviceArray<ColumnStatistics> columns(source.features);
    const DeviceArray<ColumnStatistics> parts(kernels::column_statistics_parts(source.features, rows, on_.summing) *
                                              source.features);
    kernels::launch_column_statistics({.bytes = held.view().bytes,
                                       .floats = held.view().floats,
                                       .columns = source.features,
                                       .rows = held.order(),
                                       .count = rows,
                                       .out = columns.data(),
                                       .parts = parts.data()},
                                      on_);
    check(cudaMemcpyAsync(found.data(), columns.data(), found.size() * sizeof found.front(), cudaMemcpyDeviceToHost,
                          gpu_.stream()),
          "cudaMemcpyAsync");
    gpu_.wait();
  });
  return found;
}

void CudaBackend::gather_rows(Samples& samples, Matrix x, const WeightedTargets& t) {
  const auto& held = static_cast<CudaSamples&>(samples);
  gpu_.run([&] {
    kernels::launch_gather_rows({.samples = held.view(),
                                 .order = held.order(),
                                 .position = held.position(),
                                 .rows = x.rows,
                                 .x = x.data,
                                 .rounded_x = memory_.twin(x.data),
                                 .t = t.t.data,
                                 .weights = t.weights},
                                on_);
  });
}

void CudaBackend::multiply(const ProductShape& shape, const Factors& factors, const float* a, const float* b, float* c) {
  products_->run(shape, factors, memory_.operand(a), memory_.operand(b), c, gpu_.stream());
}

void CudaBackend::dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation,
                                LayerOutputs outputs) {
  const Matrix y = outputs.y;
  if (y.rows == 0) return;
  gpu_.run([&] {
    multiply({.rows = y.rows, .columns = y.columns, .inner = x.columns, .transposed_b = true}, kProduct, x.data, w.data,
             y.data);
    kernels::launch_bias_activation({.activation = activation,
                                     .bias = b.data(),
                                     .a = y.data,
                                     .rows = y.rows,
                                     .columns = y.columns,
                                     .kept = outputs.kept,
                                     .rounded = memory_.twin(y.data)},
                                    on_);
  });
}

void CudaBackend::output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss,
                               Activation activation, Matrix delta, const BiasUpdate& biases) {
  gpu_.run([&] {
    kernels::launch_output_error({.activation = activation,
                                  .loss = loss.terms(delta.columns),
                                  .y = y.y.data,
                                  .kept = y.kept,
                                  .t = t.t.data,
                                  .weights = t.weights,
                                  .rows = delta.rows,
                                  .columns = delta.columns,
                                  .delta = delta.data,
                                  .rounded = memory_.twin(delta.data),
                                  .biases = sums_of(biases, delta.rows),
                                  .cost = cost_.data()},
                                 on_);
  });
}

void CudaBackend::hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                               Activation activation, Matrix delta, const BiasUpdate& biases) {
  gpu_.run([&] {
    if (delta.rows > 0)
      multiply({.rows = delta.rows, .columns = delta.columns, .inner = delta_next.columns}, kProduct, delta_next.data,
               w_next.data, delta.data);
    if (argument.factors != nullptr)
      kernels::launch_multiply({.factors = argument.factors, .values = delta.data, .count = delta.size()}, on_);
    kernels::launch_hidden_error({.activation = activation,
                                  .y = argument.at.data,
                                  .delta = delta.data,
                                  .rows = delta.rows,
                                  .columns = delta.columns,
                                  .rounded = memory_.twin(delta.data),
                                  .biases = sums_of(biases, delta.rows)},
                                 on_);
  });
}

class CudaBackend::CountedVisits final : public Visits {
 public:
  /// To be called where the GPU is the current one.
  explicit CountedVisits(const Gpu& gpu) : gpu_(gpu) { count.clear(gpu.stream()); }

  static const unsigned long long* of(const Visits& visits) {
    return static_cast<const CountedVisits&>(visits).count.data();
  }

  [[nodiscard]] std::uint64_t save() const override {
    unsigned long long visits = 0;
    gpu_.run([&] { count.download({&visits, 1}, gpu_.stream()); });
    return visits;
  }
  void load(std::uint64_t visits) override {
    const unsigned long long number = visits;
    gpu_.run([&] { count.upload({&number, 1}, gpu_.stream()); });
  }

  DeviceArray<unsigned long long> count{1};

 private:
  const Gpu& gpu_;
};

std::unique_ptr<Visits> CudaBackend::make_visits() {
  return gpu_.run([&] { return std::make_unique<CountedVisits>(gpu_); });
}

void CudaBackend::drop(const Dropout& dropout, const Visits& visits, ConstMatrix y, Matrix dropped, Matrix factors) {
  gpu_.run([&] {
    kernels::launch_drop({.dropout = dropout,
                          .visits = CountedVisits::of(visits),
                          .y = y.data,
                          .rows = y.rows,
                          .columns = y.columns,
                          .dropped = dropped.data,
                          .factors = factors.data,
                          .rounded = memory_.twin(dropped.data)},
                         on_);
  });
}

void CudaBackend::count_visits(Visits& visits, std::size_t samples) {
  gpu_.run([&] { kernels::launch_count_visits(static_cast<CountedVisits&>(visits).count.data(), samples, on_); });
}

std::unique_ptr<Distorter> CudaBackend::make_distorter(const ScaledDistortion& distortion, std::size_t rows) {
  return gpu_.run([&] { return std::make_unique<CudaDistorter>(distortion, rows, gpu_.stream()); });
}

void CudaBackend::distort(Distorter& distorter, const Visits& visits, ConstMatrix images, Matrix x) {
  const auto& images_of = static_cast<const CudaDistorter&>(distorter);
  gpu_.run([&] {
    kernels::DistortedImages work = images_of.work();
    work.visits = CountedVisits::of(visits);
    for (; work.first_row < x.rows; work.first_row += images_of.rows_at_once()) {
      const std::size_t first = work.first_row * x.columns;
      work.rows = std::min(images_of.rows_at_once(), x.rows - work.first_row);
      work.images = images.data + first;
      work.x = x.data + first;
      work.rounded = memory_.twin(work.x);
      kernels::launch_distort(work, on_);
    }
  });
}

void CudaBackend::mix_rows(const Mixup& mixup, const Visits& visits, ConstMatrix x, const ConstWeightedTargets& t,
                           Matrix mixed, const WeightedTargets& mixed_t) {
  const auto mix = [&](ConstMatrix values, float* to, kernels::Bf16* rounded) {
    kernels::launch_mix_rows({.mixup = mixup,
                              .visits = CountedVisits::of(visits),
                              .values = values.data,
                              .rows = values.rows,
                              .columns = values.columns,
                              .mixed = to,
                              .rounded = rounded},
                             on_);
  };
  gpu_.run([&] {
    mix(x, mixed.data, memory_.twin(mixed.data));
    mix(t.t, mixed_t.t.data, nullptr);
    if (t.weights != nullptr) mix({t.weights, x.rows, 1}, mixed_t.weights, nullptr);
  });
}

void CudaBackend::add_noise(const InputNoise& noise, const Visits& visits, ConstMatrix x, Matrix noisy) {
  gpu_.run([&] {
    kernels::launch_add_noise({.noise = noise,
                               .visits = CountedVisits::of(visits),
                               .x = x.data,
                               .rows = x.rows,
                               .columns = x.columns,
                               .noisy = noisy.data,
                               .rounded = memory_.twin(noisy.data)},
                              on_);
  });
}

void CudaBackend::dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) {
  gpu_.run([&] {
    if (x.rows == 0)
      kernels::launch_scale({.values = grad_w.data, .count = grad_w.size(), .factor = beta}, on_);
    else
      multiply({.rows = grad_w.rows, .columns = grad_w.columns, .inner = x.rows, .transposed_a = true},
               {.alpha = &alpha, .beta = &beta}, delta.data, x.data, grad_w.data);
  });
}

kernels::ColumnSums CudaBackend::sums_of(const BiasUpdate& biases, std::size_t rows) {
  switch (biases.kind) {
    case BiasUpdate::Kind::gradient:
      return {.alpha = {.value = biases.alpha}, .beta = biases.beta, .out = biases.values.data()};
    case BiasUpdate::Kind::descent:
      if (rows > 0) return {.alpha = {.on_device = descent_factor(rows)}, .beta = 1.0F, .out = biases.values.data()};
      break;
    case BiasUpdate::Kind::none:
      break;
  }
  return {};
}

void CudaBackend::repeat(std::unique_ptr<Repetition>& repetition, std::size_t times, const std::function<void()>& work) {
  if (!repetition) repetition = std::make_unique<CapturedWork>();
  auto& captured = static_cast<CapturedWork&>(*repetition);
  gpu_.run([&] { captured.run(gpu_.stream(), times, work); });
}

void CudaBackend::set_rate(float rate) {
  rate_ = rate;
  gpu_.run([&] {
    kernels::launch_fill({.values = device_rate_.data(), .count = 1, .value = rate}, on_);
    for (auto& [rows, factor] : descent_factors_) fill_descent_factor(rows, factor);
  });
}

void CudaBackend::fill_descent_factor(std::size_t rows, DeviceArray<float>& factor) {
  kernels::launch_fill({.values = factor.data(), .count = 1, .value = -rate_ / static_cast<float>(rows)}, on_);
}

const float* CudaBackend::descent_factor(std::size_t rows) {
  const auto known = descent_factors_.find(rows);
  if (known != descent_factors_.end()) return known->second.data();
  DeviceArray<float> factor(1);
  fill_descent_factor(rows, factor);
  return descent_factors_.emplace(rows, std::move(factor)).first->second.data();
}

void CudaBackend::dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w) {
  if (x.rows == 0) return;
  gpu_.run([&] {
    multiply({.rows = w.rows, .columns = w.columns, .inner = x.rows, .transposed_a = true},
             {.alpha = descent_factor(x.rows), .beta = device_one_.data(), .on_device = true}, delta.data, x.data, w.data);
    round_twins(w.values());
  });
}

std::unique_ptr<OptimizerState> CudaBackend::make_optimizer(const OptimizerSettings& settings, const ParameterPlan& plan) {
  return gpu_.run([&] { return std::make_unique<CudaOptimizer>(*this, gpu_, settings, plan); });
}

void CudaBackend::optimizer_step(OptimizerState& optimizer, std::span<float> gradients, std::span<float> parameters) {
  gpu_.run([&] {
    static_cast<CudaOptimizer&>(optimizer).step(device_rate_.data(), gradients, parameters, on_);
    round_twins(parameters);
  });
}

double CudaBackend::classify(ConstLayerOutputs outputs, ConstMatrix t, const LossFunction& loss,
                             std::span<std::int32_t> classes) {
  double cost = 0.0;
  const ConstMatrix y = outputs.y;
  if (y.rows == 0) return cost;
  gpu_.run([&] {
    if (classes_.size() < y.rows) classes_ = DeviceArray<std::int32_t>(y.rows);
    classified_cost_.clear(gpu_.stream());
    kernels::launch_classify({.loss = loss.terms(y.columns),
                              .y = y.data,
                              .kept = outputs.kept,
                              .t = t.data,
                              .rows = y.rows,
                              .columns = y.columns,
                              .predicted = classes_.data(),
                              .cost = classified_cost_.data()},
                             on_);
    check(cudaMemcpyAsync(classes.data(), classes_.data(), y.rows * sizeof(std::int32_t), cudaMemcpyDeviceToHost,
                          gpu_.stream()),
          "cudaMemcpyAsync");
    check(cudaMemcpyAsync(&cost, classified_cost_.data(), sizeof cost, cudaMemcpyDeviceToHost, gpu_.stream()),
          "cudaMemcpyAsync");
    gpu_.wait();
  });
  return cost;
}

double CudaBackend::take_cost() {
  double total = 0.0;
  gpu_.run([&] {
    check(cudaMemcpyAsync(&total, cost_.data(), sizeof total, cudaMemcpyDeviceToHost, gpu_.stream()), "cudaMemcpyAsync");
    cost_.clear(gpu_.stream());
    gpu_.wait();
  });
  return total;
}

}  // namespace gradus::internal::cuda
