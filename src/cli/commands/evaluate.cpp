#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/model_arguments.hpp"
#include "cli/print.hpp"
#include "gradus/model.hpp"
#include "report/evaluation_report.hpp"

namespace gradus::cli {

int evaluate(const Invocation& invocation) {
  const ModelArguments request = ModelArguments::parse(Command::evaluate, invocation.words);
  Messages messages(request.command.quiet);
  const Model model = Model::load(request.model);
  const Dataset data = request.load_data(model, Targets::required, messages);
  const Evaluation evaluation = model.evaluate(data, request.device, request.threads, Details::classes);
  const report::EvaluationSubject subject{
      .model = request.model, .data = request.data, .source = data.source(), .device = request.device.to_string()};
  print(report::evaluation_report(subject, model.schema(), evaluation), request.command.json);
  return kSuccess;
}

}  // namespace gradus::cli
