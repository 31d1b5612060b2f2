#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::cli {

/// Takes a command's words apart. Values stay text here; values.hpp reads them. A word that nobody asked for is a UsageError
/// that names it and offers the nearest valid one.
class Arguments {
 public:
  explicit Arguments(std::string command);
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments();

  /// A word that must be given, in its order; `meaning` completes "it is …".
  void positional(const std::string& name, std::string& value, const std::string& meaning);
  /// `--name VALUE` or `--name=VALUE`. Of several the last counts, so that an alias's options can be overridden.
  void option(const std::string& name, std::optional<std::string>& value);
  void flag(const std::string& name, bool& value);

  /// The options and flags, with their dashes.
  [[nodiscard]] const std::vector<std::string>& options() const;
  [[nodiscard]] bool is_flag(const std::string& name) const;

  /// Fills in the values. Throws UsageError.
  void parse(const std::vector<std::string>& words);

 private:
  struct Parser;

  void refuse_unknown(const std::vector<std::string>& unknown) const;
  void refuse_missing() const;

  std::string command_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace gradus::cli
