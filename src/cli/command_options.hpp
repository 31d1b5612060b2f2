#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gradus/options.hpp"

namespace gradus::cli {

/// The options of the command alone, which the library does not have: where results go, and in which form.
struct CommandOptions {
  std::optional<std::string> config;
  std::optional<std::string> output;
  bool overwrite = false;
  bool scores = false;
  bool json = false;
  bool quiet = false;
};

/// A row of the command's own table, in the form of the library's.
struct CommandRow {
  OptionInfo info;
  std::variant<bool CommandOptions::*, std::optional<std::string> CommandOptions::*> field;
};

[[nodiscard]] std::span<const CommandRow> command_rows();

/// Every option of a command, of both tables, as its help lists them.
[[nodiscard]] std::vector<const OptionInfo*> options_of(Command command);

/// An option as it is written on the command line: `--weight-decay` for `weight_decay`.
[[nodiscard]] std::string flag_of(std::string_view key);

/// A text of the library, which writes options as `weight_decay`, or `weight_decay` = 0.1, in backticks: they become
/// --weight-decay, and --weight-decay 0.1.
[[nodiscard]] std::string with_flags(std::string_view text);

}  // namespace gradus::cli
