// The engine's gradients and steps against the double reference and against PyTorch.
#include "network/propagation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend_under_test.hpp"
#include "backend/planning.hpp"
#include "base/beta_quantiles.hpp"
#include "reference/golden.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

std::vector<float> to_floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}
std::vector<double> to_doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

/// A network with its samples, on a backend, and the same in double.
class Setting {
 public:
  Setting(std::vector<std::size_t> widths, Activation hidden, Activation output, std::size_t samples, std::size_t threads,
          std::size_t rows, Loss loss = Loss::mse, StepOptions options = {})
      : backend(make_tested_backend(threads)),
        parameters(*backend, dense_layers(widths)),
        gradients(*backend, dense_layers(widths)) {
    network.inputs = widths.front();
    network.hidden.assign(widths.begin() + 1, widths.end() - 1);
    network.outputs = widths.back();
    network.activation = hidden;
    network.output_activation = output;
    network.loss = loss;
    network.label_smoothing = loss == Loss::cross_entropy ? 0.125 : 0.0;
    network.huber_delta = 0.5;
    reference.widths = widths;
    reference.loss = loss;
    reference.label_smoothing = network.label_smoothing;
    reference.huber_delta = network.huber_delta;
    reference.hidden = hidden;
    reference.output = output;
    std::vector<LayerParameters> layers;
    for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
      const double range = 2.0 / std::sqrt(static_cast<double>(widths[l]));
      const auto part = static_cast<std::uint32_t>(l);
      layers.push_back(
          {random_values(widths[l] * widths[l + 1], 100 + part, range), random_values(widths[l + 1], 200 + part)});
      reference.weights.push_back(to_doubles(layers.back()[DenseTensors::kWeight]));
      reference.biases.push_back(to_doubles(layers.back()[DenseTensors::kBias]));
    }
    parameters.upload(*backend, layers);
    inputs = random_values(samples * widths.front(), 300);
    targets = random_values(samples * widths.back(), 301);
    if (needs_kept(loss))  // classes
      for (std::size_t i = 0; i < targets.size(); ++i)
        targets[i] = i % widths.back() == i / widths.back() * 7 % widths.back() ? 1.0F : 0.0F;
    order.resize(samples);
    std::iota(order.begin(), order.end(), 0U);
    propagation = std::make_unique<Propagation>(*backend, network, parameters, rows, Purpose::training, options);
    hold_samples();
  }

  /// Makes the samples and targets, as they are now, those that the propagation takes.
  void hold_samples() {
    held = backend->hold(source(), propagation->rows());
    held->in_order();
  }

  [[nodiscard]] SampleSource source() const {
    SampleSource source;
    source.samples = order.size();
    source.rows = order;
    source.features = network.inputs;
    source.outputs = network.outputs;
    source.floats = inputs.data();
    source.targets = targets.data();
    source.input_shift = zeros.data();
    source.input_scale = ones.data();
    source.target_shift = zeros.data();
    source.target_scale = ones.data();
    return source;
  }

  std::unique_ptr<Backend> backend;
  Parameters parameters;
  Parameters gradients;
  NetworkSpec network;
  reference::Network reference;
  std::vector<float> inputs;
  std::vector<float> targets;
  std::vector<float> zeros = std::vector<float>(4096, 0.0F);
  std::vector<float> ones = std::vector<float>(4096, 1.0F);
  std::vector<std::uint32_t> order;
  std::unique_ptr<Samples> held;
  std::unique_ptr<Propagation> propagation;
};

struct Case {
  std::vector<std::size_t> widths;
  Activation hidden;
  Activation output;
  std::size_t samples;
  std::size_t threads;
  Loss loss = Loss::mse;
};

std::ostream& operator<<(std::ostream& stream, const Case& which) {
  for (const std::size_t width : which.widths) stream << width << "-";
  return stream << name(which.hidden) << "-" << name(which.output) << "-" << which.samples << "-" << which.threads << "-"
                << name(which.loss);
}

class Gradients : public testing::TestWithParam<Case> {};

void expect_gradients(Setting& setting, const reference::Gradients& expected) {
  const auto found = setting.gradients.download(*setting.backend);
  for (std::size_t l = 0; l < found.size(); ++l) {
    SCOPED_TRACE(l);
    expect_close(found[l][DenseTensors::kWeight], expected.weights[l], 1e-5);
    expect_close(found[l][DenseTensors::kBias], expected.biases[l], 1e-5);
  }
}

