#include "report/run_options.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "gradus/version.hpp"
#include "report/option_facts.hpp"

namespace gradus::report {
namespace {

// By name where the data has names, else as it was given; of a table without names the column's number.
std::optional<std::string> resolved_target(const DataOptions& given, const DataSchema& schema) {
  if (schema.target_names.size() == 1) return schema.target_names.front();
  if (given.target) return given.target;
  if (schema.target_columns.front() > 0) return std::to_string(schema.target_columns.front() + 1);  // 0 for arrays, images
  return std::nullopt;
}

/// The options with what the data has settled.
Options settled_options(const RunSubject& run) {
  const DataSchema& schema = run.train.schema();
  Options options = run.options;
  options.data.target = resolved_target(options.data, schema);
  options.data.task = schema.task;
  options.training.preprocessing.missing = schema.missing;
  if (options.training.batch_size.value_or(0) >= run.train.samples()) options.training.batch_size.reset();
  return options;
}

}  // namespace

Report run_options(const RunSubject& run, const std::filesystem::path& output) {
  const Options options = settled_options(run);
  Report report;
  Facts& facts = report.sections.front();
  facts.push_back(hidden("version", std::string(version())));
  facts.push_back(hidden("data", run.data));
  facts.push_back(hidden("inputs", options.network.inputs));
  facts.push_back(hidden("outputs", options.network.outputs));
  const auto values = option_values(options);
  for (const OptionInfo& info : option_table()) {
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const auto& option) { return option.first == info.key; });
    Value value = found == values.end() ? Value() : to_value(found->second);
    // A recipe would choose a validation set.
    if (info.key == "validation_fraction" && !options.split.has_validation()) value = std::string("none");
    facts.push_back(hidden(std::string(info.key), std::move(value)));
  }
  facts.push_back(hidden("output", output.string()));
  return report;
}

}  // namespace gradus::report
