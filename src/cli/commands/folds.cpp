#include "cli/commands/folds.hpp"

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/print.hpp"
#include "cli/train_data.hpp"
#include "cli/train_output.hpp"
#include "cli/train_progress.hpp"
#include "gradus/experiment.hpp"
#include "report/folds_report.hpp"
#include "report/metric_text.hpp"
#include "report/words.hpp"

namespace gradus::cli {
namespace {

void tell(const FoldResult& fold, std::size_t folds, Messages& messages) {
  messages.end_moving();
  if (fold.training.end == TrainingResult::End::diverged)
    return print_error(fmt::format("the cost of fold {} became NaN or infinite in epoch {}; try a smaller --learning-rate",
                                   fold.fold + 1, fold.training.epochs));
  messages.line(fmt::format("fold {}  {}", report::position(fold.fold + 1, folds), report::describe(*fold.training.test)));
}

/// The request is completed for each fold anew: a recipe depends on the number of samples.
CrossValidation validate(TrainRequest& request, const FoldedData& data, const std::stop_token& stop, Messages& messages) {
  const std::size_t folds = *request.options.split.folds;
  MovingProgress moving(messages);
  std::string before;
  FoldCallbacks callbacks;
  callbacks.begin = [&](const FoldBegin& begun) {
    before = fmt::format("fold {}  ", report::position(begun.fold + 1, folds));
    const TrainData sets{{begun.plan.train, begun.held_out}, begun.plan.validation};
    if (begun.fold == 0) print_setup(subject_of(request, sets, begun.trainer), messages);
  };
  callbacks.epoch = [&](const Progress& progress) {
    moving.show(progress, before);
    return true;
  };
  callbacks.finish = [&](const FoldResult& fold) {
    tell(fold, folds, messages);
    return true;
  };
  const auto plan = [&](std::size_t /*fold*/, const Dataset& rest) {
    TrainData sets = data.without_held_out(rest, request);
    return FoldPlan{request.options.network, request.options.training, std::move(sets.train), std::move(sets.validation)};
  };
  return cross_validate(data.data(), {.folds = folds, .seed = request.options.training.seed}, plan, callbacks, stop);
}

/// `1 of 5 folds is finished`.
std::string describe_finished(std::size_t finished, std::size_t folds) {
  return fmt::format("{} of {} folds {} finished", finished, folds, finished == 1 ? "is" : "are");
}

}  // namespace

int train_folds(TrainRequest& request, Messages& messages) {
  Interrupt interrupt({[&messages] { messages.warning("stopping after this step; a second Ctrl-C ends at once"); }, [] {}});
  const FoldedData data(request, messages);
  const report::FoldsSubject subject{
      .data = request.data, .folds = *request.options.split.folds, .seed = request.options.training.seed};
  interrupt.arm();
  const CrossValidation result = validate(request, data, interrupt.token(), messages);
  messages.end_moving();
  // Standard output stays empty when there is nothing to print.
  if (request.command.json || !result.finished.empty())
    print(report::folds_report(subject, data.data(), result), request.command.json);
  if (const int signal = interrupt.signal(); signal != 0) {
    messages.warning(fmt::format("interrupted; {}", describe_finished(result.finished.size(), subject.folds)));
    return kSignalOffset + signal;
  }
  return result.diverged.empty() ? kSuccess : kDiverged;
}

}  // namespace gradus::cli
