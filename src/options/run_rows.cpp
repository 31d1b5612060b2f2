#include <fmt/format.h>

#include "options/conditions.hpp"
#include "options/row.hpp"

// When a run ends, and the machine that it runs on.
namespace gradus::internal {
namespace {

Row time_limit_row() {
  Row row =
      internal::row("time_limit", "T", "stop at the end of the epoch in which this time has passed: 90, 90s, 1.5m or 2h",
                    GRADUS_FIELD(training.stopping.time_limit), Range::above(0.0).in_doubles());
  row.set = [](Options& options, std::string_view text) {
    options.training.stopping.time_limit = read_seconds("time_limit", text);
  };
  row.words = [](const Options& options, std::size_t /*samples*/) {
    const std::optional<double>& seconds = options.training.stopping.time_limit;
    return seconds ? fmt::format("time limit {} s", *seconds) : std::string();
  };
  return row;
}

}  // namespace

std::vector<Row> end_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::ends)); };
  add(row("patience", "N", "stop after more than this many epochs without improvement on the validation set",
          GRADUS_FIELD(training.stopping.patience))
          .counts(with_validation()));
  add(row("monitor", "M", "the metric of the validation set that decides which epoch is better: {choices}",
          GRADUS_FIELD(training.stopping.monitor))
          .counts(with_validation()));
  add(row("stop_at", "V", "stop when the monitored metric is at least as good as V, such as 0.97 for accuracy",
          GRADUS_FIELD(training.stopping.stop_at), Range::at_least(0.0).in_doubles())
          .counts(with_validation()));
  add(time_limit_row());
  return rows;
}

std::vector<Row> machine_rows() {
  std::vector<Row> rows;
  const auto models = {Command::evaluate, Command::predict};
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::machine).show(Shown::never)); };
  add(row("device", "D",
          "where to compute: auto, cpu, cuda or cuda:N; auto is the first GPU that can be used (see `gradus devices`), "
          "otherwise the CPU",
          GRADUS_FIELD(training.execution.device))
          .for_commands(models));
  add(row("threads", "N", "threads on the CPU, at most this many", GRADUS_FIELD(training.execution.threads),
          WrittenAtLeastOne{})
          .standard("as many cores as make it faster")
          .for_commands(models)
          .keeps_result());
  add(row("precision", "P", "precision of matrix products: {choices}; tf32 and bf16 need a GPU",
          GRADUS_FIELD(training.execution.precision)));
  add(row("report_every", "N", "epochs between two reports", GRADUS_FIELD(training.report_every))
          .standard("about 30 reports")
          .keeps_result());
  rows.back().info.group = OptionGroup::output;
  return rows;
}

}  // namespace gradus::internal
