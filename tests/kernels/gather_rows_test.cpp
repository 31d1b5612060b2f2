// launch_gather_rows against the same two operations of a float on the host, bit for bit: what the CPU backend computes.
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/samples.hpp"

namespace gradus::kernels {
namespace {

enum class Inputs : std::uint8_t { bytes, floats };
enum class Targets : std::uint8_t { none, labels, floats };

/// What a matrix of scaled values is made from.
struct Scaled {
  std::vector<float> values;
  std::vector<float> shift;
  std::vector<float> scale;
};

struct Samples {
  std::size_t count;
  std::size_t features;
  std::size_t outputs;
  std::vector<std::uint8_t> bytes;  // empty, or what the inputs' values are
  Scaled inputs;
  std::vector<std::int32_t> labels;
  Scaled targets;
};

Scaled random_scaled(std::size_t rows, std::size_t columns, std::uint32_t seed) {
  return {random_values(rows * columns, seed, 5.0F), random_values(columns, seed + 1), random_values(columns, seed + 2)};
}

constexpr std::size_t kSamples = 40;

/// Few enough to be quick under ThreadSanitizer, and enough for several rows of 784 at once.
constexpr GridLimits kSomeBlocks{.block = 32, .blocks = 10};

Samples random_samples(Inputs inputs, Targets targets, std::size_t features, std::size_t outputs) {
  Samples samples{kSamples, features, outputs, {}, random_scaled(kSamples, features, 1), {}, {}};
  std::mt19937 generator(4);
  if (inputs == Inputs::bytes) {
    for (float& value : samples.inputs.values) {
      samples.bytes.push_back(static_cast<std::uint8_t>(generator()));
      value = static_cast<float>(samples.bytes.back());
    }
  }
  if (targets == Targets::labels) {
    for (std::size_t i = 0; i < kSamples; ++i) samples.labels.push_back(static_cast<std::int32_t>(generator() % outputs));
  }
  if (targets == Targets::floats) samples.targets = random_scaled(kSamples, outputs, 5);
  return samples;
}

/// Samples out of order, some of them several times and some never.
std::vector<std::uint32_t> random_order(std::size_t count) {
  std::mt19937 generator(8);
  std::vector<std::uint32_t> order(count);
  for (std::uint32_t& sample : order) sample = static_cast<std::uint32_t>(generator() % kSamples);
  return order;
}

/// How far, in elements, arrays lie beyond an aligned address.
struct Offsets {
  std::size_t samples = 0;
  std::size_t scaling = 0;
  std::size_t out = 0;
};

class DeviceScaled {
 public:
  DeviceScaled(const Stream& stream, const Scaled& scaled, Offsets offsets)
      : values(stream, scaled.values, offsets.samples),
        shift(stream, scaled.shift, offsets.scaling),
        scale(stream, scaled.scale, offsets.scaling) {}

  DeviceArray<float> values;
  DeviceArray<float> shift;
  DeviceArray<float> scale;
};

/// Samples and the order of an epoch in device memory.
class Epoch {
 public:
  Epoch(const Stream& stream, const Samples& samples, const std::vector<std::uint32_t>& order, Offsets offsets = {})
      : bytes_(stream, samples.bytes, offsets.samples),
        inputs_(stream, samples.inputs, offsets),
        labels_(stream, samples.labels, offsets.samples),
        targets_(stream, samples.targets, offsets),
        order_(stream, order, 1),
        host_weights_(random_values(kSamples, 77)),
        weights_(stream, host_weights_, offsets.samples) {
    view_.weights = weights_.data();
    view_.features = samples.features;
    view_.outputs = samples.outputs;
    if (samples.bytes.empty())
      view_.floats = inputs_.values.data();
    else
      view_.bytes = bytes_.data();
    view_.input_shift = inputs_.shift.data();
    view_.input_scale = inputs_.scale.data();
    if (!samples.labels.empty()) view_.labels = labels_.data();
    if (samples.targets.values.empty()) return;
    view_.targets = targets_.values.data();
    view_.target_shift = targets_.shift.data();
    view_.target_scale = targets_.scale.data();
  }

