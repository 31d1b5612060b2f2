#pragma once

#include "gradus/loading.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// What is in a source of data: its columns, with statistics of the training set.
[[nodiscard]] Report data_report(const DataSplits& splits);

}  // namespace gradus::report
