#include "backend/dense_layer.hpp"

namespace gradus::internal {
namespace {

/// Whether the derivative of the activation or the loss needs more than Y_l: A_l, or ln Y_L of softmax.
bool keeps(const LayerSpec& spec, const LayerUse& use) {
  if (use.loss_reads_kept) return use.purpose != Purpose::inference;
  return derivative_needs_input(spec.activation) && use.purpose == Purpose::training;
}

}  // namespace

DenseLayer::DenseLayer(DeviceMemory& memory, LayerVerbs& verbs, const LayerSpec& spec, const LayerUse& use,
                       std::span<const Matrix> parameters, RandomDraws* draws)
    : verbs_(verbs),
      draws_(draws),
      activation_(spec.activation),
      w_(parameters[DenseTensors::kWeight]),
      b_(parameters[DenseTensors::kBias].values()) {
  const auto allocate = [&]() -> Matrix {
    return {buffers_.emplace_back(memory, use.rows * spec.outputs).data(), use.rows, spec.outputs};
  };
  y_ = allocate();
  if (keeps(spec, use)) kept_ = allocate();
  if (use.has_dropout()) {
    dropout_ = use.dropout;
    dropped_ = allocate();
    factors_ = allocate();
  }
  if (use.purpose == Purpose::training) delta_ = allocate();
}

std::size_t DenseLayer::floats_per_sample(const LayerSpec& spec, const LayerUse& use) {
  const std::size_t matrices =
      std::size_t{1} + (keeps(spec, use) ? 1 : 0) + (use.has_dropout() ? 2 : 0) + (use.purpose == Purpose::training ? 1 : 0);
  return matrices * spec.outputs;
}

Matrix DenseLayer::forward(ConstMatrix x) {
  x_ = x;
  const Matrix y = y_.top(x.rows);
  verbs_.forward(x, w_, b_, activation_, {y, kept_.data});
  if (!dropout_) return y;
  draws_->drop(*dropout_, y, dropped_.top(x.rows), factors_.top(x.rows));
  return dropped_.top(x.rows);
}

ErrorTerms DenseLayer::error_terms(const ParameterUpdate& update) const {
  const Matrix& at = derivative_needs_input(activation_) ? kept_ : y_;
  return {.delta = delta_.top(x_.rows),
          .activation = activation_,
          .argument = {at.top(x_.rows), factors_.data},
          .biases = update.kind == ParameterUpdate::Kind::descent
                        ? BiasUpdate::descent(b_)
                        : BiasUpdate::gradient(update.gradients[DenseTensors::kBias].values(), update.alpha, update.beta)};
}

void DenseLayer::backward(const ErrorTerms& before) {
  verbs_.hidden_error(delta_.top(x_.rows), w_, before.argument, before.activation, before.delta, before.biases);
}

void DenseLayer::update(const ParameterUpdate& update) {
  const ConstMatrix delta = delta_.top(x_.rows);
  if (update.kind == ParameterUpdate::Kind::descent)
    verbs_.descend(x_, delta, w_);
  else
    verbs_.gradient(x_, delta, update.alpha, update.beta, update.gradients[DenseTensors::kWeight]);
}

}  // namespace gradus::internal
