#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/csv/errors.hpp"
#include "data/csv/missing_fields.hpp"
#include "data/csv/reader.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// The features of a table for a model that was trained on `schema`.
class MatchingFeatures : public FeatureSink {
 public:
  MatchingFeatures(const CsvErrors& errors, const DataSchema& schema);

  float name(std::size_t feature, const CsvField& field, CsvPosition position) override;
  std::optional<float> odd(std::size_t feature, const CsvField& field, CsvPosition position) override;
  /// Notes names that the model does not know.
  void finish(DatasetStorage& storage) const;

 private:
  struct Known {
    const Categories* categories = nullptr;
    TextMap<std::int32_t> index;
    std::string first_unknown;
    CsvPosition first_unknown_position;
  };

  const CsvErrors& errors_;
  const DataSchema& schema_;
  MissingFields missing_;
  std::vector<Known> known_;  // by feature
};

}  // namespace gradus::internal