TEST_P(Gradients, AgreeWithTheReference) {
  const Case& which = GetParam();
  Setting setting(which.widths, which.hidden, which.output, which.samples, which.threads, which.samples, which.loss);
  setting.propagation->load(*setting.held, which.samples);
  setting.propagation->accumulate(setting.gradients, 1.0F / static_cast<float>(which.samples), 0.0F);
  const auto inputs = to_doubles(setting.inputs);
  const auto targets = to_doubles(setting.targets);
  expect_gradients(setting, reference::gradients(setting.reference, inputs, targets, which.samples));
  const double cost = setting.backend->verbs().take_cost() / static_cast<double>(which.samples);
  const double expected = reference::cost(setting.reference, inputs, targets, which.samples);
  EXPECT_NEAR(cost, expected, 2e-6 * expected);
}

TEST_P(Gradients, AreTheSameWhenTheBatchIsTakenInParts) {
  const Case& which = GetParam();
  const std::size_t rows = which.samples / 3 + 1;
  Setting setting(which.widths, which.hidden, which.output, which.samples, which.threads, rows, which.loss);
  for (std::size_t first = 0; first < which.samples; first += rows) {
    setting.propagation->load(*setting.held, std::min(rows, which.samples - first));
    setting.propagation->accumulate(setting.gradients, 1.0F / static_cast<float>(which.samples), first == 0 ? 0.0F : 1.0F);
  }
  expect_gradients(setting, reference::gradients(setting.reference, to_doubles(setting.inputs), to_doubles(setting.targets),
                                                 which.samples));
}

/// The factors of Dropout for `samples` samples, the first of which is visit number `visits`, as the reference takes them.
std::vector<std::vector<double>> factors_of(const std::vector<std::size_t>& widths, const StepOptions& options,
                                            std::size_t samples, std::uint64_t visits) {
  std::vector<std::vector<double>> factors(1);
  for (std::size_t l = 1; l + 1 < widths.size(); ++l) {
    const RandomSequence draws(options.seed, RandomPurpose::dropout, static_cast<std::uint32_t>(l));
    auto& layer = factors.emplace_back();
    for (std::size_t i = 0; i < samples; ++i)
      for (std::size_t j = 0; j < widths[l]; ++j) {
        const std::uint32_t word = draws.block((visits + i) * ((widths[l] + 3) / 4) + j / 4)[j % 4];
        layer.push_back(static_cast<double>(word) * 0x1p-32 < static_cast<double>(options.dropout)
                            ? 0.0
                            : 1.0 / (1.0 - static_cast<double>(options.dropout)));
      }
  }
  return factors;
}

/// Twice, since other units are dropped the second time; and in groups of rows, which changes nothing.
TEST_P(Gradients, WithDropoutAgreeWithTheReference) {
  const Case& which = GetParam();
  const StepOptions options{0.3F, 99};
  for (const std::size_t rows : {which.samples, which.samples / 3 + 1}) {
    Setting setting(which.widths, which.hidden, which.output, which.samples, which.threads, rows, which.loss, options);
    for (std::uint64_t pass = 0; pass < 2; ++pass) {
      setting.held->in_order();
      for (std::size_t first = 0; first < which.samples; first += rows) {
        setting.propagation->load(*setting.held, std::min(rows, which.samples - first));
        setting.propagation->accumulate(setting.gradients, 1.0F / static_cast<float>(which.samples),
                                        first == 0 ? 0.0F : 1.0F);
      }
      if (which.widths.size() > 2)
        setting.reference.factors = factors_of(which.widths, options, which.samples, pass * which.samples);
      expect_gradients(setting, reference::gradients(setting.reference, to_doubles(setting.inputs),
                                                     to_doubles(setting.targets), which.samples));
    }
  }
}

