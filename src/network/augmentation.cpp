#include "network/augmentation.hpp"

#include <algorithm>

#include "base/beta_quantiles.hpp"

namespace gradus::internal {

double AugmentationPlan::columns(std::size_t inputs, std::size_t outputs) const {
  if (!is_any()) return 0.0;
  const auto width = static_cast<double>(inputs);
  if (mixup == 0.0) return width;
  return width * (distortion ? 2.0 : 1.0) + static_cast<double>(outputs);
}

double AugmentationPlan::operations(std::size_t inputs) const {
  const auto width = static_cast<double>(inputs);
  double operations = 0.0;
  if (distortion) {
    const auto pixels = static_cast<double>(distortion->distortion.pixels());
    // Two fields are drawn and filtered, each along two axes.
    operations += 30.0 * width + pixels * (40.0 + 8.0 * static_cast<double>(distortion->distortion.filter.size()));
  }
  if (mixup > 0.0) operations += 3.0 * width;
  if (input_noise > 0.0F) operations += 40.0 * width;
  return operations;
}

Distortion distortion_of(const Distortions& distortions, const ImageSize& size, std::size_t inputs, std::uint64_t seed) {
  Distortion distortion{.transforms = {seed, RandomPurpose::distortion, 0},
                        .displacements = {seed, RandomPurpose::displacement, 0}};
  distortion.height = size.height;
  distortion.width = size.width;
  distortion.channels = inputs / distortion.pixels();
  distortion.shift = static_cast<float>(distortions.shift);
  distortion.rotation = static_cast<float>(distortions.rotation);
  distortion.scaling = static_cast<float>(distortions.scaling);
  distortion.elastic = static_cast<float>(distortions.elastic);
  if (distortions.elastic > 0.0) distortion.filter = gaussian_filter(distortions.elastic_sigma);
  // The taps that a larger filter has lie outside of the image, where the field is 0.
  const std::size_t most = std::max(size.height, size.width) - 1;
  if (const std::size_t radius = distortion.filter.size() / 2; radius > most) {
    const auto cut = static_cast<std::ptrdiff_t>(radius - most);
    distortion.filter = std::vector<float>(distortion.filter.begin() + cut, distortion.filter.end() - cut);
  }
  return distortion;
}

Augmentation::Augmentation(DeviceMemory& memory, RandomDraws& draws, const AugmentationPlan& plan, const Shape& shape)
    : draws_(draws), noise_{{plan.seed, RandomPurpose::input_noise, 0}, plan.input_noise} {
  const auto allocate = [&](std::size_t columns) {
    Buffer& buffer = buffers_.emplace_back(memory, shape.rows * columns);
    return Matrix{buffer.data(), shape.rows, columns};
  };
  inputs_ = allocate(shape.inputs);
  if (plan.distortion) distorter_ = draws.make_distorter(*plan.distortion, shape.rows);
  if (plan.mixup == 0.0) return;
  mixup_ = Mixup{{plan.seed, RandomPurpose::mixup, 0}, {plan.seed, RandomPurpose::mixup, 1}, beta_quantiles(plan.mixup)};
  if (plan.distortion) distorted_ = allocate(shape.inputs);
  targets_ = allocate(shape.outputs);
  if (shape.has_weights) weights_ = allocate(1).data;
}

WeightedTargets Augmentation::targets(const WeightedTargets& used) const {
  if (!mixup_) return used;
  return {targets_.top(used.t.rows), weights_};
}

void Augmentation::apply(Matrix x, const WeightedTargets& t) {
  ConstMatrix current = inputs(x.rows);
  if (distorter_) {
    const Matrix distorted = mixup_ ? distorted_.top(x.rows) : x;
    distorter_->apply(current, distorted);
    current = distorted;
  }
  if (mixup_) {
    draws_.mix(*mixup_, current, targets(t), x, t);
    current = x;
  }
  if (noise_.deviation > 0.0F) draws_.add_noise(noise_, current, x);
}

}  // namespace gradus::internal
