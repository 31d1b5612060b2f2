#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/sample_source.hpp"
#include "data/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Where the data set's samples lie in its memory, in order.
[[nodiscard]] std::vector<std::uint32_t> sample_rows(const Dataset& data);

/// A backend's view of a data set's inputs as they are, in its sample_rows; both must outlive it.
[[nodiscard]] SampleSource input_source(const Dataset& data, std::span<const std::uint32_t> rows);

/// A backend's view of a data set, its sample_rows and its scaling, all of which must outlive it.
[[nodiscard]] SampleSource sample_source(const Dataset& data, std::span<const std::uint32_t> rows,
                                         const Preprocessing& preprocessing);

}  // namespace gradus::internal
