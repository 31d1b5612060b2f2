// Host code that captures graphs and replays them, right unless a fault is planted.

#include <memory>
#include <vector>

#include "fixture.hpp"
#include "kernels.hpp"
#include "planted.hpp"

namespace gradus::self_test {
namespace {

using Floats = std::vector<float>;
using kernels::check;

/// Two branches: values are doubled in one while others are counted up in the other; then both are needed.
TEST(HostGraphs, ForkAndJoin) {
  const Stream stream;
  const Stream other;
  const Event forked;
  const Event joined;
  const Floats in = short_numbers(64, 11);
  const DeviceArray<float> values(in, stream);
  const DeviceArray<float> others(in, stream);
  const DeviceArray<float> total(Floats{0.0F}, stream);
  const Graph graph(stream, [&] {
    forked.record(stream);
    forked.make_wait(other);
    launch_scale(others.data(), 2.0F, 64, {}, other);
    joined.record(other);
    launch_total(values.data(), total.data(), 64, {}, stream);
    if (is_planted("synchronisation during capture")) stream.wait();
    const bool joins_late = is_planted("missing dependency between branches of a graph");
    if (!joins_late && !is_planted("branch of a graph not joined")) joined.make_wait(stream);
    launch_total(others.data(), total.data(), 64, {}, stream);
    if (joins_late) joined.make_wait(stream);
  });
  float expected = 0.0F;
  float factor = 1.0F;
  for (int replay = 0; replay < 2; ++replay) {
    graph.launch(stream);
    factor *= 2.0F;
    for (const float value : in) expected += value + factor * value;
  }
  EXPECT_EQ(total.values(stream), Floats{expected});
}

/// A graph keeps the addresses that it was captured with.
TEST(HostGraphs, ReplayOnTheSameMemory) {
  const Stream stream;
  const Floats in = short_numbers(64, 12);
  auto values = std::make_unique<DeviceArray<float>>(in, stream);
  const Graph graph(stream, [&] { launch_scale(values->data(), 2.0F, 64, {}, stream); });
  if (is_planted("graph outlives its memory")) {
    const Floats zeros(4096);
    values = std::make_unique<DeviceArray<float>>(zeros, stream);
  }
  graph.launch(stream);
  graph.launch(stream);
  Floats expected = in;
  for (float& value : expected) value *= 4.0F;
  EXPECT_EQ(values->values(stream), expected);
}

/// Also where the stream ran it at once: ThreadSanitizer must not take the end of its arguments for a race.
TEST(HostGraphs, DestroyedBeforeAnyoneWaits) {
  const Stream stream;
  Floats values = short_numbers(64, 13);
  const DeviceArray<float> on_device(values, stream);
  {
    const Graph graph(stream, [&] { launch_scale(on_device.data(), 2.0F, 64, {}, stream); });
    graph.launch(stream);
  }
  for (float& value : values) value *= 2.0F;
  EXPECT_EQ(on_device.values(stream), values);
}

}  // namespace
}  // namespace gradus::self_test
