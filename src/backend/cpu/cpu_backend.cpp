#include "backend/cpu/cpu_backend.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "backend/cost.hpp"
#include "backend/cpu/augmentation_kernels.hpp"
#include "backend/cpu/cpu_optimizer.hpp"
#include "backend/cpu/dropout_kernels.hpp"
#include "backend/cpu/matrix_product.hpp"
#include "backend/cpu/partition.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "backend/shuffled_order.hpp"
#include "base/memory.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr std::align_val_t kAlignment{64};
/// At most, of a product, while the next minibatch is fetched: a tile of direct_products.cpp.
constexpr std::size_t kRowsPerFetch = 6;
/// Of the next minibatch at most: a share of a second cache, which what is at hand needs too.
constexpr std::size_t kFetchedBytes = std::size_t{1} << 18;

/// An address within what may not be there.
template <typename T>
T* at(T* values, std::size_t index) {
  return values == nullptr ? nullptr : values + index;
}

double product_operations(std::size_t m, std::size_t n, std::size_t k) {
  return 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

}  // namespace

/// Samples of the host, as they are.
class CpuBackend::BorrowedSamples final : public Samples {
 public:
  BorrowedSamples(CpuBackend& backend, const SampleSource& source) : backend_(backend), source_(source) {}
  BorrowedSamples(const BorrowedSamples&) = delete;
  BorrowedSamples& operator=(const BorrowedSamples&) = delete;
  ~BorrowedSamples() override { backend_.upcoming_ = {}; }

  void in_order() override { begin(source_.rows); }
  void shuffle(const RandomSequence& sequence) override { begin(order_.shuffle(sequence, source_.rows)); }
  void prepare(std::size_t /*count*/) override {}

  [[nodiscard]] const SampleSource& source() const { return source_; }
  /// The next ones of the epoch.
  std::span<const std::uint32_t> take(std::size_t count) {
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  /// Those that come after them, at most so many.
  [[nodiscard]] std::span<const std::uint32_t> next(std::size_t count) const {
    return rest_.first(std::min(count, rest_.size()));
  }

 private:
  void begin(std::span<const std::uint32_t> order) {
    rest_ = order;
    backend_.upcoming_ = {};
  }

  CpuBackend& backend_;
  SampleSource source_;
  ShuffledOrder order_;
  std::span<const std::uint32_t> rest_;
};

CpuBackend::CpuBackend(std::size_t threads) : pool_(threads), task_costs_(threads) {}

float* CpuBackend::take(std::size_t count) {
  const std::size_t bytes = std::max<std::size_t>(count, 1) * sizeof(float);
  void* memory = ::operator new(bytes, kAlignment, std::nothrow);
  if (memory == nullptr)
    throw OutOfMemory(fmt::format("not enough memory: a buffer needs {}, and {} are available", format_bytes(bytes),
                                  format_bytes(available_memory())));
  auto* floats = static_cast<float*>(memory);
  std::fill_n(floats, count, 0.0F);
  return floats;
}

void CpuBackend::give_back(float* memory) noexcept {
  ::operator delete(memory, kAlignment);
}

void CpuBackend::upload(std::span<const float> host, float* device) {
  std::copy(host.begin(), host.end(), device);
}

void CpuBackend::download(const float* device, std::span<float> host) {
  std::copy_n(device, host.size(), host.begin());
}

void CpuBackend::copy(std::span<const float> from, std::span<float> to) {
  std::ranges::copy(from, to.begin());
}

std::unique_ptr<Samples> CpuBackend::hold(const SampleSource& source, std::size_t /*rows*/) {
  return std::make_unique<BorrowedSamples>(*this, source);
}

void CpuBackend::gather_rows(Samples& samples, Matrix x, const WeightedTargets& targets) {
  const Matrix t = targets.t;
  auto& borrowed = static_cast<BorrowedSamples&>(samples);
  const SampleSource& source = borrowed.source();
  const auto order = borrowed.take(x.rows);
  const std::size_t tasks = task_count(static_cast<double>(x.size()), kElementsPerTask, order.size(), threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(order.size(), tasks, task);
    gather_inputs(source, order.subspan(rows.first, rows.size()), x.data + rows.first * x.columns);
    if (t.data != nullptr) gather_targets(source, order.subspan(rows.first, rows.size()), t.data + rows.first * t.columns);
    for (std::size_t i = rows.first; i < rows.last && targets.weights != nullptr; ++i)
      targets.weights[i] = source.weights[order[i]];
  });
  const std::size_t sample_bytes = source.features * (source.bytes != nullptr ? 1 : sizeof(float));
  upcoming_ = {&source, borrowed.next(std::min(order.size(), kFetchedBytes / std::max<std::size_t>(1, sample_bytes)))};
}

