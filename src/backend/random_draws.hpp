#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/distortion.hpp"
#include "backend/matrix_view.hpp"
#include "backend/weighted_targets.hpp"
#include "formulas/dropout.hpp"
#include "formulas/input_noise.hpp"
#include "formulas/mixup.hpp"

namespace gradus::internal {

/// A distortion and the working memory that it needs. It must be destroyed before the RandomDraws that made it.
class Distorter {
 public:
  Distorter() = default;
  Distorter(const Distorter&) = delete;
  Distorter& operator=(const Distorter&) = delete;
  virtual ~Distorter() = default;

  /// X = the images, distorted and scaled. `images` as they were read, `x` (B, n_0), which do not overlap.
  virtual void apply(ConstMatrix images, Matrix x) = 0;
};

/// What training draws at random for its samples, and the number of samples that it has visited, which the device counts:
/// what is drawn for a sample is drawn anew whenever it is visited. Row i of a matrix is visit number `visits` + i. It must
/// be destroyed before the backend.
class RandomDraws {
 public:
  RandomDraws() = default;
  RandomDraws(const RandomDraws&) = delete;
  RandomDraws& operator=(const RandomDraws&) = delete;
  virtual ~RandomDraws() = default;

  /// This many samples were visited: to be called when all is drawn for them.
  virtual void advance(std::size_t samples) = 0;
  /// The number of visits until now. Waits for the device.
  [[nodiscard]] virtual std::uint64_t save() const = 0;
  /// Continues from this number of visits.
  virtual void load(std::uint64_t visits) = 0;

  /// Dropout: `factors` become 0 for the units that are dropped and Dropout::kept_factor for the others, and dropped = y ⊙
  /// factors. `y`, `dropped`, `factors` (B, n_l).
  virtual void drop(const Dropout& dropout, ConstMatrix y, Matrix dropped, Matrix factors) = 0;
  /// mixed = the mixture of each row with its partner; targets, and weights if there are any, are mixed alike. `x`, `mixed`
  /// (B, n_0), `t`, `mixed_t` (B, n_L), which do not overlap.
  virtual void mix(const Mixup& mixup, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
                   const WeightedTargets& mixed_t) = 0;
  /// noisy = x + noise. `x`, `noisy` (B, n_0), which may be the same.
  virtual void add_noise(const InputNoise& noise, ConstMatrix x, Matrix noisy) = 0;
  /// For at most `rows` images at once. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Distorter> make_distorter(const ScaledDistortion& distortion, std::size_t rows) = 0;
};

}  // namespace gradus::internal
