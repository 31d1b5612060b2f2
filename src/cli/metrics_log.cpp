#include "cli/metrics_log.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

namespace gradus::cli {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
}

std::string figures(std::string_view part, const Evaluation& evaluation) {
  const std::string cost = fmt::format(R"(,"{}_cost":{})", part, number(evaluation.cost));
  if (evaluation.task == Task::classification)
    return fmt::format(R"({},"{}_accuracy":{})", cost, part, number(evaluation.accuracy));
  if (evaluation.task == Task::multi_label)
    return fmt::format(R"({0},"{1}_accuracy":{2},"{1}_label_accuracy":{3})", cost, part, number(evaluation.accuracy),
                       number(evaluation.label_accuracy));
  return fmt::format(R"({0},"{1}_rmse":{2},"{1}_mae":{3},"{1}_r2":{4})", cost, part, number(evaluation.rmse),
                     number(evaluation.mae), number(evaluation.r2));
}

// Written by hand: small networks finish many thousands of epochs a second.
std::string to_json_line(const Progress& progress) {
  std::string line = fmt::format(R"({{"epoch":{},"steps":{},"train_cost":{},"seconds":{},"samples_per_second":{})",
                                 progress.epoch, progress.steps, number(progress.train_cost), number(progress.seconds),
                                 number(progress.samples_per_second));
  line += fmt::format(R"(,"learning_rate":{})", number(progress.learning_rate));
  if (progress.validation) {
    line += figures("validation", *progress.validation);
    line += fmt::format(R"(,"best":{})", progress.best);
  }
  if (progress.test) line += figures("test", *progress.test);
  return line + "}\n";
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path) : output_(Output::file(path)) {}

void MetricsLog::add(const Progress& progress) noexcept {
  if (failure_) return;
  try {
    output_.write(to_json_line(progress));
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void MetricsLog::commit() {
  if (failure_) std::rethrow_exception(failure_);
  output_.commit();
}

}  // namespace gradus::cli
