#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "model/model_state.hpp"

namespace gradus::internal {

/// Values that belong to a network's weights and biases, in one buffer of the device: the parameters themselves, or their
/// gradients. One buffer, so that an update is one pass and a copy is one copy; all weights before all biases, since some
/// methods treat them differently.
class Parameters {
 public:
  /// For layers of the widths n_0 … n_L, all 0.
  Parameters(Backend& backend, std::span<const std::size_t> widths);

  [[nodiscard]] std::size_t layers() const { return layers_.size(); }
  [[nodiscard]] Matrix weights(std::size_t layer);           // (n_l, n_{l-1}) of layer l = 1 … L
  [[nodiscard]] std::span<float> biases(std::size_t layer);  // (n_l)
  [[nodiscard]] std::span<float> all() { return {buffer_.data(), buffer_.size()}; }
  [[nodiscard]] ParameterPlan plan() const;

  void upload(Backend& backend, std::span<const LayerParameters> layers);
  [[nodiscard]] std::vector<LayerParameters> download(Backend& backend) const;

 private:
  struct Layer {
    std::size_t outputs;
    std::size_t inputs;
    std::size_t weights;  // where they begin in the buffer
    std::size_t biases;
  };

  std::vector<Layer> layers_;
  std::size_t biases_begin_ = 0;
  Buffer buffer_;
};

}  // namespace gradus::internal
