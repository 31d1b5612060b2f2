// Streams, events and launches of the stand-in for the CUDA runtime.

#include "cuda_emulation/device/launch.hpp"
#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

TEST(Streams, RunNothingUntilSomebodyWaits) {
  Log log;
  const Stream stream;
  EXPECT_EQ(cudaStreamQuery(stream), cudaSuccess);
  log.put(1, stream);
  EXPECT_EQ(cudaStreamQuery(stream), cudaErrorNotReady);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);  // not ready is not an error
  EXPECT_EQ(log.numbers(), Numbers{});
  stream.wait();
  EXPECT_EQ(cudaStreamQuery(stream), cudaSuccess);
  EXPECT_EQ(log.numbers(), Numbers{1});
}

TEST(Streams, RunInOrder) {
  const Stream stream;
  const DeviceArray<int> values(std::vector<int>{1, 2, 3}, stream);
  add(values, 10, stream);
  check(cudaMemsetAsync(values.data(), 0, sizeof(int), stream), "cudaMemsetAsync");
  add(values, 100, stream);
  EXPECT_EQ(values.values(stream), (Numbers{100, 112, 113}));
}

TEST(Streams, DoNotRunEachOther) {
  Log log;
  const Stream stream;
  const Stream other;
  log.put(1, other);
  stream.wait();
  EXPECT_EQ(log.numbers(), Numbers{});
  check(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  EXPECT_EQ(log.numbers(), Numbers{1});
}

TEST(Streams, RunWhatIsLeftWhenTheyAreDestroyed) {
  const PinnedArray<int> result(1);
  const Stream other;
  const DeviceArray<int> value(std::vector<int>{5}, other);
  other.wait();
  {
    const Stream stream;
    check(cudaMemcpyAsync(result.data(), value.data(), sizeof(int), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  }
  check(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  EXPECT_EQ(result[0], 5);
}

TEST(Streams, AreDoneWhenTheySaySo) {
  const Stream stream;
  const PinnedArray<int> result(1);
  const DeviceArray<int> value(Numbers{5}, stream);
  const Event event;
  check(cudaMemcpyAsync(result.data(), value.data(), sizeof(int), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  event.record(stream);
  {
    const Stream other;
    event.make_wait(other);
  }
  EXPECT_EQ(cudaStreamQuery(stream), cudaSuccess);
  EXPECT_EQ(result[0], 5);
}

TEST(Events, MakeAStreamWaitForAnother) {
  Log log;
  const Stream stream;
  const Stream other;
  const Event event;
  log.put(1, other);
  event.record(other);
  log.put(2, other);
  event.make_wait(stream);
  log.put(3, stream);
  stream.wait();
  EXPECT_EQ(log.numbers(), (Numbers{1, 3}));
  EXPECT_EQ(cudaStreamQuery(other), cudaErrorNotReady);
  other.wait();
}

TEST(Events, AreWaitedForAsTheyWereThen) {
  Log log;
  const Stream stream;
  const Stream other;
  const Event event;
  event.make_wait(stream);  // never recorded: nothing to wait for
  log.put(1, other);
  event.record(other);
  event.make_wait(stream);
  log.put(2, other);
  event.record(other);
  stream.wait();
  EXPECT_EQ(log.numbers(), Numbers{1});
  event.wait();
  EXPECT_EQ(log.numbers(), (Numbers{1, 2}));
}

TEST(Events, TellWhenTheyArePast) {
  Log log;
  const Stream stream;
  const Event event;
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess);  // never recorded
  event.wait();
  log.put(1, stream);
  event.record(stream);
  log.put(2, stream);
  EXPECT_EQ(cudaEventQuery(event), cudaErrorNotReady);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  event.wait();
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess);
  EXPECT_EQ(log.numbers(), Numbers{1});
  stream.wait();
}

/// A program may do nothing but ask.
TEST(Events, ArePastWhenAskedAgainAndAgain) {
  Log log;
  const Stream stream;
  const Event event;
  log.put(1, stream);
  event.record(stream);
  log.put(2, stream);
  while (cudaEventQuery(event) == cudaErrorNotReady) {
  }
  EXPECT_EQ(log.numbers(), Numbers{1});
  while (cudaStreamQuery(stream) == cudaErrorNotReady) {
  }
  EXPECT_EQ(log.numbers(), (Numbers{1, 2}));
}

TEST(EventsDeathTest, DestroyedEvent) {
  const Stream stream;
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "cudaEventCreateWithFlags");
  check(cudaEventDestroy(event), "cudaEventDestroy");
  EXPECT_EXIT(cudaEventRecord(event, stream), broken_rule(), "^CUDA emulation: cudaEventRecord of .*does not exist");
  EXPECT_EXIT(cudaStreamWaitEvent(stream, event, 0), broken_rule(), "^CUDA emulation: cudaStreamWaitEvent of");
  EXPECT_EXIT(cudaEventSynchronize(event), broken_rule(), "^CUDA emulation: cudaEventSynchronize of");
  EXPECT_EXIT(cudaEventDestroy(event), broken_rule(), "^CUDA emulation: cudaEventDestroy of");
  EXPECT_EQ(cudaEventSynchronize(nullptr), cudaErrorInvalidResourceHandle);
}

TEST(Events, OutliveTheirStream) {
  const Event event;
  const Stream other;
  {
    const Stream stream;
    event.record(stream);
  }
  event.wait();
  event.make_wait(other);
  other.wait();
}

TEST(Events, MakeNoCircle) {
  for (const bool first : {true, false}) {
    Log log;
    const Stream stream;
    const Stream other;
    const Event there;
    const Event back;
    log.put(1, stream);
    there.record(stream);
    there.make_wait(other);
    log.put(2, other);
    back.record(other);
    back.make_wait(stream);
    log.put(3, stream);
    (first ? stream : other).wait();
    (first ? other : stream).wait();
    EXPECT_EQ(log.numbers(), (Numbers{1, 2, 3}));
  }
}

TEST(Events, MeasureTime) {
  float milliseconds = 0.0F;
  const Stream stream;
  const Event start(cudaEventDefault);
  const Event end(cudaEventDefault);
  const Event without;
  start.record(stream);
  without.record(stream);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaErrorInvalidResourceHandle);
  end.record(stream);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaErrorNotReady);
  stream.wait();
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaSuccess);
  EXPECT_GT(milliseconds, 0.0F);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, without, end), cudaErrorInvalidResourceHandle);
  static_cast<void>(cudaGetLastError());
}

