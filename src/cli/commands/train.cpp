#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/commands/folds.hpp"
#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/metrics_log.hpp"
#include "cli/print.hpp"
#include "cli/run_folder.hpp"
#include "cli/text.hpp"
#include "cli/train_arguments.hpp"
#include "cli/train_data.hpp"
#include "cli/train_output.hpp"
#include "cli/train_progress.hpp"
#include "gradus/device.hpp"
#include "gradus/trainer.hpp"
#include "report/baseline.hpp"
#include "report/render.hpp"
#include "report/run_options.hpp"
#include "report/run_report.hpp"
#include "report/words.hpp"

namespace gradus::cli {
namespace {

Interrupt::Callbacks interrupt_callbacks(Messages& messages, const RunFolder& folder) {
  return {[&messages] { messages.warning("stopping after this step; a second Ctrl-C ends at once"); },
          [&folder] { folder.abandon(); }};
}

// The model first: it is what the time was spent on.
void write_run(const report::RunSubject& run, const Trainer& trainer, const TrainRequest& request, const RunFolder& folder,
               MetricsLog& metrics) {
  const Model model = trainer.model();
  model.save(folder.model());
  metrics.commit();
  Output options = Output::file(folder.options());
  options.write(report::to_text(report::as_json(report::run_options(run, request.output())), 2) + "\n");
  options.commit();
}

/// Which of the run's models was kept; `otherwise` where no validation set has chosen one.
std::string kept_model(const TrainingResult& result, std::string_view otherwise) {
  return result.best_epoch ? fmt::format("the model of the best epoch, {}", *result.best_epoch) : std::string(otherwise);
}

void explain_divergence(const TrainingResult& result, const TrainingOptions& options, const RunFolder& folder) {
  if (!report::has_model(result))
    return print_error(
        "the cost is NaN or infinite from the beginning; try smaller initial values (--init) or another --normalize");
  print_error(fmt::format("the cost became NaN or infinite in epoch {}; {} holds {}; try a smaller --learning-rate, e.g. {}",
                          result.epochs, folder.model().string(), kept_model(result, "the last model whose cost was finite"),
                          report::general(options.optimizer.learning_rate.value_or(0.1) / 10.0)));
}

void explain_interruption(const TrainingResult& result, const RunFolder& folder, Messages& messages) {
  const std::string model = printable(folder.model().string());
  if (result.end == TrainingResult::End::stopped)
    return messages.warning(fmt::format("interrupted in epoch {} after {}; {} holds {}", result.epochs,
                                        counted(result.steps, "step"), model,
                                        kept_model(result, "the model at that point")));
  // The signal came while the result was being measured or written.
  if (result.end != TrainingResult::End::diverged)
    messages.warning(fmt::format("interrupted after the last epoch; {} holds the finished model", model));
}

/// A rate that is too large for the network often ends with the same answer for every sample, at a cost that stays finite.
void warn_if_nothing_was_learnt(const TrainingResult& result, const Dataset& train, const TrainingOptions& options,
                                Messages& messages) {
  const bool regression = result.train.task == Task::regression;
  const bool has_labels = result.train.task == Task::multi_label;
  const bool learnt = regression   ? !(result.train.r2 <= 0.0)
                      : has_labels ? result.train.label_accuracy > report::baseline(train, train).label_accuracy
                                   : result.train.accuracy > report::baseline(train, train).accuracy;
  if (learnt) return;
  messages.warning(
      fmt::format("the network does no better than {}; it needs more steps, or a smaller --learning-rate, e.g. {}",
                  regression   ? "the mean of the targets"
                  : has_labels ? "always the same labels"
                               : "always the most frequent class",
                  report::general(options.optimizer.learning_rate.value_or(0.1) / 10.0)));
}

}  // namespace

int train(const Invocation& invocation) {
  TrainRequest request = parse_train(invocation.words);
  Messages messages(request.command.quiet);
  if (request.options.split.folds) return train_folds(request, messages);
  const RunFolder folder(request.output(), request.command.overwrite);
  Interrupt interrupt(interrupt_callbacks(messages, folder));
  static_cast<void>(
      resolve(request.options.training.execution.device));  // a device that cannot be used: say so before the data is read

  const TrainData data = load_training_data(request, messages);
  Trainer trainer(request.options.network, data.train, request.options.training);
  const report::RunSubject run = subject_of(request, data, trainer);
  print_setup(run, messages);

  MetricsLog metrics(folder.metrics());
  TrainProgress progress(messages, metrics);
  interrupt.arm();
  const TrainingResult result = trainer.fit(
      HeldOut{.validation = data.validation, .test = data.test},
      [&progress](const Progress& reached) {
        progress.show(reached);
        return true;
      },
      interrupt.token());
  messages.end_moving();

  if (report::has_model(result)) write_run(run, trainer, request, folder, metrics);
  print(report::run_report(run, result, folder.model()), request.command.json);
  const bool diverged = result.end == TrainingResult::End::diverged;
  if (diverged) {
    explain_divergence(result, trainer.options(), folder);
  } else if (interrupt.signal() == 0) {
    warn_if_nothing_was_learnt(result, data.train, trainer.options(), messages);
    print_next_commands(invocation, request, data.test.has_value(), folder, messages);
  }
  if (const int signal = interrupt.signal(); signal != 0) {
    explain_interruption(result, folder, messages);
    return kSignalOffset + signal;
  }
  return diverged ? kDiverged : kSuccess;
}

}  // namespace gradus::cli
