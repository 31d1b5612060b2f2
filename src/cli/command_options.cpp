#include "cli/command_options.hpp"

#include <algorithm>
#include <initializer_list>

namespace gradus::cli {
namespace {

unsigned bits_of(std::initializer_list<Command> commands) {
  unsigned bits = 0;
  for (const Command command : commands) bits |= 1U << static_cast<unsigned>(command);
  return bits;
}

std::vector<CommandRow> make_rows() {
  using enum Command;
  std::vector<CommandRow> rows;
  const auto add = [&rows](std::string_view key, std::string_view placeholder, std::string_view help, auto field,
                           std::initializer_list<Command> commands) -> OptionInfo& {
    OptionInfo info{.key = key, .placeholder = placeholder, .help = help, .standard = {}};
    info.group = OptionGroup::output;
    info.commands = bits_of(commands);
    return rows.emplace_back(CommandRow{info, field}).info;
  };
  OptionInfo& config = add(
      "config", "FILE",
      "take options from a TOML file, such as `hidden = [128, 64]`, or from the options.json of a run; its key `data` is "
      "DATA. Command-line options override it; --ignore none and similar cancel an entry",
      &CommandOptions::config, {train});
  config.group = OptionGroup::general;
  config.is_path = true;
  OptionInfo& folder = add("output", "DIR", "the folder for model.safetensors, metrics.jsonl and options.json",
                           &CommandOptions::output, {train});
  folder.standard = "gradus-run";
  folder.is_path = true;
  folder.replaced_by = {"folds"};
  OptionInfo& file =
      add("output", "FILE", "write to this file, under a temporary name first; never the model or DATA itself",
          &CommandOptions::output, {predict});
  file.standard = "standard output, also -";
  file.is_path = true;
  add("overwrite", "", "replace the run that the folder holds", &CommandOptions::overwrite, {train}).replaced_by = {"folds"};
  add("scores", "", "classes and labels: one more column per output of the network, score_NAME", &CommandOptions::scores,
      {predict});
  add("json", "", "one JSON object instead of text", &CommandOptions::json, {train, evaluate, predict, inspect, devices});
  add("quiet", "", "no progress, no notes", &CommandOptions::quiet, {train, evaluate, predict, inspect});
  return rows;
}

/// Whether the library speaks here, and not a name of the user's in quotes: an option stands between blanks and punctuation.
bool stands_alone(std::string_view before, std::string_view behind) {
  constexpr std::string_view kBehind = " ,;:)";
  const bool begins = before.empty() || before.ends_with(' ') || before.ends_with('(');
  return begins && (behind.empty() || kBehind.find(behind.front()) != std::string_view::npos);
}

bool is_option(std::string_view key) {
  const auto has_key = [key](const OptionInfo& info) { return info.key == key; };
  return std::ranges::any_of(option_table(), has_key) ||
         std::ranges::any_of(command_rows(), [&](const CommandRow& row) { return has_key(row.info); });
}

}  // namespace

std::span<const CommandRow> command_rows() {
  static const std::vector<CommandRow> kRows = make_rows();
  return kRows;
}

std::vector<const OptionInfo*> options_of(Command command) {
  std::vector<const OptionInfo*> options;
  for (const OptionInfo& info : option_table()) options.push_back(&info);
  for (const CommandRow& row : command_rows()) options.push_back(&row.info);
  std::erase_if(options, [command](const OptionInfo* info) { return !info->is_for(command); });
  std::ranges::stable_sort(options, {}, [](const OptionInfo* info) { return info->group; });
  return options;
}

std::string flag_of(std::string_view key) {
  std::string flag = "--" + std::string(key);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string with_flags(std::string_view text) {
  constexpr std::string_view kEquals = " = ";
  std::string translated;
  for (;;) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return translated.append(text);
    const std::string_view key = text.substr(open + 1, close - open - 1);
    if (!is_option(key) ||
        !stands_alone(text.substr(0, open), text.substr(close + 1))) {  // something else; its second mark may open another
      translated.append(text.substr(0, close));
      text.remove_prefix(close);
      continue;
    }
    translated.append(text.substr(0, open)).append(flag_of(key));
    text.remove_prefix(close + 1);
    if (text.starts_with(kEquals)) {
      translated += ' ';
      text.remove_prefix(kEquals.size());
    }
  }
}

}  // namespace gradus::cli
