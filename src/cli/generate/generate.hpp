#pragma once

#include <string>
#include <string_view>

namespace gradus::cli {

// Files for shells and manuals, made from the tables of options when the command is built.

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();
/// A page for section 1, in roff.
[[nodiscard]] std::string man_page();

/// What `gradus --generate KIND` prints: `man`, `complete-bash`, `complete-zsh` or `complete-fish`. Throws UsageError for
/// any other kind.
[[nodiscard]] std::string generate(std::string_view kind);

}  // namespace gradus::cli
