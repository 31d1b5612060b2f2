#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "gradus/device.hpp"
#include "model/model_state.hpp"
#include "network/parameters.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {

/// A trained network in the memory of a device, ready to run.
class ModelOnDevice {
 public:
  /// For this many samples, of which as many are run at once as `evaluation_rows` says. `device` is resolved. Throws
  /// DeviceError and OutOfMemory.
  ModelOnDevice(const ModelState& state, std::size_t samples, Purpose purpose, Device device, std::size_t threads);

  [[nodiscard]] Backend& backend() { return *backend_; }
  [[nodiscard]] Propagation& propagation() { return propagation_; }

 private:
  std::vector<std::size_t> widths_;
  std::size_t rows_;
  std::unique_ptr<Backend> backend_;
  Parameters parameters_;
  Propagation propagation_;
};

/// How many samples are evaluated at once on a resolved device.
[[nodiscard]] std::size_t evaluation_rows(std::span<const std::size_t> widths, std::size_t samples, Device device);

}  // namespace gradus::internal
