#include <cctype>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/command_options.hpp"
#include "cli/generate/generate.hpp"
#include "cli/help.hpp"
#include "gradus/version.hpp"

namespace gradus::cli {
namespace {

/// Text as roff prints it: no line begins with a command, and dashes stay dashes.
std::string roff(std::string_view text) {
  std::string escaped;
  bool begins = true;
  for (const char letter : text) {
    if (begins && (letter == '.' || letter == '\'')) escaped += "\\&";
    if (letter == '\\')
      escaped += "\\e";
    else if (letter == '-')
      escaped += "\\-";
    else
      escaped += letter;
    begins = letter == '\n';
  }
  return escaped;
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& letter : upper) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return upper;
}

/// As it stands, in lines of their own.
std::string verbatim(std::string_view text) {
  return fmt::format(".nf\n{}{}.fi\n", roff(text), text.ends_with('\n') ? "" : "\n");
}

std::string option_entry(const OptionInfo& info) {
  std::string text = fmt::format(".TP\n.B {}", roff(flag_of(info.key)));
  if (!info.is_flag()) text += fmt::format(" \\fI{}\\fR", roff(info.placeholder));
  text += fmt::format("\n{}", roff(help_of(info)));
  if (!info.standard.empty()) text += fmt::format(" (default: {})", roff(info.standard));
  return text + "\n";
}

}  // namespace

std::string man_page() {
  std::string text = fmt::format(R"(.TH GRADUS 1 "" "gradus {}" "User Commands"
.SH NAME
gradus \- train fully connected neural networks
.SH SYNOPSIS
.B gradus
.I command
[\fIwords\fR] [\fIoptions\fR]
.SH DESCRIPTION
)",
                                 version());
  text += verbatim(general_help());
  for (const Command command : kValues<Command>) {
    text += fmt::format(".SH GRADUS {}\n{}", upper_case(name(command)), verbatim(text_of(command)));
    for (const OptionInfo* info : options_of(command)) text += option_entry(*info);
  }
  return text;
}

}  // namespace gradus::cli
