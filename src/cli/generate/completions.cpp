#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command_options.hpp"
#include "cli/generate/generate.hpp"
#include "cli/help.hpp"

namespace gradus::cli {
namespace {

/// The flags of a command that fulfil a condition.
template <typename Condition>
std::vector<std::string> flags_of(Command command, Condition condition) {
  std::vector<std::string> flags;
  for (const OptionInfo* info : options_of(command))
    if (condition(*info)) flags.push_back(flag_of(info->key));
  return flags;
}

/// What bash offers behind one of a command's options.
std::string bash_values(Command command) {
  std::string text;
  for (const OptionInfo* info : options_of(command))
    if (!info->choices.empty())
      text +=
          fmt::format("        {}) _gradus_words \"{}\" && return ;;\n", flag_of(info->key), fmt::join(info->choices, " "));
  const auto paths = flags_of(command, [](const OptionInfo& info) { return info.is_path; });
  if (!paths.empty()) text += fmt::format("        {}) _gradus_files && return ;;\n", fmt::join(paths, "|"));
  const auto others =
      flags_of(command, [](const OptionInfo& info) { return !info.is_flag() && info.choices.empty() && !info.is_path; });
  if (!others.empty()) text += fmt::format("        {}) return ;;\n", fmt::join(others, "|"));
  return text;
}

/// The first sentence of an option's help, for shells that show it in a line.
std::string short_help(const OptionInfo& info) {
  std::string help = help_of(info);
  return help.substr(0, std::min(help.find_first_of(";:("), help.size()));
}

/// In single quotes of zsh and fish, within brackets of zsh.
std::string quoted(std::string_view text) {
  std::string quoted;
  for (const char letter : text) {
    if (letter == '\'') quoted += "'\\'";
    if (letter == '[' || letter == ']' || letter == ':') quoted += '\\';
    quoted += letter;
  }
  while (quoted.ends_with(' ')) quoted.pop_back();
  return quoted;
}

std::string zsh_option(const OptionInfo& info) {
  std::string text = fmt::format("'{}[{}]", flag_of(info.key), quoted(short_help(info)));
  if (!info.choices.empty())
    text +=
        fmt::format(":{}:({})", info.placeholder == "yes|no" ? "answer" : info.placeholder, fmt::join(info.choices, " "));
  else if (!info.is_flag())
    text += fmt::format(":{}:{}", info.key, info.is_path ? "_files" : " ");
  return text + "'";
}

}  // namespace

std::string bash_completion() {
  std::string text = fmt::format(R"(# Completion of bash for gradus. Made by `gradus --generate complete-bash`.

_gradus_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }}
_gradus_files() {{
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}}

_gradus() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} options
  if ((COMP_CWORD == 1)); then
    _gradus_words "{} --help --version"
    return
  fi
  case ${{COMP_WORDS[1]}} in
)",
                                 fmt::join(kNames<Command>, " "));
  for (const Command command : kValues<Command>) {
    const auto flags = flags_of(command, [](const OptionInfo&) { return true; });
    text += fmt::format("    {})\n      options=\"{} --help\"\n", name(command), fmt::join(flags, " "));
    if (const std::string values = bash_values(command); !values.empty())
      text += fmt::format("      case $previous in\n{}      esac\n", values);
    text += "      ;;\n";
  }
  return text + R"(  esac
  if [[ $current == -* ]]; then
    _gradus_words "$options"
  else
    _gradus_files
  fi
}

complete -F _gradus gradus
)";
}

std::string zsh_completion() {
  std::string text = R"(#compdef gradus
# Completion of zsh for gradus. Made by `gradus --generate complete-zsh`.

_gradus() {
  if ((CURRENT == 2)); then
    _values command )" +
                     fmt::format("{}", fmt::join(kNames<Command>, " ")) +
                     R"( --help --version
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
)";
  for (const Command command : kValues<Command>) {
    text += fmt::format("    {})\n      _arguments \\\n", name(command));
    for (const OptionInfo* info : options_of(command)) text += fmt::format("        {} \\\n", zsh_option(*info));
    text += "        '--help[the options]' \\\n        '*:file:_files'\n      ;;\n";
  }
  return text + "  esac\n}\n\n_gradus \"$@\"\n";
}

std::string fish_completion() {
  std::string text = "# Completion of fish for gradus. Made by `gradus --generate complete-fish`.\n\n";
  text += fmt::format("complete -c gradus -n __fish_use_subcommand -f -a '{}'\n", fmt::join(kNames<Command>, " "));
  for (const Command command : kValues<Command>)
    for (const OptionInfo* info : options_of(command)) {
      text += fmt::format("complete -c gradus -n '__fish_seen_subcommand_from {}' -l {}", name(command),
                          flag_of(info->key).substr(2));
      if (!info->choices.empty())
        text += fmt::format(" -x -a '{}'", fmt::join(info->choices, " "));
      else if (!info->is_flag())
        text += info->is_path ? " -r -F" : " -x";
      text += fmt::format(" -d '{}'\n", quoted(short_help(*info)));
    }
  return text;
}

}  // namespace gradus::cli
