#include "metrics_log.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

namespace gradus::cli {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
}

// Written by hand: small networks finish many thousands of epochs a second.
std::string to_json_line(const Progress& progress) {
  std::string line = fmt::format(R"({{"epoch":{},"steps":{},"train_cost":{},"seconds":{},"samples_per_second":{})",
                                 progress.epoch, progress.steps, number(progress.train_cost), number(progress.seconds),
                                 number(progress.samples_per_second));
  if (progress.test) {
    const Evaluation& test = *progress.test;
    line += fmt::format(R"(,"test_cost":{})", number(test.cost));
    if (test.task == Task::classification) {
      line += fmt::format(R"(,"test_accuracy":{})", number(test.accuracy));
    } else {
      line +=
          fmt::format(R"(,"test_rmse":{},"test_mae":{},"test_r2":{})", number(test.rmse), number(test.mae), number(test.r2));
    }
  }
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
