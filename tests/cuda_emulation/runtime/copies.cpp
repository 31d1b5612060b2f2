// Copies, and settings of memory.

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"

namespace cuda_emulation {

namespace {

/// Rows of `width` bytes, `pitch` bytes apart. A copy of one row is an ordinary one.
struct Rows {
  std::size_t width;
  std::size_t height;
  std::size_t to_pitch;
  std::size_t from_pitch;

  /// Bytes from the beginning of the first row to the end of the last.
  [[nodiscard]] std::size_t extent(std::size_t pitch) const { return height == 0 ? 0 : (height - 1) * pitch + width; }

  /// The rows without what is between them.
  [[nodiscard]] std::shared_ptr<std::vector<char>> staged(const void* from) const {
    auto memory = std::make_shared<std::vector<char>>(width * height);
    Rows packed = *this;
    packed.to_pitch = width;
    packed.copy(memory->data(), from);
    return memory;
  }

  void copy(void* to, const void* from) const {
    for (std::size_t row = 0; row < height; ++row)
      std::memcpy(static_cast<char*>(to) + row * to_pitch, static_cast<const char*>(from) + row * from_pitch, width);
  }
};

/// One side of a copy, which must be where its direction says.
void check_side(bool device, const void* pointer, std::size_t bytes, const std::string& what) {
  if (device && is_pinned(pointer)) fail(what + " is pinned memory, where device memory is needed");
  (device ? check_device_range : check_host_range)(pointer, bytes, what);
}

cudaError_t copy(void* to, const void* from, const Rows& rows, cudaMemcpyKind kind, cudaStream_t stream,
                 const char* function) {
  if (rows.width == 0 || rows.height == 0) return cudaSuccess;
  CUstream_st& target = checked(stream, function);
  const bool to_device =
      kind == cudaMemcpyDefault ? is_device(to) : kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device =
      kind == cudaMemcpyDefault ? is_device(from) : kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  const std::string name = function;
  check_side(to_device, to, rows.extent(rows.to_pitch), name + ": the destination");
  check_side(from_device, from, rows.extent(rows.from_pitch), name + ": the source");

  // Memory of the host that is not pinned: the source is read before the call returns; into such a destination the call
  // returns when all is there.
  const bool from_pageable = !from_device && !is_pinned(from);
  const bool to_pageable = !to_device && !is_pinned(to);
  if ((from_pageable || to_pageable) && target.capture != nullptr) return forbid_capture();
  Rows run_rows = rows;
  std::shared_ptr<std::vector<char>> staged;
  if (from_pageable) {
    staged = rows.staged(from);
    run_rows.from_pitch = rows.width;
  }
  const std::size_t bytes = rows.width * rows.height * ((to_device ? 1U : 0U) + (from_device ? 1U : 0U));
  const cudaError_t error = enqueue(
      stream, "memcpy",
      [to, from, run_rows, staged = std::move(staged), bytes]() mutable {
        run_rows.copy(to, staged ? staged->data() : from);
        staged.reset();  // here, and not by the host, which does not wait for this
        count_bytes(bytes);
      },
      function);
  if (error != cudaSuccess || !to_pageable) return error;
  synchronize(target);
  return remember(lost_device());
}

}  // namespace

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::fail;
using cuda_emulation::remember;

extern "C" {

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  return cuda_emulation::copy(to, from, {.width = bytes, .height = 1, .to_pitch = bytes, .from_pitch = bytes}, kind, stream,
                              __func__);
}

cudaError_t cudaMemcpy2DAsync(void* to, std::size_t to_pitch, const void* from, std::size_t from_pitch, std::size_t width,
                              std::size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (width > to_pitch || width > from_pitch) return remember(cudaErrorInvalidValue);
  return cuda_emulation::copy(to, from, {.width = width, .height = height, .to_pitch = to_pitch, .from_pitch = from_pitch},
                              kind, stream, __func__);
}

cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (bytes == 0) return cudaSuccess;
  cuda_emulation::check_device_range(to, bytes, "cudaMemsetAsync: the destination");
  return cuda_emulation::enqueue(
      stream, "memset",
      [to, value, bytes] {
        std::memset(to, value, bytes);
        cuda_emulation::count_bytes(bytes);
      },
      __func__);
}

cudaError_t cudaMemcpy(void* /*to*/, const void* /*from*/, std::size_t /*bytes*/, cudaMemcpyKind /*kind*/) {
  fail("cudaMemcpy uses the null stream, which does not wait for ours: use cudaMemcpyAsync, and synchronise");
}

cudaError_t cudaMemset(void* /*to*/, int /*value*/, std::size_t /*bytes*/) {
  fail("cudaMemset uses the null stream, which does not wait for ours: use cudaMemsetAsync");
}
}
