#include "cli/metrics_log.hpp"

#include "report/render.hpp"

namespace gradus::cli {

MetricsLog::MetricsLog(const std::filesystem::path& path) : output_(Output::file(path)) {}

void MetricsLog::add(const report::Facts& epoch) noexcept {
  if (failure_) return;
  try {
    output_.write(report::as_json_line(epoch) + "\n");
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void MetricsLog::commit() {
  if (failure_) std::rethrow_exception(failure_);
  output_.commit();
}

}  // namespace gradus::cli
