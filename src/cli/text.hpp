#pragma once

#include <string>
#include <string_view>

#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace gradus::cli {

using internal::counted;
using internal::did_you_mean;
using internal::printable;
using internal::printable_lines;
using internal::shortened;

/// A word as a POSIX shell reads it back. Bytes that could do something to a terminal are written as `\xNN` within `$'…'`.
[[nodiscard]] std::string shell_quoted(std::string_view word);

}  // namespace gradus::cli
