#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "gradus/network_spec.hpp"

/// The method of docs/mathematics.md written as plainly as possible: double precision, loops, no library. Every fast
/// version is held against it, so it shares nothing with src/. W_l of the page is `weights[l - 1]`, b_l is `biases[l - 1]`.
namespace gradus::reference {

/// The functions of a single unit: all but softmax, which is a function of a whole layer.
inline constexpr auto kActivations = [] {
  std::array<Activation, kNames<Activation>.size() - 1> activations{};
  std::size_t count = 0;
  for (const Activation activation : kValues<Activation>)
    if (activation != Activation::softmax) activations[count++] = activation;
  return activations;
}();

struct Network {
  std::vector<std::size_t> widths;  // n_0 … n_L
  Activation hidden = Activation::sigmoid;
  Activation output = Activation::sigmoid;
  Loss loss = Loss::mse;
  double label_smoothing = 0.0;
  double huber_delta = 1.0;
  std::vector<std::vector<double>> weights;  // L of (outputs, inputs) row-major
  std::vector<std::vector<double>> biases;   // L of (outputs)
  /// The factors of dropout: Y_l is multiplied by them before layer l + 1 takes it, (batch, n_l) at l for l = 1 … L−1;
  /// empty: nothing.
  std::vector<std::vector<double>> factors = {};

  [[nodiscard]] std::size_t layers() const { return weights.size(); }
  /// The activation function of layer l = 1 … L, whose weights are weights[l − 1].
  [[nodiscard]] Activation activation(std::size_t l) const { return l == layers() ? output : hidden; }
};

/// ∂C/∂W_l and ∂C/∂b_l, shaped like the network's own.
struct Gradients {
  std::vector<std::vector<double>> weights;
  std::vector<std::vector<double>> biases;
};

/// Φ(a): the probability of N(0, 1) below a.
inline double normal_distribution(double a) {
  return 0.5 * std::erfc(-a / std::sqrt(2.0));
}

/// y = σ(a). Softmax is not a function of one unit: softmax().
inline double activate(Activation activation, double a) {
  switch (activation) {
    case Activation::identity:
      return a;
    case Activation::sigmoid:
      return 1.0 / (1.0 + std::exp(-a));
    case Activation::tanh:
      return std::tanh(a);
    case Activation::relu:
      return a < 0.0 ? 0.0 : a;  // lets NaN through
    case Activation::scaled_tanh:
      return 1.7159 * std::tanh(2.0 / 3.0 * a);
    case Activation::leaky_relu:
      return a < 0.0 ? 0.01 * a : a;
    case Activation::elu:
      return a < 0.0 ? std::expm1(a) : a;
    case Activation::gelu:
      return a * normal_distribution(a);
    case Activation::silu:
      return a / (1.0 + std::exp(-a));
    case Activation::softplus:
      return std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a)));
    case Activation::softmax:
      break;
  }
  throw std::logic_error("no such activation");
}

/// Whether the derivative cannot be computed from the output.
inline bool slope_needs_input(Activation activation) {
  return activation == Activation::gelu || activation == Activation::silu;
}

/// σ′(a) as a function of the output y = σ(a), or of a itself where slope_needs_input says so.
inline double slope(Activation activation, double argument) {
  const double y = argument;
  const double s = 1.0 / (1.0 + std::exp(-argument));
  switch (activation) {
    case Activation::identity:
      return 1.0;
    case Activation::sigmoid:
      return y * (1.0 - y);
    case Activation::tanh:
      return 1.0 - y * y;
    case Activation::relu:
      return y > 0.0 ? 1.0 : 0.0;
    case Activation::scaled_tanh:
      return 2.0 / 3.0 * 1.7159 * (1.0 - y / 1.7159 * (y / 1.7159));
    case Activation::leaky_relu:
      return y > 0.0 ? 1.0 : 0.01;
    case Activation::elu:
      return y > 0.0 ? 1.0 : y + 1.0;
    case Activation::gelu:
      return normal_distribution(argument) +
             argument * std::exp(-0.5 * argument * argument) / std::sqrt(2.0 * std::acos(-1.0));
    case Activation::silu:
      return s * (1.0 + argument * (1.0 - s));
    case Activation::softplus:
      return -std::expm1(-y);
    case Activation::softmax:
      break;
  }
  throw std::logic_error("no such activation");
}