  [[nodiscard]] const internal::SampleView& samples() const { return view_; }
  [[nodiscard]] const std::uint32_t* order() const { return order_.data(); }
  [[nodiscard]] float weight(std::uint32_t sample) const { return host_weights_[sample]; }
  [[nodiscard]] bool has_targets() const { return view_.labels != nullptr || view_.targets != nullptr; }

 private:
  DeviceArray<std::uint8_t> bytes_;
  DeviceScaled inputs_;
  DeviceArray<std::int32_t> labels_;
  DeviceScaled targets_;
  DeviceArray<std::uint32_t> order_;
  std::vector<float> host_weights_;
  DeviceArray<float> weights_;
  internal::SampleView view_;
};

struct Minibatch {
  std::vector<float> x;
  std::vector<float> t;
};

std::vector<float> scaled_rows(const Scaled& from, std::size_t columns, const std::vector<std::uint32_t>& order) {
  std::vector<float> rows;
  for (const std::uint32_t sample : order)
    for (std::size_t j = 0; j < columns; ++j)
      rows.push_back((from.values[sample * columns + j] - from.shift[j]) * from.scale[j]);
  return rows;
}

/// Rows first … first + rows − 1 of the epoch.
Minibatch expected_from(const Samples& samples, const std::vector<std::uint32_t>& order, std::size_t first,
                        std::size_t rows) {
  const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
  const std::vector<std::uint32_t> mine(begin, begin + static_cast<std::ptrdiff_t>(rows));
  Minibatch expected{scaled_rows(samples.inputs, samples.features, mine), {}};
  if (!samples.targets.values.empty()) expected.t = scaled_rows(samples.targets, samples.outputs, mine);
  if (!samples.labels.empty()) {
    for (const std::uint32_t sample : mine)
      for (std::size_t j = 0; j < samples.outputs; ++j)
        expected.t.push_back(static_cast<std::size_t>(samples.labels[sample]) == j ? 1.0F : 0.0F);
  }
  return expected;
}

/// One launch. Without `position` the kernel gets none; with one it is advanced.
Minibatch gather(const Samples& samples, const std::vector<std::uint32_t>& order, std::size_t rows,
                 std::optional<std::size_t> position, GridLimits limits = kSomeBlocks, Offsets offsets = {}) {
  const Stream stream;
  const Epoch epoch(stream, samples, order, offsets);
  const DeviceArray<std::size_t> device_position(stream, {position.value_or(0)});
  std::optional<Scratch> scratch;  // is large, and slow to look through
  if (position) scratch.emplace(stream);
  const DeviceArray<float> x(stream, std::vector<float>(rows * samples.features, kNaN), offsets.out);
  const DeviceArray<float> t(stream, std::vector<float>(epoch.has_targets() ? rows * samples.outputs : 0, kNaN),
                             offsets.out);
  const DeviceArray<float> weights(stream, std::vector<float>(rows, kNaN), offsets.out);
  launch_gather_rows({.samples = epoch.samples(),
                      .order = epoch.order(),
                      .position = position ? device_position.data() : nullptr,
                      .rows = rows,
                      .x = x.data(),
                      .t = epoch.has_targets() ? t.data() : nullptr,
                      .weights = epoch.has_targets() ? weights.data() : nullptr},
                     on(stream, limits, scratch ? scratch->get() : nullptr));
  if (epoch.has_targets()) {
    std::vector<float> expected_weights;
    for (std::size_t i = 0; i < rows; ++i) expected_weights.push_back(epoch.weight(order[position.value_or(0) + i]));
    EXPECT_EQ(weights.values(), expected_weights);
  }
  if (position) {
    EXPECT_EQ(device_position.values().front(), *position + rows);
    scratch->expect_tickets_zero();
  }
  return {x.values(), t.values()};
}

void expect_equal(const Minibatch& found, const Minibatch& expected) {
  EXPECT_EQ(bits(found.x), bits(expected.x)) << "inputs";
  EXPECT_EQ(bits(found.t), bits(expected.t)) << "targets";
}

/// Every tail: of accesses to memory, of warps and of rows.
constexpr std::array<std::size_t, 9> kColumns{1, 3, 4, 15, 16, 17, 31, 33, 784};

class GatherRows : public testing::TestWithParam<std::size_t> {
 protected:
  /// Other outputs than features, so that both are found in the right place.
  static std::size_t outputs() { return GetParam() == 784 ? 10 : 35 - GetParam(); }
};

TEST_P(GatherRows, AreTheScaledSamplesOfTheOrder) {
  const auto order = random_order(60);
  for (const Inputs inputs : {Inputs::bytes, Inputs::floats}) {
    for (const Targets targets : {Targets::none, Targets::labels, Targets::floats}) {
      const Samples samples = random_samples(inputs, targets, GetParam(), outputs());
      for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{33}})
        expect_equal(gather(samples, order, rows, {}), expected_from(samples, order, 0, rows));
    }
  }
}

