// Streams.

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

/// Never destroyed, like the contexts in it.
std::deque<Context*>& idle_contexts() {
  static auto* const idle = new std::deque<Context*>;
  return *idle;
}

std::minstd_rand& randomness() {
  static std::minstd_rand random(static_cast<std::minstd_rand::result_type>(options().seed));
  return random;
}

/// The last work of streams that were destroyed: who waits for the device waits for it too.
std::vector<std::shared_ptr<Mark>>& orphans() {
  static auto* const orphans = new std::vector<std::shared_ptr<Mark>>;
  return *orphans;
}

/// Runs some of what waits in some streams.
void run_at_random() {
  for (CUstream_st* stream : streams()) {
    if (stream->is_running || stream->queued == stream->finished || randomness()() % 3 != 0) continue;
    run_until(*stream, stream->finished + 1 + randomness()() % (stream->queued - stream->finished));
  }
}

/// The context of a stream runs one piece of work.
void run_work(void* argument) {
  Work& work = *static_cast<Work*>(argument);
  acquire(&work.mark->enqueued);
  if (work.awaited) acquire(&work.awaited->done);
  if (work.run) work.run();
  work.run = nullptr;  // what it holds is freed by who used it
  release(&work.mark->done);
}

/// A destroyed stream runs what it holds, but the host does not wait for it.
void finish(CUstream_st& stream) {
  run_until(stream, stream.queued);
  if (stream.last) orphans().push_back(stream.last);
}

}  // namespace

std::vector<CUstream_st*>& streams() {
  static auto* const streams = new std::vector<CUstream_st*>;
  return *streams;
}

Context* take_context() {
  const Unseen unseen;
  std::deque<Context*>& idle = idle_contexts();
  if (idle.size() < 64) return new Context;
  Context* const context = idle.front();
  idle.pop_front();
  return context;
}

void give_back_context(Context* context) {
  const Unseen unseen;
  idle_contexts().push_back(context);
}

CUstream_st& checked(cudaStream_t stream, const char* function) {
  if (stream == nullptr) fail(std::string(function) + " in the null stream: every stream is one that was created");
  if (std::find(streams().begin(), streams().end(), stream) == streams().end())
    fail(std::string(function) + " in a stream that does not exist, or does not any more");
  return *stream;
}

std::shared_ptr<Mark> push(CUstream_st& stream, Work work) {
  auto mark = std::make_shared<Mark>();
  release(&mark->enqueued);
  work.mark = mark;
  stream.queue.push_back(std::move(work));
  ++stream.queued;
  if (options().streams == Streams::eager) run_until(stream, stream.queued);
  if (options().streams == Streams::random) run_at_random();
  return mark;
}

cudaError_t enqueue(cudaStream_t stream, const char* name, std::function<void()> run, const std::string& description) {
  CUstream_st& target = checked(stream, name);
  if (target.capture != nullptr) {
    if (target.capture->is_invalid) return remember(cudaErrorStreamCaptureInvalidated);
    capture(target, {.name = name, .description = description, .run = std::move(run), .dependencies = {}});
  } else {
    push(target, {.name = name, .description = description, .run = std::move(run), .mark = {}, .awaited = {}});
  }
  return cudaSuccess;
}

void run_until(CUstream_st& stream, std::uint64_t count) {
  if (stream.is_running) fail("streams wait for each other in a circle");
  stream.is_running = true;
  while (stream.finished < count) {
    Work work = std::move(stream.queue.front());
    stream.queue.pop_front();
    if (work.awaited && !work.awaited->is_done) run_until(*work.awaited_stream, work.awaited_count);
    if (work.run && !begin_work(work.name)) work.run = nullptr;
    begin_device_access();
    stream.context->start(run_work, &work);
    end_device_access(work);
    work.mark->is_done = true;
    stream.last = work.mark;
    ++stream.finished;
  }
  stream.is_running = false;
}

bool run_when_asked_often(CUstream_st& stream, std::uint64_t count) {
  constexpr unsigned kOften = 100;
  if (++stream.questions < kOften) return false;
  stream.questions = 0;
  run_until(stream, count);
  return true;
}

void synchronize(CUstream_st& stream) {
  run_until(stream, stream.queued);
  if (stream.last) acquire(&stream.last->done);
}

void synchronize_all() {
  for (CUstream_st* stream : streams()) synchronize(*stream);
  for (const auto& mark : orphans()) acquire(&mark->done);
  orphans().clear();
}

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::begin_release;
using cuda_emulation::checked;
using cuda_emulation::fail;
using cuda_emulation::remember;

extern "C" {

cudaError_t cudaStreamCreate(cudaStream_t* /*stream*/) {
  fail("cudaStreamCreate makes a stream that waits for the null stream: use cudaStreamCreateWithFlags, non-blocking");
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (stream == nullptr) return remember(cudaErrorInvalidValue);
  if (flags != cudaStreamNonBlocking) fail("cudaStreamCreateWithFlags: streams must not wait for the null stream");
  *stream = new CUstream_st;
  (*stream)->context = cuda_emulation::take_context();
  cuda_emulation::streams().push_back(*stream);
  cuda_emulation::count_object("stream", +1);
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int /*priority*/) {
  return cudaStreamCreateWithFlags(stream, flags);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const cudaError_t error = begin_release(__func__);
  CUstream_st& target = checked(stream, __func__);
  if (target.capture != nullptr) target.capture->is_invalid = true;
  cuda_emulation::finish(target);
  std::erase(cuda_emulation::streams(), stream);
  cuda_emulation::give_back_context(target.context);
  delete stream;
  cuda_emulation::count_object("stream", -1);
  return error;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  CUstream_st& target = checked(stream, __func__);
  if (target.capture != nullptr) return cuda_emulation::forbid_capture();
  cuda_emulation::synchronize(target);
  return remember(cuda_emulation::lost_device());
}

cudaError_t cudaStreamQuery(cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  CUstream_st& target = checked(stream, __func__);
  if (target.capture != nullptr) return cuda_emulation::forbid_capture();
  if (target.finished != target.queued && !cuda_emulation::run_when_asked_often(target, target.queued))
    return cudaErrorNotReady;  // no error to remember
  if (target.last) cuda_emulation::acquire(&target.last->done);
  return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (const cudaError_t error = cuda_emulation::forbid_capture(); error != cudaSuccess) return error;
  cuda_emulation::synchronize_all();
  return remember(cuda_emulation::lost_device());
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* argument) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (function == nullptr) return remember(cudaErrorInvalidValue);
  return cuda_emulation::enqueue(stream, "host function", [function, argument] {
    const cuda_emulation::HostFunction running;
    function(argument);
  });
}
}
