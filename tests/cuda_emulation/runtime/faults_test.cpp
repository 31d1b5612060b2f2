// Calls and work that fail when a test asks for it, errors that are remembered, and what is counted.

#include <map>
#include <string>

#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

class Faults : public testing::Test {
 protected:
  ~Faults() override { clear_faults(); }
};

/// A little program that does what the trainer does: 5 becomes 5 + 1 + 1 + 10.
int run_program() {
  const Stream stream;
  const Stream other;
  const Event event;
  const PinnedArray<int> pinned(1);
  const DeviceArray<int> values(1);
  pinned[0] = 5;
  check(cudaMemcpyAsync(values.data(), pinned.data(), sizeof(int), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
  const Graph graph(stream, [&] { add(values, 1, stream); });
  graph.launch(stream);
  graph.launch(stream);
  event.record(stream);
  event.make_wait(other);
  add(values, 10, other);
  return values.values(other).front();
}

TEST_F(Faults, TheCountedCallFails) {
  fail_call("cudaMalloc", 2, cudaErrorMemoryAllocation);
  const DeviceArray<int> first(1);
  const Stream stream;  // is not counted
  EXPECT_EQ(error_of([] { const DeviceArray<int> second(1); }), cudaErrorMemoryAllocation);
  const DeviceArray<int> third(1);
}

TEST_F(Faults, TheCallDoesNothing) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{1}, stream);
  fail_call("cudaLaunchKernelExC", 1, cudaErrorLaunchOutOfResources);
  EXPECT_EQ(error_of([&] { add(values, 1, stream); }), cudaErrorLaunchOutOfResources);
  EXPECT_EQ(values.values(stream), Numbers{1});
}

TEST_F(Faults, RequestsCanBeTakenBack) {
  fail_call("cudaMalloc", 1, cudaErrorMemoryAllocation);
  clear_faults();
  const DeviceArray<int> values(1);
}

TEST_F(Faults, AnyCallOfAProgram) {
  const auto before = live_objects();
  EXPECT_EQ(run_program(), 17);
  const std::size_t first = calls();
  EXPECT_EQ(run_program(), 17);
  const std::size_t count = calls() - first;
  EXPECT_GT(count, 15);
  for (std::size_t n = 1; n <= count; ++n) {
    SCOPED_TRACE(n);
    fail_any_call(n);
    EXPECT_THROW(run_program(), CudaError);
    EXPECT_EQ(live_objects(), before);
    EXPECT_EQ(cudaGetLastError(), cudaSuccess);
    clear_faults();
    EXPECT_EQ(run_program(), 17);
  }
  fail_any_call(count + 1);
  EXPECT_EQ(run_program(), 17);
}

TEST_F(Faults, TheDeviceIsLost) {
  const auto before = live_objects();
  {
    const Stream stream;
    const DeviceArray<int> values(Numbers{1}, stream);
    const PinnedArray<int> pinned(1);
    stream.wait();
    fail_work(1, cudaErrorECCUncorrectable);
    add(values, 1, stream);
    EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorECCUncorrectable);
    EXPECT_EQ(cudaGetLastError(), cudaErrorECCUncorrectable);
    EXPECT_EQ(cudaGetLastError(), cudaErrorECCUncorrectable);  // it stays
    void* memory = nullptr;
    EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorECCUncorrectable);
    EXPECT_EQ(cudaStreamQuery(stream), cudaErrorECCUncorrectable);
    EXPECT_EQ(error_of([&] { add(values, 1, stream); }), cudaErrorECCUncorrectable);
    EXPECT_EQ(error_of([&] { static_cast<void>(values.values(stream)); }), cudaErrorECCUncorrectable);
  }
  EXPECT_EQ(live_objects(), before);
  clear_faults();
  EXPECT_EQ(run_program(), 17);
}

TEST_F(Faults, TheDeviceIsLostAtAnyTime) {
  const auto before = live_objects();
  constexpr std::size_t kWork = 7;  // 2 copies, 2 graphs of 1 kernel each, 1 kernel
  for (std::size_t n = 1; n <= kWork; ++n) {
    SCOPED_TRACE(n);
    fail_work(n, cudaErrorIllegalAddress);
    EXPECT_EQ(error_of([] { run_program(); }), cudaErrorIllegalAddress);
    EXPECT_EQ(live_objects(), before);
    clear_faults();
  }
  fail_work(kWork + 1, cudaErrorIllegalAddress);
  EXPECT_EQ(run_program(), 17);
}

TEST_F(Faults, TheDeviceIsLostDuringACapture) {
  const auto before = live_objects();
  {
    const Stream stream;
    const Stream other;
    const DeviceArray<int> values(1);
    add(values, 1, other);
    fail_work(1, cudaErrorLaunchFailure);
    EXPECT_EQ(error_of([&] { const Graph graph(stream, [&] { other.wait(); }); }), cudaErrorLaunchFailure);
  }
  EXPECT_EQ(live_objects(), before);
}

