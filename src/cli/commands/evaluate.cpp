#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/model_arguments.hpp"
#include "cli/report/evaluation_report.hpp"
#include "cli/report/render.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

int evaluate(const Invocation& invocation) {
  ModelArguments request;
  Arguments arguments("evaluate");
  request.add_to(arguments);
  arguments.parse(invocation.words);
  request.read_values();

  Messages messages(request.quiet);
  const Model model = Model::load(request.model);
  const Dataset data = request.load_data(model, Targets::required, messages);
  const Evaluation evaluation = model.evaluate(data, request.device, request.threads, Details::classes);
  const EvaluationSubject subject{
      .model = request.model, .data = request.data, .source = data.source(), .device = request.device.to_string()};
  print(evaluation_report(subject, model.schema(), evaluation), request.json);
  return kSuccess;
}

}  // namespace gradus::cli
