// How exact the CPU's activations are, against double over their whole range.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "backend/cpu/vector_kernels.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

/// The distance of a float from an exact value, in units of the float's last place.
double ulps(float found, double exact) {
  const float nearest = static_cast<float>(exact);
  const double unit = static_cast<double>(std::nextafter(std::abs(nearest), std::numeric_limits<float>::infinity())) -
                      std::abs(static_cast<double>(nearest));
  return std::abs(static_cast<double>(found) - exact) / unit;
}

/// Values of every size: about 400,000 floats evenly spread over the bit patterns between ±limit.
std::vector<float> floats_up_to(float limit) {
  std::vector<float> values;
  const auto last = std::bit_cast<std::uint32_t>(limit);
  for (std::uint32_t bits = 0; bits <= last; bits += 5003) {
    values.push_back(std::bit_cast<float>(bits));
    values.push_back(-std::bit_cast<float>(bits));
  }
  return values;
}

double worst(Activation activation, float limit) {
  const std::vector<float> inputs = floats_up_to(limit);
  std::vector<float> outputs = inputs;
  const std::vector<float> no_bias(inputs.size(), 0.0F);
  bias_activation(outputs.data(), no_bias.data(), 1, outputs.size(), activation);
  double most = 0.0;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    most = std::max(most, ulps(outputs[i], reference::activate(activation, static_cast<double>(inputs[i]))));
  return most;
}

TEST(ActivationAccuracy, SigmoidIsWithinTwoUlps) {
  EXPECT_LE(worst(Activation::sigmoid, 80.0F), 2.0);
}

TEST(ActivationAccuracy, TanhIsWithinFourUlps) {
  EXPECT_LE(worst(Activation::tanh, 80.0F), 4.0);
}

TEST(ActivationAccuracy, ExtremesSaturate) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float largest = std::numeric_limits<float>::max();
  std::vector<float> values{infinity, -infinity, largest, -largest, 100.0F, -100.0F};
  const std::vector<float> no_bias(values.size(), 0.0F);
  std::vector<float> sigmoid = values;
  bias_activation(sigmoid.data(), no_bias.data(), 1, values.size(), Activation::sigmoid);
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(sigmoid[i], values[i] > 0.0F ? 1.0F : 0.0F, 1e-37F) << values[i];
  std::vector<float> tanh = values;
  bias_activation(tanh.data(), no_bias.data(), 1, values.size(), Activation::tanh);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(tanh[i], values[i] > 0.0F ? 1.0F : -1.0F) << values[i];
}

}  // namespace
}  // namespace gradus::internal
