#include "cli/train_progress.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "report/epoch_facts.hpp"
#include "report/render.hpp"

namespace gradus::cli {
namespace {

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
  messages_.moving(fmt::format("{}{} {}  {}", before, bar(progress), report::as_line(report::epoch_state(progress)),
                               report::describe_pace(progress)));
}

void TrainProgress::show(const Progress& progress) {
  const report::Facts facts = report::epoch_facts(progress);
  metrics_.add(facts);
  if (progress.report)
    messages_.line(fmt::format("{}  {}", report::as_line(facts), messages_.dim(report::describe_pace(progress))));
  moving_.show(progress);
}

}  // namespace gradus::cli
