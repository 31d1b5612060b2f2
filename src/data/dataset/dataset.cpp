#include "gradus/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/dataset/access.hpp"
#include "data/dataset/storage.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

std::size_t row_of(const Dataset& data, std::size_t sample) {
  if (sample >= data.samples())
    throw UsageError(
        fmt::format("there is no sample {}; the data has {}", sample, internal::counted(data.samples(), "sample")));
  const auto rows = internal::rows_of(data);
  return rows.empty() ? sample : rows[sample];
}

void require_targets(const Dataset& data, Task task) {
  if (!data.has_targets()) throw UsageError(fmt::format("{}: this data has no targets", data.source()));
  if (data.task() != task)
    throw UsageError(fmt::format("{}: this data is for {} and has no {}", data.source(), name(data.task()),
                                 task == Task::classification ? "classes" : "numeric targets"));
}

}  // namespace

Dataset::Dataset(std::shared_ptr<const DatasetStorage> storage) : storage_(std::move(storage)) {}

std::size_t Dataset::samples() const {
  return rows_ ? rows_->size() : storage_->samples;
}

DataSchema Dataset::schema() const&& {
  return schema_ ? *schema_ : storage_->schema;
}

const DataSchema& Dataset::schema() const& {
  return schema_ ? *schema_ : storage_->schema;
}

bool Dataset::has_targets() const {
  return storage_->has_targets;
}

std::optional<ImageSize> Dataset::image_size() const {
  return storage_->image_size;
}

std::optional<std::string> Dataset::first_missing() const {
  if (storage_->first_missing.empty()) return std::nullopt;
  return storage_->first_missing;
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

std::int32_t Dataset::class_index(std::size_t sample) const {
  const std::size_t row = row_of(*this, sample);
  require_targets(*this, Task::classification);
  return storage_->class_indices[row];
}

float Dataset::target(std::size_t sample, std::size_t column) const {
  const std::size_t row = row_of(*this, sample);
  require_targets(*this, task() == Task::multi_label ? Task::multi_label : Task::regression);
  if (column >= schema().targets)
    throw UsageError(fmt::format("there is no target {}; the data has {}", column, schema().targets));
  return storage_->targets[row * schema().targets + column];
}

bool Dataset::has_weights() const {
  return weights_ != nullptr || !storage_->weights.empty();
}

float Dataset::weight(std::size_t sample) const {
  const std::size_t row = row_of(*this, sample);
  if (weights_) return (*weights_)[row];
  return storage_->weights.empty() ? 1.0F : storage_->weights[row];
}

Dataset Dataset::with_weights(std::span<const float> weights) const {
  if (weights.size() != samples())
    throw UsageError(
        fmt::format("{} for {}", internal::counted(weights.size(), "weight"), internal::counted(samples(), "sample")));
  auto all = std::make_shared<std::vector<float>>(storage_->samples, 1.0F);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0.0F && std::isfinite(weights[i])))
      throw UsageError(fmt::format("the weight of sample {} is {}, and must be finite and at least 0", i, weights[i]));
    (*all)[row_of(*this, i)] = weights[i];
  }
  Dataset weighted = *this;
  weighted.weights_ = std::move(all);
  return weighted;
}

std::vector<double> balanced_class_weights(const Dataset& data) {
  if (data.task() != Task::classification) throw UsageError("class weights are for samples that have one class each");
  std::vector<double> weights(data.schema().class_names.size());
  for (std::size_t i = 0; i < data.samples(); ++i) weights[static_cast<std::size_t>(data.class_index(i))] += 1.0;
  const double share = static_cast<double>(data.samples()) / static_cast<double>(weights.size());
  for (double& weight : weights) weight = weight > 0.0 ? share / weight : 1.0;
  return weights;
}

}  // namespace gradus
