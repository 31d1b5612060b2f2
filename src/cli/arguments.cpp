#include "cli/arguments.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/text.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {

struct Arguments::Parser {
  struct Positional {
    std::string name;
    std::string meaning;
    CLI::Option* option = nullptr;
    const std::string* value = nullptr;  // which a config file may have given
  };

  CLI::App app;
  std::vector<std::string> option_names;  // with their dashes
  std::vector<std::string> flag_names;    // those of them that take no value
  std::vector<Positional> positionals;
};

Arguments::Arguments(std::string command) : command_(std::move(command)), parser_(std::make_unique<Parser>()) {
  parser_->app.set_help_flag();  // the command's own help is printed before this parser is asked
  parser_->app.allow_extras();   // so that unknown words can be told from mere slips here
}

Arguments::~Arguments() = default;

void Arguments::positional(const std::string& name, std::string& value, const std::string& meaning) {
  CLI::Option* option = parser_->app.add_option(name, value);
  parser_->positionals.push_back({name, meaning, option, &value});
}

void Arguments::option(const std::string& name, std::optional<std::string>& value) {
  parser_->app.add_option_function<std::string>(name, [&value](const std::string& text) { value = text; })->take_last();
  parser_->option_names.push_back(name);
}

void Arguments::flag(const std::string& name, bool& value) {
  parser_->app.add_flag(name, value);
  parser_->option_names.push_back(name);
  parser_->flag_names.push_back(name);
}

const std::vector<std::string>& Arguments::options() const {
  return parser_->option_names;
}

bool Arguments::is_flag(const std::string& name) const {
  return std::find(parser_->flag_names.begin(), parser_->flag_names.end(), name) != parser_->flag_names.end();
}

void Arguments::parse(const std::vector<std::string>& words) {
  // The parser would take the next word for the value.
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word)
    if (word->starts_with("--") && word->ends_with('='))
      throw UsageError(fmt::format("{} has no value behind it (see `gradus {} --help`)", *word, command_));
  try {
    parser_->app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the end
  } catch (const CLI::ArgumentMismatch& error) {
    if (!words.empty() && words.back().starts_with("--"))  // the one option whose value can be missing is the last word
      throw UsageError(fmt::format("{} needs a value (see `gradus {} --help`)", words.back(), command_));
    throw UsageError(error.what());
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} (see `gradus {} --help`)", error.what(), command_));
  }
  refuse_unknown(parser_->app.remaining());
  refuse_missing();
}

void Arguments::refuse_unknown(const std::vector<std::string>& unknown) const {
  const std::vector<std::string_view> valid(parser_->option_names.begin(), parser_->option_names.end());
  // An unknown option goes first: the value after it has taken a place that was meant for another word.
  for (const std::string& word : unknown) {
    if (!word.starts_with('-') || word == "--") continue;
    const std::string name = word.substr(0, word.find('='));
    if (std::find(valid.begin(), valid.end(), name) != valid.end()) continue;  // behind `--`, where options end
    throw UsageError(fmt::format("unknown option '{}'{}; `gradus {} --help` lists the options", name,
                                 did_you_mean(name, valid), command_));
  }
  for (const std::string& word : unknown)
    if (word != "--") throw UsageError(fmt::format("'{}' is one word too many for `gradus {}`", word, command_));
}

void Arguments::refuse_missing() const {
  for (const auto& positional : parser_->positionals) {
    if (positional.option->count() > 0 || !positional.value->empty()) continue;
    throw UsageError(
        fmt::format("{} is missing: it is {} (see `gradus {} --help`)", positional.name, positional.meaning, command_));
  }
}

}  // namespace gradus::cli
