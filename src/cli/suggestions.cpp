#include "cli/suggestions.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace gradus::cli {
namespace {

char lower(char letter) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

// Letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment); case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

bool starts_with(std::string_view word, std::string_view start) {
  return word.size() >= start.size() &&
         std::equal(start.begin(), start.end(), word.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> valid) {
  constexpr std::size_t kLongest = 64;  // longer words are no slips, and their distance would take long to compute
  if (written.empty() || written.size() > kLongest) return std::nullopt;

  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, written.size() / 3) + 1;
  for (const std::string_view word : valid) {
    std::size_t distance = edit_distance(written, word);
    if (starts_with(word, written)) distance = std::min<std::size_t>(distance, 1);  // `--learn` means `--learning-rate`
    if (distance < best_distance && distance < word.size()) {
      best = word;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view written, std::span<const std::string_view> valid) {
  const auto word = nearest(written, valid);
  return word ? fmt::format(" (did you mean '{}'?)", *word) : std::string();
}

}  // namespace gradus::cli
