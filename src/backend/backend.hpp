#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "backend/buffer.hpp"
#include "backend/derivative_argument.hpp"
#include "backend/distortion.hpp"
#include "backend/loss.hpp"
#include "backend/matrix_view.hpp"
#include "backend/optimizer.hpp"
#include "backend/sample_source.hpp"
#include "backend/visits.hpp"
#include "backend/weighted_targets.hpp"
#include "formulas/column_statistics.hpp"
#include "formulas/dropout.hpp"
#include "formulas/input_noise.hpp"
#include "formulas/mixup.hpp"
#include "formulas/philox.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus::internal {

/// Samples where a backend reaches them, and the order in which minibatches take them. They must be gone before the backend.
class Samples {
 public:
  Samples() = default;
  Samples(const Samples&) = delete;
  Samples& operator=(const Samples&) = delete;
  virtual ~Samples() = default;

  /// An epoch begins: minibatches take the rows of the source in their order.
  virtual void in_order() = 0;
  /// An epoch begins: minibatches take rows[p] along the random permutation p of the sequence (random_permutation).
  virtual void shuffle(const RandomSequence& sequence) = 0;

  /// To be called before each gather_rows, and outside of work that is repeated: the next `count` samples will be needed.
  /// Where the data set is larger than a device's memory, this brings them there.
  virtual void prepare(std::size_t count) = 0;
};

/// What becomes of a layer's biases b when its error terms Δ are known, of which they need the column sums s.
struct BiasUpdate {
  enum class Kind : std::uint8_t {
    none,
    gradient,  ///< G_b = beta · G_b + alpha · s, where G_b is `values`; with beta = 0 what it held does not matter
    descent,   ///< b −= rate/B · s, where b is `values`
  };

  Kind kind = Kind::none;
  std::span<float> values = {};  // (n_l)
  float alpha = 1.0F;
  float beta = 0.0F;

  static BiasUpdate gradient(std::span<float> values, float alpha, float beta) {
    return {Kind::gradient, values, alpha, beta};
  }
  static BiasUpdate descent(std::span<float> values) { return {Kind::descent, values}; }
};

/// A layer's outputs. `kept` (the same shape), or null: what its derivative or its loss needs beside them, i.e. A or, of
/// softmax, ln Y.
template <typename T>
struct LayerOutputsView {
  MatrixView<T> y;
  T* kept = nullptr;

  LayerOutputsView(MatrixView<T> outputs, T* beside = nullptr) : y(outputs), kept(beside) {}
  LayerOutputsView(Matrix outputs) requires std::is_const_v<T> : y(outputs) {}
  operator LayerOutputsView<const T>() const { return {y, kept}; }
};
using LayerOutputs = LayerOutputsView<float>;
using ConstLayerOutputs = LayerOutputsView<const float>;

/// Work that a backend remembers.
class Repetition {
 public:
  Repetition() = default;
  Repetition(const Repetition&) = delete;
  Repetition& operator=(const Repetition&) = delete;
  virtual ~Repetition() = default;
};

/// A device as propagation sees it: memory, and verbs that are each as large as a fusion. Views are in the device's memory;
/// spans are on the host. Verbs allocate nothing of their own. Shapes use the letters of docs/mathematics.md: B samples at
/// once, n_l units in activation l. A matrix may have no rows: then a verb does nothing but what `beta` asks. Weights change
/// by verbs and by uploads alone, since a device may keep them in other formats too.
class Backend : public DeviceMemory {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  /// How many threads work for it; 1 on a GPU.
  [[nodiscard]] virtual std::size_t threads() const = 0;

  virtual void upload(std::span<const float> host, float* device) = 0;
  virtual void download(const float* device, std::span<float> host) = 0;
  /// Within the device; both are of the same size.
  virtual void copy(std::span<const float> from, std::span<float> to) = 0;

  /// Makes samples ready for gather_rows, of at most `rows` at once. What the source points to must outlive them, since it
  /// is borrowed.
  [[nodiscard]] virtual std::unique_ptr<Samples> hold(const SampleSource& source, std::size_t rows) = 0;

  /// What there is to know of each input column of the source's rows, before it is scaled; nothing where the host can find
  /// it as quickly, or where the device lacks the memory.
  [[nodiscard]] virtual std::optional<std::vector<ColumnStatistics>> column_statistics(const SampleSource& source) = 0;

  /// The minibatch of the next B samples of the epoch, scaled. `x` (B, n_0); `t` (B, n_L), or without data when no targets
  /// are wanted; its weights, if they are wanted, which the samples then have. `samples` are this backend's own, and there
  /// must be B of them left.
  virtual void gather_rows(Samples& samples, Matrix x, const WeightedTargets& t) = 0;

