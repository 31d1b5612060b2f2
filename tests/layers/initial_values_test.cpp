#include "layers/initial_values.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"

namespace gradus {
namespace {

constexpr std::size_t kWeight = internal::DenseTensors::kWeight;
constexpr std::size_t kBias = internal::DenseTensors::kBias;

std::vector<LayerParameters> drawn(const char* kind, std::uint64_t seed = 0) {
  const std::vector<std::size_t> widths{301, 199, 7};
  return internal::initial_values(internal::dense_layers(widths), Initialization::parse(kind), seed);
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(const std::vector<float>& values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double largest(const std::vector<float>& values) {
  return static_cast<double>(std::abs(*std::ranges::max_element(values, {}, [](float value) { return std::abs(value); })));
}

void expect_distribution(const std::vector<float>& weights, double expected_deviation) {
  const double standard_error = expected_deviation / std::sqrt(static_cast<double>(weights.size()));
  EXPECT_NEAR(mean(weights), 0.0, 4.0 * standard_error);
  EXPECT_NEAR(deviation(weights), expected_deviation, 4.0 * standard_error);
}

TEST(InitialValues, HaveTheirDistributions) {
  const double range = std::sqrt(6.0 / (301.0 + 199.0));
  const auto xavier = drawn("xavier");
  expect_distribution(xavier[0][kWeight], range / std::sqrt(3.0));
  EXPECT_LE(largest(xavier[0][kWeight]), range * (1.0 + 1e-6));
  EXPECT_GT(largest(xavier[0][kWeight]), 0.99 * range);
  EXPECT_LE(largest(xavier[1][kWeight]), std::sqrt(6.0 / (199.0 + 7.0)) * (1.0 + 1e-6));

  expect_distribution(drawn("he")[0][kWeight], std::sqrt(2.0 / 301.0));
  const auto normal = drawn("normal");
  expect_distribution(normal[0][kWeight], 1.0);
  EXPECT_GT(largest(normal[0][kWeight]), 3.5) << "the tails are there";
  expect_distribution(normal[0][kBias], 1.0);
  const auto uniform = drawn("uniform:0.25");
  expect_distribution(uniform[0][kWeight], 0.25 / std::sqrt(3.0));
  EXPECT_LE(largest(uniform[0][kWeight]), 0.25);
}

TEST(InitialValues, BiasesStartAtZeroExceptWithNormal) {
  for (const char* kind : {"xavier", "he", "uniform:1"})
    for (const auto& layer : drawn(kind)) EXPECT_THAT(layer[kBias], testing::Each(0.0F)) << kind;
}

TEST(InitialValues, AreAFunctionOfTheSeedAndTheLayer) {
  EXPECT_EQ(drawn("normal", 5), drawn("normal", 5));
  EXPECT_NE(drawn("normal", 5)[0][kWeight], drawn("normal", 6)[0][kWeight]);
  const auto layers = drawn("normal");
  EXPECT_NE(std::vector(layers[0][kWeight].begin(), layers[0][kWeight].begin() + 4),
            std::vector(layers[1][kWeight].begin(), layers[1][kWeight].begin() + 4));
}

/// The first values of seed 0 are part of what a seed means; the words behind them are Philox's published ones.
TEST(InitialValues, AreTheSameBitsEverywhere) {
  const auto layers = drawn("uniform:1");
  EXPECT_EQ(layers[0][kWeight][0], static_cast<float>(2.0 * (0x6627e8d5 >> 8) * 0x1p-24 - 1.0));
  EXPECT_EQ(layers[0][kWeight][1], static_cast<float>(2.0 * (0xe169c58d >> 8) * 0x1p-24 - 1.0));
  EXPECT_EQ(layers[0][kWeight][2], static_cast<float>(2.0 * (0xbc57ac4c >> 8) * 0x1p-24 - 1.0));
}

TEST(Initialization, IsReadStrictly) {
  EXPECT_EQ(Initialization::parse("he").kind, Initialization::Kind::he);
  EXPECT_EQ(Initialization::parse("uniform:0.5").range, 0.5);
  EXPECT_EQ(Initialization::parse("uniform:0.5").to_string(), "uniform:0.5");
  EXPECT_EQ(Initialization::parse("normal").to_string(), "normal");
  for (const char* wrong : {"", "uniform", "uniform:", "uniform:0", "uniform:-1", "uniform:inf", "uniform:nan", "uniform:1x",
                            "Xavier", "glorot"})
    EXPECT_THROW(static_cast<void>(Initialization::parse(wrong)), UsageError) << wrong;
}

}  // namespace
}  // namespace gradus