/// The step takes the samples as the verbs change them, differently in each pass: the verbs are called here again.
TEST_P(Gradients, OfChangedSamplesAgreeWithTheReference) {
  const Case& which = GetParam();
  const std::size_t inputs = which.widths.front();
  const std::size_t outputs = which.widths.back();
  const std::size_t rows = which.samples;
  StepOptions options;
  options.augmentation = {.seed = 98, .mixup = 0.5, .input_noise = 0.25};
  const std::vector<float> shift = random_values(inputs, 41);
  const std::vector<float> scale = random_values(inputs, 42);
  const Distortion distortion = distortion_of({.shift = 1.0, .elastic = 3.0}, {1, inputs}, inputs, 98);
  options.augmentation.distortion = ScaledDistortion{distortion, shift, scale};
  Setting setting(which.widths, which.hidden, which.output, rows, which.threads, rows, which.loss, options);
  Backend& backend = *setting.backend;
  const auto draws = backend.make_draws();
  const auto distorter = draws->make_distorter({distortion, shift, scale}, rows);
  const Mixup mixup{{98, RandomPurpose::mixup, 0}, {98, RandomPurpose::mixup, 1}, beta_quantiles(0.5)};
  setting.propagation->load(*setting.held, rows);
  for (int pass = 0; pass < 2; ++pass) {
    SCOPED_TRACE(pass);
    Guarded images(backend, setting.inputs);
    Guarded t(backend, setting.targets);
    Guarded distorted(backend, std::vector<float>(setting.inputs.size()));
    Guarded mixed(backend, std::vector<float>(setting.inputs.size()));
    Guarded mixed_t(backend, std::vector<float>(setting.targets.size()));
    distorter->apply(images.matrix(rows, inputs), distorted.matrix(rows, inputs));
    draws->mix(mixup, distorted.matrix(rows, inputs), t.matrix(rows, outputs), mixed.matrix(rows, inputs),
               mixed_t.matrix(rows, outputs));
    draws->add_noise({{98, RandomPurpose::input_noise, 0}, 0.25F}, mixed.matrix(rows, inputs), mixed.matrix(rows, inputs));
    draws->advance(rows);

    setting.propagation->accumulate(setting.gradients, 1.0F / static_cast<float>(rows), 0.0F);
    expect_gradients(
        setting, reference::gradients(setting.reference, to_doubles(mixed.values()), to_doubles(mixed_t.values()), rows));
  }
}

/// A step of gradient descent is the same whether it is folded into the product or uses a gradient buffer, and equals the
/// reference's.
TEST_P(Gradients, OneDescentIsTheReferencesStep) {
  const Case& which = GetParam();
  Setting setting(which.widths, which.hidden, which.output, which.samples, which.threads, which.samples, which.loss);
  setting.propagation->load(*setting.held, which.samples);
  setting.backend->verbs().set_rate(0.5F);
  setting.propagation->descend();
  reference::Network& expected = setting.reference;
  reference::descend(
      expected, reference::gradients(expected, to_doubles(setting.inputs), to_doubles(setting.targets), which.samples), 0.5);
  const auto found = setting.parameters.download(*setting.backend);
  for (std::size_t l = 0; l < found.size(); ++l) {
    expect_close(found[l][DenseTensors::kWeight], expected.weights[l], 1e-6);
    expect_close(found[l][DenseTensors::kBias], expected.biases[l], 1e-6);
  }
}

std::vector<Case> cases() {
  std::vector<Case> all;
  constexpr std::array kClassic{Activation::identity, Activation::sigmoid, Activation::tanh, Activation::relu};
  for (const Activation hidden : kClassic)
    for (const Activation output : kClassic) all.push_back({{7, 5, 3}, hidden, output, 11, 1});
  for (const Activation other : reference::kActivations) {
    if (std::ranges::find(kClassic, other) != kClassic.end()) continue;
    all.push_back({{7, 5, 3}, other, Activation::identity, 11, 1});
    all.push_back({{7, 5, 6, 3}, Activation::tanh, other, 11, 1});
    all.push_back({{30, 40, 50, 10}, other, Activation::softmax, 65, 3, Loss::cross_entropy});
  }
  for (const Activation output : {Activation::identity, Activation::sigmoid, Activation::gelu})
    for (const Loss loss : kValues<Loss>)
      if (loss != Loss::mse && !needs_kept(loss)) all.push_back({{7, 5, 3}, Activation::tanh, output, 11, 1, loss});
  all.push_back({{7, 5, 3}, Activation::tanh, Activation::softmax, 11, 1, Loss::cross_entropy});
  all.push_back({{7, 5, 3}, Activation::tanh, Activation::sigmoid, 11, 1, Loss::binary_cross_entropy});
  all.push_back({{4, 1}, Activation::tanh, Activation::sigmoid, 3, 1, Loss::binary_cross_entropy});
  all.push_back({{1, 1}, Activation::sigmoid, Activation::sigmoid, 1, 1});
  all.push_back({{3, 2}, Activation::sigmoid, Activation::identity, 5, 1});
  all.push_back({{784, 30, 10}, Activation::sigmoid, Activation::sigmoid, 10, 1});
  all.push_back({{33, 31, 17, 1}, Activation::tanh, Activation::identity, 129, 1});
  all.push_back({{64, 300, 200, 10}, Activation::sigmoid, Activation::sigmoid, 301, 3});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Networks, Gradients, testing::ValuesIn(cases()));