TEST_P(GatherRows, TakeAnyAddress) {
  const auto order = random_order(5);
  for (const Targets targets : {Targets::labels, Targets::floats}) {
    const Samples bytes = random_samples(Inputs::bytes, targets, GetParam(), outputs());
    const Samples floats = random_samples(Inputs::floats, targets, GetParam(), outputs());
    for (const Offsets offsets : {Offsets{1, 0, 0}, Offsets{2, 0, 0}, Offsets{3, 0, 0}, Offsets{4, 0, 0}, Offsets{0, 1, 0},
                                  Offsets{0, 0, 1}, Offsets{1, 1, 1}}) {
      expect_equal(gather(bytes, order, 5, {}, kSomeBlocks, offsets), expected_from(bytes, order, 0, 5));
      expect_equal(gather(floats, order, 5, {}, kSomeBlocks, offsets), expected_from(floats, order, 0, 5));
    }
  }
}

/// Few threads: fewer than a row has columns, and many rows for each.
TEST_P(GatherRows, TakeSeveralRounds) {
  const auto order = random_order(60);
  for (const Inputs inputs : {Inputs::bytes, Inputs::floats}) {
    const Samples samples = random_samples(inputs, Targets::labels, GetParam(), outputs());
    const Minibatch expected = expected_from(samples, order, 0, 53);
    for (const unsigned blocks : {1U, 2U, 3U, 5U})
      expect_equal(gather(samples, order, 53, {}, {.block = 32, .blocks = blocks}), expected);
    expect_equal(gather(samples, order, 53, {}, {.block = 96, .blocks = 4}), expected);
  }
}

/// The place in the order lies in device memory.
TEST_P(GatherRows, BeginAtThePosition) {
  const auto order = random_order(60);
  const Samples samples = random_samples(Inputs::bytes, Targets::floats, GetParam(), outputs());
  expect_equal(gather(samples, order, 33, 26), expected_from(samples, order, 26, 33));
}

/// Tables rather than images: the targets are the wide ones.
TEST_P(GatherRows, TakeAnyNumberOfOutputs) {
  const auto order = random_order(12);
  for (const Targets targets : {Targets::labels, Targets::floats}) {
    const Samples samples = random_samples(Inputs::floats, targets, 5, GetParam());
    expect_equal(gather(samples, order, 12, {}), expected_from(samples, order, 0, 12));
  }
}

INSTANTIATE_TEST_SUITE_P(Columns, GatherRows, testing::ValuesIn(kColumns), testing::PrintToStringParamName());

TEST(GatherRowsOfMany, AreExactInBlocksOfTheDefaultSize) {
  const auto order = random_order(60);
  const Samples samples = random_samples(Inputs::bytes, Targets::labels, 784, 10);
  expect_equal(gather(samples, order, 25, 3, kStreamingGrid), expected_from(samples, order, 3, 25));
}

