#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "data/dataset/storage.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// What is behind a Dataset.
struct DatasetAccess {
  static Dataset make(std::shared_ptr<const DatasetStorage> storage) { return Dataset(std::move(storage)); }
  static const DatasetStorage& storage(const Dataset& data) { return *data.storage_; }
  static std::span<const std::uint32_t> rows(const Dataset& data) {
    return data.rows_ ? std::span<const std::uint32_t>(*data.rows_) : std::span<const std::uint32_t>();
  }
};

/// A data set of all rows in memory.
[[nodiscard]] inline Dataset dataset_of(std::shared_ptr<const DatasetStorage> storage) {
  return DatasetAccess::make(std::move(storage));
}

/// The memory behind the samples.
[[nodiscard]] inline const DatasetStorage& storage_of(const Dataset& data) {
  return DatasetAccess::storage(data);
}

/// The selected rows of that memory, one per sample; empty: all, in order.
[[nodiscard]] inline std::span<const std::uint32_t> rows_of(const Dataset& data) {
  return DatasetAccess::rows(data);
}

}  // namespace gradus::internal
