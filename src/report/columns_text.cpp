#include "report/columns_text.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/words.hpp"

namespace gradus::report {
namespace {

std::string feature_name(const DataSchema& schema, std::size_t feature) {
  return schema.feature_names.empty() ? fmt::format("feature {}", feature + 1)
                                      : shortened(schema.feature_names[feature], 24);
}

std::string describe(const DataSchema& schema, const Categories& categories) {
  const std::string name = feature_name(schema, categories.feature);
  return categories.buckets > 0 ? fmt::format("{} hashed to {}", name, categories.buckets)
                                : fmt::format("{} {}", name, categories.names.size());
}

}  // namespace

std::string describe_columns(const DataSchema& schema) {
  constexpr std::size_t kMostShown = 6;
  const std::size_t named = schema.categories.size();
  if (named == 0 && schema.indicators.empty()) return "";
  std::vector<std::string> parts;
  if (schema.features > named) parts.push_back(counted(schema.features - named, "number"));
  if (named > 0) {
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < named && i < kMostShown; ++i) shown.push_back(describe(schema, schema.categories[i]));
    if (named > kMostShown) shown.push_back(fmt::format("… {} more", named - kMostShown));
    parts.push_back(fmt::format("{} of names ({})", counted(named, "feature"), fmt::join(shown, ", ")));
  }
  if (!schema.indicators.empty())
    parts.push_back(counted(schema.indicators.size(), "indicator of missing values", "indicators of missing values"));
  return fmt::format("{}: {}", with_separators(schema.inputs()), fmt::join(parts, ", "));
}

std::string describe_names(const std::vector<std::string>& names) {
  constexpr std::size_t kLongestName = 24;
  constexpr std::size_t kLongestLine = 90;
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    const std::string next = shortened(names[i], kLongestName) + (last ? "" : ", ");
    if (!last && width_of(text) + width_of(next) > kLongestLine)
      return fmt::format("{}… {}", text, shortened(names.back(), kLongestName));
    text += next;
  }
  return text;
}

}  // namespace gradus::report
