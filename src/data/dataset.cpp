#include "gradus/dataset.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "data/dataset_storage.hpp"
#include "data/wording.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

std::size_t row_of(const Dataset& data, std::size_t sample) {
  if (sample >= data.samples())
    throw UsageError(
        fmt::format("sample {} is asked for, and there are {}", sample, internal::counted(data.samples(), "sample")));
  return data.rows().empty() ? sample : data.rows()[sample];
}

void require_targets(const Dataset& data, Task task) {
  if (!data.has_targets()) throw UsageError(fmt::format("{}: this data has no targets", data.source()));
  if (data.task() != task)
    throw UsageError(fmt::format("{}: this data is for {}, and its {} are asked for", data.source(), name(data.task()),
                                 task == Task::classification ? "classes" : "numeric targets"));
}

}  // namespace

Dataset::Dataset(std::shared_ptr<const DatasetStorage> storage, std::shared_ptr<const std::vector<std::uint32_t>> rows)
    : storage_(std::move(storage)), rows_(std::move(rows)) {}

std::size_t Dataset::samples() const {
  return rows_ ? rows_->size() : storage_->samples;
}

DataSchema Dataset::schema() const&& {
  return storage_->schema;
}

const DataSchema& Dataset::schema() const& {
  return storage_->schema;
}

bool Dataset::has_targets() const {
  return storage_->has_targets;
}

bool Dataset::holds_bytes() const {
  return storage_->holds_bytes;
}

std::string Dataset::source() const&& {
  return storage_->source;
}

const std::string& Dataset::source() const& {
  return storage_->source;
}

std::vector<std::string> Dataset::notes() const&& {
  return storage_->notes;
}

const std::vector<std::string>& Dataset::notes() const& {
  return storage_->notes;
}

std::size_t DataSchema::inputs() const {
  std::size_t inputs = features - categories.size() + indicators.size();
  for (const Categories& feature : categories) inputs += feature.inputs();
  return inputs;
}

std::span<const std::uint32_t> Dataset::rows() const {
  return rows_ ? std::span<const std::uint32_t>(*rows_) : std::span<const std::uint32_t>();
}

void Dataset::copy_inputs(std::size_t sample, std::span<float> inputs) const {
  const std::size_t row = row_of(*this, sample);
  const std::size_t width = features();
  if (inputs.size() != width)
    throw UsageError(fmt::format("room for {} of a sample, which has {}", internal::counted(inputs.size(), "input"), width));
  if (storage_->holds_bytes)
    std::copy_n(storage_->bytes.data() + row * width, width, inputs.begin());
  else
    std::copy_n(storage_->floats.data() + row * width, width, inputs.begin());
}

std::int32_t Dataset::label(std::size_t sample) const {
  const std::size_t row = row_of(*this, sample);
  require_targets(*this, Task::classification);
  return storage_->labels[row];
}

float Dataset::target(std::size_t sample, std::size_t column) const {
  const std::size_t row = row_of(*this, sample);
  require_targets(*this, Task::regression);
  if (column >= schema().targets)
    throw UsageError(fmt::format("target {} is asked for, and there are {}", column, schema().targets));
  return storage_->targets[row * schema().targets + column];
}

}  // namespace gradus
