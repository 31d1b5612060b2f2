#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// The trained parameters of all layers, or their gradients, in one buffer on the device, so that an update is one pass and
/// a copy is one copy. Tensors that decay (TensorSpec::decays) come first, layer by layer.
class Parameters {
 public:
  /// All values are 0. Throws OutOfMemory.
  Parameters(Backend& backend, std::span<const LayerSpec> layers);

  [[nodiscard]] std::size_t layers() const { return layers_.size(); }
  /// The tensors of layer l = 0 … L−1, as LayerSpec::tensors lists them: the first dimension by all others, or (1, n) where
  /// there is one.
  [[nodiscard]] std::span<const Matrix> tensors(std::size_t layer) { return layers_[layer]; }
  /// The whole buffer, which is padded between tensors; the padding is 0 and stays so.
  [[nodiscard]] std::span<float> all() { return buffer_.span(); }
  [[nodiscard]] ParameterPlan plan() const;

  /// `layers` must have the same layers and tensor sizes.
  void upload(Backend& backend, std::span<const LayerParameters> layers);
  [[nodiscard]] std::vector<LayerParameters> download(Backend& backend) const;

  /// Splits a copy of the buffer on the host into layers; `join` does the reverse, with a padding of 0.
  [[nodiscard]] std::vector<LayerParameters> split(std::span<const float> values) const;
  [[nodiscard]] std::vector<float> join(std::span<const LayerParameters> layers) const;

 private:
  /// Where a tensor of the buffer begins.
  [[nodiscard]] std::size_t first(const Matrix& tensor) const {
    return static_cast<std::size_t>(tensor.data - buffer_.data());
  }

  std::vector<std::vector<Matrix>> layers_;
  std::size_t decaying_ = 0;  // where those begin that do not decay
  Buffer buffer_;
};

}  // namespace gradus::internal
