#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "reference/golden.hpp"
#include "reference/reference_network.hpp"

namespace gradus::reference {
namespace {

// With and without hidden layers, odd and equal to 1.
const std::vector<std::vector<std::size_t>> kShapes{{1, 1}, {4, 3}, {1, 1, 1}, {3, 1, 2}, {5, 4, 3, 2}};
constexpr std::size_t kBatches[] = {1, 3, 7};

/// A network with samples to train it on.
struct Problem {
  Network network;
  std::vector<double> inputs;   // (batch, n_0)
  std::vector<double> targets;  // (batch, n_L)
  std::size_t batch = 0;

  [[nodiscard]] double cost_now() const { return cost(network, inputs, targets, batch); }
  [[nodiscard]] Gradients gradients_now() const { return gradients(network, inputs, targets, batch); }
};

double norm(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum);
}

/// ‖actual − expected‖ / ‖expected‖.
double relative_error(const std::vector<double>& actual, const std::vector<double>& expected) {
  EXPECT_EQ(actual.size(), expected.size());
  std::vector<double> difference(actual.size());
  for (std::size_t i = 0; i < actual.size(); ++i) difference[i] = actual[i] - expected[i];
  return norm(difference) / norm(expected);
}

std::vector<double> random_values(std::size_t count, double range, std::mt19937_64& generator) {
  std::vector<double> values(count);
  // Not std::uniform_real_distribution: its values differ from one standard library to the next.
  for (double& value : values) value = range * (std::ldexp(static_cast<double>(generator() >> 11), -52) - 1.0);
  return values;
}

bool has_kink(Activation activation) {
  return activation == Activation::relu || activation == Activation::leaky_relu || activation == Activation::elu;
}

/// Whether finite differences can be trusted here: no kink of an activation or a loss within reach, and no gradient that is
/// (nearly) zero, to which an error could not be relative.
bool is_fair(const Problem& problem) {
  const auto activations = forward(problem.network, problem.inputs, problem.batch);
  for (std::size_t l = 1; l <= problem.network.layers(); ++l) {
    if (!has_kink(problem.network.activation(l))) continue;
    for (const double a : linear_outputs(problem.network, l, activations[l - 1], problem.batch))
      if (std::abs(a) < 1e-3) return false;
  }
  for (std::size_t i = 0; i < activations.back().size(); ++i) {
    const double error = std::abs(activations.back()[i] - problem.targets[i]);
    if (problem.network.loss == Loss::mae && error < 1e-3) return false;
    if (problem.network.loss == Loss::huber && std::abs(error - problem.network.huber_delta) < 1e-3) return false;
  }
  const Gradients slopes = problem.gradients_now();
  for (std::size_t l = 0; l < problem.network.layers(); ++l)
    if (norm(slopes.weights[l]) < 1e-3 || norm(slopes.biases[l]) < 1e-3) return false;
  return true;
}

Problem make_problem(const std::vector<std::size_t>& widths, Activation hidden, Activation output, std::size_t batch,
                     Loss loss = Loss::mse) {
  for (std::uint64_t seed = 1; seed <= 10000; ++seed) {
    std::mt19937_64 generator(seed);
    Problem problem{.network = {.widths = widths,
                                .hidden = hidden,
                                .output = output,
                                .loss = loss,
                                .label_smoothing = loss == Loss::cross_entropy ? 0.1 : 0.0,
                                .huber_delta = 0.5,
                                .weights = {},
                                .biases = {}},
                    .inputs = random_values(batch * widths.front(), 1.0, generator),
                    .targets = random_values(batch * widths.back(), 1.0, generator),
                    .batch = batch};
    for (std::size_t l = 1; l < widths.size(); ++l) {
      problem.network.weights.push_back(random_values(widths[l] * widths[l - 1], 1.5, generator));
      problem.network.biases.push_back(random_values(widths[l], 0.5, generator));
    }
    if (loss == Loss::cross_entropy || loss == Loss::binary_cross_entropy)  // targets are probabilities
      for (double& target : problem.targets) target = std::abs(target);
    if (is_fair(problem)) return problem;
  }
  throw std::runtime_error("no seed gives a fair problem");
}

testing::Message describe(const Problem& problem) {
  testing::Message text;
  text << "shape";
  for (const std::size_t width : problem.network.widths) text << " " << width;
  return text << ", batch " << problem.batch;
}

/// Central differences of the cost over `parameters`, which belong to `problem`.
std::vector<double> finite_differences(const Problem& problem, std::vector<double>& parameters) {
  // The truncation error grows with h², the rounding error with ε/h: their sum is smallest near the cube root of ε.
  const double scale = std::cbrt(std::numeric_limits<double>::epsilon());
  std::vector<double> slopes;
  for (double& parameter : parameters) {
    const double start = parameter;
    const double step = scale * std::max(1.0, std::abs(start));
    const double above = start + step;
    const double below = start - step;
    parameter = above;
    const double cost_above = problem.cost_now();
    parameter = below;
    const double cost_below = problem.cost_now();
    parameter = start;
    slopes.push_back((cost_above - cost_below) / (above - below));  // the step as it was rounded
  }
  return slopes;
}

// One test for each pair of a hidden and an output activation; all shapes and batches inside.
class EveryActivation : public testing::TestWithParam<std::tuple<Activation, Activation>> {
 protected:
  static std::vector<Problem> problems() {
    const auto [hidden, output] = GetParam();
    std::vector<Problem> result;
    for (const auto& shape : kShapes)
      for (const std::size_t batch : kBatches) result.push_back(make_problem(shape, hidden, output, batch));
    return result;
  }
};

TEST_P(EveryActivation, GradientsEqualFiniteDifferences) {
  for (Problem& problem : problems()) {
    SCOPED_TRACE(describe(problem));
    const Gradients slopes = problem.gradients_now();
    for (std::size_t l = 0; l < problem.network.layers(); ++l) {
      SCOPED_TRACE(testing::Message() << "layer " << l);
      EXPECT_LT(relative_error(slopes.weights[l], finite_differences(problem, problem.network.weights[l])), 1e-7);
      EXPECT_LT(relative_error(slopes.biases[l], finite_differences(problem, problem.network.biases[l])), 1e-7);
    }
  }
}

TEST_P(EveryActivation, GradientsWithFactorsEqualFiniteDifferences) {
  for (Problem& problem : problems()) {
    SCOPED_TRACE(describe(problem));
    std::mt19937_64 generator(5);
    problem.network.factors.emplace_back();
    for (std::size_t l = 1; l < problem.network.layers(); ++l) {
      problem.network.factors.push_back(random_values(problem.batch * problem.network.widths[l], 1.0, generator));
      problem.network.factors.back().front() = 0.0;  // a unit that is dropped
    }
    if (!is_fair(problem)) continue;
    const Gradients slopes = problem.gradients_now();
    for (std::size_t l = 0; l < problem.network.layers(); ++l) {
      EXPECT_LT(relative_error(slopes.weights[l], finite_differences(problem, problem.network.weights[l])), 1e-7);
      EXPECT_LT(relative_error(slopes.biases[l], finite_differences(problem, problem.network.biases[l])), 1e-7);
    }
  }
}

TEST_P(EveryActivation, MinusLowersTheCostAndPlusRaisesIt) {
  for (const Problem& problem : problems()) {
    SCOPED_TRACE(describe(problem));
    const Gradients slopes = problem.gradients_now();
    double squares = 0.0;
    for (std::size_t l = 0; l < problem.network.layers(); ++l)
      squares += std::pow(norm(slopes.weights[l]), 2) + std::pow(norm(slopes.biases[l]), 2);

    const double rate = 1e-5;
    Problem minus = problem;
    descend(minus.network, slopes, rate);
    Problem plus = problem;  // w := w + α ∂C/∂w, as the founding note prints it
    descend(plus.network, slopes, -rate);

    EXPECT_LT(minus.cost_now(), problem.cost_now());
    EXPECT_GT(plus.cost_now(), problem.cost_now());
    // To first order the cost falls by α‖∇C‖²: the length of the step is right too.
    EXPECT_NEAR((plus.cost_now() - minus.cost_now()) / (2.0 * rate * squares), 1.0, 1e-5);
  }
}

TEST_P(EveryActivation, BatchGradientIsTheMeanOverItsSamples) {
  for (const Problem& problem : problems()) {
    SCOPED_TRACE(describe(problem));
    const std::size_t layers = problem.network.layers();
    const std::size_t features = problem.network.widths.front();
    const std::size_t outputs = problem.network.widths.back();
    Gradients mean = problem.gradients_now();
    for (auto* tensors : {&mean.weights, &mean.biases})
      for (auto& tensor : *tensors) tensor.assign(tensor.size(), 0.0);

    for (std::size_t s = 0; s < problem.batch; ++s) {
      Problem one = problem;
      one.batch = 1;
      for (std::size_t i = 0; i < features; ++i) one.inputs[i] = problem.inputs[s * features + i];
      for (std::size_t j = 0; j < outputs; ++j) one.targets[j] = problem.targets[s * outputs + j];
      one.inputs.resize(features);
      one.targets.resize(outputs);
      const Gradients single = one.gradients_now();
      for (std::size_t l = 0; l < layers; ++l) {
        for (std::size_t i = 0; i < mean.weights[l].size(); ++i)
          mean.weights[l][i] += single.weights[l][i] / static_cast<double>(problem.batch);
        for (std::size_t j = 0; j < mean.biases[l].size(); ++j)
          mean.biases[l][j] += single.biases[l][j] / static_cast<double>(problem.batch);
      }
    }

    const Gradients slopes = problem.gradients_now();
    for (std::size_t l = 0; l < layers; ++l) {
      EXPECT_LT(relative_error(slopes.weights[l], mean.weights[l]), 1e-12);
      EXPECT_LT(relative_error(slopes.biases[l], mean.biases[l]), 1e-12);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, EveryActivation,
                         testing::Combine(testing::ValuesIn(kActivations), testing::ValuesIn(kActivations)),
                         [](const auto& pair) {
                           std::string title =
                               std::string(name(std::get<0>(pair.param))) + "_" + std::string(name(std::get<1>(pair.param)));
                           std::replace(title.begin(), title.end(), '-', '_');
                           return title;
                         });

// One test for each loss with the outputs that it takes.
class EveryLoss : public testing::TestWithParam<std::tuple<Loss, Activation>> {};

TEST_P(EveryLoss, GradientsEqualFiniteDifferences) {
  const auto [loss, output] = GetParam();
  for (const auto& shape : kShapes) {
    if (output == Activation::softmax && shape.back() == 1) continue;  // a single class is always right
    for (const std::size_t batch : kBatches) {
      Problem problem = make_problem(shape, Activation::tanh, output, batch, loss);
      SCOPED_TRACE(describe(problem));
      const Gradients slopes = problem.gradients_now();
      for (std::size_t l = 0; l < problem.network.layers(); ++l) {
        EXPECT_LT(relative_error(slopes.weights[l], finite_differences(problem, problem.network.weights[l])), 1e-7);
        EXPECT_LT(relative_error(slopes.biases[l], finite_differences(problem, problem.network.biases[l])), 1e-7);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, EveryLoss, testing::ValuesIn([] {
                           std::vector<std::tuple<Loss, Activation>> pairs{{Loss::huber, Activation::sigmoid}};
                           for (const Loss loss : kValues<Loss>) pairs.emplace_back(loss, output_for(loss));
                           return pairs;
                         }()),
                         [](const auto& pair) {
                           std::string title =
                               std::string(name(std::get<0>(pair.param))) + "_" + std::string(name(std::get<1>(pair.param)));
                           std::replace(title.begin(), title.end(), '-', '_');
                           return title;
                         });

TEST(Losses, KnownValues) {
  Network network{.widths = {1, 2}, .weights = {{0.0, 0.0}}, .biases = {{0.0, 0.0}}};
  network.huber_delta = 0.5;
  network.loss = Loss::huber;
  EXPECT_DOUBLE_EQ(loss(network, 3.0, 1.0), 0.5 * (2.0 - 0.25));
  EXPECT_DOUBLE_EQ(loss(network, 1.25, 1.0), 0.03125);
  network.loss = Loss::mae;
  EXPECT_DOUBLE_EQ(loss(network, 3.0, 5.0), 2.0);
  network.loss = Loss::binary_cross_entropy;
  EXPECT_DOUBLE_EQ(loss(network, 0.25, 1.0), std::log(4.0));
  EXPECT_DOUBLE_EQ(loss(network, 0.25, 0.0), -std::log(0.75));
  network.loss = Loss::cross_entropy;
  network.output = Activation::softmax;
  EXPECT_DOUBLE_EQ(cost(network, {1.0}, {1.0, 0.0}, 1), std::log(2.0));  // two classes, no opinion
  network.label_smoothing = 0.2;
  EXPECT_DOUBLE_EQ(cost(network, {1.0}, {1.0, 0.0}, 1), std::log(2.0));
}

TEST(Activations, SlopeIsTheDerivativeAsAFunctionOfTheOutput) {
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    for (int i = -40; i <= 40; ++i) {
      const double a = 0.1 * i + 0.05;  // never on relu's kink
      const double step = 1e-5;
      const double difference = (activate(activation, a + step) - activate(activation, a - step)) / (2.0 * step);
      EXPECT_NEAR(slope(activation, slope_needs_input(activation) ? a : activate(activation, a)), difference, 1e-9)
          << "at " << a;
    }
  }
}

TEST(Activations, KnownValues) {
  EXPECT_EQ(activate(Activation::identity, -2.5), -2.5);
  EXPECT_EQ(activate(Activation::sigmoid, 0.0), 0.5);
  EXPECT_DOUBLE_EQ(activate(Activation::sigmoid, std::log(3.0)), 0.75);
  EXPECT_DOUBLE_EQ(activate(Activation::tanh, std::log(2.0)), 0.6);  // (2 − 1/2) / (2 + 1/2)
  EXPECT_EQ(activate(Activation::relu, -2.5), 0.0);
  EXPECT_EQ(activate(Activation::relu, 2.5), 2.5);
  EXPECT_EQ(slope(Activation::relu, 0.0), 0.0);  // on the kink, by agreement
  // Far out nothing overflows into NaN.
  EXPECT_EQ(activate(Activation::sigmoid, -1e4), 0.0);
  EXPECT_EQ(activate(Activation::sigmoid, 1e4), 1.0);
}

// The examples below are worked by hand; docs/mathematics.md walks through the first.

TEST(WorkedExample, OneNodeInEachLayer) {
  // a_1 = ln 3, so y_1 = 1 / (1 + 1/3) = 3/4, and a_2 = 4 · 3/4 − 3 = 0, so y_2 = 1/2.
  Network network{.widths = {1, 1, 1}, .weights = {{std::log(3.0) / 2.0}, {4.0}}, .biases = {{0.0}, {-3.0}}};
  const std::vector<double> inputs{2.0};
  const std::vector<double> targets{1.0};

  const auto activations = forward(network, inputs, 1);
  EXPECT_DOUBLE_EQ(activations[1][0], 3.0 / 4.0);
  EXPECT_DOUBLE_EQ(activations[2][0], 1.0 / 2.0);
  EXPECT_DOUBLE_EQ(cost(network, inputs, targets, 1), 1.0 / 8.0);  // ½ (1 − ½)²

  const auto delta = error_terms(network, activations, targets, 1);
  EXPECT_DOUBLE_EQ(delta[2][0], -1.0 / 8.0);   // (½ − 1) · ½ · ½
  EXPECT_DOUBLE_EQ(delta[1][0], -3.0 / 32.0);  // −1/8 · 4 · 3/4 · 1/4

  const Gradients slopes = gradients(network, inputs, targets, 1);
  EXPECT_DOUBLE_EQ(slopes.weights[1][0], -3.0 / 32.0);  // δ_2 y_1: no further minus
  EXPECT_DOUBLE_EQ(slopes.biases[1][0], -1.0 / 8.0);
  EXPECT_DOUBLE_EQ(slopes.weights[0][0], -3.0 / 16.0);  // δ_1 x
  EXPECT_DOUBLE_EQ(slopes.biases[0][0], -3.0 / 32.0);

  // The output is too small; the step makes every parameter larger.
  descend(network, slopes, 0.5);
  EXPECT_DOUBLE_EQ(network.weights[1][0], 4.0 + 3.0 / 64.0);
  EXPECT_DOUBLE_EQ(network.biases[1][0], -3.0 + 1.0 / 16.0);
  EXPECT_DOUBLE_EQ(network.weights[0][0], std::log(3.0) / 2.0 + 3.0 / 32.0);
  EXPECT_DOUBLE_EQ(network.biases[0][0], 3.0 / 64.0);
  EXPECT_LT(cost(network, inputs, targets, 1), 1.0 / 8.0);
}

TEST(WorkedExample, ANodeAnswersForEveryNodeThatItFeeds) {
  // As above, with a second output of the opposite sign. Both pull y_1 the same way, so its error term doubles.
  const Network network{
      .widths = {1, 1, 2}, .weights = {{std::log(3.0) / 2.0}, {4.0, -4.0}}, .biases = {{0.0}, {-3.0, 3.0}}};
  const std::vector<double> inputs{2.0};
  const std::vector<double> targets{1.0, 0.0};
  EXPECT_DOUBLE_EQ(cost(network, inputs, targets, 1), 1.0 / 4.0);  // ½ (¼ + ¼): the sum over the outputs

  const auto delta = error_terms(network, forward(network, inputs, 1), targets, 1);
  EXPECT_DOUBLE_EQ(delta[2][0], -1.0 / 8.0);
  EXPECT_DOUBLE_EQ(delta[2][1], 1.0 / 8.0);
  EXPECT_DOUBLE_EQ(delta[1][0], -3.0 / 16.0);
}

TEST(WorkedExample, RowsOfAMatrixAreOutputsAndTheBatchIsAveraged) {
  const Network network{
      .widths = {2, 2}, .output = Activation::identity, .weights = {{1.0, 2.0, 3.0, 4.0}}, .biases = {{0.5, -0.5}}};
  const std::vector<double> inputs{10.0, 1.0, 0.0, 2.0};    // two samples
  const std::vector<double> targets{12.5, 32.5, 0.5, 7.5};  // the first misses one output by 1, the second the other by 4
  const auto outputs = forward(network, inputs, 2).back();
  EXPECT_EQ(outputs, (std::vector<double>{12.5, 33.5, 4.5, 7.5}));
  EXPECT_EQ(cost(outputs, targets, 2), (1.0 + 16.0) / 4.0);

  const Gradients slopes = gradients(network, inputs, targets, 2);
  EXPECT_EQ(slopes.weights[0], (std::vector<double>{0.0, 4.0, 5.0, 0.5}));  // ½ {4·0, 4·2, 1·10, 1·1}
  EXPECT_EQ(slopes.biases[0], (std::vector<double>{2.0, 0.5}));
}

TEST(Reference, APerfectNetworkHasNoGradient) {
  Problem problem = make_problem({5, 4, 3, 2}, Activation::tanh, Activation::sigmoid, 7);
  problem.targets = forward(problem.network, problem.inputs, problem.batch).back();
  EXPECT_EQ(problem.cost_now(), 0.0);
  for (const auto& tensor : problem.gradients_now().weights) EXPECT_EQ(norm(tensor), 0.0);
}

TEST(Reference, ReproducesTenStepsOfPyTorch) {
  const std::vector<GoldenRun> runs = load_golden_runs();
  ASSERT_EQ(runs.size(), 6U);
  for (const GoldenRun& run : runs) {
    SCOPED_TRACE(run.title());
    ASSERT_EQ(run.costs.size(), 10U);
    Network network{
        .widths = run.widths, .hidden = run.hidden, .output = run.output, .weights = run.weights, .biases = run.biases};
    for (const double expected : run.costs) {
      EXPECT_NEAR(cost(network, run.inputs, run.targets, run.batch()) / expected, 1.0, 1e-12);
      descend(network, gradients(network, run.inputs, run.targets, run.batch()), run.learning_rate);
    }
    for (std::size_t l = 0; l < network.layers(); ++l) {
      EXPECT_LT(relative_error(network.weights[l], run.final_weights[l]), 1e-12);
      EXPECT_LT(relative_error(network.biases[l], run.final_biases[l]), 1e-12);
    }
  }
}

TEST(Golden, StartsFromNumbersThatAreExactInFloats) {
  const auto expect_exact = [](const std::vector<double>& values) {
    for (const double value : values) EXPECT_EQ(static_cast<double>(static_cast<float>(value)), value);
  };
  for (const GoldenRun& run : load_golden_runs()) {
    SCOPED_TRACE(run.title());
    for (const auto& tensor : run.weights) expect_exact(tensor);
    for (const auto& tensor : run.biases) expect_exact(tensor);
    expect_exact(run.inputs);
    expect_exact(run.targets);
    expect_exact({run.learning_rate});
  }
}

}  // namespace
}  // namespace gradus::reference
