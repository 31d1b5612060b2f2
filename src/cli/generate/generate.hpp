#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::cli {

// Files for shells and manuals, made from the tables of options when the command is built.

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();
/// A page for section 1, in roff.
[[nodiscard]] std::string man_page();

/// What KIND can be below.
[[nodiscard]] std::vector<std::string_view> generated_kinds();
/// What `gradus --generate KIND` prints. Throws UsageError for any other kind.
[[nodiscard]] std::string generate(std::string_view kind);

}  // namespace gradus::cli
