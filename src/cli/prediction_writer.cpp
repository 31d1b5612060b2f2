#include "prediction_writer.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "json_output.hpp"

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
  if (schema.targets == 1) return {"prediction"};
  if (schema.target_names.size() == schema.targets) return schema.target_names;
  std::vector<std::string> columns;
  for (std::size_t target = 1; target <= schema.targets; ++target) columns.push_back(fmt::format("prediction_{}", target));
  return columns;
}

std::span<const float> row(const Predictions& predictions, std::size_t sample) {
  return std::span(predictions.values).subspan(sample * predictions.outputs, predictions.outputs);
}

// The shortest text that reads back as the same float; NaN has no spelling in JSON.
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
    if (!classification || scores)
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
    } else {
      const auto values = row(predictions, sample);
      output.write(values.size() == 1 ? json_number(values.front()) : json_row(values));
    }
  }
  output.write("]");
  if (scores) {
    output.write(fmt::format(R"(,"class_names":{},"scores":[)", to_text(schema.class_names)));
    for (std::size_t sample = 0; sample < predictions.samples; ++sample)
      output.write(fmt::format("{}{}", sample == 0 ? "" : ",", json_row(row(predictions, sample))));
    output.write("]");
  }
  output.write("}\n");
}

}  // namespace gradus::cli
