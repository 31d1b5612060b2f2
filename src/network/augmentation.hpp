#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "gradus/training_options.hpp"

namespace gradus::internal {

/// What becomes of samples before a step of training takes them, in this order: images are distorted and scaled, samples
/// mixed, and noise added. What is drawn for a sample is the same on every device, but for its partner
/// where a batch is taken in parts, whose size is the device's.
struct AugmentationPlan {
  std::uint64_t seed = 0;
  std::optional<ScaledDistortion> distortion = std::nullopt;
  double mixup = 0.0;        // α of Beta(α, α); 0: nothing is mixed
  float input_noise = 0.0F;  // the deviation

  [[nodiscard]] bool is_any() const { return distortion || mixup > 0.0 || input_noise > 0.0F; }
  /// Floats per sample that its buffers take.
  [[nodiscard]] double columns(std::size_t inputs, std::size_t outputs) const;
  /// Floats of working memory for each thread.
  [[nodiscard]] double scratch() const { return distortion ? distortion_scratch(distortion->distortion) : 0.0; }
  /// About how many operations making the inputs of one sample takes.
  [[nodiscard]] double operations(std::size_t inputs) const;
};

/// The distortion that the options ask for, of images of this size.
[[nodiscard]] Distortion distortion_of(const Distortions& distortions, const ImageSize& size, std::size_t inputs,
                                       std::uint64_t seed);

/// Samples as they were gathered, and what is made of them: a full batch is gathered once, and made anew in each step.
class Augmentation {
 public:
  struct Shape {
    std::size_t rows;  // at once
    std::size_t inputs;
    std::size_t outputs;
    bool has_weights;
  };

  /// Throws OutOfMemory.
  Augmentation(Backend& backend, const AugmentationPlan& plan, const Shape& shape);

  /// Where to gather so many samples: their inputs, not scaled where they are distorted, and their targets, which are `used`
  /// in the step.
  [[nodiscard]] Matrix inputs(std::size_t count) const { return inputs_.top(count); }
  [[nodiscard]] WeightedTargets targets(const WeightedTargets& used) const;

  /// Makes what the step uses. `x` (B, n_0), `t` (B, n_L).
  void apply(const Visits& visits, Matrix x, const WeightedTargets& t);

 private:
  Backend& backend_;
  std::optional<Mixup> mixup_;
  InputNoise noise_;
  std::unique_ptr<Distorter> distorter_;  // or null
  std::vector<Buffer> buffers_;           // the memory behind the views below
  Matrix inputs_;                         // (rows, inputs), as gathered
  Matrix distorted_;                      // (rows, inputs), before they are mixed; where both is done
  Matrix targets_;                        // (rows, outputs), where they are mixed
  float* weights_ = nullptr;              // (rows), likewise
};

}  // namespace gradus::internal
