#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/model_arguments.hpp"
#include "cli/output.hpp"
#include "cli/prediction_writer.hpp"
#include "cli/text.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

namespace fs = std::filesystem;

namespace {

struct PredictRequest {
  ModelArguments common;
  std::optional<std::string> output;
  bool scores = false;
};

PredictRequest parse_predict(const std::vector<std::string>& words) {
  PredictRequest request;
  Arguments arguments("predict");
  request.common.add_to(arguments);
  arguments.option("--output", request.output);
  arguments.flag("--scores", request.scores);
  arguments.parse(words);
  request.common.read_values();
  if (request.output && request.output->empty()) throw UsageError("--output: the name of the file is empty");
  return request;
}

bool is_same_file(const fs::path& one, const fs::path& other) {
  std::error_code ignored;
  return fs::equivalent(one, other, ignored);
}

/// Whether `file` is what `data` names: the file, a part of `A,B`, or one of an image folder's files.
bool is_data(const fs::path& file, const std::string& data) {
  if (data == "-") return is_same_file(file, "/dev/stdin");
  if (is_same_file(file, data)) return true;
  std::error_code ignored;
  if (fs::exists(data, ignored)) {
    const std::string name = file.filename().string();
    return (name.starts_with("train-") || name.starts_with("t10k-")) && is_same_file(file, fs::path(data) / name);
  }
  for (auto comma = data.find(','); comma != std::string::npos; comma = data.find(',', comma + 1))
    if (is_same_file(file, data.substr(0, comma)) || is_same_file(file, data.substr(comma + 1))) return true;
  return false;
}

/// A slip that would cost the user what cannot be had again.
void refuse_to_overwrite_input(const std::string& output, const ModelArguments& from) {
  std::error_code ignored;
  if (!fs::is_regular_file(output, ignored)) return;
  if (is_same_file(output, from.model))
    throw UsageError(fmt::format("--output: {} is the model itself; give another file", output));
  if (is_data(output, from.data))
    throw UsageError(fmt::format("--output: {} is the data itself; give another file", output));
}

bool to_standard_output(const PredictRequest& request) {
  return !request.output || *request.output == "-";
}

}  // namespace

int predict(const Invocation& invocation) {
  const PredictRequest request = parse_predict(invocation.words);
  Messages messages(request.common.quiet);
  std::optional<Interrupt> interrupt;
  if (!to_standard_output(request)) {
    refuse_to_overwrite_input(*request.output, request.common);
    const fs::path folder = resolved_place(*request.output).parent_path();
    interrupt.emplace(Interrupt::Callbacks{{}, [folder] { remove_partial_files(folder); }});
  }
  const Model model = Model::load(request.common.model);
  if (request.scores && model.schema().task == Task::regression)
    throw UsageError("--scores: this model predicts numbers; only classes and labels have scores");

  Output output = to_standard_output(request) ? Output::standard() : Output::file(*request.output);
  const Dataset data = request.common.load_data(model, Targets::optional, messages);
  const Predictions predictions = model.predict(data, request.common.device, request.common.threads);
  if (request.common.json) {
    write_json(predictions, model.schema(), request.scores, output);
  } else {
    write_csv(predictions, model.schema(), request.scores, output);
  }
  output.commit();
  if (!to_standard_output(request))
    messages.line(fmt::format("{} written to {}", counted(predictions.samples, "prediction"), printable(*request.output)));
  return kSuccess;
}

}  // namespace gradus::cli
