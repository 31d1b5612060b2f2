#pragma once

// Thrust in the order of a stream, for what is done once for a whole dataset and not in every step:
//
//     in_stream(stream, [=](const auto& policy) { thrust::sort_by_key(policy, keys, keys + count, order); });
//
// The callable gets plain pointers to device memory by value, and its results stay in device memory: neither a value that an
// algorithm returns nor a variable of the host is there when `in_stream` returns. Functors that an algorithm gets are
// __host__ __device__. A stream that captures is an error, since algorithms allocate.

#include <new>
#include <utility>

#include "device.cuh"
#include "source_location.hpp"

#if defined(GRADUS_CUDA_EMULATION)
#include "cuda_emulation/device/work.hpp"
// By default Thrust is compiled for CUDA, whatever the compiler. In itself it dereferences null pointers to choose
// overloads: such a file is compiled with -fno-sanitize=null.
#define THRUST_DEVICE_SYSTEM THRUST_DEVICE_SYSTEM_CPP
#else
#include <thrust/system/cuda/execution_policy.h>
#include <thrust/system_error.h>
#endif
#include <thrust/execution_policy.h>

namespace gradus::kernels {

#if defined(GRADUS_CUDA_EMULATION)

/// The callable becomes a piece of work, and runs when the stream does.
template <class Function>
void in_stream(cudaStream_t stream, Function function, const SourceLocation& where = SourceLocation::current()) {
  check(::cuda_emulation::enqueue_work(
            stream, "thrust", [function = std::move(function)] { function(thrust::seq); }, where),
        where.function_name(), where);
}

#else

/// Runs a Thrust algorithm in the stream, and reports Thrust's exceptions as our errors.
template <class Function>
void in_stream(cudaStream_t stream, Function function, const SourceLocation& where = SourceLocation::current()) {
  try {
    // Not `par`, which waits for the stream after every algorithm: what stays in device memory needs no wait. Some
    // algorithms wait all the same, for temporary memory or for a value that they return; do not rely on either.
    function(thrust::cuda::par_nosync.on(stream));
  } catch (const std::bad_alloc&) {
    check(cudaErrorMemoryAllocation, where.function_name(), where);
  } catch (const thrust::system_error& error) {
    const bool is_cuda = error.code().category() == thrust::cuda_category();
    check(is_cuda ? static_cast<cudaError_t>(error.code().value()) : cudaErrorUnknown, where.function_name(), where);
  }
}

#endif

}  // namespace gradus::kernels
