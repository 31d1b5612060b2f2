#pragma once

namespace gradus::internal {

/// How many samples training has visited, on a device: what is drawn for a sample is drawn anew whenever it is visited. It
/// must be gone before the backend.
class Visits {
 public:
  Visits() = default;
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;
  virtual ~Visits() = default;
};

}  // namespace gradus::internal
