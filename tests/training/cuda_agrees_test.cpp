// A hundred steps on the CPU and on the CUDA backend, from the same parameters along the same minibatches.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend_under_test.hpp"
#include "backend/cuda/cuda_backend.hpp"
#include "backend/cuda/streamed_samples.hpp"
#include "backend/planning.hpp"
#include "base/permutation.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {
namespace {

constexpr std::size_t kSamples = 60;
constexpr std::size_t kBatch = 8;  // 60 is not a multiple of it
constexpr std::size_t kSteps = 100;

struct Curve {
  std::vector<double> costs;
  std::vector<float> parameters;
};

using Hold = std::function<std::unique_ptr<Samples>(const SampleSource&)>;

Curve train(Backend& backend, const NetworkSpec& network, const Hold& hold) {
  const auto widths = network.widths();
  const auto inputs = random_values(kSamples * network.inputs, 41);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < kSamples; ++i) labels.push_back(static_cast<std::int32_t>(i % network.outputs));
  const std::vector<float> zeros(network.inputs, 0.0F);
  const std::vector<float> ones(network.inputs, 1.0F);
  SampleSource source;
  std::vector<std::uint32_t> rows(kSamples);
  std::iota(rows.begin(), rows.end(), 0U);
  source.samples = kSamples;
  source.rows = rows;
  source.features = network.inputs;
  source.outputs = network.outputs;
  source.floats = inputs.data();
  source.labels = labels.data();
  source.input_shift = zeros.data();
  source.input_scale = ones.data();

  Parameters parameters(backend, dense_layers(widths));
  std::vector<LayerParameters> layers;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const double range = 1.0 / std::sqrt(static_cast<double>(widths[l]));
    const auto which = static_cast<std::uint32_t>(l);
    layers.push_back(
        {random_values(widths[l] * widths[l + 1], 50 + which, range), random_values(widths[l + 1], 60 + which)});
  }
  parameters.upload(backend, layers);
  Propagation propagation(backend, network, parameters, kBatch, Purpose::training);
  const auto samples = hold(source);
  backend.verbs().set_rate(0.5F);

  Curve curve;

  const auto full_step = backend.make_repetition();
  const auto last_step = backend.make_repetition();
  std::size_t position = kSamples;
  for (std::uint32_t epoch = 0; curve.costs.size() < kSteps;) {
    if (position == kSamples) {
      samples->shuffle({1, RandomPurpose::sample_order, epoch++});
      position = 0;
    }
    const std::size_t batch = std::min(kBatch, kSamples - position);
    samples->prepare(batch);
    (batch == kBatch ? full_step : last_step)->run(1, [&] {
      propagation.load(*samples, batch);
      propagation.descend();
    });
    position += batch;
    curve.costs.push_back(backend.verbs().take_cost() / static_cast<double>(batch));
  }
  for (const LayerParameters& layer : parameters.download(backend)) {
    for (const auto& tensor : layer) curve.parameters.insert(curve.parameters.end(), tensor.begin(), tensor.end());
  }
  return curve;
}

Curve train(Backend& backend, const NetworkSpec& network) {
  return train(backend, network, [&](const SampleSource& source) { return backend.hold(source, kBatch); });
}

class CudaAgrees : public testing::TestWithParam<Activation> {};

NetworkSpec network_with(Activation activation) {
  NetworkSpec network;
  network.inputs = 13;
  network.hidden = {17, 9};
  network.outputs = 3;
  network.activation = activation;
  network.output_activation = Activation::sigmoid;
  return network;
}

TEST_P(CudaAgrees, AlongAHundredSteps) {
  const NetworkSpec network = network_with(GetParam());
  const auto cpu = make_backend(Device::cpu(), Precision::fp32, 1);
  const auto cuda = make_tested_backend(1);
  const Curve expected = train(*cpu, network);
  const Curve found = train(*cuda, network);
  ASSERT_EQ(found.costs.size(), kSteps);
  for (std::size_t step = 0; step < kSteps; ++step)
    EXPECT_NEAR(found.costs[step], expected.costs[step], 1e-5 * expected.costs[step]) << "step " << step;

  const Curve again = train(*make_tested_backend(1), network);
  EXPECT_EQ(again.costs, found.costs) << "bit for bit";
  EXPECT_EQ(again.parameters, found.parameters) << "bit for bit";
}

/// Samples that are brought as they are needed give the same bits, however small the ring is.
TEST(CudaStreaming, ChangesNothing) {
  const NetworkSpec network = network_with(Activation::sigmoid);
  const auto resident = make_tested_backend(1);
  const Curve expected = train(*resident, network);
  for (const std::size_t half : {kBatch, std::size_t{13}, kSamples}) {
    SCOPED_TRACE(half);
    const auto tested = make_tested_backend(1);
    auto& backend = static_cast<cuda::CudaBackend&>(*tested);
    const Curve found = train(backend, network, [&](const SampleSource& source) {
      return std::make_unique<cuda::StreamedSamples>(backend.device(), source, half);
    });
    EXPECT_EQ(found.costs, expected.costs);
    EXPECT_EQ(found.parameters, expected.parameters);
  }
}

std::string title(const testing::TestParamInfo<Activation>& activation) {
  return std::string(name(activation.param));
}

INSTANTIATE_TEST_SUITE_P(Activations, CudaAgrees,
                         testing::Values(Activation::sigmoid, Activation::tanh, Activation::relu, Activation::identity),
                         title);

}  // namespace
}  // namespace gradus::internal
