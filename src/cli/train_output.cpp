#include "cli/train_output.hpp"

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/option_json.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/train_summary.hpp"
#include "gradus/version.hpp"

namespace gradus::cli {
namespace {

// By name where the data has names, else as it was given; of a table without names the column's number.
std::optional<std::string> resolved_target(const TrainRequest& request, const DataSchema& schema) {
  if (schema.target_names.size() == 1) return schema.target_names.front();
  if (request.options.data.target) return request.options.data.target;
  if (schema.target_columns.front() > 0) return std::to_string(schema.target_columns.front() + 1);  // 0 for arrays, images
  return std::nullopt;
}

std::string command_line(const Invocation& invocation, std::string_view command, const RunFolder& folder,
                         const TrainRequest& request, const std::string& data) {
  std::string line = fmt::format("{} {} {} {}", shell_quoted(invocation.program), command,
                                 shell_quoted(folder.model().string()), shell_quoted(data));
  for (const std::string& word : request.layout_words()) line += fmt::format(" {}", shell_quoted(word));
  return line;
}

}  // namespace

bool has_model(const TrainingResult& result) {
  return result.end != TrainingResult::End::diverged || std::isfinite(result.train.cost);
}

Json options_to_json(const TrainRequest& request, const Trainer& trainer, const TrainData& data) {
  const DataSchema& schema = data.train.schema();
  Options options = resolved_options(request, trainer);
  options.data.target = resolved_target(request, schema);
  options.data.task = schema.task;
  options.training.preprocessing.missing = schema.missing;
  if (options.training.batch_size.value_or(0) >= data.train.samples()) options.training.batch_size.reset();
  Json json;
  json["version"] = version();
  json["data"] = request.data;
  json["inputs"] = options.network.inputs;
  json["outputs"] = options.network.outputs;
  for (const OptionInfo& info : option_table()) json[std::string(info.key)] = nullptr;
  for (const auto& [key, value] : option_values(options)) json[std::string(key)] = internal::option_json<Json>(value);
  if (!options.split.has_validation()) json["validation_fraction"] = "none";  // a recipe would choose one
  json["output"] = request.output().string();
  return json;
}

void print_next_commands(const Invocation& invocation, const TrainRequest& request, bool has_test_part,
                         const RunFolder& folder, Messages& messages) {
  // Standard input is used up; the word in capitals is to be replaced by a file of the user's.
  const auto again = [](const std::string& source) { return source == "-" ? std::string("DATA.csv") : source; };
  messages.line(fmt::format("\n{}", messages.bold("Use the model:")));
  // An evaluation on training data would be too good, so only a test set of its own source is proposed.
  const bool own_test_part = has_test_part && !request.options.split.test_fraction;
  if (own_test_part)
    messages.line(fmt::format("  {}", command_line(invocation, "evaluate", folder, request,
                                                   again(request.options.split.test.value_or(request.data)))));
  messages.line(fmt::format("  {}", command_line(invocation, "predict", folder, request, again(request.data))));
}

}  // namespace gradus::cli
