// Conformance: what is done to samples before a step, on every backend, against the formulas in double.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/beta_quantiles.hpp"
#include "conformance.hpp"
#include "reference/augmentation.hpp"

namespace gradus::internal {
namespace {

constexpr std::uint64_t kSeed = 0x0123'4567'89AB'CDEFU;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST_P(Verb, AddNoise) {
  const auto [batch, units, next] = shape;
  const InputNoise noise{{kSeed, RandomPurpose::input_noise, 0}, 0.75F};
  const auto draws = backend->make_draws();
  draws->advance(5);
  Guarded x(*backend, random_values(batch * units, 8));
  Guarded noisy(*backend, std::vector<float>(batch * units, kNaN));
  const auto xs = x.values();
  draws->add_noise(noise, x.matrix(batch, units), noisy.matrix(batch, units));
  expect_close(noisy.values(), reference::with_noise(noise, xs, units, 5), tolerance);
  noisy.expect_intact();
  EXPECT_EQ(x.values(), xs);

  draws->add_noise(noise, x.matrix(batch, units), x.matrix(batch, units));
  EXPECT_EQ(x.values(), noisy.values()) << "in place";
  x.expect_intact();

  draws->advance(batch);
  draws->add_noise(noise, noisy.matrix(batch, units), noisy.matrix(batch, units));
  if (batch * units > 0) {
    EXPECT_NE(noisy.values(), x.values()) << "another visit, other noise";
  }
}

TEST_P(Verb, MixRows) {
  const auto [batch, units, outputs] = shape;
  const Mixup mixup{{kSeed, RandomPurpose::mixup, 0}, {kSeed, RandomPurpose::mixup, 1}, beta_quantiles(0.4)};
  const auto draws = backend->make_draws();
  draws->advance(3);
  Guarded x(*backend, random_values(batch * units, 8));
  Guarded t(*backend, random_values(batch * outputs, 9));
  Guarded weights(*backend, random_values(batch, 10));
  Guarded mixed(*backend, std::vector<float>(batch * units, kNaN));
  Guarded mixed_t(*backend, std::vector<float>(batch * outputs, kNaN));
  Guarded mixed_weights(*backend, std::vector<float>(batch, kNaN));
  const auto expected = [&](const std::vector<float>& values, std::size_t columns) {
    return reference::mixed_rows(mixup, values, columns, 3);
  };
  draws->mix(mixup, x.matrix(batch, units), WeightedTargets{t.matrix(batch, outputs), weights.data()},
             mixed.matrix(batch, units), {mixed_t.matrix(batch, outputs), mixed_weights.data()});
  expect_close(mixed.values(), expected(x.values(), units), tolerance);
  expect_close(mixed_t.values(), expected(t.values(), outputs), tolerance);
  expect_close(mixed_weights.values(), expected(weights.values(), 1), tolerance);
  mixed.expect_intact();
  mixed_t.expect_intact();
  mixed_weights.expect_intact();
}

/// Images whose size has to do with the shape: its first number of units is their width, its last one their number.
class DistortionVerb : public Verb {
 protected:
  void expect_as_expected(const Distortion& distortion, std::size_t count) {
    const std::size_t inputs = distortion.pixels() * distortion.channels;
    const auto shifts = random_values(inputs, 3);
    const auto scales = random_values(inputs, 4);
    const ScaledDistortion scaled{distortion, shifts, scales};
    const auto draws = backend->make_draws();
    const auto distorter = draws->make_distorter(scaled, count + 1);
    std::uint64_t visited = 0;
    for (int step = 0; step < 2; ++step) {
      Guarded images(*backend, random_values(count * inputs, 8));
      Guarded x(*backend, std::vector<float>(count * inputs, kNaN));
      const auto before = images.values();
      distorter->apply(images.matrix(count, inputs), x.matrix(count, inputs));
      // A place that is rounded moves what is interpolated: by about 2⁻²⁴ times a coordinate.
      expect_close(x.values(), reference::distorted_images(scaled, before, visited), 100 * tolerance);
      x.expect_intact();
      EXPECT_EQ(images.values(), before);
      draws->advance(count);
      visited += count;
    }
  }

  static Distortion distortion_of(std::size_t height, std::size_t width, std::size_t channels) {
    Distortion distortion{.transforms = {kSeed, RandomPurpose::distortion, 0},
                          .displacements = {kSeed, RandomPurpose::displacement, 0}};
    distortion.height = height;
    distortion.width = width;
    distortion.channels = channels;
    return distortion;
  }
};

TEST_P(DistortionVerb, Transforms) {
  const std::size_t width = std::min<std::size_t>(shape.inputs, 40);
  for (const auto& [height, channels] : {std::pair<std::size_t, std::size_t>(1, 1), {7, 1}, {5, 3}}) {
    SCOPED_TRACE(height);
    Distortion distortion = distortion_of(height, width, channels);
    distortion.shift = 1.5F;
    distortion.rotation = 25.0F;
    distortion.scaling = 0.3F;
    expect_as_expected(distortion, std::min<std::size_t>(shape.batch, 5));
  }
}

TEST_P(DistortionVerb, Displacements) {
  const std::size_t width = std::min<std::size_t>(shape.inputs, 40);
  for (const double sigma : {0.3, 2.0, 6.0}) {
    SCOPED_TRACE(sigma);
    Distortion distortion = distortion_of(sigma > 1.0 ? 9 : 2, width, sigma > 3.0 ? 2 : 1);
    distortion.elastic = 8.0F;
    distortion.shift = 0.5F;
    distortion.filter = gaussian_filter(sigma);
    expect_as_expected(distortion, std::min<std::size_t>(shape.batch, 3));
  }
}

TEST_P(DistortionVerb, NothingIsOnlyScaling) {
  const std::size_t width = std::min<std::size_t>(shape.inputs, 40);
  const std::size_t inputs = 4 * width;
  const std::vector<float> shifts(inputs, 0.5F);
  const std::vector<float> scales(inputs, 2.0F);
  const auto draws = backend->make_draws();
  const auto distorter = draws->make_distorter({distortion_of(4, width, 1), shifts, scales}, 3);
  Guarded images(*backend, random_values(3 * inputs, 8));
  Guarded x(*backend, std::vector<float>(3 * inputs, kNaN));
  distorter->apply(images.matrix(3, inputs), x.matrix(3, inputs));
  auto expected = images.values();
  for (float& value : expected) value = (value - 0.5F) * 2.0F;
  EXPECT_EQ(x.values(), expected);
}

INSTANTIATE_TEST_SUITE_P(Backends, DistortionVerb,
                         testing::Combine(testing::ValuesIn(backends()),
                                          testing::Values(Shape{1, 1, 1}, Shape{3, 5, 1}, Shape{4, 16, 1}, Shape{5, 33, 1},
                                                          Shape{2, 40, 1}, Shape{0, 8, 1})));

}  // namespace
}  // namespace gradus::internal
