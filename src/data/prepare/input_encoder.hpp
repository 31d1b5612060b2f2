#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "base/array.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Makes a network's inputs from features, where they are not the features as they lie in memory. In the order of the
/// features: a number is one input, a missing one is replaced by a value learnt from the training set, and the normalization
/// `quantile` maps it; a name is one input per name or bucket, of which one is 1 and the others are 0; each is followed by
/// its indicator, if it has one. Scaling is left to the backend.
class InputEncoder {
 public:
  /// Both must outlive it.
  InputEncoder(const DataSchema& schema, const Preprocessing& preprocessing);

  /// Whether inputs differ from features that are all there; those of which one is missing always need an encoder.
  [[nodiscard]] static bool is_needed(const DataSchema& schema, const Preprocessing& preprocessing);

  [[nodiscard]] std::size_t inputs() const { return inputs_; }
  /// `features` (features), `inputs` (inputs).
  void encode(std::span<const float> features, std::span<float> inputs) const;

 private:
  struct Feature {
    std::size_t names = 0;  // inputs of a name; 0 for a number
    bool has_indicator = false;
    float missing_value = 0.0F;
    const QuantileMap* quantiles = nullptr;
  };

  std::vector<Feature> features_;
  std::size_t inputs_;
};

/// The inputs of `samples` samples, (samples, inputs); `read(sample, features)` gives the features of one. Throws
/// OutOfMemory.
[[nodiscard]] Array<float> encode_inputs(std::size_t samples, const DataSchema& schema, const Preprocessing& preprocessing,
                                         const std::function<void(std::size_t, std::span<float>)>& read);

}  // namespace gradus::internal
