#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "backend/buffer.hpp"
#include "backend/layer.hpp"
#include "backend/random_draws.hpp"

namespace gradus::internal {

/// A dense layer for any device. It owns the buffers, and calls the device's verbs in their order.
class DenseLayer final : public Layer {
 public:
  /// As make_layer. `memory` and `verbs` must outlive it.
  DenseLayer(DeviceMemory& memory, LayerVerbs& verbs, const LayerSpec& spec, const LayerUse& use,
             std::span<const Matrix> parameters, RandomDraws* draws);

  Matrix forward(ConstMatrix x) override;
  [[nodiscard]] LayerOutputs outputs() const override { return {y_.top(x_.rows), kept_.data}; }
  [[nodiscard]] ErrorTerms error_terms(const ParameterUpdate& update) const override;
  void backward(const ErrorTerms& before) override;
  void update(const ParameterUpdate& update) override;

  [[nodiscard]] static std::size_t floats_per_sample(const LayerSpec& spec, const LayerUse& use);

 private:
  LayerVerbs& verbs_;
  RandomDraws* draws_;
  std::optional<Dropout> dropout_;
  Activation activation_;
  Matrix w_;                     // (n_l, n_{l-1})
  std::span<float> b_;           // (n_l)
  ConstMatrix x_ = {};           // the current inputs
  std::vector<Buffer> buffers_;  // the memory behind the views below, (rows, n_l)
  Matrix y_ = {};
  Matrix kept_ = {};     // A, or ln Y of softmax; without data where it is not needed
  Matrix dropped_ = {};  // Y after dropout, likewise
  Matrix factors_ = {};  // by which dropout has multiplied Y, likewise
  Matrix delta_ = {};    // likewise
};

}  // namespace gradus::internal