TEST(StreamsDeathTest, NullStream) {
  const DeviceArray<int> values(1);
  EXPECT_EXIT(add(values, 1, nullptr), broken_rule(), "^CUDA emulation: .*null stream");
  EXPECT_EXIT(cudaStreamSynchronize(nullptr), broken_rule(), "^CUDA emulation: .*null stream");
  EXPECT_EXIT(cudaMemsetAsync(values.data(), 0, sizeof(int), nullptr), broken_rule(), "^CUDA emulation: .*null stream");
}

TEST(StreamsDeathTest, WhatUsesTheNullStream) {
  const DeviceArray<int> values(1);
  cudaStream_t stream = nullptr;
  EXPECT_EXIT(cudaStreamCreate(&stream), broken_rule(), "^CUDA emulation: cudaStreamCreate .*null stream");
  EXPECT_EXIT(cudaStreamCreateWithFlags(&stream, cudaStreamDefault), broken_rule(), "^CUDA emulation: .*null stream");
  EXPECT_EXIT(cudaMemset(values.data(), 0, sizeof(int)), broken_rule(), "^CUDA emulation: cudaMemset uses");
  int value = 0;
  EXPECT_EXIT(cudaMemcpy(&value, values.data(), sizeof(int), cudaMemcpyDefault), broken_rule(),
              "^CUDA emulation: cudaMemcpy uses");
}

TEST(StreamsDeathTest, DestroyedStream) {
  cudaStream_t stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  check(cudaStreamDestroy(stream), "cudaStreamDestroy");
  EXPECT_EXIT(cudaStreamSynchronize(stream), broken_rule(), "^CUDA emulation: .*does not exist");
}

