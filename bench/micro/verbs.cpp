// Single verbs of the CPU backend, on one thread, on the shapes of the workloads' layers. Each states the bytes that it must
// read and write (`bytes_per_second`) and, where it multiplies matrices, its floating-point operations (`FLOP/s`).
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "backend/planning.hpp"
#include "gradus/device.hpp"
#include "workloads.hpp"

namespace gradus::bench {
namespace {

using benchmark::State;
using internal::Matrix;

/// Matrices of random numbers in a backend's memory.
class Bed {
 public:
  Bed() : backend_(internal::make_backend(Device::cpu(), Precision::fp32, 1)) { backend_->verbs().set_rate(1e-9F); }

  internal::Backend& backend() { return *backend_; }
  Matrix matrix(std::size_t rows, std::size_t columns) {
    internal::Buffer& buffer = buffers_.emplace_back(*backend_, rows * columns);
    backend_->upload(random_floats(rows * columns, 0.5), buffer.data());
    return {buffer.data(), rows, columns};
  }

 private:
  std::unique_ptr<internal::Backend> backend_;
  std::vector<internal::Buffer> buffers_;
};

/// Reports the floats, other bytes and operations of one iteration.
void count(State& state, std::size_t floats, std::size_t bytes = 0, double operations = 0.0) {
  const auto iterations = static_cast<double>(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(iterations * static_cast<double>(floats * sizeof(float) + bytes)));
  if (operations > 0.0) state.counters["FLOP/s"] = benchmark::Counter(operations * iterations, benchmark::Counter::kIsRate);
}

double product_operations(std::size_t a, std::size_t b, std::size_t c) {
  return 2.0 * static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
}

struct Layer {
  std::size_t batch;
  std::size_t inputs;
  std::size_t outputs;
};

std::string text(const Layer& layer) {
  return fmt::format("{}-{}/batch:{}", layer.inputs, layer.outputs, layer.batch);
}

void gather(State& state, std::size_t batch, std::size_t features, bool from_bytes) {
  constexpr std::size_t kSamples = 60000;
  Bed bed;
  const std::vector<std::uint8_t> bytes = random_bytes(from_bytes ? kSamples * features : 0);
  const std::vector<float> floats = random_floats(from_bytes ? 0 : kSamples * features, 1.0);
  const std::vector<std::int32_t> labels = all_classes(kSamples, 10);
  const std::vector<float> shift(features, 0.0F);
  const std::vector<float> scale(features, 1.0F / 255.0F);
  std::vector<std::uint32_t> rows(kSamples);
  std::iota(rows.begin(), rows.end(), 0U);
  internal::SampleSource source;
  source.samples = kSamples;
  source.rows = rows;
  source.features = features;
  source.outputs = 10;
  source.bytes = from_bytes ? bytes.data() : nullptr;
  source.floats = from_bytes ? nullptr : floats.data();
  source.labels = labels.data();
  source.input_shift = shift.data();
  source.input_scale = scale.data();
  const auto samples = bed.backend().hold(source, batch);
  const Matrix x = bed.matrix(batch, features);
  const Matrix t = bed.matrix(batch, 10);
  std::size_t left = 0;
  std::uint32_t epoch = 0;
  for (auto _ : state) {
    if (left < batch) {
      state.PauseTiming();
      samples->shuffle({1, internal::RandomPurpose::sample_order, epoch++});
      left = kSamples;
      state.ResumeTiming();
    }
    samples->gather(x, t);
    left -= batch;
  }
  count(state, x.size() + t.size() + (from_bytes ? 0 : x.size()), from_bytes ? x.size() : 0);
}

void dense_forward(State& state, const Layer& layer, Activation activation) {
  Bed bed;
  const Matrix x = bed.matrix(layer.batch, layer.inputs);
  const Matrix w = bed.matrix(layer.outputs, layer.inputs);
  const Matrix b = bed.matrix(1, layer.outputs);
  const Matrix y = bed.matrix(layer.batch, layer.outputs);
  for (auto _ : state) bed.backend().verbs().forward(x, w, b.values(), activation, y);
  count(state, x.size() + w.size() + b.size() + y.size(), 0, product_operations(layer.batch, layer.inputs, layer.outputs));
}

void output_error(State& state, std::size_t batch, std::size_t outputs) {
  Bed bed;
  const Matrix y = bed.matrix(batch, outputs);
  const Matrix t = bed.matrix(batch, outputs);
  const Matrix delta = bed.matrix(batch, outputs);
  const Matrix b = bed.matrix(1, outputs);
  const auto biases = internal::BiasUpdate::descent(b.values());
  for (auto _ : state) bed.backend().verbs().output_error({y}, t, Loss::mse, Activation::sigmoid, delta, biases);
  count(state, 3 * y.size() + 2 * b.size());
}

void hidden_error(State& state, const Layer& layer) {
  Bed bed;
  const Matrix next = bed.matrix(layer.batch, layer.outputs);
  const Matrix w = bed.matrix(layer.outputs, layer.inputs);
  const Matrix y = bed.matrix(layer.batch, layer.inputs);
  const Matrix delta = bed.matrix(layer.batch, layer.inputs);
  const Matrix b = bed.matrix(1, layer.inputs);
  const auto biases = internal::BiasUpdate::descent(b.values());
  for (auto _ : state) bed.backend().verbs().hidden_error(next, w, y, Activation::sigmoid, delta, biases);
  count(state, next.size() + w.size() + 2 * y.size() + 2 * b.size(), 0,
        product_operations(layer.batch, layer.inputs, layer.outputs));
}

void dense_descend(State& state, const Layer& layer) {
  Bed bed;
  const Matrix x = bed.matrix(layer.batch, layer.inputs);
  const Matrix delta = bed.matrix(layer.batch, layer.outputs);
  const Matrix w = bed.matrix(layer.outputs, layer.inputs);
  for (auto _ : state) bed.backend().verbs().descend(x, delta, w);
  count(state, x.size() + delta.size() + 2 * w.size(), 0, product_operations(layer.batch, layer.inputs, layer.outputs));
}

void optimizer_step(State& state, Optimizer kind, std::size_t parameters) {
  Bed bed;
  const Matrix gradients = bed.matrix(1, parameters);
  const Matrix values = bed.matrix(1, parameters);
  internal::ParameterPlan plan;
  plan.decaying = {{0, parameters}};
  plan.decaying_end = plan.size = parameters;
  internal::OptimizerSettings settings;
  settings.kind = kind;
  settings.beta1 = 0.9F;
  settings.beta2 = 0.999F;
  settings.epsilon = 1e-8F;
  const auto optimizer = bed.backend().make_optimizer(settings, plan);
  for (auto _ : state) optimizer->step(gradients.values(), values.values());
  count(state, (3 + 2 * settings.moments()) * parameters);
}

void classify(State& state, std::size_t batch, std::size_t outputs) {
  Bed bed;
  const Matrix y = bed.matrix(batch, outputs);
  const Matrix t = bed.matrix(batch, outputs);
  std::vector<std::int32_t> classes(batch);
  for (auto _ : state) benchmark::DoNotOptimize(bed.backend().verbs().classify({y}, t, Loss::mse, classes));
  count(state, 2 * y.size(), classes.size() * sizeof(std::int32_t));
}

template <typename Function, typename... Values>
void add(const std::string& name, Function function, Values... values) {
  benchmark::RegisterBenchmark(name.c_str(), function, values...)->Unit(benchmark::kMicrosecond);
}

void register_all() {
  const std::vector<Layer> layers{{10, 784, 30},    {128, 784, 30},    {10, 30, 10},    {128, 30, 10},    {1437, 64, 30},
                                  {256, 784, 1024}, {256, 1024, 1024}, {256, 1024, 10}, {1000, 784, 2500}};
  for (const std::size_t batch : {10, 128, 256}) {
    add(fmt::format("gather_rows/bytes/784/batch:{}", batch), gather, batch, std::size_t{784}, true);
    add(fmt::format("gather_rows/floats/784/batch:{}", batch), gather, batch, std::size_t{784}, false);
  }
  for (const Layer& layer : layers) {
    add("dense_forward/" + text(layer), dense_forward, layer, Activation::sigmoid);
    add("hidden_error/" + text(layer), hidden_error, layer);
    add("dense_descend/" + text(layer), dense_descend, layer);
  }
  // One input: what is left is the activation.
  for (const Activation activation : kValues<Activation>)
    add(fmt::format("activation/{}/1024/batch:256", name(activation)), dense_forward, Layer{256, 1, 1024}, activation);
  for (const std::size_t batch : {10, 128, 1437}) {
    add(fmt::format("output_error/10/batch:{}", batch), output_error, batch, std::size_t{10});
    add(fmt::format("classify/10/batch:{}", batch), classify, batch, std::size_t{10});
  }
  for (const std::size_t parameters : {23860, 1863690})
    for (const Optimizer kind : {Optimizer::sgd, Optimizer::momentum, Optimizer::adam})
      add(fmt::format("optimizer_step/{}/{}", name(kind), parameters), optimizer_step, kind, parameters);
}

}  // namespace
}  // namespace gradus::bench

int main(int argc, char** argv) {
  gradus::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
