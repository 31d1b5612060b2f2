#include "model/initial_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "formulas/philox.hpp"

namespace gradus::internal {
namespace {

/// The upper 24 bits: every value k · 2^-24 is a float.
double unit(std::uint32_t word) {
  return static_cast<double>(word >> 8) * 0x1p-24;
}

/// Calls `fill(words, four)` for each four values in turn; the last may be fewer.
template <typename Fill>
void draw(const RandomSequence& sequence, std::span<float> values, Fill fill) {
  for (std::size_t i = 0; i < values.size(); i += 4)
    fill(sequence.block(i / 4), values.subspan(i, std::min<std::size_t>(4, values.size() - i)));
}

/// Uniform in ±range.
void draw_uniform(const RandomSequence& sequence, double range, std::span<float> values) {
  draw(sequence, values, [range](const auto& words, std::span<float> four) {
    for (std::size_t i = 0; i < four.size(); ++i) four[i] = static_cast<float>(range * (2.0 * unit(words[i]) - 1.0));
  });
}

/// N(0, deviation²) by the method of Box and Muller (1958): two words give two values.
void draw_normal(const RandomSequence& sequence, double deviation, std::span<float> values) {
  draw(sequence, values, [deviation](const auto& words, std::span<float> four) {
    for (std::size_t i = 0; i < four.size(); ++i) {
      const std::size_t pair = i / 2 * 2;
      const double radius = std::sqrt(-2.0 * std::log(unit(words[pair]) + 0x1p-24));  // the logarithm's argument is never 0
      const double angle = 2.0 * std::numbers::pi * unit(words[pair + 1]);
      four[i] = static_cast<float>(deviation * radius * (i % 2 == 0 ? std::cos(angle) : std::sin(angle)));
    }
  });
}

}  // namespace

std::vector<LayerParameters> initial_values(const NetworkSpec& network, const Initialization& initialization,
                                            std::uint64_t seed) {
  using Kind = Initialization::Kind;
  const std::vector<std::size_t> widths = network.widths();
  std::vector<LayerParameters> layers(widths.size() - 1);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto inputs = static_cast<double>(widths[l]);
    const auto outputs = static_cast<double>(widths[l + 1]);
    layers[l].weights.resize(widths[l] * widths[l + 1]);
    layers[l].biases.resize(widths[l + 1]);
    const auto part = static_cast<std::uint32_t>(l);
    const RandomSequence weights(seed, RandomPurpose::weights, part);
    switch (initialization.kind) {
      case Kind::xavier:
        draw_uniform(weights, std::sqrt(6.0 / (inputs + outputs)), layers[l].weights);
        break;
      case Kind::normal:
        draw_normal(weights, 1.0, layers[l].weights);
        draw_normal(RandomSequence(seed, RandomPurpose::biases, part), 1.0, layers[l].biases);
        break;
      case Kind::he:
        draw_normal(weights, std::sqrt(2.0 / inputs), layers[l].weights);
        break;
      case Kind::uniform:
        draw_uniform(weights, initialization.range, layers[l].weights);
        break;
    }
  }
  return layers;
}

}  // namespace gradus::internal
