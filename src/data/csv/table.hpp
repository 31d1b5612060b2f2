#pragma once

#include <memory>

#include "data/csv/buffer.hpp"
#include "data/dataset/storage.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {

/// A CSV or TSV file to learn from. Throws FileError, DataError, UsageError for a target that the table does not have.
[[nodiscard]] std::shared_ptr<const DatasetStorage> read_training_table(ByteSource& source, const DataOptions& options,
                                                                        const CsvLimits& limits = {});

/// A CSV or TSV file for a model that was trained on `schema`; see load_matching.
[[nodiscard]] std::shared_ptr<const DatasetStorage> read_matching_table(ByteSource& source, const DataSchema& schema,
                                                                        Targets targets, const DataOptions& options,
                                                                        const CsvLimits& limits = {});

}  // namespace gradus::internal