  /// Y = σ(X Wᵀ + b), and what is to be kept. `x` (B, n_{l-1}), `w` (n_l, n_{l-1}), `b` (n_l), `y` (B, n_l).
  virtual void dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation,
                             LayerOutputs y) = 0;

  /// Δ_L, and adds the batch's cost, the sum of the loss over its samples, to the running total; both times the samples'
  /// weights. `y`, `t`, `delta` (B, n_L). The biases follow at once: no error term depends on them.
  virtual void output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss,
                            Activation activation, Matrix delta, const BiasUpdate& biases) = 0;

  /// Δ_l = (Δ_{l+1} W_{l+1}) ⊙ σ′, and ⊙ the factors where there are such. `delta_next` (B, n_{l+1}), `w_next`
  /// (n_{l+1}, n_l), `argument` and `delta` (B, n_l). The biases follow at once.
  virtual void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                            Activation activation, Matrix delta, const BiasUpdate& biases) = 0;

  /// No sample was visited yet.
  [[nodiscard]] virtual std::unique_ptr<Visits> make_visits() = 0;
  /// Leaves nodes out: `factors` become 0 for these and Dropout::kept_factor for the others, and dropped = y ⊙ factors. Row
  /// i is visit number `visits` + i. `y`, `dropped`, `factors` (B, n_l).
  virtual void drop(const Dropout& dropout, const Visits& visits, ConstMatrix y, Matrix dropped, Matrix factors) = 0;
  /// So many samples were visited.
  virtual void count_visits(Visits& visits, std::size_t samples) = 0;

  /// What is needed for a distortion of at most `rows` images at once. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Distorter> make_distorter(const ScaledDistortion& distortion, std::size_t rows) = 0;
  /// X = the images, distorted and scaled. Row i is visit number `visits` + i. `images` as they were read, `x` (B, n_0),
  /// which do not overlap.
  virtual void distort(Distorter& distorter, const Visits& visits, ConstMatrix images, Matrix x) = 0;
  /// mixed = each row with its partner, and the same of targets and of weights, if there are any. Row i is visit number
  /// `visits` + i. `x`, `mixed` (B, n_0), `t`, `mixed_t` (B, n_L), which do not overlap.
  virtual void mix_rows(const Mixup& mixup, const Visits& visits, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
                        const WeightedTargets& mixed_t) = 0;
  /// noisy = x + noise. Row i is visit number `visits` + i. `x`, `noisy` (B, n_0), which may be the same.
  virtual void add_noise(const InputNoise& noise, const Visits& visits, ConstMatrix x, Matrix noisy) = 0;

  /// G_W = beta · G_W + alpha · Δᵀ X. `x` (B, n_{l-1}), `delta` (B, n_l), `grad_w` (n_l, n_{l-1}). With beta = 0 what the
  /// gradient held does not matter.
  virtual void dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) = 0;

  /// Does `work` so many times, which calls verbs of this backend with the same arguments each time. A GPU remembers them
  /// when the work is done the second time, and from then on repeats them without calling it. `repetition` is what the work
  /// goes by: null at first, gone before the backend, and nothing that the work uses may be given back while it is there.
  virtual void repeat(std::unique_ptr<Repetition>& repetition, std::size_t times, const std::function<void()>& work) = 0;

  /// The rate α of descents from now on. Kept on the device, so that a step can be repeated as it is while the rate changes.
  virtual void set_rate(float rate) = 0;

  /// Plain gradient descent without a gradient buffer: W −= α/B · Δᵀ X.
  virtual void dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w) = 0;

  /// What an optimizer needs for parameters of this plan. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<OptimizerState> make_optimizer(const OptimizerSettings& settings,
                                                                       const ParameterPlan& plan) = 0;

  /// One step of the optimizer, at the rate α, along the gradients of all parameters; both as its plan says. What the
  /// gradients hold afterwards does not matter.
  virtual void optimizer_step(OptimizerState& optimizer, std::span<float> gradients, std::span<float> parameters) = 0;

  /// How a classification did: the number of each sample's largest output, the first of equals as std::max_element has it,
  /// and the batch's cost as of output_error, which is no part of the running total. `y`, `t` (B, n_L); `classes` (B), on
  /// the host. Waits for the device.
  [[nodiscard]] virtual double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss,
                                        std::span<std::int32_t> classes) = 0;

  /// The running total of output_error's costs since the last call, which starts it again at 0. Waits for the device.
  virtual double take_cost() = 0;
};

/// The backend of a resolved device. `threads` is how many the CPU may use. Throws DeviceError, OutOfMemory, and UsageError
/// for a precision that the device does not have.
[[nodiscard]] std::unique_ptr<Backend> make_backend(Device device, Precision precision, std::size_t threads);

/// How many floats of activations and error terms a resolved device should have under way: a larger batch is done in parts.
/// The CPU: its share of a cache. A GPU: a share of its whole memory, and not of what is free, since the parts decide the
/// order of sums.
[[nodiscard]] std::size_t floats_at_once(Device device);

/// As many threads as help a network of these widths at `rows` samples at once on this machine, at most `limit` (0: no
/// limit). `others`: operations for each sample beside the matrix products. Throws UsageError for a limit that no machine
/// has.
[[nodiscard]] std::size_t useful_threads(std::span<const std::size_t> widths, std::size_t rows, std::size_t limit,
                                         double others = 0.0);

}  // namespace gradus::internal
