#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <map>
#include <string>
#include <string_view>

// How a test steers the stand-ins and looks into them.
namespace cuda_emulation {

/// The memory that the device has in all; at first 1 GiB. cudaMalloc fails beyond, and cudaMemGetInfo reports it.
void set_device_memory(std::size_t bytes);

/// The `count`-th call of `function` from now on (1: the next one) fails with `error`. cuBLAS's functions answer with their
/// own code for it. One such request at a time.
void fail_call(std::string_view function, std::size_t count, cudaError_t error);
/// The `count`-th call from now on of all functions that can fail does, with an error that is usual for it.
void fail_any_call(std::size_t count);
/// The `count`-th piece of work from now on that a stream runs fails with `error`: every call after it answers with that, as
/// on a device that was lost.
void fail_work(std::size_t count, cudaError_t error);
/// Cancels all such requests, and restores a lost device.
void clear_faults();

/// How many calls there were that can fail, since the process began, and how many of one function.
std::size_t calls();
std::size_t calls(std::string_view function);

/// Work that streams have run since the process began, by name: "kernel", "memcpy", "memset", "matmul" …
std::size_t work_done(std::string_view name);
/// Bytes that copies, settings of memory and matrix products have read and written; kernels are not counted.
std::size_t bytes_moved();

/// Objects that live, by kind: "device memory", "pinned memory" (bytes), "stream", "event", "graph" …; without those of
/// which there is none.
std::map<std::string, std::size_t> live_objects();

}  // namespace cuda_emulation
