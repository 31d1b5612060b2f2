// launch_optimizer and what belongs to it against the formulas in double.
#include "launchers/optimizer.hpp"

#include <cmath>
#include <vector>

#include "kernel_testing.hpp"
#include "reference/exact_optimizer.hpp"

namespace gradus::kernels {
namespace {

using internal::OptimizerSettings;

OptimizerSettings settings_of(Optimizer kind) {
  OptimizerSettings settings;
  settings.kind = kind;
  settings.momentum = 0.9F;
  settings.beta1 = 0.8F;
  settings.beta2 = 0.95F;
  settings.epsilon = 1e-3F;
  return settings;
}

double number(float value) {
  return static_cast<double>(value);
}

class OptimizerStep : public testing::TestWithParam<std::size_t> {};

/// Three steps of each optimizer, as weights and as biases; clipped, from any address, in several rounds.
TEST_P(OptimizerStep, IsTheFormula) {
  const std::size_t count = GetParam();
  for (const Optimizer kind : kValues<Optimizer>)
    for (const bool are_weights : {false, true})
      for (const std::size_t offset : {0, 1}) {
        SCOPED_TRACE(testing::Message() << "optimizer " << static_cast<int>(kind) << " weights " << are_weights << " offset "
                                        << offset);
        OptimizerSettings settings = settings_of(kind);
        settings.weight_decay = 0.1F;
        settings.l1 = 0.05F;
        settings.l2 = 0.2F;
        settings.clip_norm = 0.5F;
        const Stream stream;
        const auto start = random_values(count, 1);
        const DeviceArray<float> parameters(stream, start, offset);
        const DeviceArray<float> first(stream, std::vector<float>(settings.moments() > 0 ? count : 0), offset);
        const DeviceArray<float> second(stream, std::vector<float>(settings.moments() > 1 ? count : 0), offset);
        const DeviceArray<float> rate(stream, {0.25F});
        const DeviceArray<OptimizerProgress> progress(stream, {OptimizerProgress{}});
        const Scratch scratch(stream);
        std::vector<reference::ExactOptimizer> exact(count, reference::ExactOptimizer{settings});
        std::vector<double> expected(start.begin(), start.end());
        for (int t = 1; t <= 3; ++t) {
          const auto slopes = random_values(count, static_cast<std::uint32_t>(10 + t));
          double squares = 0.0;
          for (const float slope : slopes) squares += number(slope) * number(slope);
          const double scale = std::sqrt(squares) > 0.5 ? 0.5 / std::sqrt(squares) : 1.0;
          for (std::size_t i = 0; i < count; ++i) {
            double& p = expected[i];
            const double sign = p > 0.0 ? 1.0 : -1.0;
            const double g =
                scale * number(slopes[i]) + (are_weights ? number(settings.l2) * p + number(settings.l1) * sign : 0.0);
            const double decay = are_weights ? number(settings.weight_decay) * p : 0.0;
            p -= 0.25 * (exact[i].direction(g) + decay);
          }
          const DeviceArray<float> gradients(stream, slopes, offset);
          launch_sum_of_squares({.values = gradients.data(), .count = count, .total = &progress.data()->squares},
                                on(stream, kSmallBlocks, scratch.get()));
          launch_optimizer({.settings = settings,
                            .decays = are_weights,
                            .rate = rate.data(),
                            .progress = progress.data(),
                            .gradients = gradients.data(),
                            .parameters = parameters.data(),
                            .first = settings.moments() > 0 ? first.data() : nullptr,
                            .second = settings.moments() > 1 ? second.data() : nullptr,
                            .count = count},
                           on(stream, kFewBlocks));
          launch_end_of_step(progress.data(), on(stream));
          EXPECT_EQ(bits(gradients.values()), bits(slopes));
        }
        const auto found = parameters.values();
        for (std::size_t i = 0; i < count; ++i) ASSERT_NEAR(found[i], expected[i], 5e-6) << i;
        EXPECT_EQ(progress.values().front().steps, 3U);
        EXPECT_EQ(progress.values().front().squares, 0.0);
      }
}

/// LAMB's first half: the direction takes the gradient's place, with the decay, and the parameter stays.
TEST_P(OptimizerStep, MayOnlyDirect) {
  const std::size_t count = GetParam();
  OptimizerSettings settings = settings_of(Optimizer::adam);
  settings.weight_decay = 0.1F;
  const Stream stream;
  const auto start = random_values(count, 2);
  const auto slopes = random_values(count, 3);
  const DeviceArray<float> parameters(stream, start);
  const DeviceArray<float> gradients(stream, slopes);
  const DeviceArray<float> first(stream, std::vector<float>(count));
  const DeviceArray<float> second(stream, std::vector<float>(count));
  const DeviceArray<float> rate(stream, {0.25F});
  const DeviceArray<OptimizerProgress> progress(stream, {OptimizerProgress{}});
  launch_optimizer({.settings = settings,
                    .decays = true,
                    .only_directs = true,
                    .rate = rate.data(),
                    .progress = progress.data(),
                    .gradients = gradients.data(),
                    .parameters = parameters.data(),
                    .first = first.data(),
                    .second = second.data(),
                    .count = count},
                   on(stream));
  EXPECT_EQ(bits(parameters.values()), bits(start));
  const auto found = gradients.values();
  for (std::size_t i = 0; i < count; ++i) {
    reference::ExactOptimizer exact{settings};
    const double expected = exact.direction(number(slopes[i])) + number(0.1F) * number(start[i]);
    ASSERT_NEAR(found[i], expected, 2e-6);
  }
}

TEST_P(OptimizerStep, AdaptsTheLength) {
  const std::size_t count = GetParam();
  const auto start = random_values(count, 4);
  const auto way = random_values(count, 5);
  for (const auto& [length, direction] : {std::pair(4.0, 9.0), std::pair(0.0, 9.0), std::pair(4.0, 0.0)}) {
    const Stream stream;
    const DeviceArray<float> parameters(stream, start);
    const DeviceArray<float> directions(stream, way);
    const DeviceArray<float> rate(stream, {0.5F});
    const DeviceArray<double> squares(stream, {length, direction});
    launch_descend({.gradients = directions.data(),
                    .rate = rate.data(),
                    .squares = squares.data(),
                    .parameters = parameters.data(),
                    .count = count},
                   on(stream, kFewBlocks));
    const double trust = length > 0.0 && direction > 0.0 ? 2.0 / 3.0 : 1.0;
    const auto found = parameters.values();
    for (std::size_t i = 0; i < count; ++i) ASSERT_NEAR(found[i], number(start[i]) - 0.5 * trust * number(way[i]), 2e-7);
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, OptimizerStep, testing::Values(1, 3, 4, 17, 33, 129, 1031));

TEST(SumOfSquares, IsExactAndAddsToWhatThereIs) {
  for (const std::size_t count : {0, 1, 5, 64, 1000, 5003})
    for (const std::size_t offset : {0, 1}) {
      const Stream stream;
      const auto values = random_values(count, 6);
      const DeviceArray<float> device_values(stream, values, offset);
      const DeviceArray<double> total(stream, {1.5});
      const Scratch scratch(stream);
      launch_sum_of_squares({.values = device_values.data(), .count = count, .total = total.data()},
                            on(stream, kSmallBlocks, scratch.get()));
      double expected = 1.5;
      for (const float value : values) expected += number(value) * number(value);
      EXPECT_NEAR(total.values().front(), expected, 1e-13 * expected);
      scratch.expect_tickets_zero();
    }
}

TEST(OptimizerOfNaN, ComesThrough) {
  const Stream stream;
  const DeviceArray<float> parameters(stream, std::vector<float>(5, 1.0F));
  const DeviceArray<float> gradients(stream, {1.0F, kNaN, 1.0F, 1.0F, 1.0F});
  const DeviceArray<float> first(stream, std::vector<float>(5));
  const DeviceArray<float> second(stream, std::vector<float>(5));
  const DeviceArray<float> rate(stream, {0.25F});
  const DeviceArray<OptimizerProgress> progress(stream, {OptimizerProgress{}});
  launch_optimizer({.settings = settings_of(Optimizer::adam),
                    .rate = rate.data(),
                    .progress = progress.data(),
                    .gradients = gradients.data(),
                    .parameters = parameters.data(),
                    .first = first.data(),
                    .second = second.data(),
                    .count = 5},
                   on(stream));
  const auto found = parameters.values();
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(std::isnan(found[i]), i == 1);
}

TEST(OptimizerMistakes, AreRefused) {
  const Stream stream;
  const GridLimits odd{.block = 33, .blocks = 1};
  EXPECT_NO_THROW(launch_optimizer({.settings = settings_of(Optimizer::adam)}, {.stream = stream.get()}));
  EXPECT_THROW(launch_optimizer({.settings = settings_of(Optimizer::adam)}, on(stream, odd)), CudaError);
  EXPECT_THROW(launch_sum_of_squares({}, on(stream, odd)), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
