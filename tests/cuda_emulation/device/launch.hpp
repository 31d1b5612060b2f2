#pragma once

// Launches of kernels, checked now and run when their stream runs.

#include <cstddef>
#include <cuda_runtime_api.h>
#include <functional>
#include <tuple>
#include <type_traits>

#include "cuda_emulation/failure.hpp"

namespace cuda_emulation {

struct LaunchOptions {
  dim3 grid;
  dim3 block;
  dim3 cluster = 1;
  std::size_t shared_bytes = 0;
  bool cooperative = false;
  cudaStream_t stream = nullptr;
  Place where;
};

/// Checks what a launch asks for, and puts it into its stream; `kernel` runs one thread of it.
cudaError_t enqueue_launch(const LaunchOptions& options, const void* function, std::function<void()> kernel);

/// Ends the process when `pointer`, the argument `index` of a launch or a library's call, is not memory that the device
/// reaches.
void check_device_pointer(const void* pointer, std::size_t index, const Place& where);

/// Copies the arguments now, as a launch does.
template <class... Parameters>
cudaError_t launch(void (*kernel)(Parameters...), const LaunchOptions& options, std::tuple<Parameters...> arguments) {
  std::size_t index = 0;
  const auto check_argument = [&](const auto& argument) {
    if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(argument)>>)
      check_device_pointer(const_cast<const void*>(static_cast<const volatile void*>(argument)), index, options.where);
    ++index;
  };
  std::apply([&](const auto&... each) { (check_argument(each), ...); }, arguments);
  return enqueue_launch(options, reinterpret_cast<const void*>(kernel),
                        [kernel, arguments = std::move(arguments)] { std::apply(kernel, arguments); });
}

}  // namespace cuda_emulation
