#include "cli/arguments.hpp"

#include <algorithm>
#include <cstdint>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/text.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

/// The text of a flag that is taken back.
constexpr std::string_view kNo = "no";

/// The parser would take the next word for the value.
void refuse_empty_values(std::string_view command, const std::vector<std::string>& words) {
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word)
    if (word->starts_with("--") && word->ends_with('='))
      throw UsageError(fmt::format("{} has no value after it (see `gradus {} --help`)", *word, command));
}

void refuse_unknown(Command command, const std::vector<std::string>& unknown) {
  std::vector<std::string> flags;
  for (const OptionInfo* info : options_of(command)) flags.push_back(flag_of(info->key));
  const std::vector<std::string_view> valid(flags.begin(), flags.end());
  // An unknown option goes first: the value after it has taken a place that was meant for another word.
  for (const std::string& word : unknown) {
    if (!word.starts_with('-') || word == "--") continue;
    const std::string flag = word.substr(0, word.find('='));
    if (std::ranges::find(valid, flag) != valid.end()) continue;  // behind `--`, where options end
    throw UsageError(fmt::format("unknown option '{}'{}; `gradus {} --help` lists the options", flag,
                                 did_you_mean(flag, valid), name(command)));
  }
  for (const std::string& word : unknown)
    if (word != "--") throw UsageError(fmt::format("'{}' is one word too many for `gradus {}`", word, name(command)));
}

void parse_with(CLI::App& app, std::string_view command, const std::vector<std::string>& words) {
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the end
  } catch (const CLI::ArgumentMismatch& error) {
    if (!words.empty() && words.back().starts_with("--"))  // the one option whose value can be missing is the last word
      throw UsageError(fmt::format("{} needs a value (see `gradus {} --help`)", words.back(), command));
    throw UsageError(error.what());
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} (see `gradus {} --help`)", error.what(), command));
  }
}

}  // namespace

ParsedWords parse_words(Command command, std::span<const Positional> positionals, const std::vector<std::string>& words) {
  ParsedWords parsed;
  CLI::App app;
  app.set_help_flag();  // the command's own help is printed before this parser is asked
  app.allow_extras();   // so that unknown words can be distinguished from misspelt ones here
  std::vector<std::string> values(positionals.size());
  std::vector<const CLI::Option*> places;
  for (std::size_t i = 0; i < positionals.size(); ++i)
    places.push_back(app.add_option(std::string(positionals[i].name), values[i]));
  for (const OptionInfo* info : options_of(command)) {
    const std::string key(info->key);
    if (info->is_flag())
      app.add_flag_function(flag_of(key), [&parsed, key](std::int64_t count) {
        parsed.options.emplace_back(key, count > 0 ? "" : kNo);  // `--json=false` takes back what a config file says
      });
    else
      app.add_option_function<std::string>(
             flag_of(key), [&parsed, key](const std::string& text) { parsed.options.emplace_back(key, text); })
          ->take_last();
  }
  refuse_empty_values(name(command), words);
  parse_with(app, name(command), words);
  refuse_unknown(command, app.remaining());
  for (std::size_t i = 0; i < positionals.size() && places[i]->count() > 0; ++i) parsed.positionals.push_back(values[i]);
  return parsed;
}

void require_positionals(Command command, std::span<const Positional> positionals, const ParsedWords& parsed) {
  if (parsed.positionals.size() >= positionals.size()) return;
  const auto& [missing, meaning] = positionals[parsed.positionals.size()];
  throw UsageError(fmt::format("{} is missing: it is {} (see `gradus {} --help`)", missing, meaning, name(command)));
}

Request read_values(const ParsedWords& parsed) {
  Request request;
  request.positionals = parsed.positionals;
  for (const auto& [key, text] : parsed.options) {
    const auto row = std::ranges::find(command_rows(), key, [](const CommandRow& one) { return one.info.key; });
    if (row == command_rows().end()) {
      request.given.set(key, text);
    } else if (const auto* flag = std::get_if<bool CommandOptions::*>(&row->field)) {
      request.command.*(*flag) = text != kNo;
    } else {
      if (text.empty()) throw UsageError(fmt::format("`{}`: the name is empty", key));
      request.command.*std::get<std::optional<std::string> CommandOptions::*>(row->field) = text;
    }
  }
  return request;
}

Request parse_request(Command command, std::span<const Positional> positionals, const std::vector<std::string>& words) {
  const ParsedWords parsed = parse_words(command, positionals, words);
  require_positionals(command, positionals, parsed);
  return read_values(parsed);
}

void refuse_standard_input_twice(const std::string& first, const std::string& second) {
  if (first == "-" && second == "-")
    throw UsageError("standard input ('-') can be read only once; give one of the two as a file");
}

}  // namespace gradus::cli
