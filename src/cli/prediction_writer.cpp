#include "cli/prediction_writer.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/json_output.hpp"
#include "cli/statistics.hpp"

namespace gradus::cli {
namespace {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' '))
    return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::vector<std::string> header(const DataSchema& schema, bool scores) {
  if (schema.task == Task::classification) {
    std::vector<std::string> columns{"prediction"};
    if (scores)
      for (const std::string& class_name : schema.class_names) columns.push_back("score_" + class_name);
    return columns;
  }
  const bool has_labels = schema.task == Task::multi_label;
  if (schema.targets == 1 && !has_labels) return {"prediction"};
  std::vector<std::string> columns;
  std::vector<std::string> score_columns;
  for (std::size_t target = 0; target < schema.targets; ++target) {
    const bool has_name = !schema.target_names.empty();
    const std::string number = std::to_string(target + 1);
    columns.push_back(has_name ? schema.target_names[target] : std::string("prediction_").append(number));
    score_columns.push_back(std::string("score_").append(has_name ? schema.target_names[target] : number));
  }
  if (has_labels && scores) columns.insert(columns.end(), score_columns.begin(), score_columns.end());
  return columns;
}

/// 1 when the output says that the sample has the label, else 0.
int label_of(float output) {
  return output > 0.5F ? 1 : 0;
}

std::span<const float> row(const Predictions& predictions, std::size_t sample) {
  return std::span(predictions.values).subspan(sample * predictions.outputs, predictions.outputs);
}

// The shortest text that reads back as the same float; JSON cannot hold NaN.
std::string json_number(float value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
}

std::string json_row(std::span<const float> values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text.append(i == 0 ? "" : ",").append(json_number(values[i]));
  return text + "]";
}

}  // namespace

void write_csv(const Predictions& predictions, const DataSchema& schema, bool scores, Output& output) {
  std::string line;
  const auto append = [&line](std::string_view field) {
    if (!line.empty()) line += ',';
    line += field;
  };
  for (const std::string& column : header(schema, scores)) append(csv_field(column));
  output.write(line + "\n");

  std::vector<std::string> class_fields;
  for (const std::string& class_name : schema.class_names) class_fields.push_back(csv_field(class_name));
  const bool classification = schema.task == Task::classification;
  for (std::size_t sample = 0; sample < predictions.samples; ++sample) {
    line.clear();
    if (classification) append(class_fields[static_cast<std::size_t>(predictions.classes[sample])]);
    if (schema.task == Task::multi_label)
      for (const float value : row(predictions, sample)) append(label_of(value) == 1 ? "1" : "0");
    if (schema.task == Task::regression || scores)
      for (const float value : row(predictions, sample)) append(fmt::format("{}", value));
    output.write(line + "\n");
  }
}

void write_json(const Predictions& predictions, const DataSchema& schema, bool scores, Output& output) {
  const bool classification = schema.task == Task::classification;
  std::vector<std::string> class_texts;
  for (const std::string& class_name : schema.class_names) class_texts.push_back(to_text(class_name));

  output.write(fmt::format(R"({{"task":"{}","samples":{},"predictions":[)", name(schema.task), predictions.samples));
  for (std::size_t sample = 0; sample < predictions.samples; ++sample) {
    if (sample > 0) output.write(",");
    if (classification) {
      output.write(class_texts[static_cast<std::size_t>(predictions.classes[sample])]);
    } else if (schema.task == Task::multi_label) {
      std::vector<int> labels;
      for (const float value : row(predictions, sample)) labels.push_back(label_of(value));
      output.write(to_text(labels));
    } else {
      const auto values = row(predictions, sample);
      output.write(values.size() == 1 ? json_number(values.front()) : json_row(values));
    }
  }
  output.write("]");
  if (scores) {
    const std::vector<std::string> names = classification ? schema.class_names : label_names(schema);
    output.write(fmt::format(R"(,"{}":{},"scores":[)", classification ? "class_names" : "label_names", to_text(names)));
    for (std::size_t sample = 0; sample < predictions.samples; ++sample)
      output.write(fmt::format("{}{}", sample == 0 ? "" : ",", json_row(row(predictions, sample))));
    output.write("]");
  }
  output.write("}\n");
}

}  // namespace gradus::cli
