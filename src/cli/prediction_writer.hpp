#pragma once

#include "cli/output.hpp"
#include "gradus/dataset.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

// Both write one sample after the other, so that a large table needs no copy of itself as text.

/// CSV (RFC 4180, with line feeds): a class name per sample, or the values of a regression; with `scores` also each output.
void write_csv(const Predictions& predictions, const DataSchema& schema, bool scores, Output& output);
/// One object: `task`, `samples`, `predictions`, and with `scores` the `class_names` and a row of `scores` per sample.
void write_json(const Predictions& predictions, const DataSchema& schema, bool scores, Output& output);

}  // namespace gradus::cli
