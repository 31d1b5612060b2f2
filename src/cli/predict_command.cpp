#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "messages.hpp"
#include "model_arguments.hpp"
#include "output.hpp"
#include "prediction_writer.hpp"
#include "text.hpp"

namespace gradus::cli {
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

bool to_standard_output(const PredictRequest& request) {
  return !request.output || *request.output == "-";
}

}  // namespace

int predict(const Invocation& invocation) {
  const PredictRequest request = parse_predict(invocation.words);
  Messages messages(request.common.quiet);
  const Model model = Model::load(request.common.model);
  if (request.scores && model.schema().task == Task::regression)
    throw UsageError("--scores: this model predicts numbers; only a classification has scores");

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
    messages.line(fmt::format("{} written to {}", counted(predictions.samples, "prediction"), *request.output));
  return kSuccess;
}

}  // namespace gradus::cli