TEST(GatherRowsPosition, GoesOnWithEveryLaunch) {
  const auto order = random_order(60);
  const Samples samples = random_samples(Inputs::floats, Targets::labels, 33, 10);
  const Stream stream;
  const Epoch epoch(stream, samples, order);
  const DeviceArray<std::size_t> position(stream, {0});
  const Scratch scratch(stream);
  std::size_t first = 0;
  for (const std::size_t rows : {20, 1, 0, 33, 6}) {
    const DeviceArray<float> x(stream, std::vector<float>(rows * 33));
    const DeviceArray<float> t(stream, std::vector<float>(rows * 10));
    launch_gather_rows({.samples = epoch.samples(),
                        .order = epoch.order(),
                        .position = position.data(),
                        .rows = rows,
                        .x = x.data(),
                        .t = t.data()},
                       on(stream, kSmallBlocks, scratch.get()));
    expect_equal({x.values(), t.values()}, expected_from(samples, order, first, rows));
    first += rows;
    EXPECT_EQ(position.values().front(), first);
  }
  scratch.expect_tickets_zero();
}

TEST(GatherRowsPosition, StaysWithoutScratchMemory) {
  const auto order = random_order(60);
  const Samples samples = random_samples(Inputs::bytes, Targets::labels, 16, 10);
  const Stream stream;
  const Epoch epoch(stream, samples, order);
  const DeviceArray<std::size_t> position(stream, {11});
  const DeviceArray<float> x(stream, std::vector<float>(40 * 16));
  const DeviceArray<float> t(stream, std::vector<float>(40 * 10));
  launch_gather_rows({.samples = epoch.samples(),
                      .order = epoch.order(),
                      .position = position.data(),
                      .rows = 40,
                      .x = x.data(),
                      .t = t.data()},
                     on(stream));
  expect_equal({x.values(), t.values()}, expected_from(samples, order, 11, 40));
  EXPECT_EQ(position.values().front(), 11U);
}

/// What was captured once takes the next rows in every replay, and begins again where the position is set back.
TEST(GatherRowsPosition, GoesOnWithEveryReplayOfAGraph) {
  const std::size_t rows = 15;
  const auto order = random_order(4 * rows);
  const Samples samples = random_samples(Inputs::bytes, Targets::labels, 16, 10);
  const Stream stream;
  const Epoch epoch(stream, samples, order);
  const DeviceArray<std::size_t> position(stream, {0});
  const Scratch scratch(stream);
  const DeviceArray<float> x(stream, std::vector<float>(rows * 16));
  const DeviceArray<float> t(stream, std::vector<float>(rows * 10));

  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal), cudaSuccess);
  launch_gather_rows({.samples = epoch.samples(),
                      .order = epoch.order(),
                      .position = position.data(),
                      .rows = rows,
                      .x = x.data(),
                      .t = t.data()},
                     on(stream, kSmallBlocks, scratch.get()));
  ASSERT_EQ(cudaStreamEndCapture(stream.get(), &graph), cudaSuccess);
  ASSERT_EQ(cudaGraphInstantiate(&executable, graph, 0), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  for (int epoch_number = 0; epoch_number < 2; ++epoch_number) {
    ASSERT_EQ(cudaMemsetAsync(position.data(), 0, sizeof(std::size_t), stream.get()), cudaSuccess);
    for (std::size_t step = 0; step < 4; ++step) {
      ASSERT_EQ(cudaGraphLaunch(executable, stream.get()), cudaSuccess);
      if (epoch_number == 1 && step == 1) continue;  // two replays without a wait between them
      expect_equal({x.values(), t.values()}, expected_from(samples, order, step * rows, rows));
      EXPECT_EQ(position.values().front(), (step + 1) * rows);
    }
  }
  EXPECT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
  scratch.expect_tickets_zero();
}

/// Where `values` would begin if they were those of sample `first` and later ones.
template <class T>
const T* begin_of_all(const T* values, std::size_t first, std::size_t columns) {
  if (values == nullptr) return nullptr;
  return reinterpret_cast<const T*>(reinterpret_cast<std::uintptr_t>(values) - first * columns * sizeof(T));
}