void CpuBackend::dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation,
                               LayerOutputs outputs) {
  const Matrix y = outputs.y;
  if (y.rows == 0) return;
  const Upcoming upcoming = std::exchange(upcoming_, {});
  const std::size_t tasks =
      task_count(product_operations(y.rows, y.columns, x.columns), kOperationsPerTask, y.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(y.rows, tasks, task);
    const Range fetched = part(upcoming.samples.size(), tasks, task);
    // What is fetched spreads over the product where that can be cut.
    const bool at_once = fetched.size() == 0 || !goes_row_by_row(rows.size(), y.columns, x.columns);
    const std::size_t tiles = at_once ? 1 : (rows.size() + kRowsPerFetch - 1) / kRowsPerFetch;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      const Range next = part(fetched.size(), tiles, tile);
      if (next.size() > 0) fetch_inputs(*upcoming.source, upcoming.samples.subspan(fetched.first + next.first, next.size()));
      const Range current = part(rows.size(), tiles, tile);
      const std::size_t first = rows.first + current.first;
      float* const ys = y.data + first * y.columns;
      matrix_product(current.size(), y.columns, x.columns, 1.0F, {x.data + first * x.columns, x.columns},
                     {w.data, w.columns, Transpose::yes}, 0.0F, ys, y.columns);
      bias_activation(ys, b.data(), current.size(), y.columns, activation, at(outputs.kept, first * y.columns));
    }
  });
}

void CpuBackend::output_error(ConstLayerOutputs outputs, const ConstWeightedTargets& targets, const LossFunction& loss,
                              Activation activation, Matrix delta, const BiasUpdate& biases) {
  const ConstMatrix y = outputs.y;
  const ConstMatrix t = targets.t;
  const std::size_t tasks = task_count(static_cast<double>(y.size()), kElementsPerTask, y.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(y.rows, tasks, task);
    const auto terms = [&](std::size_t first_row, std::size_t count) {
      const std::size_t first = first_row * y.columns;
      return output_error_terms(y.data + first, at(outputs.kept, first), t.data + first, count, y.columns, activation, loss,
                                delta.data + first);
    };
    if (targets.weights == nullptr) {
      task_costs_[task] = terms(rows.first, rows.size());
      return;
    }
    task_costs_[task] = 0.0;
    for (std::size_t i = rows.first; i < rows.last; ++i) {
      task_costs_[task] += static_cast<double>(targets.weights[i]) * terms(i, 1);
      scale_values(targets.weights[i], y.columns, delta.data + i * y.columns);
    }
  });
  for (std::size_t task = 0; task < tasks; ++task) cost_ += task_costs_[task];
  update_biases(delta, biases);
}

void CpuBackend::hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                              Activation activation, Matrix delta, const BiasUpdate& biases) {
  if (delta.rows == 0) {
    update_biases(delta, biases);
    return;
  }
  const std::size_t tasks = task_count(product_operations(delta.rows, delta.columns, delta_next.columns), kOperationsPerTask,
                                       delta.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(delta.rows, tasks, task);
    const std::size_t first = rows.first * delta.columns;
    matrix_product(rows.size(), delta.columns, delta_next.columns, 1.0F,
                   {delta_next.data + rows.first * delta_next.columns, delta_next.columns}, {w_next.data, w_next.columns},
                   0.0F, delta.data + first, delta.columns);
    const std::size_t count = rows.size() * delta.columns;
    if (argument.factors != nullptr) multiply(argument.factors + first, count, delta.data + first);
    multiply_by_derivative(argument.at.data + first, count, activation, delta.data + first);
  });
  update_biases(delta, biases);
}

