#pragma once

#include <filesystem>

#include "report/facts.hpp"
#include "report/run_subject.hpp"

namespace gradus::report {

/// Every option of a run as it was resolved, null for one that has no value or no effect, with what else it takes to
/// train the same again: the version, the data, the sizes of inputs and outputs, and `output`, the folder of the run. As
/// JSON it is a run's options.json.
[[nodiscard]] Report run_options(const RunSubject& run, const std::filesystem::path& output);

}  // namespace gradus::report