/// The last samples of more values than 32 bits can count; the others are not there.
TEST(GatherRowsOfMoreThan32Bits, AreFound) {
  const std::uint32_t first = 0x8000'0000U;
  const auto order = random_order(33);
  std::vector<std::uint32_t> far_order = order;
  for (std::uint32_t& sample : far_order) sample += first;
  for (const std::size_t columns : {std::size_t{4}, std::size_t{5}}) {
    for (const Inputs inputs : {Inputs::bytes, Inputs::floats}) {
      for (const Targets targets : {Targets::labels, Targets::floats}) {
        const Samples samples = random_samples(inputs, targets, columns, columns);
        const Stream stream;
        const Epoch epoch(stream, samples, far_order);
        const DeviceArray<float> x(stream, std::vector<float>(33 * columns));
        const DeviceArray<float> t(stream, std::vector<float>(33 * columns));
        internal::SampleView all = epoch.samples();
        all.bytes = begin_of_all(all.bytes, first, columns);
        all.floats = begin_of_all(all.floats, first, columns);
        all.labels = begin_of_all(all.labels, first, 1);
        all.targets = begin_of_all(all.targets, first, columns);
        launch_gather_rows({.samples = all, .order = epoch.order(), .rows = 33, .x = x.data(), .t = t.data()}, on(stream));
        expect_equal({x.values(), t.values()}, expected_from(samples, order, 0, 33));
      }
    }
  }
}

/// Targets that the samples have, and nobody wants.
TEST(GatherRowsTargets, AreLeftOut) {
  const auto order = random_order(33);
  for (const Targets targets : {Targets::labels, Targets::floats}) {
    const Samples samples = random_samples(Inputs::floats, targets, 17, 3);
    const Stream stream;
    const Epoch epoch(stream, samples, order);
    const DeviceArray<float> x(stream, std::vector<float>(33 * 17));
    launch_gather_rows({.samples = epoch.samples(), .order = epoch.order(), .rows = 33, .x = x.data()}, on(stream));
    EXPECT_EQ(bits(x.values()), bits(expected_from(samples, order, 0, 33).x));
  }
}

TEST(GatherRowsLabels, ThatAreNoOutputGiveZeros) {
  Samples samples = random_samples(Inputs::bytes, Targets::labels, 4, 4);
  samples.labels[0] = -1;
  samples.labels[1] = 4;
  samples.labels[2] = 3;
  EXPECT_EQ(gather(samples, {0, 1, 2}, 3, {}).t, (std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

/// A NaN must be seen, and stay where it is.
TEST(GatherRowsOfNaN, ComesThrough) {
  const auto order = random_order(33);
  for (const std::size_t columns : {std::size_t{4}, std::size_t{5}}) {
    Samples samples = random_samples(Inputs::floats, Targets::floats, columns, columns);
    for (Scaled* const scaled : {&samples.inputs, &samples.targets}) {
      scaled->values[order[17] * columns + 2] = kNaN;
      scaled->shift[0] = kNaN;
      scaled->scale[3] = kNaN;
    }
    const Minibatch found = gather(samples, order, 33, {});
    for (std::size_t i = 0; i < found.x.size(); ++i) {
      const std::size_t column = i % columns;
      const bool is_there = column == 0 || column == 3 || (column == 2 && order[i / columns] == order[17]);
      EXPECT_EQ(std::isnan(found.x[i]), is_there) << i;
      EXPECT_EQ(std::isnan(found.t[i]), is_there) << i;
    }
  }
}

TEST(GatherRowsMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](const internal::SampleView& samples, std::size_t rows, float* t, GridLimits limits) {
    launch_gather_rows({.samples = samples, .rows = rows, .t = t}, on(stream, limits));
  };
  internal::SampleView samples{.features = 3, .outputs = 2};
  float nowhere = 0.0F;
  EXPECT_NO_THROW(launch_with(samples, 0, nullptr, kStreamingGrid)) << "no rows, no memory";
  EXPECT_THROW(launch_with(samples, 0, nullptr, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(samples, 0, nullptr, {.block = 32, .blocks = kStreamingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with(samples, 1, nullptr, kStreamingGrid), CudaError) << "there are no inputs";
  samples.floats = &nowhere;
  EXPECT_THROW(launch_with(samples, 1, &nowhere, kStreamingGrid), CudaError) << "there are no targets";
  samples.features = kMostColumns + 1;
  EXPECT_THROW(launch_with(samples, 0, nullptr, kStreamingGrid), CudaError);
  samples.features = 3;
  samples.outputs = kMostColumns + 1;
  EXPECT_THROW(launch_with(samples, 0, &nowhere, kStreamingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
