#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace gradus::cli {

/// `gradus: error: …` on standard error.
void print_error(std::string_view message);

/// What a command says on standard error beside its result. On a terminal it has colours and a last line that moves; in a
/// log, plain lines. Any thread may call it. A standard error that cannot be written to is not a reason to stop.
class Messages {
 public:
  enum class Importance { progress, warning };  // `--quiet` silences progress

  explicit Messages(bool quiet);
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  /// Removes the moving line.
  ~Messages();

  void line(std::string_view text, Importance importance = Importance::progress);
  /// Several lines, each with its end.
  void lines(std::string_view text, Importance importance = Importance::progress);
  /// `note: …`: what the user should know about the data.
  void note(std::string_view text);
  void warning(std::string_view text);

  /// Whether moving() shows anything: on a terminal, and not quiet.
  [[nodiscard]] bool moves() const { return moves_; }
  /// Replaces the last line by this one. It is cut to the width of the terminal.
  void moving(std::string_view text);
  void end_moving();

  [[nodiscard]] bool quiet() const { return quiet_; }
  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string dim(std::string_view text) const;

 private:
  void clear_moving_line();

  const bool quiet_;
  const bool colours_;
  const bool moves_;
  std::mutex mutex_;
  bool line_shown_ = false;
};

}  // namespace gradus::cli
