// Conformance: minibatches.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/permutation.hpp"
#include "conformance.hpp"

namespace gradus::internal {
namespace {

TEST_P(Verb, GatherRows) {
  const auto [batch, features, outputs] = shape;
  const std::size_t samples = 7;
  std::vector<std::uint8_t> bytes(samples * features);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 % 256);
  const auto floats = random_values(samples * features, 15, 100.0);
  const auto shift = random_values(features, 16);
  const auto scale = random_values(features, 17);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(static_cast<std::int32_t>(i % outputs));
  const auto targets = random_values(samples * outputs, 18, 100.0);
  const auto target_shift = random_values(outputs, 19);
  const auto target_scale = random_values(outputs, 20);
  std::vector<std::uint32_t> order;
  for (std::size_t i = 0; i < batch; ++i) order.push_back(static_cast<std::uint32_t>((i * 5 + 2) % samples));

  for (const bool classification : {false, true}) {
    SCOPED_TRACE(classification ? "bytes and labels" : "floats and targets");
    SampleSource source;
    source.samples = samples;
    source.features = features;
    source.outputs = outputs;
    source.input_shift = shift.data();
    source.input_scale = scale.data();
    source.target_shift = target_shift.data();
    source.target_scale = target_scale.data();
    if (classification) {
      source.bytes = bytes.data();
      source.labels = labels.data();
    } else {
      source.floats = floats.data();
      source.targets = targets.data();
    }
    const auto weights = random_values(samples, 21);
    source.weights = weights.data();
    Guarded x(*backend, std::vector<float>(batch * features, -1.0F));
    Guarded t(*backend, std::vector<float>(batch * outputs, -1.0F));
    Guarded w(*backend, std::vector<float>(batch, -1.0F));
    source.rows = order;
    const auto held = backend->hold(source, std::max<std::size_t>(batch, 1));
    held->in_order();
    held->prepare(batch);
    held->gather(x.matrix(batch, features), {t.matrix(batch, outputs), w.data()});
    std::vector<float> expected_w;
    for (const std::uint32_t sample : order) expected_w.push_back(weights[sample]);
    EXPECT_EQ(w.values(), expected_w);
    w.expect_intact();
    std::vector<double> expected_x;
    std::vector<double> expected_t;
    for (const std::uint32_t sample : order) {
      for (std::size_t k = 0; k < features; ++k) {
        const double value = classification ? bytes[sample * features + k] : number(floats[sample * features + k]);
        expected_x.push_back((value - number(shift[k])) * number(scale[k]));
      }
      for (std::size_t j = 0; j < outputs; ++j)
        expected_t.push_back(classification ? (static_cast<std::size_t>(labels[sample]) == j ? 1.0 : 0.0)
                                            : (number(targets[sample * outputs + j]) - number(target_shift[j])) *
                                                  number(target_scale[j]));
    }
    expect_close(x.values(), expected_x, tolerance);
    expect_close(t.values(), expected_t, tolerance);
    x.expect_intact();
    t.expect_intact();
  }
}

/// Minibatches go on where the one before ended, and each epoch begins at the beginning of its order.
TEST_P(Verb, GatherRowsGoesOn) {
  const auto [batch, features, outputs] = shape;
  const std::size_t samples = 2 * batch + 1;
  std::vector<float> numbers(2 * samples * features);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i / features);
  const std::vector<float> zeros(features, 0.0F);
  const std::vector<float> ones(features, 1.0F);
  std::vector<std::uint32_t> rows;  // of twice as many
  for (std::size_t i = 0; i < samples; ++i) rows.push_back(static_cast<std::uint32_t>(2 * i + i % 2));
  SampleSource source;
  source.samples = 2 * samples;
  source.rows = rows;
  source.features = features;
  source.floats = numbers.data();
  source.input_shift = zeros.data();
  source.input_scale = ones.data();
  const auto held = backend->hold(source, std::max<std::size_t>(batch, 1));
  const auto expect_epoch = [&](std::span<const std::uint32_t> order) {
    std::size_t position = 0;
    for (const std::size_t count : {batch, batch, std::size_t{1}}) {
      Guarded x(*backend, std::vector<float>(count * features, -1.0F));
      held->prepare(count);
      held->gather(x.matrix(count, features), Matrix{nullptr, 0, outputs});
      const auto found = x.values();
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], static_cast<float>(order[position + i / features]));
      x.expect_intact();
      position += count;
    }
  };
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    held->in_order();
    expect_epoch(rows);
    const RandomSequence sequence(7, RandomPurpose::sample_order, epoch);
    std::vector<std::uint32_t> order(samples);
    std::vector<std::uint64_t> scratch;
    random_permutation(sequence, order, scratch);
    for (std::uint32_t& row : order) row = rows[row];
    held->shuffle(sequence);
    expect_epoch(order);
  }
}

}  // namespace
}  // namespace gradus::internal
