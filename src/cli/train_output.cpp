#include "cli/train_output.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/text.hpp"
#include "report/render.hpp"
#include "report/setup_report.hpp"

namespace gradus::cli {
namespace {

std::string command_line(const Invocation& invocation, std::string_view command, const RunFolder& folder,
                         const TrainRequest& request, const std::string& data) {
  std::string line = fmt::format("{} {} {} {}", shell_quoted(invocation.program), command,
                                 shell_quoted(folder.model().string()), shell_quoted(data));
  for (const std::string& word : request.layout_words()) line += fmt::format(" {}", shell_quoted(word));
  return line;
}

}  // namespace

report::RunSubject subject_of(const TrainRequest& request, const TrainData& data, const Trainer& trainer) {
  Options options = request.options;
  options.network = trainer.network();
  options.training = trainer.options();
  return {.data = request.data,
          .options = std::move(options),
          .train = data.train,
          .validation = data.validation,
          .test = data.test};
}

void print_setup(const report::RunSubject& run, Messages& messages) {
  if (messages.quiet()) return;  // the baseline goes through all targets
  messages.lines(report::as_text(report::setup_report(run), [&](std::string_view title) { return messages.bold(title); }));
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
