#include "training/samples.hpp"

#include <numeric>

#include "data/dataset_storage.hpp"

namespace gradus::internal {

SampleSource input_source(const Dataset& data, std::span<const std::uint32_t> rows) {
  const DatasetStorage& storage = data.storage();
  SampleSource source;
  source.samples = storage.samples;
  source.rows = rows;
  source.features = data.features();
  source.outputs = data.schema().outputs();
  if (storage.holds_bytes)
    source.bytes = storage.bytes.data();
  else
    source.floats = storage.floats.data();
  return source;
}

SampleSource sample_source(const Dataset& data, std::span<const std::uint32_t> rows, const Preprocessing& preprocessing) {
  const DatasetStorage& storage = data.storage();
  SampleSource source = input_source(data, rows);
  source.input_shift = preprocessing.input_shift.data();
  source.input_scale = preprocessing.input_scale.data();
  if (!storage.has_targets) return source;
  if (data.task() == Task::classification) {
    source.labels = storage.labels.data();
  } else {
    source.targets = storage.targets.data();
    source.target_shift = preprocessing.target_shift.data();
    source.target_scale = preprocessing.target_scale.data();
  }
  return source;
}

std::vector<std::uint32_t> sample_rows(const Dataset& data) {
  if (!data.rows().empty()) return {data.rows().begin(), data.rows().end()};
  std::vector<std::uint32_t> rows(data.samples());
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  return rows;
}

}  // namespace gradus::internal
