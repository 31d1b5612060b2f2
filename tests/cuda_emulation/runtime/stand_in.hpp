#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <functional>
#include <string>

#include "cuda_emulation/failure.hpp"

// What the stand-ins for the CUDA runtime, cuBLAS and cuBLASLt share.
namespace cuda_emulation {

/// Every function of a stand-in begins with this: counts the call, and answers with the error that a test has asked for, or
/// with that of a device that was lost. A function that gets an error returns it and does nothing.
cudaError_t begin_call(const char* function);
/// The same for functions that give something back, which must do so whatever happened before.
cudaError_t begin_release(const char* function);

/// Remembers an error for cudaGetLastError, and returns it.
cudaError_t remember(cudaError_t error);

/// Puts work into a stream, or into the graph that the stream captures. `name` is what counts it: "kernel", "memcpy",
/// "matmul". `run` runs when the stream does, in a context of its own, with device memory accessible. `description` is for
/// messages. The answer is an error when the capture is spoilt already.
cudaError_t enqueue(cudaStream_t stream, const char* name, std::function<void()> run, const std::string& description = {});

/// Counts bytes that a piece of work reads and writes in device memory (control.hpp, bytes_moved).
void count_bytes(std::size_t bytes);

/// Whether any stream captures: functions that CUDA forbids then return cudaErrorStreamCaptureUnsupported or their library's
/// like.
bool is_capturing();

/// The same error as check_device_pointer of device/launch.hpp, for `bytes` bytes, all within one allocation. `what` names
/// the argument: "cublasLtMatmul: A".
void check_device_range(const void* pointer, std::size_t bytes, const std::string& what);
/// Ends the process when the range is device memory: the host is going to read it.
void check_host_range(const void* pointer, std::size_t bytes, const std::string& what);

/// Objects that live, by the name of their kind ("handle"): a test finds what was not given back.
void count_object(const char* kind, std::ptrdiff_t change);

}  // namespace cuda_emulation
