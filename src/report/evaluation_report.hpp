#pragma once

#include <string>

#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// What a model was evaluated on, as the user named it.
struct EvaluationSubject {
  std::string model;
  std::string data;
  std::string source;  ///< Dataset::source
  std::string device;
};

/// How well a model of this schema does, in detail.
[[nodiscard]] Report evaluation_report(const EvaluationSubject& subject, const DataSchema& schema,
                                       const Evaluation& evaluation);

}  // namespace gradus::report
