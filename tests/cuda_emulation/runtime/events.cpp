// Events.

#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

/// A stream waits for an event that was recorded in a capture: it joins that.
cudaError_t wait_in_capture(CUstream_st& stream, const CUevent_st& event) {
  CUgraph_st* const graph = capture_of(event);
  if (graph == nullptr) return forbid_captured(event);
  if (graph->is_invalid) return remember(cudaErrorStreamCaptureInvalidated);
  if (stream.capture != nullptr && stream.capture != graph) {
    stream.capture->is_invalid = true;
    graph->is_invalid = true;
    return remember(cudaErrorStreamCaptureMerge);
  }
  stream.capture = graph;
  stream.frontier.insert(stream.frontier.end(), event.frontier.begin(), event.frontier.end());
  return cudaSuccess;
}

}  // namespace

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::begin_release;
using cuda_emulation::checked;
using cuda_emulation::remember;

namespace {

/// Whether it is an event; a destroyed one ends the process.
bool exists(cudaEvent_t event, const char* function) {
  cuda_emulation::living<CUevent_st>().check(event, function);
  return event != nullptr;
}

}  // namespace

extern "C" {

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (event == nullptr) return remember(cudaErrorInvalidValue);
  *event = new CUevent_st;
  (*event)->has_time = (flags & cudaEventDisableTiming) == 0;
  cuda_emulation::living<CUevent_st>().add(*event);
  cuda_emulation::count_object("event", +1);
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const cudaError_t error = begin_release(__func__);
  if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
  cuda_emulation::living<CUevent_st>().remove(event);
  delete event;
  cuda_emulation::count_object("event", -1);
  return error;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  CUstream_st& target = checked(stream, __func__);
  if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
  if (target.capture != nullptr) {
    if (target.capture->is_invalid) return remember(cudaErrorStreamCaptureInvalidated);
    event->capture = target.capture->number;
    event->frontier = target.frontier;
    return cudaSuccess;
  }
  event->capture = 0;
  event->mark = cuda_emulation::push(target, {.name = "event", .description = {}, .run = {}, .mark = {}, .awaited = {}});
  event->stream = stream;
  event->count = target.queued;
  return cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned /*flags*/) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  CUstream_st& target = checked(stream, __func__);
  if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
  if (event->capture != 0) return cuda_emulation::wait_in_capture(target, *event);
  if (!event->mark) return cudaSuccess;  // never recorded: nothing to wait for
  if (target.capture != nullptr) {
    target.capture->is_invalid = true;
    return remember(cudaErrorStreamCaptureIsolation);
  }
  cuda_emulation::push(target, {.name = "wait",
                                .description = {},
                                .run = {},
                                .mark = {},
                                .awaited_stream = event->stream,
                                .awaited_count = event->count,
                                .awaited = event->mark});
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = cuda_emulation::forbid_captured(*event); error != cudaSuccess) return error;
  if (!event->mark) return cudaSuccess;
  if (!event->mark->is_done) cuda_emulation::run_until(*event->stream, event->count);
  cuda_emulation::acquire(&event->mark->done);
  return remember(cuda_emulation::lost_device());
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = cuda_emulation::forbid_captured(*event); error != cudaSuccess) return error;
  if (event->mark && !event->mark->is_done && !cuda_emulation::run_when_asked_often(*event->stream, event->count))
    return cudaErrorNotReady;  // no error to remember
  if (event->mark) cuda_emulation::acquire(&event->mark->done);
  return cudaSuccess;
}

/// Time is not emulated: a millisecond passes between any two events.
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  for (CUevent_st* event : {start, end}) {
    if (!exists(event, __func__)) return remember(cudaErrorInvalidResourceHandle);
    if (event->capture != 0) return cuda_emulation::forbid_captured(*event);
    if (!event->has_time || !event->mark) return remember(cudaErrorInvalidResourceHandle);
  }
  if (!start->mark->is_done || !end->mark->is_done) return cudaErrorNotReady;  // no error to remember
  *milliseconds = 1.0F;
  return cudaSuccess;
}
}
