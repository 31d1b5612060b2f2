#include "cli/messages.hpp"

#include <cstddef>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/command_options.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

namespace gradus::cli {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? std::string() : std::string(value);
}

// A terminal that understands escape sequences.
bool capable_terminal() {
  return ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb";
}

// NO_COLOR asks for plain text whatever its value, unless it is empty (no-color.org). Who asks for plain text gets plain
// lines too: such output is often recorded.
bool wants_terminal_effects() {
  return capable_terminal() && environment("NO_COLOR").empty();
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void print(std::string_view text) {
  static_cast<void>(write_fully(STDERR_FILENO, text));
}

}  // namespace

void print_error(std::string_view message) {
  const bool colours = wants_terminal_effects();
  print(fmt::format("gradus: {}error:{} {}\n", colours ? "\x1b[1;31m" : "", colours ? "\x1b[0m" : "",
                    printable_lines(with_flags(message))));
}

Messages::Messages(bool quiet) : quiet_(quiet), colours_(wants_terminal_effects()), moves_(colours_ && !quiet) {}

Messages::~Messages() {
  end_moving();
}

void Messages::line(std::string_view text, Importance importance) {
  lines(fmt::format("{}\n", text), importance);
}

void Messages::lines(std::string_view text, Importance importance) {
  if (quiet_ && importance == Importance::progress) return;
  const std::lock_guard lock(mutex_);
  clear_moving_line();
  print(text);
}

void Messages::note(std::string_view text) {
  line(fmt::format("{} {}", bold("note:"), printable(with_flags(text))));
}

void Messages::warning(std::string_view text) {
  line(fmt::format("gradus: {}", text), Importance::warning);
}

void Messages::moving(std::string_view text) {
  if (!moves_) return;
  const std::lock_guard lock(mutex_);
  print(fmt::format("{}{}", kClearLine, shortened(text, terminal_width() - 1)));
  line_shown_ = true;
}

void Messages::end_moving() {
  const std::lock_guard lock(mutex_);
  clear_moving_line();
}

std::string Messages::bold(std::string_view text) const {
  return colours_ ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Messages::dim(std::string_view text) const {
  return colours_ ? fmt::format("\x1b[2m{}\x1b[0m", text) : std::string(text);
}

void Messages::clear_moving_line() {
  if (!line_shown_) return;
  print(kClearLine);
  line_shown_ = false;
}

}  // namespace gradus::cli