/// Each row of `a` (batch, outputs): e^a over their sum.
inline void softmax(std::vector<double>& a, std::size_t outputs) {
  for (std::size_t first = 0; first < a.size(); first += outputs) {
    double greatest = a[first];
    for (std::size_t j = 1; j < outputs; ++j) greatest = std::max(greatest, a[first + j]);
    double sum = 0.0;
    for (std::size_t j = 0; j < outputs; ++j) sum += a[first + j] = std::exp(a[first + j] - greatest);
    for (std::size_t j = 0; j < outputs; ++j) a[first + j] /= sum;
  }
}

/// The activation of outputs that a loss is tested with: the one that it needs, or none.
inline Activation output_for(Loss loss) {
  return loss == Loss::cross_entropy          ? Activation::softmax
         : loss == Loss::binary_cross_entropy ? Activation::sigmoid
                                              : Activation::identity;
}

/// What one output adds to a sample's cost.
inline double loss(const Network& network, double y, double t) {
  const double error = std::abs(t - y);
  const double outputs = static_cast<double>(network.widths.back());
  switch (network.loss) {
    case Loss::mse:
      return 0.5 * error * error;
    case Loss::cross_entropy:
      return -(t * (1.0 - network.label_smoothing) + network.label_smoothing / outputs) * std::log(y);
    case Loss::binary_cross_entropy:
      return -t * std::log(y) - (1.0 - t) * std::log1p(-y);
    case Loss::huber:
      return error > network.huber_delta ? network.huber_delta * (error - 0.5 * network.huber_delta) : 0.5 * error * error;
    case Loss::mae:
      return error;
  }
  throw std::logic_error("no such loss");
}

/// ∂loss/∂y of one output.
inline double loss_slope(const Network& network, double y, double t) {
  const double error = y - t;
  const double outputs = static_cast<double>(network.widths.back());
  switch (network.loss) {
    case Loss::mse:
      return error;
    case Loss::cross_entropy:
      return -(t * (1.0 - network.label_smoothing) + network.label_smoothing / outputs) / y;
    case Loss::binary_cross_entropy:
      return error / (y * (1.0 - y));
    case Loss::huber:
      return std::abs(error) > network.huber_delta ? std::copysign(network.huber_delta, error) : error;
    case Loss::mae:
      return error == 0.0 ? 0.0 : std::copysign(1.0, error);
  }
  throw std::logic_error("no such loss");
}

/// A_l (batch, n_l) of Y_{l−1} (batch, n_{l−1}): a = W y + b for each sample.
inline std::vector<double> linear_outputs(const Network& network, std::size_t l, const std::vector<double>& y,
                                          std::size_t batch) {
  const std::size_t inputs = network.widths[l - 1];
  const std::size_t outputs = network.widths[l];
  std::vector<double> a(batch * outputs);
  for (std::size_t s = 0; s < batch; ++s)
    for (std::size_t j = 0; j < outputs; ++j) {
      double sum = network.biases[l - 1][j];
      for (std::size_t i = 0; i < inputs; ++i) sum += network.weights[l - 1][j * inputs + i] * y[s * inputs + i];
      a[s * outputs + j] = sum;
    }
  return a;
}

/// Y_l as layer l + 1 takes it.
inline std::vector<double> passed_on(const Network& network, std::size_t l, std::vector<double> y) {
  if (l == 0 || network.factors.empty()) return y;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] *= network.factors[l][i];
  return y;
}

/// Y_0 … Y_L for `inputs` (batch, n_0); Y_l is (batch, n_l).
inline std::vector<std::vector<double>> forward(const Network& network, const std::vector<double>& inputs,
                                                std::size_t batch) {
  std::vector<std::vector<double>> activations{inputs};
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    std::vector<double> y = linear_outputs(network, l, passed_on(network, l - 1, activations[l - 1]), batch);
    if (network.activation(l) == Activation::softmax)
      softmax(y, network.widths[l]);
    else
      for (double& value : y) value = activate(network.activation(l), value);
    activations.push_back(y);
  }
  return activations;
}

/// 1/(2B) Σ (t − y)², for outputs without a network.
inline double cost(const std::vector<double>& outputs, const std::vector<double>& targets, std::size_t batch) {
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += (targets[i] - outputs[i]) * (targets[i] - outputs[i]);
  return sum / (2.0 * static_cast<double>(batch));
}

