#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/model.hpp"

namespace gradus::report {

/// What a model predicts: a row per sample. It borrows the predictions and the schema, and its cells are read one by one, so
/// that a large table needs no copy of itself.
class PredictionTable {
 public:
  /// `scores` adds each output of a classification or of labels.
  PredictionTable(const Predictions& predictions, const DataSchema& schema, bool scores)
      : predictions_(predictions), schema_(schema), has_scores_(scores && schema.task != Task::regression) {}

  [[nodiscard]] Task task() const { return schema_.task; }
  [[nodiscard]] std::size_t samples() const { return predictions_.samples; }
  [[nodiscard]] bool has_scores() const { return has_scores_; }
  [[nodiscard]] const std::vector<std::string>& class_names() const { return schema_.class_names; }

  /// The names of the columns: `prediction`, or one per target or label; then those of the scores.
  [[nodiscard]] std::vector<std::string> columns() const;
  /// What the scores are of: the names of the classes or labels.
  [[nodiscard]] std::vector<std::string> score_names() const;

  /// Classification: the index of a sample's class.
  [[nodiscard]] std::size_t class_index(std::size_t sample) const;
  /// Multi-label: whether a sample has each label, (labels).
  [[nodiscard]] std::vector<bool> labels(std::size_t sample) const;
  /// (outputs): the numbers of a regression, otherwise the scores.
  [[nodiscard]] std::span<const float> outputs(std::size_t sample) const;

 private:
  const Predictions& predictions_;
  const DataSchema& schema_;
  bool has_scores_;
};

/// Takes the text of a renderer, part by part.
using Sink = std::function<void(std::string_view text)>;

/// CSV (RFC 4180, with line feeds): a class name per sample, a 0 or 1 per label, or the values of a regression; then the
/// scores.
void write_csv(const PredictionTable& table, const Sink& sink);
/// One object: `task`, `samples`, `predictions`, and with scores `class_names` or `label_names` and a row of `scores` per
/// sample.
void write_json(const PredictionTable& table, const Sink& sink);

}  // namespace gradus::report
