#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backend/buffer.hpp"
#include "backend/random_draws.hpp"
#include "gradus/distortions.hpp"
#include "gradus/image_size.hpp"

namespace gradus::internal {

/// How a training step changes its samples before it takes them, in this order: images are distorted and scaled, samples
/// mixed, and noise added. What is drawn for a sample is the same on every device, except for its partner in a mixture where
/// a batch does not fit at once: how many samples do depends on the device.
struct AugmentationPlan {
  std::uint64_t seed = 0;
  std::optional<ScaledDistortion> distortion = std::nullopt;
  double mixup = 0.0;        ///< α of Beta(α, α), from which the mixing weights are drawn; 0 disables mixup
  float input_noise = 0.0F;  ///< standard deviation

  [[nodiscard]] bool is_any() const { return distortion || mixup > 0.0 || input_noise > 0.0F; }
  /// How many floats the buffers take per sample.
  [[nodiscard]] double columns(std::size_t inputs, std::size_t outputs) const;
  /// How many floats of working memory each thread needs.
  [[nodiscard]] double scratch() const { return distortion ? distortion_scratch(distortion->distortion) : 0.0; }
  /// About how many operations it takes to make the inputs of one sample.
  [[nodiscard]] double operations(std::size_t inputs) const;
};

/// The distortion that the options ask for, for images of this size. `inputs`: values of an image, in all channels.
[[nodiscard]] Distortion distortion_of(const Distortions& distortions, const ImageSize& size, std::size_t inputs,
                                       std::uint64_t seed);

/// Samples as they were gathered, and what a step makes of them: a full batch is gathered once, and changed anew in each
/// step.
class Augmentation {
 public:
  struct Shape {
    std::size_t rows;  ///< samples at once, at most
    std::size_t inputs;
    std::size_t outputs;
    bool has_weights;
  };

  /// `memory` and `draws` must outlive it. Throws OutOfMemory.
  Augmentation(DeviceMemory& memory, RandomDraws& draws, const AugmentationPlan& plan, const Shape& shape);

  /// Where to gather `count` samples: their inputs (count, n_0), not scaled where they are distorted, and their targets.
  /// `used`: where the step has its targets.
  [[nodiscard]] Matrix inputs(std::size_t count) const { return inputs_.top(count); }
  [[nodiscard]] WeightedTargets targets(const WeightedTargets& used) const;

  /// Makes what the step takes: `x` (B, n_0), `t` (B, n_L).
  void apply(Matrix x, const WeightedTargets& t);

 private:
  RandomDraws& draws_;
  std::optional<Mixup> mixup_;
  InputNoise noise_;
  std::unique_ptr<Distorter> distorter_;  // null without distortions
  std::vector<Buffer> buffers_;           // the memory behind the views below
  Matrix inputs_;                         // (rows, inputs), as gathered
  Matrix distorted_;                      // (rows, inputs), before they are mixed; where there are both
  Matrix targets_;                        // (rows, outputs), where they are mixed
  float* weights_ = nullptr;              // (rows), likewise
};

}  // namespace gradus::internal
