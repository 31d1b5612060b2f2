#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "report/json.hpp"
#include "report/prediction_table.hpp"

namespace gradus::report {
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

std::vector<std::string> csv_fields(const std::vector<std::string>& texts) {
  std::vector<std::string> fields;
  fields.reserve(texts.size());
  for (const std::string& text : texts) fields.push_back(csv_field(text));
  return fields;
}

/// An array; `append` adds one element to the text.
template <typename Elements, typename Append>
std::string json_array(const Elements& elements, Append append) {
  std::string text(1, '[');
  for (const auto element : elements) {
    if (text.size() > 1) text += ',';
    append(text, element);
  }
  return text + ']';
}

std::string json_row(std::span<const float> values) {
  return json_array(values, [](std::string& text, float value) { append_json_number(text, value); });
}

std::string json_row(const std::vector<bool>& labels) {
  return json_array(labels, [](std::string& text, bool label) { text += label ? '1' : '0'; });
}

/// The predictions as JSON has them, one sample after the other.
class JsonPredictions {
 public:
  explicit JsonPredictions(const PredictionTable& table) : table_(table) {
    for (const std::string& name : table.class_names()) class_texts_.push_back(to_text(name));
  }

  [[nodiscard]] std::string at(std::size_t sample) const {
    if (table_.task() == Task::classification) return class_texts_[table_.class_index(sample)];
    if (table_.task() == Task::multi_label) return json_row(table_.labels(sample));
    const std::span<const float> values = table_.outputs(sample);
    if (values.size() > 1) return json_row(values);
    std::string text;
    append_json_number(text, values.front());
    return text;
  }

 private:
  const PredictionTable& table_;
  std::vector<std::string> class_texts_;
};

}  // namespace

void write_csv(const PredictionTable& table, const Sink& sink) {
  std::string line;
  const auto append = [&line](std::string_view field) {
    if (!line.empty()) line += ',';
    line += field;
  };
  for (const std::string& column : csv_fields(table.columns())) append(column);
  sink(line + "\n");

  const std::vector<std::string> class_fields = csv_fields(table.class_names());
  for (std::size_t sample = 0; sample < table.samples(); ++sample) {
    line.clear();
    if (table.task() == Task::classification) append(class_fields[table.class_index(sample)]);
    if (table.task() == Task::multi_label)
      for (const bool label : table.labels(sample)) append(label ? "1" : "0");
    if (table.task() == Task::regression || table.has_scores())
      for (const float value : table.outputs(sample)) append(fmt::format("{}", value));
    sink(line + "\n");
  }
}

void write_json(const PredictionTable& table, const Sink& sink) {
  const JsonPredictions predictions(table);
  sink(fmt::format(R"({{"task":"{}","samples":{},"predictions":[)", name(table.task()), table.samples()));
  for (std::size_t sample = 0; sample < table.samples(); ++sample) {
    if (sample > 0) sink(",");
    sink(predictions.at(sample));
  }
  sink("]");
  if (table.has_scores()) {
    const std::string_view key = table.task() == Task::classification ? "class_names" : "label_names";
    sink(fmt::format(R"(,"{}":{},"scores":[)", key, to_text(table.score_names())));
    for (std::size_t sample = 0; sample < table.samples(); ++sample) {
      if (sample > 0) sink(",");
      sink(json_row(table.outputs(sample)));
    }
    sink("]");
  }
  sink("}\n");
}

}  // namespace gradus::report
