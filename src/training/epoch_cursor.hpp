#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "formulas/philox.hpp"
#include "training/plan.hpp"

namespace gradus::internal {

/// The position of training in its data: a few integers, since an epoch's order is a function of the seed and its number.
/// Epochs count from the beginning of the training, through all runs.
class EpochCursor {
 public:
  struct State {
    std::size_t epochs = 0;    ///< begun
    std::size_t position = 0;  ///< samples of the last one that steps have taken
    std::size_t steps = 0;     ///< taken

    bool operator==(const State&) const = default;
  };

  /// Minibatches of an epoch, which follow each other.
  struct Minibatches {
    std::size_t size;   ///< samples of each
    std::size_t count;  ///< at least 1
  };

  /// Before the first epoch.
  explicit EpochCursor(const Plan& plan)
      : samples_(plan.data.samples()),
        batch_size_(plan.batch_size()),
        shuffles_(plan.shuffles),
        seed_(plan.options.seed),
        state_{.epochs = 0, .position = samples_, .steps = 0} {}

  [[nodiscard]] const State& save() const { return state_; }
  void load(const State& state) { state_ = state; }

  [[nodiscard]] std::size_t epochs() const { return state_.epochs; }
  [[nodiscard]] std::size_t position() const { return state_.position; }
  [[nodiscard]] std::size_t steps() const { return state_.steps; }
  /// Whether the next step begins an epoch.
  [[nodiscard]] bool is_at_end() const { return state_.position == samples_; }

  /// How the current epoch takes the samples: random_permutation of this sequence, or nothing for the data set's own order.
  [[nodiscard]] std::optional<RandomSequence> order() const {
    if (!shuffles_) return std::nullopt;
    return RandomSequence(seed_, RandomPurpose::sample_order, static_cast<std::uint32_t>(state_.epochs - 1));
  }

  void begin_epoch() {
    ++state_.epochs;
    state_.position = 0;
  }
  /// What is left of the epoch is not taken.
  void end_epoch() { state_.position = samples_; }

  /// Takes the minibatches that are left in the epoch, at most `most` and all of the same size. Not at the end of an epoch.
  Minibatches take(std::size_t most) {
    const std::size_t left = samples_ - state_.position;
    const std::size_t size = std::min(batch_size_, left);
    const Minibatches taken{size, std::min(most, left / size)};
    state_.position += taken.size * taken.count;
    state_.steps += taken.count;
    return taken;
  }

 private:
  std::size_t samples_;
  std::size_t batch_size_;
  bool shuffles_;
  std::uint64_t seed_;
  State state_;
};

}  // namespace gradus::internal