TEST(StreamsDeathTest, HostFunctionThatCallsCuda) {
  const Stream stream;
  void* memory = nullptr;
  check(cudaMalloc(&memory, 1), "cudaMalloc");
  const auto call = [](void* argument) { static_cast<void>(cudaFree(argument)); };
  const auto run = [&] {
    check(cudaLaunchHostFunc(stream, call, memory), "cudaLaunchHostFunc");
    stream.wait();
  };
  EXPECT_EXIT(run(), broken_rule(), "^CUDA emulation: cudaFree is called by a host function");
  check(cudaFree(memory), "cudaFree");
}

__global__ void empty_kernel() {}

__global__ void count_kernel(volatile int* count) {
  *count = *count + 1;
}

TEST(Launches, TakePointersToVolatile) {
  const Stream stream;
  const DeviceArray<int> count(Numbers{1}, stream);
  launch(count_kernel, {.grid = 1, .block = 1, .stream = stream}, count.data());
  EXPECT_EQ(count.values(stream), Numbers{2});
}

cudaError_t launch_error(const LaunchOptions& options) {
  const cudaError_t error = cuda_emulation::launch(empty_kernel, options, {});
  static_cast<void>(cudaGetLastError());
  return error;
}

TEST(Launches, AreChecked) {
  const Stream stream;
  const auto error = [&](dim3 grid, dim3 block) {
    return launch_error({.grid = grid, .block = block, .stream = stream, .where = {}});
  };
  EXPECT_EQ(error(1, 1024), cudaSuccess);
  EXPECT_EQ(error({1, 65535, 1}, {1, 1, 1}), cudaSuccess);
  EXPECT_EQ(error(0, 32), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error(1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error(1, 1025), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error(1, {64, 32, 1}), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error(1, {1, 1, 65}), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error({1, 65536, 1}, 1), cudaErrorInvalidConfiguration);
  EXPECT_EQ(error_of([&] { gradus::kernels::launch(empty_kernel, {.grid = 0, .block = 1, .stream = stream}); }),
            cudaErrorInvalidConfiguration);
}

TEST(Launches, SharedMemoryBeyond48KiB) {
  const Stream stream;
  constexpr std::size_t kPlain = std::size_t{48} << 10;
  constexpr int kMost = 227 << 10;
  const auto error = [&](std::size_t bytes) {
    return launch_error({.grid = 1, .block = 1, .shared_bytes = bytes, .stream = stream, .where = {}});
  };
  const auto allow = [](int bytes) {
    return cudaFuncSetAttribute(reinterpret_cast<const void*>(empty_kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                                bytes);
  };
  EXPECT_EQ(error(kPlain), cudaSuccess);
  EXPECT_EQ(error(kPlain + 1), cudaErrorInvalidValue);
  EXPECT_EQ(allow(kMost + 1), cudaErrorInvalidValue);
  EXPECT_EQ(allow(kMost), cudaSuccess);
  EXPECT_EQ(error(kPlain + 1), cudaSuccess);
  EXPECT_EQ(error(kMost), cudaSuccess);
  EXPECT_EQ(error(kMost + 1), cudaErrorInvalidValue);
}

TEST(Launches, CooperativeOnesMustFit) {
  const Stream stream;
  int multiprocessors = 0;
  int blocks = 0;
  check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0), "cudaDeviceGetAttribute");
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, reinterpret_cast<const void*>(empty_kernel), 32, 0),
        "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  const auto resident = static_cast<unsigned>(multiprocessors * blocks);
  const auto error = [&](unsigned grid, bool cooperative) {
    return launch_error({.grid = grid, .block = 32, .cooperative = cooperative, .stream = stream, .where = {}});
  };
  EXPECT_EQ(error(resident, true), cudaSuccess);
  EXPECT_EQ(error(resident + 1, true), cudaErrorCooperativeLaunchTooLarge);
  EXPECT_EQ(error(resident + 1, false), cudaSuccess);
}

TEST(Launches, ClustersMustFit) {
  const Stream stream;
  const auto error = [&](unsigned grid, unsigned cluster) {
    return launch_error({.grid = grid, .block = 32, .cluster = cluster, .stream = stream, .where = {}});
  };
  EXPECT_EQ(error(16, 8), cudaSuccess);
  EXPECT_EQ(error(12, 8), cudaErrorInvalidClusterSize);  // no whole clusters
  EXPECT_EQ(error(16, 16), cudaErrorInvalidClusterSize);
}

}  // namespace
}  // namespace cuda_emulation
