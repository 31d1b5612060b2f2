#include "cli/train_progress.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

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

std::string describe_part(std::string_view part, const Evaluation& evaluation) {
  const std::string cost = fmt::format("  {} cost {}", part, four_digits(evaluation.cost));
  if (evaluation.task != Task::regression)
    return fmt::format("{}  {} accuracy {}", cost, part, percent(evaluation.accuracy));
  return fmt::format("{}  {} RMSE {}", cost, part, general(evaluation.rmse));
}

std::string report_line(const Progress& progress, const Messages& messages) {
  std::string line = fmt::format("{}  cost {}", describe_epoch(progress), four_digits(progress.train_cost));
  if (progress.validation) line += describe_part("validation", *progress.validation);
  if (progress.test) line += describe_part("test", *progress.test);
  return fmt::format("{}  {}", line, messages.dim(describe_pace(progress)));
}

std::string bar(const Progress& progress) {
  constexpr std::size_t kWidth = 24;
  const double share = static_cast<double>(progress.epoch) / static_cast<double>(std::max<std::size_t>(progress.epochs, 1));
  const std::size_t filled = std::min(kWidth, static_cast<std::size_t>(share * static_cast<double>(kWidth)));
  return fmt::format("[{:#<{}}{:.<{}}]", "", filled, "", kWidth - filled);
}

}  // namespace

void TrainProgress::show(const Progress& progress) {
  metrics_.add(progress);
  if (progress.report) messages_.line(report_line(progress, messages_));
  if (!messages_.moves()) return;
  constexpr auto kPause =
      std::chrono::milliseconds(100);  // more often no eye can follow, and small networks would slow down
  const auto now = std::chrono::steady_clock::now();
  if (!progress.report && now - last_moved_ < kPause) return;
  last_moved_ = now;
  messages_.moving(fmt::format("{} {}  cost {}  {}", bar(progress), describe_epoch(progress),
                               four_digits(progress.train_cost), describe_pace(progress)));
}

}  // namespace gradus::cli
