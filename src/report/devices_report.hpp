#pragma once

#include <vector>

#include "gradus/device.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// The devices of this machine, and which of them `automatic` is: the one that `auto` takes.
[[nodiscard]] Report devices_report(const std::vector<DeviceInfo>& found, const Device& automatic);

}  // namespace gradus::report
