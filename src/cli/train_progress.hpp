#pragma once

#include <chrono>
#include <string_view>

#include "cli/messages.hpp"
#include "cli/metrics_log.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {

/// On a terminal, a last line that moves: how far the run is.
class MovingProgress {
 public:
  explicit MovingProgress(Messages& messages) : messages_(messages) {}

  /// To be called at the end of each epoch. The line begins with `before`.
  void show(const Progress& progress, std::string_view before = {});

 private:
  Messages& messages_;
  std::chrono::steady_clock::time_point last_moved_;
};

/// Shows a run as it goes: a line per report, and on a terminal one that moves in between.
class TrainProgress {
 public:
  TrainProgress(Messages& messages, MetricsLog& metrics) : messages_(messages), metrics_(metrics), moving_(messages) {}

  /// To be called at the end of each epoch.
  void show(const Progress& progress);

 private:
  Messages& messages_;
  MetricsLog& metrics_;
  MovingProgress moving_;
};

}  // namespace gradus::cli
