#pragma once

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "gradus/network_spec.hpp"

/// The method of docs/mathematics.md written down as plainly as it can be: double precision, loops, no library. Every fast
/// version is held against it, so it shares nothing with src/. W_l of the page is `weights[l - 1]`, b_l is `biases[l - 1]`.
namespace gradus::reference {

struct Network {
  std::vector<std::size_t> widths;  // n_0 … n_L
  Activation hidden = Activation::sigmoid;
  Activation output = Activation::sigmoid;
  Loss loss = Loss::mse;
  std::vector<std::vector<double>> weights;  // L of (outputs, inputs) row-major
  std::vector<std::vector<double>> biases;   // L of (outputs)

  [[nodiscard]] std::size_t layers() const { return weights.size(); }
  /// The function of the nodes that layer l − 1 of the weights feeds, for l = 1 … L.
  [[nodiscard]] Activation activation(std::size_t l) const { return l == layers() ? output : hidden; }
};

/// ∂C/∂W_l and ∂C/∂b_l, shaped like the network's own.
struct Gradients {
  std::vector<std::vector<double>> weights;
  std::vector<std::vector<double>> biases;
};

/// y = σ(a).
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
  }
  throw std::logic_error("no such activation");
}

/// σ′(a) as a function of the output y = σ(a).
inline double slope(Activation activation, double y) {
  switch (activation) {
    case Activation::identity:
      return 1.0;
    case Activation::sigmoid:
      return y * (1.0 - y);
    case Activation::tanh:
      return 1.0 - y * y;
    case Activation::relu:
      return y > 0.0 ? 1.0 : 0.0;
  }
  throw std::logic_error("no such activation");
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

/// Y_0 … Y_L for `inputs` (batch, n_0); Y_l is (batch, n_l).
inline std::vector<std::vector<double>> forward(const Network& network, const std::vector<double>& inputs,
                                                std::size_t batch) {
  std::vector<std::vector<double>> activations{inputs};
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    std::vector<double> y = linear_outputs(network, l, activations[l - 1], batch);
    for (double& value : y) value = activate(network.activation(l), value);
    activations.push_back(y);
  }
  return activations;
}

/// C = 1/(2B) Σ_samples Σ_outputs (t − y)².
inline double cost(const std::vector<double>& outputs, const std::vector<double>& targets, std::size_t batch) {
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += (targets[i] - outputs[i]) * (targets[i] - outputs[i]);
  return sum / (2.0 * static_cast<double>(batch));
}

inline double cost(const Network& network, const std::vector<double>& inputs, const std::vector<double>& targets,
                   std::size_t batch) {
  return cost(forward(network, inputs, batch).back(), targets, batch);
}

/// Δ_0 … Δ_L, where Δ_l (batch, n_l) = ∂(sum of the samples' costs)/∂A_l. Δ_0 is empty: the inputs have no A.
inline std::vector<std::vector<double>> error_terms(const Network& network,
                                                    const std::vector<std::vector<double>>& activations,
                                                    const std::vector<double>& targets, std::size_t batch) {
  const std::size_t last = network.layers();
  std::vector<std::vector<double>> delta(last + 1);
  delta[last].resize(activations[last].size());
  for (std::size_t i = 0; i < delta[last].size(); ++i) {
    const double y = activations[last][i];
    delta[last][i] = (y - targets[i]) * slope(network.output, y);
  }
  for (std::size_t l = last - 1; l >= 1; --l) {
    const std::size_t units = network.widths[l];
    const std::size_t next = network.widths[l + 1];
    delta[l].resize(batch * units);
    for (std::size_t s = 0; s < batch; ++s)
      for (std::size_t j = 0; j < units; ++j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < next; ++k) sum += delta[l + 1][s * next + k] * network.weights[l][k * units + j];
        delta[l][s * units + j] = sum * slope(network.hidden, activations[l][s * units + j]);
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
    for (std::size_t s = 0; s < batch; ++s)
      for (std::size_t j = 0; j < units; ++j) {
        const double share = delta[l][s * units + j] / static_cast<double>(batch);
        for (std::size_t i = 0; i < before; ++i) weights[j * before + i] += share * activations[l - 1][s * before + i];
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
