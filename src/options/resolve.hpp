#pragma once

#include "gradus/dataset.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus::internal {

/// The network with inputs and outputs as the data has them and every default filled in.
/// Throws UsageError for widths that cannot be, and DataError for data that does not fit them.
[[nodiscard]] NetworkSpec resolve_network(NetworkSpec network, const DataSchema& schema);

/// Throws UsageError for numbers that a schedule cannot have.
void check_schedule(const Schedule& schedule);

/// β₂ of an optimizer unless another is given.
[[nodiscard]] double default_beta2(Optimizer optimizer);

/// The options with every default filled in; `threads` stays as given. Throws UsageError and DeviceError.
[[nodiscard]] TrainingOptions resolve_options(TrainingOptions options, const NetworkSpec& network, const Dataset& data);

}  // namespace gradus::internal
