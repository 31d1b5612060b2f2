#include "data/csv/table.hpp"

#include <utility>

#include <fmt/format.h>

#include "data/csv/matching_features.hpp"
#include "data/csv/reader.hpp"
#include "data/csv/table_columns.hpp"
#include "data/csv/target_columns.hpp"
#include "data/csv/training_features.hpp"
#include "data/csv/training_target.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

void check_rows(const CsvReader& reader, std::size_t rows) {
  if (rows == 0)
    throw DataError(fmt::format("{}: no data rows{}", reader.errors().source(),
                                reader.names().empty() ? "" : ": there is a header and nothing below it"));
}

/// The fields of the schema that describe columns.
void describe_columns(const CsvReader& reader, TableColumns& columns, DatasetStorage& storage) {
  DataSchema& schema = storage.schema;
  schema.features = columns.features.size();
  schema.target_columns = columns.targets;
  schema.ignored_columns = std::move(columns.ignored);
  storage.notes = std::move(columns.notes);
  if (reader.names().empty()) return;
  for (const std::size_t column : columns.targets) schema.target_names.push_back(reader.names()[column]);
  for (const std::size_t column : columns.features) schema.feature_names.push_back(reader.names()[column]);
}

/// Reads the rows to learn from; the targets go to `target`.
void read_training_rows(CsvReader& reader, const TableColumns& columns, const DataOptions& options, TargetSink& target,
                        DatasetStorage& storage) {
  TrainingFeatures features(reader.errors(), columns.features, options.most_categories, storage.floats);
  for (const std::size_t column : columns.features)
    if (const ColumnRole role = columns.roles[column]; role.kind == ColumnRole::Kind::names)
      features.expect_names(role.feature);
  WeightColumn weights(reader.errors());
  storage.samples = reader.read_rows(columns.roles, columns.features.size(), storage.floats, {features, &target, &weights});
  check_rows(reader, storage.samples);
  storage.floats.shrink();
  if (options.weights) storage.weights = weights.finish();
  features.finish(storage);
}

/// Reads the rows for a model; the targets go to `target`.
void read_matching_rows(CsvReader& reader, const TableColumns& columns, TargetSink& target, DatasetStorage& storage) {
  MatchingFeatures features(reader.errors(), storage.schema);
  storage.samples =
      reader.read_rows(columns.roles, storage.schema.features, storage.floats, {.features = features, .target = &target});
  check_rows(reader, storage.samples);
  storage.floats.shrink();
  features.finish(storage);
}

}  // namespace

std::shared_ptr<const DatasetStorage> read_training_table(ByteSource& source, const DataOptions& options,
                                                          const CsvLimits& limits) {
  CsvReader reader(source, options, limits);
  TableColumns columns = columns_to_learn_from(reader, options);
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = source.name();
  describe_columns(reader, columns, *storage);
  if (columns.targets.size() > 1 || options.task == Task::multi_label) {
    NumberTargets targets(reader.errors(), columns.targets, options.task);
    read_training_rows(reader, columns, options, targets, *storage);
    targets.finish(*storage);
  } else {
    TrainingTarget target(reader.errors(), columns.targets.front(), options.task);
    read_training_rows(reader, columns, options, target, *storage);
    target.finish(*storage);
  }
  return storage;
}

std::shared_ptr<const DatasetStorage> read_matching_table(ByteSource& source, const DataSchema& schema, Targets targets,
                                                          const DataOptions& options, const CsvLimits& limits) {
  CsvReader reader(source, options, limits, schema.feature_names);
  TableColumns columns = columns_for_model(reader, schema, targets, options);
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = source.name();
  storage->schema = schema;
  storage->notes = std::move(columns.notes);
  storage->has_targets = !columns.targets.empty();
  if (schema.task == Task::classification) {
    MatchingClasses classes(reader.errors(), schema);
    read_matching_rows(reader, columns, classes, *storage);
    storage->class_indices = std::move(classes.indices());
  } else {
    NumberTargets numbers(reader.errors(), columns.targets, schema.task);
    read_matching_rows(reader, columns, numbers, *storage);
    storage->targets = std::move(numbers.numbers());
  }
  return storage;
}

}  // namespace gradus::internal
