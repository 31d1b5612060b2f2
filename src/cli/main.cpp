// `gradus`: finds the command that is asked for, and turns what it throws into a message and an exit code.

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/generate/generate.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "gradus/error.hpp"
#include "gradus/version.hpp"

namespace gradus::cli {
namespace {

struct Command {
  std::string_view name;
  int (*run)(const Invocation&);
};

constexpr std::array<Command, 5> kCommands{
    {{"train", train}, {"evaluate", evaluate}, {"predict", predict}, {"inspect", inspect}, {"devices", devices}}};

int print(std::string_view text) {
  Output output = Output::standard();
  output.write(text);
  output.commit();
  return kSuccess;
}

bool asks_for_help(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

[[noreturn]] void refuse_command(const std::string& word) {
  std::vector<std::string_view> valid{"--version", "--help", "--generate", "help"};
  for (const Command& command : kCommands) valid.push_back(command.name);
  const std::string_view kind = word.starts_with('-') ? "option" : "command";
  throw UsageError(fmt::format("unknown {} '{}'{}; `gradus --help` lists the commands", kind, printable(word),
                               did_you_mean(word, valid)));
}

int help(const std::vector<std::string>& words) {
  if (words.empty()) return print(general_help());
  const std::string text = command_help(words.front());
  if (text.empty()) refuse_command(words.front());
  return print(text);
}

int run(std::string program, std::vector<std::string> words) {
  if (words.empty()) {
    static_cast<void>(write_fully(STDERR_FILENO, general_help()));
    return kUsageError;
  }
  const std::string first = words.front();
  words.erase(words.begin());
  if (first == "--version" || first == "-V") return print(fmt::format("gradus {}\n", version()));
  if (first == "--generate") return print(generate(words.empty() ? std::string_view() : words.front()));
  if (first == "--help" || first == "-h" || first == "help") return help(words);
  for (const Command& command : kCommands) {
    if (command.name != first) continue;
    if (asks_for_help(words)) return print(command_help(first));
    return command.run({std::move(program), std::move(words)});
  }
  refuse_command(first);
}

}  // namespace
}  // namespace gradus::cli

int main(int argc, char** argv) {
  // A closed pipe is an error of the write that meets it, and must not end a training whose messages nobody reads.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));  // likewise: a limit on the size of files is an error of the write
  try {
    return gradus::cli::run(argc > 0 ? argv[0] : "gradus", {argv + std::min(argc, 1), argv + argc});
  } catch (...) {
    return gradus::cli::report_current_exception();
  }
}