class CpuBackend::CountedVisits final : public Visits {
 public:
  [[nodiscard]] std::uint64_t save() const override { return count; }
  void load(std::uint64_t visits) override { count = visits; }

  std::uint64_t count = 0;
};

std::unique_ptr<Visits> CpuBackend::make_visits() {
  return std::make_unique<CountedVisits>();
}

void CpuBackend::drop(const Dropout& dropout, const Visits& visits, ConstMatrix y, Matrix dropped, Matrix factors) {
  const std::uint64_t first_visit = static_cast<const CountedVisits&>(visits).count;
  constexpr double kElements = kElementsPerTask / 4;  // drawing takes longer than reading and writing
  const std::size_t tasks = task_count(static_cast<double>(y.size()), kElements, y.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(y.rows, tasks, task);
    const std::size_t first = rows.first * y.columns;
    drop_nodes(dropout, first_visit + rows.first, y.data + first, rows.size(), y.columns, dropped.data + first,
               factors.data + first);
  });
}

void CpuBackend::count_visits(Visits& visits, std::size_t samples) {
  static_cast<CountedVisits&>(visits).count += samples;
}

/// Has working memory for each thread.
class CpuBackend::ImageDistorter final : public Distorter {
 public:
  ImageDistorter(CpuBackend& backend, const ScaledDistortion& scaled)
      : distortion(scaled.distortion),
        shift(scaled.input_shift.begin(), scaled.input_shift.end()),
        scale(scaled.input_scale.begin(), scaled.input_scale.end()),
        scratch_size(image_scratch(distortion)),
        scratch(backend, backend.threads() * scratch_size) {}

  Distortion distortion;
  std::vector<float> shift;
  std::vector<float> scale;
  std::size_t scratch_size;
  Buffer scratch;
};

std::unique_ptr<Distorter> CpuBackend::make_distorter(const ScaledDistortion& distortion, std::size_t /*rows*/) {
  return std::make_unique<ImageDistorter>(*this, distortion);
}

void CpuBackend::distort(Distorter& distorter, const Visits& visits, ConstMatrix images, Matrix x) {
  auto& images_of = static_cast<ImageDistorter&>(distorter);
  const std::uint64_t first_visit = static_cast<const CountedVisits&>(visits).count;
  constexpr double kElements = kElementsPerTask / 16;  // drawing, filtering and interpolating
  const std::size_t tasks = task_count(static_cast<double>(x.size()), kElements, x.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(x.rows, tasks, task);
    float* const scratch = images_of.scratch.data() + task * images_of.scratch_size;
    for (std::size_t row = rows.first; row < rows.last; ++row)
      distort_image(images_of.distortion, first_visit + row, images.data + row * x.columns, images_of.shift.data(),
                    images_of.scale.data(), scratch, x.data + row * x.columns);
  });
}

void CpuBackend::mix_rows(const Mixup& mixup, const Visits& visits, ConstMatrix x, const ConstWeightedTargets& t,
                          Matrix mixed, const WeightedTargets& mixed_t) {
  if (x.rows == 0) return;
  const std::uint64_t first_visit = static_cast<const CountedVisits&>(visits).count;
  const std::size_t distance = mixup.distance(first_visit, x.rows);
  const std::size_t tasks = task_count(static_cast<double>(x.size()), kElementsPerTask, x.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(x.rows, tasks, task);
    for (std::size_t row = rows.first; row < rows.last; ++row) {
      const float share = mixup.part(first_visit + row);
      const std::size_t partner = (row + distance) % x.rows;
      const auto mix_row = [&](const float* from, std::size_t columns, float* to) {
        mix(share, from + row * columns, from + partner * columns, columns, to + row * columns);
      };
      mix_row(x.data, x.columns, mixed.data);
      mix_row(t.t.data, t.t.columns, mixed_t.t.data);
      if (t.weights != nullptr) mix_row(t.weights, 1, mixed_t.weights);
    }
  });
}

