#include "backend/cuda/functions.hpp"

namespace gradus::internal::cuda {

kernels::ActivationKind kind_of(Activation activation) {
  using Kind = kernels::ActivationKind;
  switch (activation) {
    case Activation::sigmoid:
      return Kind::sigmoid;
    case Activation::tanh:
      return Kind::tanh;
    case Activation::relu:
      return Kind::relu;
    case Activation::scaled_tanh:
      return Kind::scaled_tanh;
    case Activation::leaky_relu:
      return Kind::leaky_relu;
    case Activation::elu:
      return Kind::elu;
    case Activation::gelu:
      return Kind::gelu;
    case Activation::silu:
      return Kind::silu;
    case Activation::softplus:
      return Kind::softplus;
    case Activation::identity:
    case Activation::softmax:  // its derivative is part of its loss
      break;
  }
  return Kind::identity;
}

kernels::LossTerms terms_of(const LossFunction& loss, std::size_t outputs) {
  using Kind = kernels::LossKind;
  switch (loss.kind) {
    case Loss::mse:
      break;
    case Loss::cross_entropy:
      return {.kind = Kind::cross_entropy,
              .scale = 1.0F - loss.label_smoothing,
              .shift = loss.label_smoothing / static_cast<float>(outputs)};
    case Loss::binary_cross_entropy:
      return {.kind = Kind::binary_cross_entropy};
    case Loss::huber:
      return {.kind = Kind::huber, .delta = loss.huber_delta};
    case Loss::mae:
      return {.kind = Kind::absolute};
  }
  return {.kind = Kind::squared};
}

kernels::OptimizerKind kind_of(Optimizer optimizer) {
  using Kind = kernels::OptimizerKind;
  switch (optimizer) {
    case Optimizer::sgd:
      break;
    case Optimizer::momentum:
      return Kind::momentum;
    case Optimizer::nesterov:
      return Kind::nesterov;
    case Optimizer::rmsprop:
      return Kind::rmsprop;
    case Optimizer::adam:
    case Optimizer::adamw:
    case Optimizer::lamb:
      return Kind::adam;
  }
  return Kind::descent;
}

kernels::OptimizerNumbers numbers_of(const OptimizerSettings& settings) {
  return {.momentum = settings.momentum,
          .beta1 = settings.beta1,
          .beta2 = settings.beta2,
          .epsilon = settings.epsilon,
          .weight_decay = settings.weight_decay,
          .l1 = settings.l1,
          .l2 = settings.l2,
          .clip_norm = settings.clip_norm};
}

kernels::RandomKey key_of(const RandomSequence& sequence) {
  return {.seed = sequence.seed(), .purpose = sequence.purpose(), .part = sequence.part()};
}

}  // namespace gradus::internal::cuda
