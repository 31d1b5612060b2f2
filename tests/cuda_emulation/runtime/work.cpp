// Work of libraries that run on the host.

#include "cuda_emulation/device/work.hpp"

#include <exception>
#include <string>
#include <utility>

#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"

namespace cuda_emulation {

namespace {

/// An exception cannot leave the context of a stream; on a GPU it would have come out of the call.
void run_or_fail(const std::function<void()>& run, const std::string& description) {
  try {
    run();
  } catch (const std::exception& error) {
    fail(description + ": " + error.what());
  }
}

}  // namespace

cudaError_t enqueue_work(cudaStream_t stream, const char* name, std::function<void()> run, const Place& where) {
  if (const cudaError_t error = begin_call(name); error != cudaSuccess) return error;
  if (const cudaError_t error = forbid_capture(); error != cudaSuccess) return error;
  const std::string description = std::string(name) + " at " + to_string(where);
  return enqueue(
      stream, name, [run = std::move(run), description] { run_or_fail(run, description); }, description);
}

}  // namespace cuda_emulation
