#include "cli/train_arguments.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/config_file.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

constexpr std::array<Positional, 1> kPositionals{{{"DATA", "a file or folder to learn from, such as digits.csv"}}};

/// The options of the config file, if one is asked for, and behind them those given, which win.
ParsedWords with_config(ParsedWords given) {
  const auto config = std::ranges::find(given.options, "config", [](const auto& option) { return option.first; });
  if (config == given.options.end()) return given;
  if (config->second.empty()) throw UsageError("`config`: the name is empty");
  Config read = read_config(config->second);
  // Options that cannot be combined with one that was given.
  std::erase_if(read.options, [&](const auto& option) {
    const auto infos = options_of(Command::train);
    const auto info = std::ranges::find(infos, std::string_view(option.first), &OptionInfo::key);
    return std::ranges::any_of((*info)->replaced_by, [&](std::string_view key) {
      return std::ranges::any_of(given.options, [key](const auto& other) { return other.first == key; });
    });
  });
  if (given.positionals.empty() && read.data) given.positionals.push_back(*read.data);
  read.options.insert(read.options.end(), given.options.begin(), given.options.end());
  given.options = std::move(read.options);
  return given;
}

/// The library checks which options can be combined, except for those that only the command has.
void check(const TrainRequest& request) {
  const SplitOptions& split = request.options.split;
  for (const auto& [is_given, key] :
       {std::pair(request.command.output.has_value(), "output"), std::pair(request.command.overwrite, "overwrite")})
    if (split.folds && is_given) throw UsageError(fmt::format("`folds` writes no model, so `{}` has no use", key));
  if (split.test) refuse_standard_input_twice(request.data, *split.test);
  if (split.validation) refuse_standard_input_twice(request.data, *split.validation);
  if (split.validation && split.test) refuse_standard_input_twice(*split.validation, *split.test);
}

}  // namespace

DataOptions TrainRequest::layout() const {
  DataOptions layout;
  layout.header = options.data.header;
  layout.delimiter = options.data.delimiter;
  return layout;
}

std::vector<std::string> TrainRequest::layout_words() const {
  std::vector<std::string> words;
  for (const std::string_view key : {"header", "delimiter"})
    if (const std::string* text = given.find(key)) words.insert(words.end(), {flag_of(key), *text});
  return words;
}

TrainRequest parse_train(const std::vector<std::string>& words) {
  const ParsedWords parsed = with_config(parse_words(Command::train, kPositionals, words));
  require_positionals(Command::train, kPositionals, parsed);
  Request values = read_values(parsed);
  TrainRequest request;
  request.data = values.positionals.front();
  request.given = std::move(values.given);
  request.command = std::move(values.command);
  // For many samples every recipe has all that it may have: so mistakes are found before the data are read.
  request.options = request.given.complete(request.given.values().data.task.value_or(Task::classification),
                                           std::numeric_limits<std::uint32_t>::max());
  check(request);
  return request;
}

}  // namespace gradus::cli
