#pragma once

#include <filesystem>

#include "gradus/trainer.hpp"
#include "report/facts.hpp"
#include "report/run_subject.hpp"

namespace gradus::report {

/// How a run ended, and how well its model does on each set of samples. `model` is the file that a model is written to.
[[nodiscard]] Report run_report(const RunSubject& run, const TrainingResult& result, const std::filesystem::path& model);

/// Whether a run has a model to write: none when the cost was not finite from the beginning.
[[nodiscard]] bool has_model(const TrainingResult& result);

}  // namespace gradus::report
