#include "report/confusion.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "report/words.hpp"

namespace gradus::report {
namespace {

constexpr std::size_t kLargestTable = 20;  // classes; a wider table does not fit a terminal

// A `.` for zero lets the eye find the rest.
std::string cell(std::uint64_t count) {
  return count == 0 ? "." : std::to_string(count);
}

std::string table(const std::vector<std::uint64_t>& counts, const std::vector<std::string>& class_names) {
  constexpr std::size_t kLongestRowName = 24;
  constexpr std::size_t kLongestColumnName = 8;
  const std::size_t classes = class_names.size();
  std::size_t row_width = 0;
  std::size_t column_width = 0;
  for (const std::string& class_name : class_names) {
    row_width = std::max(row_width, width_of(shortened(class_name, kLongestRowName)));
    column_width = std::max(column_width, width_of(shortened(class_name, kLongestColumnName)));
  }
  for (const std::uint64_t count : counts) column_width = std::max(column_width, cell(count).size());

  std::string text = "confusion matrix (rows: actual class, columns: predicted class)\n  " + std::string(row_width, ' ');
  for (const std::string& class_name : class_names)
    text += "  " + aligned_right(shortened(class_name, kLongestColumnName), column_width);
  text += '\n';
  for (std::size_t actual = 0; actual < classes; ++actual) {
    text += "  " + aligned_left(shortened(class_names[actual], kLongestRowName), row_width);
    for (std::size_t predicted = 0; predicted < classes; ++predicted)
      text += "  " + aligned_right(cell(counts[actual * classes + predicted]), column_width);
    text += '\n';
  }
  return text;
}

struct Mistake {
  std::size_t actual;
  std::size_t predicted;
  std::uint64_t count;
};

std::string most_frequent(const std::vector<std::uint64_t>& counts, const std::vector<std::string>& class_names) {
  constexpr std::size_t kShown = 10;
  constexpr std::size_t kLongestName = 32;
  const std::size_t classes = class_names.size();
  std::vector<Mistake> mistakes;
  for (std::size_t actual = 0; actual < classes; ++actual)
    for (std::size_t predicted = 0; predicted < classes; ++predicted) {
      const std::uint64_t count = counts[actual * classes + predicted];
      if (actual != predicted && count > 0) mistakes.push_back({actual, predicted, count});
    }
  if (mistakes.empty()) return {};
  std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
  mistakes.resize(std::min(mistakes.size(), kShown));

  std::string text = "most frequent confusions\n";
  for (const Mistake& mistake : mistakes)
    text += fmt::format("  {}  {} predicted as {}\n", aligned_right(with_separators(mistake.count), 7),
                        shortened(class_names[mistake.actual], kLongestName),
                        shortened(class_names[mistake.predicted], kLongestName));
  return text;
}

}  // namespace

std::string describe_confusion(const std::vector<std::uint64_t>& counts, const std::vector<std::string>& class_names) {
  if (counts.empty())
    return fmt::format("{} are too many for a confusion matrix, so confusions were not counted\n",
                       counted(class_names.size(), "class", "classes"));
  return class_names.size() <= kLargestTable ? table(counts, class_names) : most_frequent(counts, class_names);
}

}  // namespace gradus::report
