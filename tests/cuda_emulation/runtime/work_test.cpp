// Work of libraries that run on the host.

#include "cuda_emulation/device/work.hpp"

#include <stdexcept>

#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

cudaError_t set(const DeviceArray<int>& values, int value, cudaStream_t stream) {
  return enqueue_work(
      stream, "library", [to = values.data(), value] { *to = value; }, Place::current());
}

TEST(Work, RunsInTheOrderOfItsStream) {
  const Stream stream;
  const DeviceArray<int> values(1);
  const std::size_t before = work_done("library");
  check(set(values, 1, stream), "enqueue_work");
  add(values, 10, stream);
  EXPECT_EQ(work_done("library"), before);
  EXPECT_EQ(values.values(stream), Numbers{11});
  EXPECT_EQ(work_done("library"), before + 1);
}

TEST(Work, FailsWhenATestAsksForIt) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{0}, stream);
  fail_call("library", 1, cudaErrorLaunchFailure);
  EXPECT_EQ(set(values, 1, stream), cudaErrorLaunchFailure);
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
  EXPECT_EQ(values.values(stream), Numbers{0});
}

TEST(Work, IsNotCaptured) {
  const Stream stream;
  const DeviceArray<int> values(1);
  const auto record = [&] { check(set(values, 1, stream), "enqueue_work"); };
  EXPECT_EQ(error_of([&] { const Graph graph(stream, record); }), cudaErrorStreamCaptureUnsupported);
}

TEST(WorkDeathTest, Throws) {
  const Stream stream;
  const auto run = [&] {
    check(enqueue_work(
              stream, "library", [] { throw std::runtime_error("no more"); }, Place::current()),
          "enqueue_work");
    stream.wait();
  };
  EXPECT_EXIT(run(), broken_rule(), "^CUDA emulation: library at .*work_test.cpp:[0-9]+: no more");
}

}  // namespace
}  // namespace cuda_emulation
