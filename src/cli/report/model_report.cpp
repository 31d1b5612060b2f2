#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/inspection.hpp"
#include "cli/network_text.hpp"
#include "cli/text.hpp"
#include "cli/train_summary.hpp"

namespace gradus::cli {

std::string describe_names(const std::vector<std::string>& names) {
  constexpr std::size_t kLongestName = 24;
  constexpr std::size_t kLongestLine = 90;
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    const std::string next = shortened(names[i], kLongestName) + (last ? "" : ", ");
    if (!last && width_of(text) + width_of(next) > kLongestLine)
      return fmt::format("{}… {}", text, shortened(names.back(), kLongestName));
    text += next;
  }
  return text;
}

namespace {

/// `10: 0, 1, 2, … 9`.
std::string describe_counted(std::size_t count, const std::vector<std::string>& names) {
  return names.empty() ? fmt::format("{}, without names", with_separators(count))
                       : fmt::format("{}: {}", with_separators(count), describe_names(names));
}

/// The network, whose description in words JSON has key by key.
void add_network(Facts& facts, const NetworkSpec& network) {
  facts.push_back(line("network", describe(network)));
  std::vector<Value> widths;
  for (const std::size_t width : network.widths()) widths.emplace_back(width);
  facts.push_back(hidden("widths", widths));
  facts.push_back(hidden("activation", std::string(name(network.activation))));
  facts.push_back(hidden("output_activation", std::string(name(network.output_activation.value_or(network.activation)))));
  facts.push_back(hidden("loss", std::string(name(network.loss))));
  facts.push_back(hidden("parameters", network.parameter_count()));
}

Value categories_of(const DataSchema& schema) {
  std::vector<Value> list;
  for (const Categories& categories : schema.categories) {
    Facts entry{hidden("feature", categories.feature + 1)};
    entry.push_back(categories.buckets > 0 ? hidden("buckets", categories.buckets)
                                           : hidden("names", texts(categories.names)));
    list.emplace_back(std::move(entry));
  }
  return list;
}

void add_schema(Facts& facts, const DataSchema& schema) {
  facts.push_back(hidden("inputs", schema.inputs()));
  facts.push_back(hidden("outputs", schema.outputs()));
  facts.push_back({.key = "feature_names",
                   .title = "features",
                   .value = texts(schema.feature_names),
                   .text = describe_counted(schema.features, schema.feature_names)});
  if (const std::string columns = describe_columns(schema); !columns.empty()) facts.push_back(line("inputs", columns));
  if (!schema.categories.empty()) facts.push_back(hidden("categories", categories_of(schema)));
  facts.push_back(hidden("missing", std::string(name(schema.missing))));
  const std::string_view targets = schema.task == Task::multi_label ? "labels"
                                   : schema.target_names.size() > 1 ? "targets"
                                                                    : "target";
  facts.push_back({.key = "target_names",
                   .title = std::string(schema.target_names.empty() ? "" : targets),
                   .value = texts(schema.target_names),
                   .text = describe_names(schema.target_names)});
  const bool has_classes = schema.task == Task::classification;
  facts.push_back({.key = "class_names",
                   .title = has_classes ? "classes" : "",
                   .value = texts(schema.class_names),
                   .text = has_classes ? describe_counted(schema.outputs(), schema.class_names) : ""});
}

/// How it was trained: an object of JSON, and lines of the text.
void add_training(Facts& facts, const TrainingSummary& training) {
  facts.push_back(line("preprocessing", printable(training.normalization)));
  facts.push_back(line("trained on",
                       fmt::format("{}, {}, {}, {}", counted(training.samples, "sample"), counted(training.epochs, "epoch"),
                                   counted(training.steps, "step"), describe_batch(training.batch_size, training.samples))));
  facts.push_back(
      line("method", fmt::format("{}, learning rate {}, init {}, seed {}", printable(training.optimizer),
                                 general(training.learning_rate), printable(training.initialization), training.seed)));
  facts.push_back(line("device", fmt::format("{}, {}", printable(training.device), printable(training.precision))));
  facts.push_back(line("training cost", four_digits(training.train_cost)));
  facts.push_back(hidden(
      "training",
      Facts{hidden("version", training.version), hidden("samples", training.samples), hidden("epochs", training.epochs),
            hidden("steps", training.steps), hidden("batch_size", training.batch_size),
            hidden("learning_rate", Number{training.learning_rate}), hidden("train_cost", Number{training.train_cost}),
            hidden("seed", training.seed), hidden("init", training.initialization),
            hidden("normalize", training.normalization), hidden("optimizer", training.optimizer),
            hidden("device", training.device), hidden("precision", training.precision)}));
}

}  // namespace

Report model_report(const std::string& path, const Model& model) {
  Report report;
  report.heading = fmt::format("{}: a model of gradus {}", printable(path), printable(model.training().version));
  report.title_width = 15;
  Facts& facts = report.sections.front();
  facts.push_back(hidden("kind", std::string("model")));
  facts.push_back(hidden("file", path));
  facts.push_back({.key = "task", .title = "task", .value = std::string(name(model.schema().task)), .text = ""});
  add_network(facts, model.network());
  add_schema(facts, model.schema());
  add_training(facts, model.training());
  return report;
}

}  // namespace gradus::cli
