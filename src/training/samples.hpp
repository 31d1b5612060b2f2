#pragma once

#include <cstdint>
#include <vector>

#include "backend/sample_source.hpp"
#include "data/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// A backend's view of a data set and its scaling; both must outlive it.
[[nodiscard]] SampleSource sample_source(const Dataset& data, const Preprocessing& preprocessing);

/// Where the data set's samples lie in its memory, in order.
[[nodiscard]] std::vector<std::uint32_t> sample_rows(const Dataset& data);

}  // namespace gradus::internal
