#include "data/csv/reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/letters.hpp"
#include "base/wording.hpp"
#include "data/csv/number.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

CsvReader::CsvReader(ByteSource& source, const DataOptions& options, const CsvLimits& limits,
                     std::span<const std::string> known_names)
    : buffer_(source, limits), errors_(source.name()), longest_record_(limits.longest_record) {
  if (options.delimiter) check_delimiter(*options.delimiter);
  sniff(options, limits.sample_size);
  if (!options.header && !dialect_.header) dialect_.header = begins_with(known_names);
  if (dialect_.header) take_header();
}

/// Only texts are evidence of a header: a name that is a number may be a value.
bool CsvReader::begins_with(std::span<const std::string> known_names) const {
  CsvRecord record;
  if (known_names.empty() || scan_record(buffer_.begin(), buffer_.end(), dialect_.delimiter, record) == nullptr)
    return false;
  // In other letters they are names all the same, though not those that the model asks for.
  std::set<std::string> fields;
  for (const std::string& field : record.fields) fields.insert(lower_case(field));
  const auto found = std::count_if(known_names.begin(), known_names.end(), [&](const std::string& name) {
    return field_kind(name) == FieldKind::text && fields.contains(lower_case(name));
  });
  return 2 * static_cast<std::size_t>(found) >= known_names.size();
}

void CsvReader::sniff(const DataOptions& options, std::size_t sample_size) {
  constexpr std::size_t kByteOrderMark = 3;
  buffer_.fill(std::max(sample_size, kByteOrderMark));
  buffer_.use_up_to(buffer_.begin() + check_encoding(buffer_.text(), errors_.source()));
  // A line of tabs is blank, or a record, depending on the delimiter.
  skip_blank_lines(options.delimiter.value_or('\t'));
  buffer_.fill(sample_size);
  std::optional<CsvDialect> dialect;
  for (bool whole = false; !dialect; whole = whole || !buffer_.read_more()) {
    const Excerpt excerpt = whole || buffer_.at_end() ? Excerpt::all : Excerpt::beginning;
    dialect = sniff_dialect(buffer_.text(), excerpt, options.delimiter, options.header);
    // One record and very many blank lines do, a record that does not end does not.
    if (whole && dialect->columns == 0) fail_long_row();
    if (dialect) break;
  }
  dialect_ = *dialect;
  skip_blank_lines(dialect_.delimiter);
  if (buffer_.text().empty()) throw DataError(fmt::format("{}: there is no data in this file", errors_.source()));
  errors_ = CsvErrors(errors_.source(), dialect_.columns, *buffer_.begin());
  if (dialect_.columns == 0) fail_first_record();
}

/// Before the first record.
void CsvReader::skip_blank_lines(char delimiter) {
  while (buffer_.begin() != buffer_.end() || !buffer_.at_end()) {
    const char* next = skip_blank_line(buffer_.begin(), buffer_.end(), delimiter);
    if (next == buffer_.begin() && next != buffer_.end()) return;
    if (next == nullptr) {
      read_more();
      continue;
    }
    buffer_.use_up_to(next);
    ++line_;
  }
}

void CsvReader::fail_first_record() {
  CsvField field;
  const char* text = buffer_.begin();
  for (CsvPosition position{line_, 0};; ++position.column) {
    const char* after = scan(text, position, field);
    if (after == nullptr) errors_.fail_quote(position);
    position.line += field.newlines;
    text = after + 1;
  }
}

void CsvReader::take_header() {
  CsvRecord record;
  buffer_.use_up_to(scan_record(buffer_.begin(), buffer_.end(), dialect_.delimiter, record));
  names_ = std::move(record.fields);
  errors_.set_names(names_);
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (const auto [same, is_new] = first.emplace(names_[i], i); !is_new)
      errors_.fail_line(
          line_, fmt::format("columns {} and {} have the same name, {}", same->second + 1, i + 1, in_quotes(names_[i])));
  line_ += record.lines;
}

std::vector<CsvRecord> CsvReader::rows_ahead(std::size_t most) const {
  constexpr std::size_t kMostText = std::size_t{64} << 10;
  std::vector<CsvRecord> rows;
  const char* text = buffer_.begin();
  const char* end = text + std::min(buffer_.text().size(), kMostText);
  while (rows.size() < most && text != end) {
    const char* next = skip_blank_line(text, end, dialect_.delimiter);
    if (next == text) {
      CsvRecord record;
      next = scan_record(text, end, dialect_.delimiter, record);
      if (next != nullptr) rows.push_back(std::move(record));
    }
    if (next == nullptr) break;
    text = next;
  }
  return rows;
}

std::size_t CsvReader::read_rows(std::span<const ColumnRole> roles, std::size_t feature_count, Array<float>& features,
                                 const RowSinks& sinks) {
  roles_.assign(roles.begin(), roles.end());
  features_ = &sinks.features;
  target_ = sinks.target;
  weight_ = sinks.weight;
  Row row;
  row.targets.resize(static_cast<std::size_t>(std::ranges::count(roles, ColumnRole::Kind::target, &ColumnRole::kind)));
  row.text = buffer_.begin();
  while (row.text != buffer_.end() || !buffer_.at_end()) {
    if (row.text != buffer_.end() && take_row(row, feature_count, features)) continue;
    if (buffer_.at_end()) errors_.fail_quote(row.stopped);
    buffer_.use_up_to(row.text);
    read_more();
    row.text = buffer_.begin();
  }
  return rows_;
}

