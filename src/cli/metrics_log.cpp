#include "cli/metrics_log.hpp"

#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "gradus/metrics.hpp"

namespace gradus::cli {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
}

/// The metrics of Metric::Level::always, under keys such as `validation_cost`.
std::string metrics_of(std::string_view part, const Evaluation& evaluation) {
  std::string text;
  for (const Metric& metric : metrics()) {
    if (metric.level != Metric::Level::always || !metric.is_in(evaluation)) continue;
    const std::optional<double> value = metric.value(evaluation);
    text += fmt::format(R"(,"{}_{}":{})", part, metric.key, value ? number(*value) : "null");
  }
  return text;
}

// Written by hand: small networks finish many thousands of epochs a second.
std::string to_json_line(const Progress& progress) {
  std::string line = fmt::format(R"({{"epoch":{},"steps":{},"train_cost":{},"seconds":{},"samples_per_second":{})",
                                 progress.epoch, progress.steps, number(progress.train_cost), number(progress.seconds),
                                 number(progress.samples_per_second));
  line += fmt::format(R"(,"learning_rate":{})", number(progress.learning_rate));
  if (progress.validation) {
    line += metrics_of("validation", *progress.validation);
    line += fmt::format(R"(,"best":{})", progress.best);
  }
  if (progress.test) line += metrics_of("test", *progress.test);
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
