// Host code that drives streams and memory, right unless a fault is planted.

#include <cstddef>
#include <numeric>
#include <vector>

#include "fixture.hpp"
#include "kernels.hpp"
#include "planted.hpp"

#if defined(GRADUS_CUDA_EMULATION)
#include "cuda_emulation/control.hpp"
#endif

namespace gradus::self_test {
namespace {

using Floats = std::vector<float>;
using kernels::check;

float sum_of(const Floats& values) {
  return std::accumulate(values.begin(), values.end(), 0.0F);  // exact for short numbers
}

/// Batches go through one pinned buffer and one buffer of the device, while the batch before is being added up.
TEST(HostCopies, StreamBatches) {
  constexpr std::size_t kBatch = 96;
  const Stream copies;
  const Stream computing;
  const Event copied;
  const Event consumed;
  const PinnedArray<float> staged(kBatch);
  const DeviceArray<float> batch(kBatch);
  const DeviceArray<float> total(Floats{0.0F}, computing);
  float expected = 0.0F;
  for (unsigned round = 0; round < 4; ++round) {
    const Floats next = short_numbers(kBatch, round);
    expected += sum_of(next);
    if (!is_planted("pinned buffer refilled early")) copied.wait();
    for (std::size_t i = 0; i < kBatch; ++i) staged[i] = next[i];
    if (!is_planted("copy does not wait for the consumer")) consumed.make_wait(copies);
    check(cudaMemcpyAsync(batch.data(), staged.data(), kBatch * sizeof(float), cudaMemcpyHostToDevice, copies), "upload");
    copied.record(copies);
    if (!is_planted("consumer does not wait for the copy")) copied.make_wait(computing);
    launch_total(batch.data(), total.data(), kBatch, {}, computing);
    consumed.record(computing);
  }
  EXPECT_EQ(total.values(computing), Floats{expected});
}

TEST(HostCopies, ReadResult) {
  const Stream stream;
  const Floats in = short_numbers(300, 5);
  const DeviceArray<float> device_in(in, stream);
  const DeviceArray<float> total(Floats{0.0F}, stream);
  const PinnedArray<float> result(1);
  launch_total(device_in.data(), total.data(), 300, {}, stream);
  check(cudaMemcpyAsync(result.data(), total.data(), sizeof(float), cudaMemcpyDeviceToHost, stream), "download");
  if (!is_planted("result read before synchronising")) stream.wait();
  EXPECT_EQ(result[0], sum_of(in));
  if (is_planted("host reads device memory")) {
    EXPECT_EQ(*total.data(), sum_of(in));
  }
}

TEST(HostCopies, AddUpEpochs) {
  const Stream stream;
  const DeviceArray<float> total(Floats{0.0F}, stream);
  for (unsigned epoch = 0; epoch < 3; ++epoch) {
    const Floats in = short_numbers(200, epoch + 6);
    const DeviceArray<float> device_in(in, stream);
    if (!is_planted("accumulator not cleared")) check(cudaMemsetAsync(total.data(), 0, sizeof(float), stream), "clear");
    launch_total(device_in.data(), total.data(), 200, {}, stream);
    EXPECT_EQ(total.values(stream), Floats{sum_of(in)}) << "epoch " << epoch;
  }
}

TEST(HostCopies, PassPointers) {
  const Stream stream;
  Floats in = short_numbers(64, 9);
  const DeviceArray<float> values(in, stream);
  stream.wait();
  launch_scale(is_planted("host pointer passed to a kernel") ? in.data() : values.data(), 2.0F, 64, {},
               is_planted("null stream") ? nullptr : static_cast<cudaStream_t>(stream));
  for (float& value : in) value *= 2.0F;
  EXPECT_EQ(values.values(stream), in);
}

TEST(HostCopies, OwnMemory) {
  float* memory = nullptr;
  {
    const Stream stream;
    check(cudaMalloc(reinterpret_cast<void**>(&memory), 64 * sizeof(float)), "cudaMalloc");
    check(cudaMemsetAsync(memory, 0, 64 * sizeof(float), stream), "clear");
    if (is_planted("use after free")) {
      check(cudaFree(memory), "cudaFree");
    }
    launch_scale(memory, 2.0F, 64, {}, stream);
    stream.wait();
    if (is_planted("device memory leaked")) {
      memory = nullptr;
    }
    check(cudaFree(memory), "cudaFree");
    if (is_planted("double free")) {
      check(cudaFree(memory), "cudaFree");
    }
  }
#if defined(GRADUS_CUDA_EMULATION)
  EXPECT_EQ(cuda_emulation::live_objects(), (std::map<std::string, std::size_t>()));
#endif
}

}  // namespace
}  // namespace gradus::self_test
