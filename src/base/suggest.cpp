#include "base/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/letters.hpp"

namespace gradus::internal {
namespace {

// Longer names are no slips of the finger, and the distance takes the product of the lengths.
constexpr std::size_t kLongest = 200;

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

std::string nearest(std::string_view wanted, std::span<const std::string_view> candidates) {
  if (wanted.empty() || wanted.size() > kLongest) return {};
  const std::string lower = lower_case(wanted);
  const std::size_t most = std::max<std::size_t>(1, wanted.size() / 3);
  std::string_view best;
  std::size_t best_distance = most + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty() || candidate.size() > kLongest) continue;
    const std::string name = lower_case(candidate);
    std::size_t far = distance(lower, name);
    // A slip in a name of one or two letters leaves nothing of it.
    if (far > 0 && far >= std::min(lower.size(), name.size())) far = most + 1;
    if (lower.size() >= 2 && name.starts_with(lower)) far = std::min(far, most);
    if (far < best_distance) {
      best = candidate;
      best_distance = far;
    }
  }
  return std::string(best);
}

}  // namespace gradus::internal
