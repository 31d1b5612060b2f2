#include "data/csv/dialect.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "data/csv/number.hpp"
#include "data/csv/tokenizer.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// In the order of preference where two explain the records equally well.
constexpr std::array<char, 4> kDelimiters{',', '\t', ';', '|'};
// Records that are looked at.
constexpr std::size_t kRecords = 10;
// How much text a candidate gets for its first two records, when another one has them already.
constexpr std::size_t kLongestWait = std::size_t{1} << 20;

struct Sample {
  std::vector<CsvRecord> records;
  bool broken = false;             ///< more text would not give more records: a quote is misplaced
  std::size_t broken_columns = 0;  ///< up to that quote
};

/// The first records as a delimiter would separate them.
Sample first_records(std::string_view text, char delimiter) {
  Sample sample;
  const char* at = text.data();
  const char* end = at + text.size();
  while (sample.records.size() < kRecords && at != end) {
    const char* next = skip_blank_line(at, end, delimiter);
    if (next == at) {
      CsvRecord record;
      next = scan_record(at, end, delimiter, record);
      sample.broken = record.misplaced_quote;
      if (sample.broken) sample.broken_columns = record.fields.size() + 1;
      if (next != nullptr) sample.records.push_back(std::move(record));
    }
    if (next == nullptr) break;
    at = next;
  }
  return sample;
}

std::size_t count_numbers(const CsvRecord& record) {
  const auto is_number = [](const std::string& field) {
    return field_kind(field) == FieldKind::number || has_decimal_comma(field);
  };
  return static_cast<std::size_t>(std::count_if(record.fields.begin(), record.fields.end(), is_number));
}

/// How well a delimiter explains the records; more is better, the first difference decides.
using Merit = std::tuple<bool, bool, std::size_t, std::size_t>;

Merit merit(const Sample& sample) {
  const auto& records = sample.records;
  if (records.empty()) return {sample.broken_columns > 1, false, 0, sample.broken_columns};
  const std::size_t columns = records.front().fields.size();
  const bool regular =
      std::all_of(records.begin(), records.end(), [&](const auto& record) { return record.fields.size() == columns; });
  // The last record, because the first may be a header.
  return {columns > 1, regular, count_numbers(records.back()), columns};
}

/// Whether the first value below the first record is a number; missing ones say nothing.
bool is_over_number(const std::vector<CsvRecord>& records, std::size_t column) {
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (column >= records[i].fields.size()) return false;
    const std::string& field = records[i].fields[column];
    const FieldKind kind = field_kind(field);
    if (kind != FieldKind::missing) return kind != FieldKind::text || has_decimal_comma(field);
  }
  return false;
}

/// How many different values there are below the first record, and whether its own value is one of them.
struct Below {
  std::size_t different = 0;
  bool has_first = false;
};

Below look_below(const std::vector<CsvRecord>& records, std::size_t column) {
  std::set<std::string_view> values;
  for (std::size_t i = 1; i < records.size(); ++i)
    if (column < records[i].fields.size()) values.insert(records[i].fields[column]);
  return {values.size(), values.contains(records.front().fields[column])};
}

/// In a table of names alone, the first record is a header when its texts differ from each other and from all values below,
/// and most columns repeat their values: then they would have been expected to repeat the first one too.
bool looks_like_header_of_names(const std::vector<CsvRecord>& records) {
  constexpr std::size_t kFewest = 4;
  if (records.size() < kFewest) return false;
  const auto& first = records.front().fields;
  if (std::set<std::string_view>(first.begin(), first.end()).size() < first.size()) return false;
  std::size_t repeating = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Below below = look_below(records, i);
    if (below.has_first) return false;
    if (2 * below.different <= records.size() - 1) ++repeating;
  }
  return 2 * repeating > first.size();
}

/// A text over a number is the name of a column. A lone record is a header when it holds nothing but texts.
bool looks_like_header(const std::vector<CsvRecord>& records) {
  const auto& first = records.front().fields;
  const auto is_text = [](const std::string& field) { return field_kind(field) == FieldKind::text; };
  const bool all_text = std::all_of(first.begin(), first.end(), is_text);
  if (records.size() == 1) return all_text;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (is_text(first[i]) && is_over_number(records, i)) return true;
  return all_text && looks_like_header_of_names(records);
}

}  // namespace

std::size_t check_encoding(std::string_view text, std::string_view source) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw DataError(fmt::format("{}: this is text in UTF-16; Gradus reads UTF-8 and ASCII", source));
  if (const auto position = text.find('\0'); position != std::string_view::npos)
    throw DataError(
        fmt::format("{}: this is not text: there is a NUL at byte {} (binary data, or UTF-16; Gradus reads "
                    "tables as UTF-8 or ASCII text)",
                    source, position));
  return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

void check_delimiter(char delimiter) {
  const auto byte = static_cast<unsigned char>(delimiter);
  const bool letter = (delimiter >= 'a' && delimiter <= 'z') || (delimiter >= 'A' && delimiter <= 'Z');
  const bool control = (byte < 0x20 && delimiter != '\t') || byte >= 0x7F;
  if (control || letter || is_digit(delimiter) || std::string_view("\"+-.").find(delimiter) != std::string_view::npos)
    throw UsageError(fmt::format("the delimiter cannot be {}: use a punctuation mark, a tab or a space",
                                 control ? fmt::format("the byte {:#04x}", byte) : fmt::format("'{}'", delimiter)));
}

std::optional<CsvDialect> sniff_dialect(std::string_view text, Excerpt excerpt, std::optional<char> delimiter,
                                        std::optional<bool> header) {
  CsvDialect dialect;
  Sample best;
  bool undecided = false;
  const std::span<const char> candidates = delimiter ? std::span(&*delimiter, 1) : std::span<const char>(kDelimiters);
  for (const char candidate : candidates) {
    Sample sample = first_records(text, candidate);
    // Quotes end elsewhere for another delimiter. Beyond some length a quote that does not end speaks against it.
    undecided = undecided || (sample.records.size() < 2 && !sample.broken && text.size() < kLongestWait);
    if (candidate != candidates.front() && merit(sample) <= merit(best)) continue;
    dialect.delimiter = candidate;
    best = std::move(sample);
  }
  const auto& records = best.records;
  if (excerpt == Excerpt::beginning && (undecided || (records.size() < 2 && !best.broken))) return std::nullopt;
  if (records.empty()) return dialect;
  dialect.columns = records.front().fields.size();
  dialect.header = header.value_or(looks_like_header(records));
  return dialect;
}

}  // namespace gradus::internal
