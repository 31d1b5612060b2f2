#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "model/model_state.hpp"

namespace gradus::internal {

/// One value per weight and bias of a network, in one buffer on the device: the parameters themselves, or their gradients.
/// One buffer, so that an update is one pass and a copy is one copy; all weights before all biases, since some methods treat
/// them differently.
class Parameters {
 public:
  /// For the widths n_0 … n_L; all values are 0. Throws OutOfMemory.
  Parameters(Backend& backend, std::span<const std::size_t> widths);

  [[nodiscard]] std::size_t layers() const { return layers_.size(); }
  [[nodiscard]] Matrix weights(std::size_t layer);           ///< (n_l, n_{l-1}), of layer l = 1 … L
  [[nodiscard]] std::span<float> biases(std::size_t layer);  ///< (n_l)
  /// The whole buffer, which is padded between matrices; the padding is 0 and stays so.
  [[nodiscard]] std::span<float> all() { return buffer_.span(); }
  [[nodiscard]] ParameterPlan plan() const;

  /// Layers 1 … L, of the same widths.
  void upload(Backend& backend, std::span<const LayerParameters> layers);
  [[nodiscard]] std::vector<LayerParameters> download(Backend& backend) const;

  /// Values on the host that lie as those of `all` do, layer by layer; and back, with a padding of 0.
  [[nodiscard]] std::vector<LayerParameters> split(std::span<const float> values) const;
  [[nodiscard]] std::vector<float> join(std::span<const LayerParameters> layers) const;

 private:
  struct Layer {
    std::size_t outputs;
    std::size_t inputs;
    std::size_t weights;  // where they begin in the buffer
    std::size_t biases;   // likewise
  };

  std::vector<Layer> layers_;
  std::size_t biases_begin_ = 0;
  Buffer buffer_;
};

}  // namespace gradus::internal