/// One row, or one blank line. Returns false when the text in memory ends before it does.
bool CsvReader::take_row(Row& row, std::size_t feature_count, Array<float>& features) {
  if (is_line_end(*row.text) || is_blank(*row.text, dialect_.delimiter)) {
    const char* next = skip_blank_line(row.text, buffer_.end(), dialect_.delimiter);
    if (next == nullptr) return false;
    if (next != row.text) {
      row.text = next;
      ++line_;
      return true;
    }
  }
  make_room(features, feature_count, errors_.source());
  row.features = features.extend(feature_count);
  if (!read_row(row)) {
    features.resize(features.size() - feature_count);
    return false;
  }
  for (std::size_t i = 0; i < row.targets_there; ++i) target_->add(row.targets[i].field, row.targets[i].position);
  if (row.weight_is_there) weight_->add(row.weight.field, row.weight.position);
  constexpr std::size_t kMostRows = std::numeric_limits<std::uint32_t>::max();
  if (rows_++ == kMostRows)
    throw DataError(fmt::format("{}: more than {} rows", errors_.source(), with_separators(kMostRows)));
  return true;
}

/// Returns false when the text in memory ends before the record does.
bool CsvReader::read_row(Row& row) {
  const char* text = row.text;
  const char delimiter = dialect_.delimiter;
  const std::size_t columns = roles_.size();
  const ColumnRole* roles = roles_.data();
  float* features = row.features;
  CsvPosition position{line_, 0};
  row.targets_there = 0;
  row.weight_is_there = false;
  for (std::size_t column = 0; column < columns;) {
    const ColumnRole role = roles[column];
    if (role.kind == ColumnRole::Kind::numbers) {
      float value = 0;
      const char* after = parse_small_integer(text, delimiter, value);
      if (after == nullptr) {
        after = parse_short_number(text, value);
        if (after == nullptr || !(*after == delimiter || is_line_end(*after))) {
          position.column = column;
          after = read_number(text, position, value);
        }
      }
      features[role.feature] = value;
      text = after;
    } else {
      position.column = column;
      text = read_other(text, position, row);
    }
    if (text == nullptr) {
      row.stopped = position;
      return false;
    }
    ++column;
    if (*text == delimiter) {
      ++text;
      continue;
    }
    if (column < columns) errors_.fail_narrow(line_, column, columns);
    text = skip_line_end(text, buffer_.end());
    if (text == nullptr) return false;
    row.text = text;
    line_ = position.line + 1;
    return true;
  }
  return count_wide_row(text, position, row);
}

/// A number that is not short and plain: with blanks, with an exponent, in quotes. nullptr: the text ends too early.
const char* CsvReader::read_number(const char* text, CsvPosition& position, float& value) {
  const char* end = buffer_.end();
  const char delimiter = dialect_.delimiter;
  const char* number = text;
  while (is_blank(*number, delimiter)) ++number;
  if (const char* after = parse_decimal(number, end, value)) {
    while (is_blank(*after, delimiter)) ++after;
    if ((*after == delimiter || is_line_end(*after)) && !std::isinf(value)) return after;
  }
  CsvField field;
  const char* after = scan(text, position, field);
  if (after == nullptr) return nullptr;
  if (parse_field(field.text, value) != FieldKind::number) {
    ColumnRole& role = roles_[position.column];
    const std::optional<float> instead = features_->odd(role.feature, field, position);
    if (!instead) role.kind = ColumnRole::Kind::names;
    value = instead ? *instead : features_->name(role.feature, field, position);
  }
  position.line += field.newlines;
  return after;
}

/// A field that is not of numbers. nullptr: the text ends too early.
const char* CsvReader::read_other(const char* text, CsvPosition& position, Row& row) {
  const ColumnRole role = roles_[position.column];
  if (role.kind == ColumnRole::Kind::target) return keep_field(text, position, row.targets[row.targets_there++]);
  if (role.kind == ColumnRole::Kind::weight) {
    row.weight_is_there = true;
    return keep_field(text, position, row.weight);
  }
  CsvField field;
  const char* after = scan(text, position, field);
  if (after == nullptr) return nullptr;
  if (role.kind == ColumnRole::Kind::names) row.features[role.feature] = features_->name(role.feature, field, position);
  position.line += field.newlines;
  return after;
}

/// For a field that is taken when its row is complete; until then nobody looks at it.
const char* CsvReader::keep_field(const char* text, CsvPosition& position, Field& kept) const {
  const char* after = scan(text, position, kept.field);
  kept.position = position;
  if (after != nullptr) position.line += kept.field.newlines;
  return after;
}

/// A delimiter stands behind the last field that the record may have.
bool CsvReader::count_wide_row(const char* text, CsvPosition position, Row& row) {
  CsvField field;
  for (position.column = roles_.size();; ++position.column) {
    const char* after = scan(text, position, field);
    row.stopped = position;
    if (after == nullptr) return false;
    position.line += field.newlines;
    if (*after != dialect_.delimiter) errors_.fail_wide(line_, position.column + 1, roles_.size(), field.text);
    text = after + 1;
  }
}

/// Behind the field at `text`; nullptr when the text in memory ends first.
const char* CsvReader::scan(const char* text, CsvPosition position, CsvField& field) const {
  const FieldScan result = scan_field(text, buffer_.end(), dialect_.delimiter, field);
  if (result.state == Scan::text_after_quote)
    errors_.fail(position, "text after the closing quote; a quote within quotes is written twice");
  return result.after;
}

void CsvReader::read_more() {
  if (!buffer_.read_more()) fail_long_row();
}

void CsvReader::fail_long_row() const {
  errors_.fail_line(
      line_, fmt::format("a row of more than {} begins here (a quote that is not closed?)", format_bytes(longest_record_)));
}

}  // namespace gradus::internal
