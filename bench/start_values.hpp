#pragma once

#include <cstddef>
#include <filesystem>

#include "workloads.hpp"

namespace gradus::bench {

/// Writes what a peer needs to do the same training, and what must come out: start.json, inputs.npy, labels.npy,
/// weights_1.npy, biases_1.npy … The training is `steps` steps of plain gradient descent, each along the whole batch, so
/// that no order matters. Makes the folder. Throws FileError.
void write_start(const Workload& workload, std::size_t steps, const std::filesystem::path& folder);

}  // namespace gradus::bench