TEST_F(Faults, ErrorsAreRemembered) {
  void* memory = nullptr;
  fail_call("cudaMalloc", 1, cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorMemoryAllocation);
  const DeviceArray<int> values(1);  // success forgets nothing
  EXPECT_EQ(cudaPeekAtLastError(), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaPeekAtLastError(), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(cudaSetDevice(7), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidDevice);
}

TEST_F(Faults, ErrorsHaveNames) {
  EXPECT_STREQ(cudaGetErrorName(cudaErrorMemoryAllocation), "cudaErrorMemoryAllocation");
  EXPECT_STREQ(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory");
  EXPECT_STREQ(cudaGetErrorString(cudaSuccess), "no error");
}

TEST(Counters, OfCalls) {
  const std::size_t all = calls();
  const std::size_t allocations = calls("cudaMalloc");
  const std::size_t launches = calls("cudaLaunchKernelExC");
  const Stream stream;
  const DeviceArray<int> values(1);
  add(values, 1, stream);
  static_cast<void>(cudaGetLastError());  // cannot fail
  EXPECT_EQ(calls() - all, 3);
  EXPECT_EQ(calls("cudaMalloc") - allocations, 1);
  EXPECT_EQ(calls("cudaLaunchKernelExC") - launches, 1);
  EXPECT_EQ(calls("cudaNothing"), 0);
}

TEST(Counters, OfWork) {
  const Stream stream;
  const DeviceArray<int> values(2);
  const Graph graph(stream, [&] {
    check(cudaMemsetAsync(values.data(), 0, 2 * sizeof(int), stream), "cudaMemsetAsync");
    add(values, 1, stream);
  });
  const auto done = [] {
    return std::map<std::string, std::size_t>{{"graph", work_done("graph")},
                                              {"kernel", work_done("kernel")},
                                              {"memcpy", work_done("memcpy")},
                                              {"memset", work_done("memset")}};
  };
  auto expected = done();
  const std::size_t bytes = bytes_moved();
  graph.launch(stream);
  graph.launch(stream);
  EXPECT_EQ(done(), expected);
  EXPECT_EQ(bytes_moved() - bytes, 0);
  EXPECT_EQ(values.values(stream), (Numbers{1, 1}));
  expected["graph"] += 2;
  expected["kernel"] += 2;
  expected["memset"] += 2;
  expected["memcpy"] += 1;
  EXPECT_EQ(done(), expected);
  EXPECT_EQ(bytes_moved() - bytes, 8 + 8 + 8);
}

TEST(Counters, OfCopiesCountDeviceMemoryOnly) {
  const Stream stream;
  const DeviceArray<int> first(4);
  const DeviceArray<int> second(4);
  const Numbers in(4);
  Numbers out(4);
  const std::size_t bytes = bytes_moved();
  const auto copy = [&](void* to, const void* from) {
    check(cudaMemcpyAsync(to, from, 16, cudaMemcpyDefault, stream), "cudaMemcpyAsync");
    stream.wait();
  };
  copy(first.data(), in.data());
  EXPECT_EQ(bytes_moved() - bytes, 16);
  copy(second.data(), first.data());
  EXPECT_EQ(bytes_moved() - bytes, 16 + 32);
  copy(out.data(), in.data());
  EXPECT_EQ(bytes_moved() - bytes, 16 + 32);
}

TEST(Counters, OfObjects) {
  const auto before = live_objects();
  {
    const Stream stream;
    const Event event;
    const DeviceArray<char> device(100);
    const PinnedArray<char> pinned(10);
    const Graph graph(stream, [] {});
    const auto count = [&](const std::string& kind) {
      const auto live = live_objects();
      const auto found = before.find(kind);
      return live.at(kind) - (found == before.end() ? 0 : found->second);
    };
    EXPECT_EQ(count("stream"), 1);
    EXPECT_EQ(count("event"), 1);
    EXPECT_EQ(count("device memory"), 100);
    EXPECT_EQ(count("pinned memory"), 10);
    EXPECT_EQ(count("executable graph"), 1);
    EXPECT_EQ(live_objects().count("graph"), 0);
  }
  EXPECT_EQ(live_objects(), before);
}

TEST(Device, IsDescribed) {
  int count = 0;
  check(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
  EXPECT_EQ(count, 1);
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
  EXPECT_STREQ(properties.name, "CUDA emulation");
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 1), cudaErrorInvalidDevice);
  static_cast<void>(cudaGetLastError());
  const auto attribute = [](cudaDeviceAttr which) {
    int value = 0;
    check(cudaDeviceGetAttribute(&value, which, 0), "cudaDeviceGetAttribute");
    return value;
  };
  EXPECT_EQ(attribute(cudaDevAttrComputeCapabilityMajor), properties.major);
  EXPECT_EQ(attribute(cudaDevAttrMultiProcessorCount), properties.multiProcessorCount);
  EXPECT_EQ(attribute(cudaDevAttrMaxThreadsPerBlock), properties.maxThreadsPerBlock);
  EXPECT_EQ(static_cast<std::size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin)), properties.sharedMemPerBlockOptin);
}

}  // namespace
}  // namespace cuda_emulation