/// C = 1/B Σ_samples Σ_outputs of the loss.
inline double cost(const Network& network, const std::vector<double>& inputs, const std::vector<double>& targets,
                   std::size_t batch) {
  const auto outputs = forward(network, inputs, batch).back();
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += loss(network, outputs[i], targets[i]);
  return sum / static_cast<double>(batch);
}

/// The argument of σ′ of layer l, (batch, n_l).
inline std::vector<double> slope_arguments(const Network& network, const std::vector<std::vector<double>>& activations,
                                           std::size_t l, std::size_t batch) {
  return slope_needs_input(network.activation(l))
             ? linear_outputs(network, l, passed_on(network, l - 1, activations[l - 1]), batch)
             : activations[l];
}

/// Δ_0 … Δ_L, where Δ_l (batch, n_l) = ∂(sum of the samples' costs)/∂A_l. Δ_0 is empty: the inputs have no A.
inline std::vector<std::vector<double>> error_terms(const Network& network,
                                                    const std::vector<std::vector<double>>& activations,
                                                    const std::vector<double>& targets, std::size_t batch) {
  const std::size_t last = network.layers();
  std::vector<std::vector<double>> delta(last + 1);
  delta[last].resize(activations[last].size());
  const std::size_t outputs = network.widths[last];
  if (network.output == Activation::softmax) {
    // The derivative of every output by every a of its sample: ∂y_k/∂a_j = y_k (1 if k = j − y_j).
    for (std::size_t i = 0; i < delta[last].size(); ++i) {
      const std::size_t first = i / outputs * outputs;
      for (std::size_t k = first; k < first + outputs; ++k)
        delta[last][i] += loss_slope(network, activations[last][k], targets[k]) * activations[last][k] *
                          ((k == i ? 1.0 : 0.0) - activations[last][i]);
    }
  } else {
    const auto arguments = slope_arguments(network, activations, last, batch);
    for (std::size_t i = 0; i < delta[last].size(); ++i)
      delta[last][i] = loss_slope(network, activations[last][i], targets[i]) * slope(network.output, arguments[i]);
  }
  for (std::size_t l = last - 1; l >= 1; --l) {
    const std::size_t units = network.widths[l];
    const std::size_t next = network.widths[l + 1];
    delta[l].resize(batch * units);
    const auto arguments = slope_arguments(network, activations, l, batch);
    for (std::size_t s = 0; s < batch; ++s)
      for (std::size_t j = 0; j < units; ++j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < next; ++k) sum += delta[l + 1][s * next + k] * network.weights[l][k * units + j];
        const double factor = network.factors.empty() ? 1.0 : network.factors[l][s * units + j];
        delta[l][s * units + j] = sum * factor * slope(network.hidden, arguments[s * units + j]);
      }
  }
  return delta;
}

/// The gradients of C, averaged over the batch.
inline Gradients gradients(const Network& network, const std::vector<double>& inputs, const std::vector<double>& targets,
                           std::size_t batch) {
  const auto activations = forward(network, inputs, batch);
  const auto delta = error_terms(network, activations, targets, batch);
  Gradients result;
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    const std::size_t before = network.widths[l - 1];
    const std::size_t units = network.widths[l];
    std::vector<double> weights(units * before);
    std::vector<double> biases(units);
    const std::vector<double> y = passed_on(network, l - 1, activations[l - 1]);
    for (std::size_t s = 0; s < batch; ++s)
      for (std::size_t j = 0; j < units; ++j) {
        const double share = delta[l][s * units + j] / static_cast<double>(batch);
        for (std::size_t i = 0; i < before; ++i) weights[j * before + i] += share * y[s * before + i];
        biases[j] += share;
      }
    result.weights.push_back(weights);
    result.biases.push_back(biases);
  }
  return result;
}

/// One step of gradient descent: against the gradient, hence the minus.
inline void descend(Network& network, const Gradients& gradients, double learning_rate) {
  for (std::size_t l = 0; l < network.layers(); ++l) {
    for (std::size_t i = 0; i < network.weights[l].size(); ++i)
      network.weights[l][i] -= learning_rate * gradients.weights[l][i];
    for (std::size_t j = 0; j < network.biases[l].size(); ++j)
      network.biases[l][j] -= learning_rate * gradients.biases[l][j];
  }
}

}  // namespace gradus::reference
