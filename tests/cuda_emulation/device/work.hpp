#pragma once

// Work of libraries that run on the host here, Thrust's (kernels/thrust.cuh).

#include <cuda_runtime_api.h>
#include <functional>

#include "cuda_emulation/failure.hpp"

namespace cuda_emulation {

/// Puts `run` into a stream, where it runs as a kernel would: later, in a context of its own, with device memory accessible.
/// `name` is what counts it, as a call too. An error in a capture: on a GPU such work allocates. What `run` throws ends the
/// process.
cudaError_t enqueue_work(cudaStream_t stream, const char* name, std::function<void()> run, const Place& where);

}  // namespace cuda_emulation
