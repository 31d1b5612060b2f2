#include "data/table.hpp"

#include <utility>

#include <fmt/format.h>

#include "data/csv_reader.hpp"
#include "data/csv_target.hpp"
#include "data/table_columns.hpp"
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
  schema.features = reader.columns() - 1;
  schema.target_column = *columns.target;
  for (std::size_t i = 0; i < reader.names().size(); ++i)
    (i == *columns.target ? schema.target_names : schema.feature_names).push_back(reader.names()[i]);

  TrainingTarget target(reader.errors(), *columns.target, options.task);
  storage->samples = reader.read_rows(columns.places, schema.features, storage->floats, &target);
  check_rows(reader, storage->samples);
  storage->floats.shrink();
  target.finish(*storage);
  return storage;
}

std::shared_ptr<const DatasetStorage> read_matching_table(ByteSource& source, const DataSchema& schema, Targets targets,
                                                          const DataOptions& options, const CsvLimits& limits) {
  CsvReader reader(source, options, limits);
  TableColumns columns = columns_for_model(reader, schema, targets, options);
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = source.name();
  storage->schema = schema;
  storage->notes = std::move(columns.notes);
  storage->has_targets = columns.target.has_value();

  const bool classes = schema.task == Task::classification;
  MatchingLabels labels(reader.errors(), schema);
  MatchingNumbers numbers(reader.errors());
  TargetSink* target = classes ? static_cast<TargetSink*>(&labels) : &numbers;
  storage->samples = reader.read_rows(columns.places, schema.features, storage->floats, target);
  check_rows(reader, storage->samples);
  storage->floats.shrink();
  storage->labels = std::move(labels.labels());
  storage->targets = std::move(numbers.numbers());
  return storage;
}

}  // namespace gradus::internal
