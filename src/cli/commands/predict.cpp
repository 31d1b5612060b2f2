#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/model_arguments.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "report/prediction_table.hpp"

namespace gradus::cli {

namespace fs = std::filesystem;

namespace {

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

/// Such a mistake would destroy a file that cannot be made again.
void refuse_to_overwrite_input(const std::string& output, const ModelArguments& from) {
  std::error_code ignored;
  if (!fs::is_regular_file(output, ignored)) return;
  if (is_same_file(output, from.model))
    throw UsageError(fmt::format("--output: {} is the model itself; give another file", output));
  if (is_data(output, from.data))
    throw UsageError(fmt::format("--output: {} is the data itself; give another file", output));
}

bool to_standard_output(const CommandOptions& command) {
  return !command.output || *command.output == "-";
}

}  // namespace

int predict(const Invocation& invocation) {
  const ModelArguments request = ModelArguments::parse(Command::predict, invocation.words);
  const CommandOptions& command = request.command;
  Messages messages(command.quiet);
  std::optional<Interrupt> interrupt;
  if (!to_standard_output(command)) {
    refuse_to_overwrite_input(*command.output, request);
    const fs::path folder = resolved_place(*command.output).parent_path();
    interrupt.emplace(Interrupt::Callbacks{{}, [folder] { remove_partial_files(folder); }});
  }
  const Model model = Model::load(request.model);
  if (command.scores && model.schema().task == Task::regression)
    throw UsageError("--scores: this model predicts numbers; only classes and labels have scores");

  Output output = to_standard_output(command) ? Output::standard() : Output::file(*command.output);
  const Dataset data = request.load_data(model, Targets::optional, messages);
  const Predictions predictions = model.predict(data, request.device, request.threads);
  const report::PredictionTable table(predictions, model.schema(), command.scores);
  const report::Sink sink = [&output](std::string_view text) { output.write(text); };
  if (command.json) {
    report::write_json(table, sink);
  } else {
    report::write_csv(table, sink);
  }
  output.commit();
  if (!to_standard_output(command))
    messages.line(fmt::format("{} written to {}", counted(predictions.samples, "prediction"), printable(*command.output)));
  return kSuccess;
}

}  // namespace gradus::cli
