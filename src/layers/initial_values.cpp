#include "layers/initial_values.hpp"

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

void draw_weights(const LayerSpec& layer, const Initialization& initialization, const RandomSequence& sequence,
                  std::span<float> values) {
  using Kind = Initialization::Kind;
  const auto inputs = static_cast<double>(layer.inputs);
  const auto outputs = static_cast<double>(layer.outputs);
  switch (initialization.kind) {
    case Kind::xavier:
      return draw_uniform(sequence, std::sqrt(6.0 / (inputs + outputs)), values);
    case Kind::normal:
      return draw_normal(sequence, 1.0, values);
    case Kind::he:
      return draw_normal(sequence, std::sqrt(2.0 / inputs), values);
    case Kind::uniform:
      return draw_uniform(sequence, initialization.range, values);
  }
}

}  // namespace

std::vector<LayerParameters> initial_values(std::span<const LayerSpec> layers, const Initialization& initialization,
                                            std::uint64_t seed) {
  using Start = TensorSpec::Start;
  std::vector<LayerParameters> all;
  std::uint32_t drawn_weights = 0;  // tensors of each kind have numbers of their own, and so random numbers of their own
  std::uint32_t drawn_biases = 0;
  for (const LayerSpec& layer : layers) {
    LayerParameters& parameters = all.emplace_back();
    for (const TensorSpec& tensor : layer.tensors()) {
      std::vector<float>& values = parameters.emplace_back(tensor.size());
      if (tensor.start == Start::weights)
        draw_weights(layer, initialization, RandomSequence(seed, RandomPurpose::weights, drawn_weights++), values);
      if (tensor.start == Start::biases) {
        const RandomSequence sequence(seed, RandomPurpose::biases, drawn_biases++);
        if (initialization.kind == Initialization::Kind::normal) draw_normal(sequence, 1.0, values);
      }
    }
  }
  return all;
}

}  // namespace gradus::internal
