#include "report/prediction_table.hpp"

#include "report/statistics.hpp"

namespace gradus::report {

std::vector<std::string> PredictionTable::columns() const {
  std::vector<std::string> columns;
  const bool has_names = !schema_.target_names.empty();
  if (task() == Task::classification || (task() == Task::regression && schema_.targets == 1))
    columns.emplace_back("prediction");
  else if (has_names)
    columns = schema_.target_names;
  else
    for (std::size_t target = 1; target <= schema_.targets; ++target)
      columns.push_back("prediction_" + std::to_string(target));
  if (has_scores_)
    for (const std::string& name : score_names()) columns.push_back("score_" + name);
  return columns;
}

std::vector<std::string> PredictionTable::score_names() const {
  return task() == Task::classification ? schema_.class_names : label_names(schema_);
}

std::size_t PredictionTable::class_index(std::size_t sample) const {
  return static_cast<std::size_t>(predictions_.classes[sample]);
}

std::vector<bool> PredictionTable::labels(std::size_t sample) const {
  std::vector<bool> labels;
  for (const float output : outputs(sample)) labels.push_back(output > 0.5F);
  return labels;
}

std::span<const float> PredictionTable::outputs(std::size_t sample) const {
  return std::span(predictions_.values).subspan(sample * predictions_.outputs, predictions_.outputs);
}

}  // namespace gradus::report
