#pragma once

#include <cstddef>
#include <string>

#include "cli/report/facts.hpp"
#include "gradus/dataset.hpp"
#include "gradus/experiment.hpp"

namespace gradus::cli {

/// What a cross-validation was of, as the user named it.
struct FoldsSubject {
  std::string data;
  std::size_t folds = 0;  ///< that were asked for
  std::uint64_t seed = 0;
};

/// The finished folds, and the mean and deviation of their metrics. The text lists the folds only when not all of them are
/// finished, and is empty when none is.
[[nodiscard]] Report folds_report(const FoldsSubject& subject, const Dataset& data, const CrossValidation& result);

/// ` 3/10`: a fold, counted from 0, for a column.
[[nodiscard]] std::string fold_of(std::size_t fold, std::size_t folds);

}  // namespace gradus::cli
