// Captures of streams by the stand-in for the CUDA runtime.

#include <utility>

#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

void begin(cudaStream_t stream) {
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
}

/// How a capture ends; what it captured is thrown away.
cudaError_t end(cudaStream_t stream) {
  cudaGraph_t graph = nullptr;
  const cudaError_t error = cudaStreamEndCapture(stream, &graph);
  EXPECT_EQ(graph == nullptr, error != cudaSuccess);
  if (graph != nullptr) check(cudaGraphDestroy(graph), "cudaGraphDestroy");
  static_cast<void>(cudaGetLastError());
  return error;
}

/// After whatever happened, the stream works.
void expect_usable(const Stream& stream) {
  Log log;
  log.put(1, stream);
  stream.wait();
  EXPECT_EQ(log.numbers(), Numbers{1});
}

TEST(Captures, MustJoinTheirForks) {
  const auto before = live_objects();
  {
    const Stream stream;
    const Stream other;
    const Event forked;
    const DeviceArray<int> values(1);
    begin(stream);
    forked.record(stream);
    forked.make_wait(other);
    add(values, 1, other);
    EXPECT_EQ(end(stream), cudaErrorStreamCaptureUnjoined);
    expect_usable(stream);
    expect_usable(other);
  }
  EXPECT_EQ(live_objects(), before);
}

TEST(Captures, ForbidSomeCalls) {
  const Stream stream;
  const Stream other;
  const Event event;
  const DeviceArray<int> values(1);
  const PinnedArray<int> pinned(1);
  int value = 0;
  event.record(other);
  event.wait();
  void* memory = nullptr;
  const std::vector<std::pair<const char*, std::function<cudaError_t()>>> calls{
      {"cudaStreamSynchronize", [&] { return cudaStreamSynchronize(stream); }},
      {"cudaStreamQuery", [&] { return cudaStreamQuery(stream); }},
      {"cudaDeviceSynchronize", [&] { return cudaDeviceSynchronize(); }},
      {"cudaEventSynchronize", [&] { return cudaEventSynchronize(event); }},
      {"cudaEventQuery", [&] { return cudaEventQuery(event); }},
      {"cudaMalloc", [&] { return cudaMalloc(&memory, 4); }},
      {"cudaMallocHost", [&] { return cudaMallocHost(&memory, 4); }},
      {"cudaHostAlloc", [&] { return cudaHostAlloc(&memory, 4, 0); }},
      {"cudaFree", [&] { return cudaFree(values.data()); }},
      {"cudaFreeHost", [&] { return cudaFreeHost(pinned.data()); }},
      {"from pageable", [&] { return cudaMemcpyAsync(values.data(), &value, 4, cudaMemcpyHostToDevice, stream); }},
      {"to pageable", [&] { return cudaMemcpyAsync(&value, values.data(), 4, cudaMemcpyDeviceToHost, stream); }}};
  for (const auto& [name, call] : calls) {
    SCOPED_TRACE(name);
    begin(stream);
    add(values, 1, stream);
    EXPECT_EQ(call(), cudaErrorStreamCaptureUnsupported);
    EXPECT_EQ(error_of([&] { add(values, 1, stream); }), cudaErrorStreamCaptureInvalidated);
    EXPECT_EQ(end(stream), cudaErrorStreamCaptureInvalidated);
    expect_usable(stream);
  }
  EXPECT_EQ(memory, nullptr);
}

TEST(Captures, TheirEventsAreNoPlacesInAStream) {
  const Stream stream;
  const Stream other;
  const Event event;
  begin(stream);
  event.record(stream);
  EXPECT_EQ(cudaEventQuery(event), cudaErrorCapturedEvent);
  EXPECT_EQ(end(stream), cudaErrorStreamCaptureInvalidated);
  EXPECT_EQ(cudaEventSynchronize(event), cudaErrorCapturedEvent);
  EXPECT_EQ(cudaStreamWaitEvent(other, event, 0), cudaErrorCapturedEvent);
  static_cast<void>(cudaGetLastError());
  event.record(stream);
  event.make_wait(other);
  event.wait();
  expect_usable(other);
}

TEST(Captures, DoNotWaitForWhatIsNotInThem) {
  const Stream stream;
  const Stream other;
  const Event event;
  event.record(other);
  begin(stream);
  EXPECT_EQ(cudaStreamWaitEvent(stream, event, 0), cudaErrorStreamCaptureIsolation);
  EXPECT_EQ(end(stream), cudaErrorStreamCaptureInvalidated);

  begin(stream);
  begin(other);
  event.record(other);
  EXPECT_EQ(cudaStreamWaitEvent(stream, event, 0), cudaErrorStreamCaptureMerge);
  EXPECT_EQ(end(stream), cudaErrorStreamCaptureInvalidated);
  EXPECT_EQ(end(other), cudaErrorStreamCaptureInvalidated);
}

TEST(Captures, BeginOnceAndEndWhereTheyBegan) {
  const Stream stream;
  const Stream other;
  const Event event;
  EXPECT_EQ(end(stream), cudaErrorIllegalState);
  begin(stream);
  EXPECT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), cudaErrorIllegalState);
  event.record(stream);
  event.make_wait(other);
  EXPECT_EQ(end(other), cudaErrorStreamCaptureUnmatched);
  static_cast<void>(end(stream));
  expect_usable(stream);
  expect_usable(other);
}

TEST(Captures, SayWhetherTheyAreValid) {
  const Stream stream;
  const auto status = [&] {
    auto found = cudaStreamCaptureStatusNone;
    check(cudaStreamIsCapturing(stream, &found), "cudaStreamIsCapturing");
    return found;
  };
  EXPECT_EQ(status(), cudaStreamCaptureStatusNone);
  begin(stream);
  EXPECT_EQ(status(), cudaStreamCaptureStatusActive);
  EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(status(), cudaStreamCaptureStatusInvalidated);
  EXPECT_NE(end(stream), cudaSuccess);
  EXPECT_EQ(status(), cudaStreamCaptureStatusNone);
}

TEST(CapturesDeathTest, OfGraphs) {
  const Stream stream;
  const Graph graph(stream, [] {});
  begin(stream);
  EXPECT_EXIT(graph.launch(stream), broken_rule(), "^CUDA emulation: .*graphs within graphs");
  EXPECT_EQ(end(stream), cudaSuccess);
}

}  // namespace
}  // namespace cuda_emulation
