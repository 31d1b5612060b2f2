#pragma once

#include <cstdint>

namespace gradus::internal {

/// How many samples training has visited, on a device: what is drawn for a sample is drawn anew whenever it is visited. It
/// must be gone before the backend.
class Visits {
 public:
  Visits() = default;
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;
  virtual ~Visits() = default;

  /// The number of visits so far. Waits for the device.
  [[nodiscard]] virtual std::uint64_t save() const = 0;
  /// Continues from this number of visits.
  virtual void load(std::uint64_t visits) = 0;
};

}  // namespace gradus::internal
