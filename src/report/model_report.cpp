#include "report/model_report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "gradus/options.hpp"
#include "report/columns_text.hpp"
#include "report/network_facts.hpp"
#include "report/option_facts.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

/// `10: 0, 1, 2, … 9`.
std::string describe_counted(std::size_t count, const std::vector<std::string>& names) {
  return names.empty() ? fmt::format("{}, without names", with_separators(count))
                       : fmt::format("{}: {}", with_separators(count), describe_names(names));
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

/// From the model's options. A file written before 0.1.0 was released has only a few; a later one may have some that are
/// unknown here.
std::string describe_method(const TrainingSummary& training) {
  if (training.options.empty())
    return fmt::format("{}, learning rate {}, init {}, seed {}", printable(training.optimizer),
                       general(training.learning_rate), printable(training.initialization), training.seed);
  Options options;
  std::string unknown;
  for (const auto& [key, value] : training.options) {
    try {
      if (value.index() != 0) set_option(options, key, to_string(value));
    } catch (const UsageError&) {
      unknown += fmt::format(", {} {}", key, to_string(value));
    }
  }
  options.split.has_validation_set = true;  // what a validation set decides is among the options only if there was one
  return printable(describe_method(options, training.samples) + unknown);
}

/// How it was trained: an object of JSON, and lines of the text.
void add_training(Facts& facts, const TrainingSummary& training) {
  facts.push_back(line("preprocessing", printable(training.normalization)));
  facts.push_back(line("trained on",
                       fmt::format("{}, {}, {}, {}", counted(training.samples, "sample"), counted(training.epochs, "epoch"),
                                   counted(training.steps, "step"), describe_batch(training.batch_size, training.samples))));
  facts.push_back(line("method", describe_method(training)));
  facts.push_back(line("device", fmt::format("{}, {}", printable(training.device), printable(training.precision))));
  facts.push_back(line("training cost", four_digits(training.train_cost)));
  Facts summary;
  summary.push_back(hidden("version", training.version));
  summary.push_back(hidden("samples", training.samples));
  summary.push_back(hidden("epochs", training.epochs));
  summary.push_back(hidden("steps", training.steps));
  summary.push_back(hidden("batch_size", training.batch_size));
  summary.push_back(hidden("learning_rate", Number{training.learning_rate}));
  summary.push_back(hidden("train_cost", Number{training.train_cost}));
  summary.push_back(hidden("seed", training.seed));
  summary.push_back(hidden("init", training.initialization));
  summary.push_back(hidden("normalize", training.normalization));
  summary.push_back(hidden("optimizer", training.optimizer));
  summary.push_back(hidden("device", training.device));
  summary.push_back(hidden("precision", training.precision));
  if (!training.options.empty()) summary.push_back(hidden("options", option_facts(training.options)));
  facts.push_back(hidden("training", std::move(summary)));
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

}  // namespace gradus::report
