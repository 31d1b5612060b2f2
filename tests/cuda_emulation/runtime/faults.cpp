// Calls that are counted, and fail when a test asks for it; errors that are remembered.

#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"
#include "cuda_emulation/sanitizers.hpp"
#include "cuda_emulation/thread.hpp"

namespace cuda_emulation {

namespace {

struct Fault {
  std::string function;   // empty: any
  std::size_t count = 0;  // calls until then; 0: none asked for
  cudaError_t error = cudaSuccess;
};

struct Counters {
  std::size_t calls = 0;
  std::map<std::string, std::size_t, std::less<>> calls_of;
  std::map<std::string, std::size_t, std::less<>> work;
  std::map<std::string, std::size_t, std::less<>> objects;
  std::size_t bytes = 0;
  Fault call_fault;
  Fault work_fault;
  cudaError_t last_error = cudaSuccess;
  cudaError_t lost = cudaSuccess;
  std::thread::id host = std::this_thread::get_id();
};

Counters& counters() {
  static auto* const counters = new Counters;
  return *counters;
}

/// What a call usually fails with.
cudaError_t usual_error(std::string_view function) {
  if (function == "cudaMalloc" || function == "cudaMallocHost" || function == "cudaHostAlloc")
    return cudaErrorMemoryAllocation;
  if (function == "cudaLaunchKernelExC") return cudaErrorLaunchOutOfResources;
  if (function == "cudaGetDeviceCount") return cudaErrorNoDevice;
  if (function == "cudaSetDevice") return cudaErrorDevicesUnavailable;
  return cudaErrorUnknown;
}

void check_caller(const char* function) {
  if (std::this_thread::get_id() != counters().host)
    fail(std::string(function) + ": the emulation serves one host thread, the one that called it first");
  if (running_thread != nullptr) fail(std::string(function) + " is called by a kernel");
  if (in_host_function()) fail(std::string(function) + " is called by a host function, which must not call CUDA");
}

}  // namespace

cudaError_t begin_call(const char* function) {
  const Unseen unseen;
  check_caller(function);
  Counters& all = counters();
  ++all.calls;
  ++all.calls_of[function];
  if (all.lost != cudaSuccess) return remember(all.lost);
  Fault& fault = all.call_fault;
  if (fault.count > 0 && (fault.function.empty() || fault.function == function) && --fault.count == 0)
    return remember(fault.function.empty() ? usual_error(function) : fault.error);
  return cudaSuccess;
}

cudaError_t begin_release(const char* function) {
  check_caller(function);
  return lost_device();
}

cudaError_t remember(cudaError_t error) {
  if (error != cudaSuccess) counters().last_error = error;
  return error;
}

bool begin_work(const char* name) {
  const Unseen unseen;
  Counters& all = counters();
  if (all.work_fault.count > 0 && --all.work_fault.count == 0) all.lost = all.work_fault.error;
  if (all.lost != cudaSuccess) return false;
  ++all.work[name];
  return true;
}

cudaError_t lost_device() {
  return counters().lost;
}

void count_bytes(std::size_t bytes) {
  counters().bytes += bytes;
}

void count_object(const char* kind, std::ptrdiff_t change) {
  const Unseen unseen;
  counters().objects[kind] += static_cast<std::size_t>(change);
}

void fail_call(std::string_view function, std::size_t count, cudaError_t error) {
  counters().call_fault = {.function = std::string(function), .count = count, .error = error};
}
void fail_any_call(std::size_t count) {
  counters().call_fault = {.function = "", .count = count, .error = cudaSuccess};
}
void fail_work(std::size_t count, cudaError_t error) {
  counters().work_fault = {.function = "", .count = count, .error = error};
}
void clear_faults() {
  counters().call_fault = {};
  counters().work_fault = {};
  counters().lost = cudaSuccess;
  counters().last_error = cudaSuccess;
}

std::size_t calls() {
  return counters().calls;
}
std::size_t calls(std::string_view function) {
  const auto found = counters().calls_of.find(function);
  return found == counters().calls_of.end() ? 0 : found->second;
}
std::size_t work_done(std::string_view name) {
  const auto found = counters().work.find(name);
  return found == counters().work.end() ? 0 : found->second;
}
std::size_t bytes_moved() {
  return counters().bytes;
}

std::map<std::string, std::size_t> live_objects() {
  std::map<std::string, std::size_t> live;
  for (const auto& [kind, count] : counters().objects)
    if (count > 0) live.emplace(kind, count);
  return live;
}

}  // namespace cuda_emulation

extern "C" {

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  cuda_emulation::counters().last_error = cudaSuccess;
  return error;
}

cudaError_t cudaPeekAtLastError() {
  const cudaError_t lost = cuda_emulation::lost_device();
  return lost != cudaSuccess ? lost : cuda_emulation::counters().last_error;
}
}
