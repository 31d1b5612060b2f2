// The vector loops on every instruction set that this machine and this build have in common: the best one hides the others.
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "backend/backend_under_test.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

/// Every length up to a few vectors meets each tail; what lies behind must stay as it was.
constexpr std::size_t kLongest = 69;
constexpr float kBehind = -7.0F;

/// 64 bits since Highway 1.0, 32 before.
using Target = decltype(hwy::SupportedAndGeneratedTargets())::value_type;

class InstructionSet : public testing::TestWithParam<Target> {
 protected:
  void SetUp() override { choose(GetParam()); }
  void TearDown() override { choose(0); }  // 0: what the machine has

 private:
  static void choose(Target target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

std::vector<float> with_guard(const std::vector<float>& values) {
  std::vector<float> all = values;
  all.resize(values.size() + 64, kBehind);
  return all;
}

void expect_guarded(const std::vector<float>& found, const std::vector<double>& expected) {
  expect_close(std::span(found).first(expected.size()), expected, 2e-6);
  for (std::size_t i = expected.size(); i < found.size(); ++i) ASSERT_EQ(found[i], kBehind) << "written behind the end";
}

constexpr std::array kActivations{Activation::identity, Activation::sigmoid, Activation::tanh, Activation::relu};

TEST_P(InstructionSet, BiasActivation) {
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    for (const Activation activation : kActivations) {
      const auto sums = random_values(2 * columns, 1, 3.0);
      const auto biases = random_values(columns, 2);
      auto y = with_guard(sums);
      bias_activation(y.data(), biases.data(), 2, columns, activation);
      std::vector<double> expected;
      for (std::size_t i = 0; i < sums.size(); ++i)
        expected.push_back(reference::activate(activation, static_cast<double>(sums[i] + biases[i % columns])));
      expect_guarded(y, expected);
    }
  }
}

TEST_P(InstructionSet, ErrorTerms) {
  for (std::size_t count = 1; count <= kLongest; ++count) {
    for (const Activation activation : kActivations) {
      const auto y = random_values(count, 3);
      const auto t = random_values(count, 4);
      auto delta = with_guard(std::vector<float>(count));
      const double squares = squared_error_terms(y.data(), t.data(), count, activation, delta.data());
      std::vector<double> expected;
      double expected_squares = 0.0;
      for (std::size_t i = 0; i < count; ++i) {
        const double error = static_cast<double>(y[i]) - static_cast<double>(t[i]);
        expected.push_back(error * reference::slope(activation, static_cast<double>(y[i])));
        expected_squares += error * error;
      }
      expect_guarded(delta, expected);
      EXPECT_NEAR(squares, expected_squares, 2e-6 * expected_squares);
      multiply_by_derivative(y.data(), count, activation, delta.data());
      for (std::size_t i = 0; i < count; ++i) expected[i] *= reference::slope(activation, static_cast<double>(y[i]));
      expect_guarded(delta, expected);
    }
  }
}

TEST_P(InstructionSet, ColumnSumsAndDescent) {
  constexpr std::size_t kRows = 5;
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    const auto delta = random_values(kRows * columns, 5);
    auto sums = with_guard(random_values(columns, 6));
    std::vector<double> expected;
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0.5 * static_cast<double>(sums[j]);
      for (std::size_t i = 0; i < kRows; ++i) sum += 2.0 * static_cast<double>(delta[i * columns + j]);
      expected.push_back(sum);
    }
    column_sums(delta.data(), kRows, columns, 0, columns, 2.0F, 0.5F, sums.data());
    expect_guarded(sums, expected);
    for (std::size_t j = 0; j < columns; ++j) expected[j] -= 0.25 * static_cast<double>(delta[j]);
    descend(delta.data(), columns, 0.25F, sums.data());
    expect_guarded(sums, expected);
  }
}

TEST_P(InstructionSet, GatherInputs) {
  for (std::size_t features = 1; features <= kLongest; ++features) {
    std::vector<std::uint8_t> bytes(3 * features);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{60});
    const std::vector<float> floats(bytes.begin(), bytes.end());
    const auto shift = random_values(features, 7);
    const auto scale = random_values(features, 8);
    const std::vector<std::uint32_t> order{2, 0};
    std::vector<double> expected;
    for (const std::uint32_t sample : order)
      for (std::size_t k = 0; k < features; ++k)
        expected.push_back((static_cast<double>(bytes[sample * features + k]) - static_cast<double>(shift[k])) *
                           static_cast<double>(scale[k]));
    for (const bool from_bytes : {false, true}) {
      SampleSource source;
      source.features = features;
      source.input_shift = shift.data();
      source.input_scale = scale.data();
      if (from_bytes)
        source.bytes = bytes.data();
      else
        source.floats = floats.data();
      auto x = with_guard(std::vector<float>(order.size() * features));
      gather_inputs(source, order, x.data());
      expect_guarded(x, expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, InstructionSet, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

}  // namespace
}  // namespace gradus::internal