void CpuBackend::add_noise(const InputNoise& noise, const Visits& visits, ConstMatrix x, Matrix noisy) {
  const std::uint64_t first_visit = static_cast<const CountedVisits&>(visits).count;
  constexpr double kElements = kElementsPerTask / 8;  // of drawing
  const std::size_t tasks = task_count(static_cast<double>(x.size()), kElements, x.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(x.rows, tasks, task);
    const std::size_t first = rows.first * x.columns;
    gradus::internal::add_noise(noise, first_visit + rows.first, x.data + first, rows.size(), x.columns, noisy.data + first);
  });
}

void CpuBackend::update_biases(ConstMatrix delta, const BiasUpdate& biases) {
  const bool descends = biases.kind == BiasUpdate::Kind::descent;
  if (biases.kind == BiasUpdate::Kind::none || (descends && delta.rows == 0)) return;
  const float alpha = descends ? -rate_ / static_cast<float>(delta.rows) : biases.alpha;
  const float beta = descends ? 1.0F : biases.beta;
  // A sum over the batch is never cut: columns are.
  const std::size_t tasks = task_count(static_cast<double>(delta.size()), kElementsPerTask, delta.columns, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range columns = part(delta.columns, tasks, task);
    column_sums(delta.data, delta.rows, delta.columns, columns.first, columns.last, alpha, beta, biases.values.data());
  });
}

void CpuBackend::dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) {
  if (x.rows == 0) {
    std::ranges::transform(grad_w.values(), grad_w.data, [beta](float value) { return beta == 0.0F ? 0.0F : beta * value; });
    return;
  }
  // The sum over the batch is never cut, so a gradient needs no reduction between threads: the longer side of the matrix is.
  const bool cut_rows = grad_w.rows > grad_w.columns;
  const std::size_t tasks = task_count(product_operations(grad_w.rows, grad_w.columns, x.rows), kOperationsPerTask,
                                       std::max(grad_w.rows, grad_w.columns), threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range all_rows{0, grad_w.rows};
    const Range all_columns{0, grad_w.columns};
    const Range rows = cut_rows ? part(grad_w.rows, tasks, task) : all_rows;
    const Range columns = cut_rows ? all_columns : part(grad_w.columns, tasks, task);
    matrix_product(rows.size(), columns.size(), x.rows, alpha, {delta.data + rows.first, delta.columns, Transpose::yes},
                   {x.data + columns.first, x.columns}, beta, grad_w.data + rows.first * grad_w.columns + columns.first,
                   grad_w.columns);
  });
}

void CpuBackend::dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w) {
  if (x.rows > 0) dense_gradient(x, delta, -rate_ / static_cast<float>(x.rows), 1.0F, w);
}

std::unique_ptr<OptimizerState> CpuBackend::make_optimizer(const OptimizerSettings& settings, const ParameterPlan& plan) {
  return std::make_unique<CpuOptimizer>(*this, pool_, settings, plan);
}

void CpuBackend::optimizer_step(OptimizerState& optimizer, std::span<float> gradients, std::span<float> parameters) {
  static_cast<CpuOptimizer&>(optimizer).step(rate_, gradients, parameters);
}

double CpuBackend::classify(ConstLayerOutputs outputs, ConstMatrix t, const LossFunction& loss,
                            std::span<std::int32_t> classes) {
  const ConstMatrix y = outputs.y;
  const std::size_t tasks = task_count(static_cast<double>(y.size()), kElementsPerTask, y.rows, threads());
  pool_.run(tasks, [&](std::size_t task) {
    const Range rows = part(y.rows, tasks, task);
    for (std::size_t i = rows.first; i < rows.last; ++i) {
      const std::span<const float> row(y.data + i * y.columns, y.columns);
      classes[i] = static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin());
    }
    const std::size_t first = rows.first * y.columns;
    task_costs_[task] =
        cost_of_outputs(loss, y.columns, y.data + first, at(outputs.kept, first), t.data + first, rows.size() * y.columns);
  });
  double total = 0.0;
  for (std::size_t task = 0; task < tasks; ++task) total += task_costs_[task];
  return total;
}

double CpuBackend::take_cost() {
  return std::exchange(cost_, 0.0);
}

}  // namespace gradus::internal
