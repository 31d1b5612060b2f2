#include "data/dataset/category_names.hpp"

#include <cmath>
#include <cstdint>

#include "data/csv/number.hpp"
#include "data/dataset/class_names.hpp"

namespace gradus::internal {

std::string category_name(std::string_view text) {
  double number = 0;
  if (parse_field(text, number) == FieldKind::number && std::abs(number) < kFirstUnsureNumber) return class_name(number);
  return std::string(text);
}

bool is_missing_name(const CsvField& field) {
  if (trimmed(field.text).empty()) return true;
  return !field.quoted && is_missing(field.text);
}

std::size_t bucket_of(std::string_view name, std::size_t buckets) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : name) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3U;
  }
  return static_cast<std::size_t>(hash % buckets);
}

}  // namespace gradus::internal
