#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "base/permutation.hpp"
#include "base/wording.hpp"
#include "data/dataset/storage.hpp"
#include "gradus/dataset.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

using Groups = std::vector<std::vector<std::uint32_t>>;

/// The samples of each class; of a regression, all samples.
Groups group_samples(const Dataset& data) {
  const bool classes = data.task() == Task::classification && data.has_targets();
  Groups groups(classes ? data.schema().class_names.size() : 1);
  for (std::size_t i = 0; i < data.samples(); ++i)
    groups[classes ? static_cast<std::size_t>(data.class_index(i)) : 0].push_back(static_cast<std::uint32_t>(i));
  return groups;
}

/// How many samples of each group go into the second set: `total`, divided by the method of largest remainders (of equal
/// remainders, the first groups win). A group of two or more keeps one sample in the first set, even if the sum is then
/// below `total`.
std::vector<std::size_t> share_out(const Groups& groups, std::size_t samples, std::size_t total) {
  std::vector<std::size_t> shares(groups.size());
  std::vector<std::size_t> most(groups.size());
  std::vector<std::uint64_t> remainders(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint64_t size = groups[i].size();
    most[i] = size >= 2 && groups.size() > 1 ? size - 1 : size;
    shares[i] = std::min<std::size_t>(total * size / samples, most[i]);
    remainders[i] = total * size % samples;
  }
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  std::size_t left = total - std::accumulate(shares.begin(), shares.end(), std::size_t{0});
  for (bool any = true; left > 0 && any;) {
    any = false;
    for (const std::size_t i : order) {
      if (left == 0 || shares[i] == most[i]) continue;
      ++shares[i];
      --left;
      any = true;
    }
  }
  return shares;
}

/// Which samples are drawn for the second set.
std::vector<bool> draw(const Groups& groups, const std::vector<std::size_t>& shares, std::size_t samples,
                       std::uint64_t seed) {
  std::vector<bool> drawn(samples, false);
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> scratch;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    order.resize(groups[i].size());
    const internal::RandomSequence sequence(seed, internal::RandomPurpose::split, static_cast<std::uint32_t>(i));
    internal::random_permutation(sequence, order, scratch);
    for (std::size_t j = 0; j < shares[i]; ++j) drawn[groups[i][order[j]]] = true;
  }
  return drawn;
}

}  // namespace

/// {the samples that are not in the held-out set, those that are}, both in their order.
template <typename IsInPart>
std::pair<Dataset, Dataset> Dataset::parted(IsInPart is_in_part) const {
  auto rest = std::make_shared<std::vector<std::uint32_t>>();
  auto part = std::make_shared<std::vector<std::uint32_t>>();
  for (std::size_t i = 0; i < samples(); ++i)
    (is_in_part(i) ? part : rest)->push_back(rows_ ? (*rows_)[i] : static_cast<std::uint32_t>(i));
  std::pair parts(*this, *this);
  parts.first.rows_ = std::move(rest);
  parts.second.rows_ = std::move(part);
  return parts;
}

std::pair<Dataset, Dataset> Dataset::split(double fraction, std::uint64_t seed) const {
  if (!(fraction > 0.0 && fraction < 1.0))
    throw UsageError(fmt::format("the fraction to hold out must be between 0 and 1, and is {}", fraction));
  const std::size_t count = samples();
  const auto total = static_cast<std::size_t>(std::llround(fraction * static_cast<double>(count)));
  if (total == 0 || total >= count)
    throw DataError(fmt::format("{}: a fraction of {} of {} leaves a set empty", source(), fraction,
                                internal::counted(count, "sample")));
  const Groups groups = group_samples(*this);
  const std::vector<bool> drawn = draw(groups, share_out(groups, count, total), count, seed);
  auto parts = parted([&](std::size_t sample) { return drawn[sample]; });
  if (parts.second.samples() == 0)
    throw DataError(fmt::format("{}: a fraction of {} of {} leaves a set empty", source(), fraction,
                                internal::counted(count, "sample")));
  return parts;
}

std::vector<std::pair<Dataset, Dataset>> Dataset::folds(std::size_t count, std::uint64_t seed) const {
  if (count < 2 || count > samples())
    throw UsageError(fmt::format("cannot make {} folds of {}; give at least 2, and at most one for each sample", count,
                                 internal::counted(samples(), "sample")));
  // Dealt out like cards, one class after the other: sizes differ by at most one, and those within a class too.
  std::vector<std::size_t> fold_of(samples());
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> scratch;
  std::size_t next = 0;
  const Groups groups = group_samples(*this);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    order.resize(groups[i].size());
    const internal::RandomSequence sequence(seed, internal::RandomPurpose::split, static_cast<std::uint32_t>(i));
    internal::random_permutation(sequence, order, scratch);
    for (const std::uint32_t place : order) fold_of[groups[i][place]] = next++ % count;
  }
  std::vector<std::pair<Dataset, Dataset>> parts;
  for (std::size_t fold = 0; fold < count; ++fold)
    parts.push_back(parted([&](std::size_t sample) { return fold_of[sample] == fold; }));
  return parts;
}

}  // namespace gradus
