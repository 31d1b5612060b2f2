#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "gradus/device.hpp"

namespace gradus::internal {

/// A kind of device whose code is loaded at run time, so that the same program runs where its libraries are missing.
class DeviceModule {
 public:
  DeviceModule() = default;
  DeviceModule(const DeviceModule&) = delete;
  DeviceModule& operator=(const DeviceModule&) = delete;
  virtual ~DeviceModule() = default;

  /// Why no device of this kind can be used at all; empty when there are some, usable or not.
  [[nodiscard]] virtual std::string problem() const = 0;
  /// How many devices there are; only without a problem.
  [[nodiscard]] virtual int count() const = 0;
  /// Why the device of this number, below `count`, cannot be used; empty when it can. Costs little: nothing is started on
  /// it.
  [[nodiscard]] virtual std::string problem_of(int index) const = 0;
  /// Bytes of memory that the device of this number has in all.
  [[nodiscard]] virtual std::size_t memory_of(int index) const = 0;
  /// Its name, memory and driver. Starts the device, to learn how much of its memory is free.
  [[nodiscard]] virtual DeviceInfo describe(int index) const = 0;

  /// Throws DeviceError, OutOfMemory, and UsageError for a precision that the device does not have.
  [[nodiscard]] virtual std::unique_ptr<Backend> make_backend(int index, Precision precision) const = 0;
};

}  // namespace gradus::internal

// What the module of the CUDA backend exports. The version must be that of the library that loads it, since nothing but the
// very same sources agrees on the classes between them.
extern "C" {
const char* gradus_cuda_version();
const gradus::internal::DeviceModule* gradus_cuda_module();
}
