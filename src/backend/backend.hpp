#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "backend/buffer.hpp"
#include "backend/matrix_view.hpp"
#include "backend/sample_source.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus::internal {

/// A device as propagation sees it: memory, and verbs that are each as large as a fusion. Views are in the device's memory;
/// spans are on the host. Verbs allocate nothing of their own. Shapes use the letters of docs/mathematics.md: B samples at
/// once, n_l units in activation l. A matrix may have no rows: then a verb does nothing but what `beta` asks.
class Backend : public DeviceMemory {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  /// How many threads work for it; 1 on a GPU.
  [[nodiscard]] virtual std::size_t threads() const = 0;

  virtual void upload(std::span<const float> host, float* device) = 0;
  virtual void download(const float* device, std::span<float> host) = 0;

  /// The minibatch of the samples `order`, scaled. `x` (B, n_0); `t` (B, n_L), or without data when no targets are wanted.
  virtual void gather_rows(const SampleSource& source, std::span<const std::uint32_t> order, Matrix x, Matrix t) = 0;

  /// Y = σ(X Wᵀ + b). `x` (B, n_{l-1}), `w` (n_l, n_{l-1}), `b` (n_l), `y` (B, n_l).
  virtual void dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, Matrix y) = 0;

  /// Δ_L of the loss, and adds the batch's Σ_samples Σ_outputs (y − t)² to the running total. `y`, `t`, `delta` (B, n_L).
  virtual void output_error(ConstMatrix y, ConstMatrix t, Loss loss, Activation activation, Matrix delta) = 0;

  /// Δ_l = (Δ_{l+1} W_{l+1}) ⊙ σ′(Y_l). `delta_next` (B, n_{l+1}), `w_next` (n_{l+1}, n_l), `y` and `delta` (B, n_l).
  virtual void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, ConstMatrix y, Activation activation,
                            Matrix delta) = 0;

  /// G_W = beta · G_W + alpha · Δᵀ X and G_b = beta · G_b + alpha · (column sums of Δ). `x` (B, n_{l-1}), `delta` (B, n_l),
  /// `grad_w` (n_l, n_{l-1}), `grad_b` (n_l). With beta = 0 what the gradients held does not matter.
  virtual void dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w,
                              std::span<float> grad_b) = 0;

  /// Plain gradient descent without a gradient buffer: W −= rate/B · Δᵀ X and b −= rate/B · (column sums of Δ).
  void dense_descend(ConstMatrix x, ConstMatrix delta, float rate, Matrix w, std::span<float> b) {
    dense_gradient(x, delta, -rate / static_cast<float>(x.rows), 1.0F, w, b);
  }

  /// Plain gradient descent: parameters −= rate · gradients.
  virtual void optimizer_step(std::span<const float> gradients, float rate, std::span<float> parameters) = 0;

  /// The running total of output_error's squares since the last call, which starts it again at 0. Waits for the device.
  virtual double take_squared_error() = 0;
};

/// The backend of a resolved device. `threads` is how many the CPU may use.
[[nodiscard]] std::unique_ptr<Backend> make_backend(Device device, std::size_t threads);

/// As many threads as help a network of these widths at `rows` samples at once on this machine, at most `limit` (0: no
/// limit). Throws UsageError for a limit that no machine has.
[[nodiscard]] std::size_t useful_threads(std::span<const std::size_t> widths, std::size_t rows, std::size_t limit);

}  // namespace gradus::internal
