#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "gradus/device.hpp"

/// What a run chooses before it begins: a backend, how many samples at once, and how many threads.
namespace gradus::internal {

/// The backend of a resolved device. `threads` is how many the CPU may use. Throws DeviceError, OutOfMemory, and UsageError
/// for a precision that the device does not have.
[[nodiscard]] std::unique_ptr<Backend> make_backend(Device device, Precision precision, std::size_t threads);

/// How many floats of activations and error terms a resolved device should compute at once: a larger batch is divided into
/// groups of rows. The CPU: its share of a cache. A GPU: a share of its whole memory, and not of what is free, since the
/// groups decide the order of sums.
[[nodiscard]] std::size_t floats_at_once(Device device);

/// As many threads as help a network of these widths at `rows` samples at once on this machine, at most `limit` (0: no
/// limit). `others`: operations for each sample beside the matrix products. Throws UsageError for a limit that no machine
/// has.
[[nodiscard]] std::size_t useful_threads(std::span<const std::size_t> widths, std::size_t rows, std::size_t limit,
                                         double others = 0.0);

}  // namespace gradus::internal
