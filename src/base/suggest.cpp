#include "base/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "base/letters.hpp"
#include "base/wording.hpp"

namespace gradus::internal {
namespace {

// Longer words are not slips of the finger, and the distance takes the product of the lengths.
constexpr std::size_t kLongest = 64;

/// Optimal string alignment distance: Levenshtein's with swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view wanted, std::span<const std::string_view> candidates) {
  if (wanted.empty() || wanted.size() > kLongest) return std::nullopt;
  const std::string lower = lower_case(wanted);
  std::optional<std::string_view> best;
  // A word of up to three letters bears one slip, a longer one two or more.
  std::size_t best_distance = std::max<std::size_t>(wanted.size() <= 3 ? 1 : 2, wanted.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty() || candidate.size() > kLongest) continue;
    const std::string name = lower_case(candidate);
    const bool begins = lower.size() >= 2 && name.starts_with(lower);  // `--learn` means `--learning-rate`
    const std::size_t far = begins ? std::min<std::size_t>(name.size() - lower.size(), 1) : distance(lower, name);
    // As many slips as letters leave nothing of the word.
    const bool is_near = begins || far == 0 || far < std::min(lower.size(), name.size());
    if (is_near && far < best_distance) {
      best = candidate;
      best_distance = far;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> candidates) {
  const auto word = nearest(wanted, candidates);
  return word ? fmt::format(" (did you mean {}?)", in_quotes(*word)) : std::string();
}

}  // namespace gradus::internal
