#include "report/epoch_facts.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "report/metric_text.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

constexpr std::size_t kInText = 2;  // metrics of each set; more would not fit into a line

}  // namespace

Facts epoch_state(const Progress& progress) {
  Facts facts;
  facts.reserve(16);
  facts.push_back(shown("epoch", "epoch", Position{.at = progress.epoch, .of = progress.epochs}));
  facts.push_back(hidden("steps", progress.steps));
  facts.push_back(shown("train_cost", "cost", Number{progress.train_cost, Metric::Format::cost}));
  facts.push_back(hidden("seconds", Duration{progress.seconds}));
  facts.push_back(hidden("samples_per_second", Speed{progress.samples_per_second}));
  facts.push_back(hidden("learning_rate", Number{progress.learning_rate}));
  return facts;
}

Facts epoch_facts(const Progress& progress) {
  Facts facts = epoch_state(progress);
  if (progress.validation) {
    add_metrics_of(facts, "validation", *progress.validation, kInText);
    facts.push_back(hidden("best", progress.best));
  }
  if (progress.test) add_metrics_of(facts, "test", *progress.test, kInText);
  return facts;
}

std::string describe_pace(const Progress& progress) {
  std::string text = speed(progress.samples_per_second);
  if (progress.epoch < progress.epochs) text += fmt::format("  {} left", duration(progress.seconds_left));
  return text;
}

}  // namespace gradus::report
