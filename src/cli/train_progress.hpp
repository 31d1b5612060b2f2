#pragma once

#include <chrono>

#include "cli/messages.hpp"
#include "cli/metrics_log.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {

/// Shows a run as it goes: a line per report, and on a terminal a last line that moves in between.
class TrainProgress {
 public:
  TrainProgress(Messages& messages, MetricsLog& metrics) : messages_(messages), metrics_(metrics) {}

  /// To be called at the end of each epoch.
  void show(const Progress& progress);

 private:
  Messages& messages_;
  MetricsLog& metrics_;
  std::chrono::steady_clock::time_point last_moved_;
};

}  // namespace gradus::cli
