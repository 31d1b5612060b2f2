#pragma once

#include "report/facts.hpp"
#include "report/run_subject.hpp"

namespace gradus::report {

/// A run before its first step: the data, the network, the method, and the baseline, which is what a constant prediction
/// achieves (baseline.hpp). It goes through all targets.
[[nodiscard]] Report setup_report(const RunSubject& run);

}  // namespace gradus::report