/// The parameters, samples and rate of a run of PyTorch.
void start_as(Setting& setting, const reference::GoldenRun& run) {
  std::vector<LayerParameters> layers;
  for (std::size_t l = 0; l < run.weights.size(); ++l)
    layers.push_back({to_floats(run.weights[l]), to_floats(run.biases[l])});
  setting.parameters.upload(*setting.backend, layers);
  setting.inputs = to_floats(run.inputs);
  setting.targets = to_floats(run.targets);
  setting.hold_samples();
  setting.propagation->load(*setting.held, run.batch());
  setting.backend->verbs().set_rate(static_cast<float>(run.learning_rate));
}

/// Ten steps of PyTorch in double from the same weights: the costs agree to 1e-6.
TEST(Propagation, FollowsPyTorch) {
  for (const reference::GoldenRun& run : reference::load_golden_runs()) {
    SCOPED_TRACE(run.title());
    Setting setting(run.widths, run.hidden, run.output, run.batch(), 1, run.batch());
    start_as(setting, run);
    for (const double expected : run.costs) {
      setting.propagation->descend();
      const double cost = setting.backend->verbs().take_cost() / static_cast<double>(run.batch());
      EXPECT_NEAR(cost, expected, 1e-6 * expected);
    }
    const auto found = setting.parameters.download(*setting.backend);
    for (std::size_t l = 0; l < found.size(); ++l) expect_close(found[l][DenseTensors::kWeight], run.final_weights[l], 1e-6);
  }
}

/// Fifty steps of PyTorch in double with each activation, loss and optimizer.
TEST(Propagation, FollowsPyTorchWithEveryMethod) {
  const auto runs = reference::load_golden_methods();
  ASSERT_FALSE(runs.empty());
  for (const reference::GoldenRun& run : runs) {
    SCOPED_TRACE(run.title());
    ASSERT_EQ(run.costs.size(), 50U);
    Setting setting(run.widths, run.hidden, run.output, run.batch(), 1, run.batch(), run.loss);
    setting.network.label_smoothing = run.label_smoothing;
    setting.network.huber_delta = run.huber_delta;
    setting.propagation =
        std::make_unique<Propagation>(*setting.backend, setting.network, setting.parameters, run.batch(), Purpose::training);
    start_as(setting, run);
    const auto optimizer = setting.backend->make_optimizer(
        OptimizerSettings(run.method.optimizer, run.method.regularization), setting.parameters.plan());
    for (const double expected : run.costs) {
      setting.propagation->accumulate(setting.gradients, 1.0F / static_cast<float>(run.batch()), 0.0F);
      optimizer->step(setting.gradients.all(), setting.parameters.all());
      const double cost = setting.backend->verbs().take_cost() / static_cast<double>(run.batch());
      EXPECT_NEAR(cost, expected, 3e-5 * expected);  // rmsprop divides by small numbers
    }
    const auto found = setting.parameters.download(*setting.backend);
    for (std::size_t l = 0; l < found.size(); ++l) {
      expect_close(found[l][DenseTensors::kWeight], run.final_weights[l], 2e-5);
      expect_close(found[l][DenseTensors::kBias], run.final_biases[l], 2e-5);
    }
  }
}

TEST(RowsAtOnce, FitTheCacheAndTheBatch) {
  const std::size_t floats = floats_at_once(Device::cpu());
  const std::vector<std::size_t> narrow{784, 30, 10};
  EXPECT_EQ(rows_at_once(narrow, 10, floats), 10U);
  EXPECT_GE(rows_at_once(narrow, 60000, floats), 1024U);
  EXPECT_LE(rows_at_once(narrow, 60000, floats), 4096U);
  const std::vector<std::size_t> wide{784, 2500, 2000, 1500, 1000, 500, 10};
  EXPECT_EQ(rows_at_once(wide, 60000, floats), 1024U);
}

}  // namespace
}  // namespace gradus::internal
