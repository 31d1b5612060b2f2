#pragma once

#include <limits>
#include <string>

#include "data/csv/errors.hpp"

namespace gradus::internal {

/// Fields of features without a value. They become NaN, and the first one is remembered.
class MissingFields {
 public:
  explicit MissingFields(const CsvErrors& errors) : errors_(errors) {}

  float take(const CsvField& field, CsvPosition position) {
    if (first_.empty()) first_ = errors_.missing_message(position, field.text);
    return std::numeric_limits<float>::quiet_NaN();
  }
  /// DatasetStorage::first_missing.
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  const CsvErrors& errors_;
  std::string first_;
};

}  // namespace gradus::internal
