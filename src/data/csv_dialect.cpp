#include "data/csv_dialect.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "data/csv_number.hpp"
#include "data/csv_tokenizer.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// In the order of preference where two explain the records equally well.
constexpr std::array<char, 4> kDelimiters{',', '\t', ';', '|'};
// Records that are looked at.
constexpr std::size_t kRecords = 10;

struct Sample {
  std::vector<CsvRecord> records;
  bool broken = false;  ///< more text would not give more records: a quote is misplaced
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

Merit merit(const std::vector<CsvRecord>& records) {
  if (records.empty()) return {};
  const std::size_t columns = records.front().fields.size();
  const bool regular =
      std::all_of(records.begin(), records.end(), [&](const auto& record) { return record.fields.size() == columns; });
  // The last record, because the first may be a header.
  return {columns > 1, regular, count_numbers(records.back()), columns};
}

/// A text over something that is no text: the name of a column. A lone record is a header when it holds nothing but texts.
bool looks_like_header(const std::vector<CsvRecord>& records) {
  const CsvRecord& first = records.front();
  const auto is_text = [](const CsvRecord& record, std::size_t i) {
    return field_kind(record.fields[i]) == FieldKind::text;
  };
  if (records.size() == 1) {
    for (std::size_t i = 0; i < first.fields.size(); ++i)
      if (!is_text(first, i)) return false;
    return true;
  }
  for (std::size_t i = 0; i < std::min(first.fields.size(), records[1].fields.size()); ++i)
    if (is_text(first, i) && !is_text(records[1], i)) return true;
  return false;
}

}  // namespace

std::size_t check_encoding(std::string_view text, std::string_view source) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw DataError(fmt::format("{}: this is text in UTF-16; Gradus reads UTF-8 and ASCII", source));
  if (const auto position = text.find('\0'); position != std::string_view::npos)
    throw DataError(
        fmt::format("{}: this is no text: there is a NUL at byte {} (binary data, or UTF-16; Gradus reads "
                    "tables as UTF-8 or ASCII text)",
                    source, position));
  return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

void check_delimiter(char delimiter) {
  const auto byte = static_cast<unsigned char>(delimiter);
  const bool letter = (delimiter >= 'a' && delimiter <= 'z') || (delimiter >= 'A' && delimiter <= 'Z');
  const bool control = (byte < 0x20 && delimiter != '\t') || byte >= 0x7F;
  if (control || letter || is_digit(delimiter) || std::string_view("\"+-.").find(delimiter) != std::string_view::npos)
    throw UsageError(fmt::format("the delimiter cannot be {}: take a punctuation mark, a tab or a space",
                                 control ? fmt::format("the byte {:#04x}", byte) : fmt::format("'{}'", delimiter)));
}

std::optional<CsvDialect> sniff_dialect(std::string_view text, bool whole, std::optional<char> delimiter,
                                        std::optional<bool> header) {
  CsvDialect dialect;
  Sample best;
  if (delimiter) {
    dialect.delimiter = *delimiter;
    best = first_records(text, *delimiter);
  } else {
    for (const char candidate : kDelimiters) {
      Sample sample = first_records(text, candidate);
      if (candidate != kDelimiters.front() && merit(sample.records) <= merit(best.records)) continue;
      dialect.delimiter = candidate;
      best = std::move(sample);
    }
  }
  const auto& records = best.records;
  if (records.size() < 2 && !whole && !best.broken) return std::nullopt;
  if (records.empty()) return dialect;
  dialect.columns = records.front().fields.size();
  dialect.header = header.value_or(looks_like_header(records));
  return dialect;
}

}  // namespace gradus::internal
