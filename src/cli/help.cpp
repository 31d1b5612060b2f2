#include "cli/help.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/wording.hpp"
#include "cli/command_options.hpp"
#include "cli/generate/generate.hpp"
#include "gradus/loading.hpp"
#include "gradus/metrics.hpp"

namespace gradus::cli {
namespace {

// In these texts {kinds}, {data} and {metrics} mean what tables hold.

constexpr std::string_view kGeneral = R"(Example:
  gradus train digits.csv --test-fraction 0.2       learn to read digits; writes gradus-run/
  gradus predict gradus-run/model.safetensors new.csv

Gradus trains fully connected neural networks.

Commands:
  train DATA            train a network on DATA
  evaluate MODEL DATA   cost and metrics, such as accuracy and confusion matrix, or RMSE, MAE and R²
  predict MODEL DATA    predictions as CSV on standard output, or --output FILE
  inspect FILE          what a model or a data file holds
  devices               the devices of this machine, and which one `auto` stands for

  gradus COMMAND --help   the options of a command
  gradus --version        the version
  gradus --generate KIND  the manual page, or completions for a shell: {kinds}

DATA is one of
{data}

MODEL is the model.safetensors that `train` wrote, or its folder.

Exit codes: 0 success, 1 internal error, 2 wrong usage or device, 3 wrong file or data, 4 training diverged, 5 out of memory,
129 hung up (SIGHUP), 130 interrupted (Ctrl-C), 143 terminated (SIGTERM).
)";

/// The text of a command's help beside its options, which come from the tables.
struct CommandText {
  Command command;
  std::string_view before;  ///< examples, usage, and what it does
  std::string_view after;   ///< behind the options
};

constexpr std::array<CommandText, 5> kCommandTexts{{
    {Command::train, R"(Example:
  gradus train digits.csv --test-fraction 0.2
  gradus train housing.csv --recipe tabular --test-fraction 0.2
  gradus train housing.csv --recipe tabular --folds 5
  gradus train mnist/ --hidden 30 --learning-rate 3.0 --batch-size 10 --epochs 30
  gradus train housing.csv --target price --hidden 64,64 --activation tanh --batch-size 32

Usage: gradus train DATA [options]

Trains a network on DATA and writes it into a folder. DATA is one of
{data}

The target is the last column unless --target names it; a target of text, or of whole numbers with at most 100 distinct
values, is a class; any other target is a number. Several targets are numbers, or labels that a sample has (1) or does not
have (0). The defaults below are those of the recipe classic.
)",
     R"(
Ctrl-C finishes the current step and writes the model; a second Ctrl-C ends the program at once. SIGTERM and SIGHUP do the
same. With --folds no model is written, and the finished folds are printed.
)"},
    {Command::evaluate, R"(Example:
  gradus evaluate gradus-run/model.safetensors digits.csv

Usage: gradus evaluate MODEL DATA [options]

Computes the metrics of a model on samples whose targets are known. Their keys in --json are
{metrics}
top_k_accuracy is there for models of more than k classes.

Each class or label also has its own precision, recall, F1 and ROC AUC. Classes have a confusion matrix. Each of several
numbers has its own RMSE, MAE and R². RMSE and MAE are in the units of the data.

Columns are matched by name if both the model and DATA have names. If DATA is a folder in MNIST's layout, its test set is
used.
)",
     ""},
    {Command::predict, R"(Example:
  gradus predict gradus-run/model.safetensors new.csv > predictions.csv
  gradus predict gradus-run/model.safetensors new.csv --scores

Usage: gradus predict MODEL DATA [options]

Predicts the class, the labels or the numbers of each sample, in the order of DATA, as CSV with a header. Columns are
matched by name if both the model and DATA have names; DATA does not need the target. If DATA is a folder in MNIST's
layout, its test set is used.
)",
     ""},
    {Command::inspect, R"(Example:
  gradus inspect gradus-run/model.safetensors
  gradus inspect digits.csv

Usage: gradus inspect FILE [options]

Shows what a model holds (network, features, classes, how it was trained) or what a data file holds (samples, range of each
feature, classes or targets). The options for data are those of `gradus train`.
)",
     ""},
    {Command::devices, R"(Example:
  gradus devices

Usage: gradus devices [options]

Lists the devices of this machine, says why a kind of device cannot be used, and which device `auto` stands for.
)",
     ""},
}};

