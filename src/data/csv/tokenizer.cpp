#include "data/csv/tokenizer.hpp"

#include "data/csv/number.hpp"

namespace gradus::internal {
namespace {

const char* skip_blanks(const char* text, const char* end, char delimiter) {
  while (text != end && is_blank(*text, delimiter)) ++text;
  return text;
}

FieldScan scan_unquoted(const char* text, const char* end, char delimiter, CsvField& field) {
  const char* after = text;
  while (after != end && *after != delimiter && !is_line_end(*after)) ++after;
  if (after == end) return {Scan::incomplete, nullptr};
  const char* last = after;
  while (last != text && is_blank(last[-1], delimiter)) --last;
  field.text = {text, static_cast<std::size_t>(last - text)};
  return {Scan::found, after};
}

/// `text` is behind the opening quote.
FieldScan scan_quoted(const char* text, const char* end, char delimiter, CsvField& field) {
  field.quoted = true;
  const char* piece = text;
  for (const char* at = text; at != end; ++at) {
    if (*at == '\n' || (*at == '\r' && at + 1 != end && at[1] != '\n')) ++field.newlines;
    if (*at != '"') continue;
    if (at + 1 == end) break;
    if (at[1] == '"') {
      ++at;
      field.unescaped.append(piece, at);
      piece = at + 1;
      continue;
    }
    field.text = {piece, static_cast<std::size_t>(at - piece)};
    if (piece != text) {
      field.unescaped.append(field.text);
      field.text = field.unescaped;
    }
    const char* after = skip_blanks(at + 1, end, delimiter);
    if (after == end) break;
    if (*after == delimiter || is_line_end(*after)) return {Scan::found, after};
    return {Scan::text_after_quote, after};
  }
  return {Scan::incomplete, nullptr};
}

}  // namespace

FieldScan scan_field(const char* text, const char* end, char delimiter, CsvField& field) {
  field.quoted = false;
  field.newlines = 0;
  field.unescaped.clear();
  text = skip_blanks(text, end, delimiter);
  if (text == end) return {Scan::incomplete, nullptr};
  if (*text == '"') return scan_quoted(text + 1, end, delimiter, field);
  return scan_unquoted(text, end, delimiter, field);
}

const char* skip_blank_line(const char* text, const char* end, char delimiter) {
  const char* after = skip_blanks(text, end, delimiter);
  if (after == end) return nullptr;
  return is_line_end(*after) ? skip_line_end(after, end) : text;
}

const char* scan_record(const char* text, const char* end, char delimiter, CsvRecord& record) {
  record = {};
  CsvField field;
  while (true) {
    const auto [state, after] = scan_field(text, end, delimiter, field);
    record.misplaced_quote = state == Scan::text_after_quote;
    if (state != Scan::found) return nullptr;
    record.fields.emplace_back(field.text);
    record.quoted.push_back(field.quoted);
    record.lines += field.newlines;
    if (*after != delimiter) {
      ++record.lines;
      return skip_line_end(after, end);
    }
    text = after + 1;
  }
}

}  // namespace gradus::internal
