#include "cli/train_progress.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "cli/report/metric_text.hpp"
#include "cli/text.hpp"

namespace gradus::cli {
namespace {

std::string describe_epoch(const Progress& progress) {
  const std::string epochs = std::to_string(progress.epochs);
  return fmt::format("epoch {:>{}}/{}", progress.epoch, epochs.size(), epochs);
}

std::string describe_pace(const Progress& progress) {
  std::string text = speed(progress.samples_per_second);
  if (progress.epoch < progress.epochs) text += fmt::format("  {} left", duration(progress.seconds_left));
  return text;
}

std::string report_line(const Progress& progress, const Messages& messages) {
  std::string line = fmt::format("{}  cost {}", describe_epoch(progress), four_digits(progress.train_cost));
  if (progress.validation) line += describe_briefly("validation", *progress.validation);
  if (progress.test) line += describe_briefly("test", *progress.test);
  return fmt::format("{}  {}", line, messages.dim(describe_pace(progress)));
}

std::string bar(const Progress& progress) {
  constexpr std::size_t kWidth = 24;
  const double share = static_cast<double>(progress.epoch) / static_cast<double>(std::max<std::size_t>(progress.epochs, 1));
  const std::size_t filled = std::min(kWidth, static_cast<std::size_t>(share * static_cast<double>(kWidth)));
  return fmt::format("[{:#<{}}{:.<{}}]", "", filled, "", kWidth - filled);
}

}  // namespace

void MovingProgress::show(const Progress& progress, std::string_view before) {
  if (!messages_.moves()) return;
  // More often no eye can follow, and small networks would slow down.
  constexpr auto kPause = std::chrono::milliseconds(100);
  const auto now = std::chrono::steady_clock::now();
  if (!progress.report && now - last_moved_ < kPause) return;
  last_moved_ = now;
  messages_.moving(fmt::format("{}{} {}  cost {}  {}", before, bar(progress), describe_epoch(progress),
                               four_digits(progress.train_cost), describe_pace(progress)));
}

void TrainProgress::show(const Progress& progress) {
  metrics_.add(progress);
  if (progress.report) messages_.line(report_line(progress, messages_));
  moving_.show(progress);
}

}  // namespace gradus::cli