/// What follows the title of a group of options.
std::string_view note_of(OptionGroup group, Command command) {
  if (command != Command::train || group != OptionGroup::distortions) return {};
  return ", drawn anew for each sample and epoch, up to the given value in both directions (default: none; mild ones with "
         "the recipe image for classes and labels, if the size of the images is known)";
}

constexpr std::size_t kWidth = 125;
constexpr std::size_t kColumn = 27;

/// Adds words to the last line of `text`, and begins lines at `indent` where they would be too long.
void add_wrapped(std::string_view words, std::size_t length, std::size_t indent, std::string& text) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    if (length + 1 + word.size() > kWidth) {
      text += fmt::format("\n{:{}}", "", indent);
      length = indent;
    } else if (length > indent) {
      text += ' ';
      ++length;
    }
    text += word;
    length += word.size();
  }
  text += '\n';
}

/// The kinds of `--generate`.
std::string kinds() {
  return internal::alternatives(generated_kinds());
}

/// A line for each form of DATA.
std::string data() {
  std::string text;
  for (const auto& [form, what] : data_forms()) text += fmt::format("  {:<24}{}\n", form, what);
  return text;
}

/// A line for each task, or several: the keys of its metrics.
std::string metrics_of_tasks() {
  constexpr std::size_t kIndent = 12;
  std::string text;
  for (const auto& [task, results] : {std::pair(Task::classification, "classes"), std::pair(Task::multi_label, "labels"),
                                      std::pair(Task::regression, "numbers")}) {
    std::vector<std::string_view> keys;
    for (const Metric& metric : metrics())
      if (metric.is_for(task)) keys.push_back(metric.key);
    text += fmt::format("  {:<{}}", results, kIndent - 2);
    add_wrapped(fmt::format("{}", fmt::join(keys, ", ")), kIndent, kIndent, text);
  }
  return text;
}

/// A text with the tables in place; a table of lines takes the place of a line.
std::string filled(std::string_view prose) {
  std::string text(prose);
  const auto replace = [&text](std::string_view name, std::string (*table)()) {
    if (const std::size_t place = text.find(name); place != std::string::npos) text.replace(place, name.size(), table());
  };
  replace("{kinds}", kinds);
  replace("{data}\n", data);
  replace("{metrics}\n", metrics_of_tasks);
  return text;
}

std::string option_line(const OptionInfo& info, Command command) {
  const bool has_model = command == Command::evaluate || command == Command::predict;
  std::string words = has_model && !info.model_help.empty() ? std::string(info.model_help) : help_of(info);
  if (!info.standard.empty() && !(has_model && !info.model_help.empty()))
    words += fmt::format(" (default: {})", info.standard);
  std::string text = fmt::format("  {}{}{}", flag_of(info.key), info.is_flag() ? "" : " ", info.placeholder);
  if (text.size() + 2 > kColumn)
    text += fmt::format("\n{:{}}", "", kColumn);
  else
    text += std::string(kColumn - text.size(), ' ');
  add_wrapped(words, kColumn, kColumn, text);
  return text;
}

std::string option_lines(Command command) {
  std::string text;
  const auto options = options_of(command);
  const bool has_groups = options.size() > 10;
  if (!has_groups) text += "\nOptions:\n";
  const OptionInfo* before = nullptr;
  for (const OptionInfo* info : options) {
    const bool begins_group = has_groups && (before == nullptr || before->group != info->group);
    if (begins_group) {
      std::string title(name(info->group));
      text += '\n';
      add_wrapped(fmt::format("{}{}:", title, note_of(info->group, command)), 0, 0, text);
    }
    text += option_line(*info, command);
    before = info;
  }
  text += fmt::format("  {:<{}}this text\n", "--help", kColumn - 2);
  return text;
}

}  // namespace

std::string help_of(const OptionInfo& info) {
  constexpr std::string_view kChoices = "{choices}";
  std::string help(info.help);
  if (!info.counts_with.empty()) help += fmt::format("; {}", info.counts_with);
  const std::size_t place = help.find(kChoices);
  if (place == std::string::npos) return help;
  return help.replace(place, kChoices.size(), internal::alternatives(info.choices));
}

std::string text_of(Command command) {
  return filled(std::ranges::find(kCommandTexts, command, &CommandText::command)->before);
}

std::string general_help() {
  return filled(kGeneral);
}

std::string command_help(std::string_view command) {
  const auto found = std::ranges::find(kCommandTexts, command, [](const CommandText& text) { return name(text.command); });
  if (found == kCommandTexts.end()) return {};
  return fmt::format("{}{}{}", filled(found->before), option_lines(found->command), found->after);
}

}  // namespace gradus::cli
