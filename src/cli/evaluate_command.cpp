#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"
#include "confusion.hpp"
#include "exit_codes.hpp"
#include "gradus/model.hpp"
#include "json_output.hpp"
#include "messages.hpp"
#include "model_arguments.hpp"
#include "output.hpp"
#include "text.hpp"

namespace gradus::cli {
namespace {

Json confusion_to_json(const Evaluation& evaluation, std::size_t classes) {
  if (evaluation.confusion.empty()) return nullptr;  // too many classes for a matrix
  Json rows = Json::array();
  for (std::size_t actual = 0; actual < classes; ++actual) {
    const auto row = evaluation.confusion.begin() + static_cast<std::ptrdiff_t>(actual * classes);
    rows.push_back(std::vector<std::uint64_t>(row, row + static_cast<std::ptrdiff_t>(classes)));
  }
  return rows;
}

Json to_json(const ModelArguments& arguments, const Model& model, const Evaluation& evaluation) {
  Json json;
  json["task"] = name(evaluation.task);
  json["model"] = arguments.model;
  json["data"] = arguments.data;
  json["samples"] = evaluation.samples;
  add_evaluation(json, "", evaluation);
  if (evaluation.task == Task::classification) {
    json["correct"] = evaluation.correct;
    json["class_names"] = model.schema().class_names;
    json["confusion"] = confusion_to_json(evaluation, model.schema().class_names.size());
  }
  json["device"] = arguments.device.to_string();
  return json;
}

std::string to_report(const Dataset& data, const Model& model, const Evaluation& evaluation) {
  std::string text = fmt::format("data      {}\nsamples   {}\ncost      {}\n", printable(data.source()),
                                 with_separators(evaluation.samples), four_digits(evaluation.cost));
  if (evaluation.task == Task::classification)
    return text + fmt::format("accuracy  {} ({} correct)\n\n{}", percent(evaluation.accuracy),
                              with_separators(evaluation.correct),
                              describe_confusion(evaluation, model.schema().class_names));
  return text + fmt::format("RMSE      {}\nMAE       {}\nR²        {}\n", general(evaluation.rmse), general(evaluation.mae),
                            r_squared(evaluation.r2, evaluation.rmse));
}

}  // namespace

int evaluate(const Invocation& invocation) {
  ModelArguments request;
  Arguments arguments("evaluate");
  request.add_to(arguments);
  arguments.parse(invocation.words);
  request.read_values();

  Messages messages(request.quiet);
  const Model model = Model::load(request.model);
  const Dataset data = request.load_data(model, Targets::required, messages);
  const Evaluation evaluation = model.evaluate(data, request.device, request.threads);
  if (request.json) {
    print_json(to_json(request, model, evaluation));
  } else {
    Output output = Output::standard();
    output.write(to_report(data, model, evaluation));
    output.commit();
  }
  return kSuccess;
}

}  // namespace gradus::cli
