#include "data/csv/table.hpp"

#include <utility>

#include <fmt/format.h>

#include "data/csv/features.hpp"
#include "data/csv/reader.hpp"
#include "data/csv/table_columns.hpp"
#include "data/csv/target.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

void check_rows(const CsvReader& reader, std::size_t rows) {
  if (rows == 0)
    throw DataError(fmt::format("{}: no data rows{}", reader.errors().source(),
                                reader.names().empty() ? "" : ": there is a header and nothing below it"));
}

}  // namespace

std::shared_ptr<const DatasetStorage> read_training_table(ByteSource& source, const DataOptions& options,
                                                          const CsvLimits& limits) {
  CsvReader reader(source, options, limits);
  TableColumns columns = columns_to_learn_from(reader, options);
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = source.name();
  storage->notes = std::move(columns.notes);
  DataSchema& schema = storage->schema;
  schema.features = columns.features.size();
  schema.target_columns = columns.targets;
  schema.ignored_columns = std::move(columns.ignored);
  if (!reader.names().empty()) {
    for (const std::size_t column : columns.targets) schema.target_names.push_back(reader.names()[column]);
    for (const std::size_t column : columns.features) schema.feature_names.push_back(reader.names()[column]);
  }

  TrainingFeatures features(reader.errors(), columns.features, options, storage->floats);
  for (std::size_t i = 0; i < columns.features.size(); ++i)
    if (feature_of_names(columns.places[columns.features[i]])) features.expect_names(i);
  WeightColumn weights(reader.errors());
  const bool has_one = columns.targets.size() == 1 && options.task != Task::multi_label;
  TrainingTarget target(reader.errors(), columns.targets.front(), options.task);
  NumberTargets targets(reader.errors(), columns.targets, options.task == Task::multi_label);
  TargetSink* const sink = has_one ? static_cast<TargetSink*>(&target) : &targets;
  storage->samples = reader.read_rows(columns.places, schema.features, storage->floats, features, sink, &weights);
  check_rows(reader, storage->samples);
  storage->floats.shrink();
  if (options.weights) storage->weights = weights.finish();
  features.finish(*storage);
  if (has_one) {
    target.finish(*storage);
    return storage;
  }
  schema.task = options.task.value_or(targets.are_labels() ? Task::multi_label : Task::regression);
  schema.targets = columns.targets.size();
  targets.look_at_labels(*storage);
  storage->targets = std::move(targets.numbers());
  storage->targets.shrink();
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

  const bool classes = schema.task == Task::classification;
  MatchingLabels labels(reader.errors(), schema);
  NumberTargets numbers(reader.errors(), columns.targets, schema.task == Task::multi_label);
  MatchingFeatures features(reader.errors(), schema);
  TargetSink* target = classes ? static_cast<TargetSink*>(&labels) : &numbers;
  storage->samples = reader.read_rows(columns.places, schema.features, storage->floats, features, target);
  check_rows(reader, storage->samples);
  storage->floats.shrink();
  features.finish(*storage);
  storage->labels = std::move(labels.labels());
  storage->targets = std::move(numbers.numbers());
  return storage;
}

}  // namespace gradus::internal
