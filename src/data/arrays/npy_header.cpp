#include "data/arrays/npy_header.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// NumPy itself refuses headers above 10,000 bytes unless told otherwise.
constexpr std::size_t kLongestHeader = 65'536;
// NumPy's arrays have at most 32 dimensions, 64 since version 2.
constexpr std::size_t kMostDimensions = 64;

struct TypeName {
  std::string_view code;
  NpyType type;
};
constexpr std::array<TypeName, 5> kTypes{{{"f4", NpyType::float32},
                                          {"f8", NpyType::float64},
                                          {"u1", NpyType::uint8},
                                          {"i4", NpyType::int32},
                                          {"i8", NpyType::int64}}};

/// Reads the dictionary from left to right.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      parse_entry();
      if (accept('}')) break;
      expect(',');
    }
    skip_spaces();
    if (position_ != text_.size()) fail("text after the dictionary");
    if (!has_type_ || !has_order_ || !has_shape_) fail("'descr', 'fortran_order' and 'shape' must all be present");
    return header_;
  }

 private:
  void parse_entry() {
    const std::string_view key = string();
    expect(':');
    if (key == "descr") {
      once(has_type_, key);
      parse_type();
    } else if (key == "fortran_order") {
      once(has_order_, key);
      header_.fortran_order = boolean();
    } else if (key == "shape") {
      once(has_shape_, key);
      parse_shape();
    } else {
      fail(fmt::format("an unknown key, {}", in_quotes(key)));
    }
  }

  void once(bool& seen, std::string_view key) {
    if (seen) fail(fmt::format("{} occurs twice", in_quotes(key)));
    seen = true;
  }

  void parse_type() {
    skip_spaces();
    if (position_ < text_.size() && text_[position_] == '[') fail_type("a structured type");
    const std::string_view descr = string();
    if (descr.size() < 2) fail_type(in_quotes(descr));
    const char order = descr.front();
    const auto code = descr.substr(1);
    const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& known) { return known.code == code; });
    const bool single = code == "u1";
    const bool known_order = order == '<' || order == '>' || order == '=' || (order == '|' && single);
    if (type == kTypes.end() || !known_order) fail_type(in_quotes(descr));
    header_.type = type->type;
    header_.big_endian = order == '>' || (order == '=' && std::endian::native == std::endian::big);
  }

  void parse_shape() {
    expect('(');
    while (!accept(')')) {
      if (header_.shape.size() == kMostDimensions) fail("too many dimensions");
      header_.shape.push_back(number());
      if (accept(')')) {
        // "(3)" is a number and no tuple in Python.
        if (header_.shape.size() == 1) fail("the shape is not a tuple");
        break;
      }
      expect(',');
    }
  }

  void skip_spaces() {
    while (position_ < text_.size() &&
           (text_[position_] == ' ' || text_[position_] == '\t' || text_[position_] == '\n' || text_[position_] == '\r'))
      ++position_;
  }

  bool accept(char c) {
    skip_spaces();
    if (position_ == text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(fmt::format("'{}' is missing at byte {}", c, position_));
  }

  std::string_view string() {
    skip_spaces();
    const char quote = position_ < text_.size() ? text_[position_] : '\0';
    if (quote != '\'' && quote != '"') fail(fmt::format("a string is missing at byte {}", position_));
    const auto end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) fail("a string is not closed");
    const auto text = text_.substr(position_ + 1, end - position_ - 1);
    if (text.find('\\') != std::string_view::npos) fail("an escape in a string");
    position_ = end + 1;
    return text;
  }

  bool boolean() {
    skip_spaces();
    for (const std::string_view word : {"True", "False"}) {
      if (!text_.substr(position_).starts_with(word)) continue;
      position_ += word.size();
      return word == "True";
    }
    fail("'fortran_order' is neither True nor False");
  }

  std::uint64_t number() {
    skip_spaces();
    std::uint64_t value = 0;
    const char* end = text_.data() + text_.size();
    const auto [after, error] = std::from_chars(text_.data() + position_, end, value);
    if (error == std::errc::result_out_of_range) fail("a size of the shape overflows");
    if (error != std::errc()) fail(fmt::format("a size of the shape is missing at byte {}", position_));
    position_ = static_cast<std::size_t>(after - text_.data());
    // Python 2 wrote "3L".
    if (position_ < text_.size() && text_[position_] == 'L') ++position_;
    return value;
  }

  [[noreturn]] void fail_type(std::string_view type) const {
    throw DataError(
        fmt::format("{}: this NPY file holds {}; Gradus reads float32, float64, uint8, int32 and int64 ('<f4', "
                    "'<f8', '|u1', '<i4', '<i8')",
                    source_, type));
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw DataError(fmt::format("{}: the header of this NPY file is wrong: {}", source_, what));
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t position_ = 0;
  NpyHeader header_;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

}  // namespace

std::size_t npy_size(NpyType type) {
  switch (type) {
    case NpyType::uint8:
      return 1;
    case NpyType::float32:
    case NpyType::int32:
      return 4;
    case NpyType::float64:
    case NpyType::int64:
      return 8;
  }
  return 0;
}

bool has_npy_magic(std::string_view beginning) {
  return beginning.starts_with("\x93NUMPY");
}

NpyHeader read_npy_header(ByteSource& source) {
  const auto read = [&](std::span<char> place, std::string_view part) {
    if (const std::size_t got = source.read(place); got < place.size())
      throw DataError(fmt::format("{}: this NPY file is truncated: it ends within {}", source.name(), part));
  };
  std::array<char, 8> beginning{};
  read(beginning, "its first 8 bytes");
  if (!has_npy_magic({beginning.data(), beginning.size()}))
    throw DataError(fmt::format("{}: this is not an NPY file: it does not begin with \\x93NUMPY", source.name()));
  const auto major = static_cast<unsigned char>(beginning[6]);
  const auto minor = static_cast<unsigned char>(beginning[7]);
  if (major < 1 || major > 3 || minor != 0)
    throw DataError(fmt::format("{}: this NPY file has format version {}.{}; Gradus reads 1.0, 2.0 and 3.0", source.name(),
                                major, minor));
  std::array<char, 4> length_bytes{};
  read(std::span(length_bytes).first(major == 1 ? 2 : 4), "its header's length");
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes.size(); ++i)
    length |= static_cast<std::size_t>(static_cast<unsigned char>(length_bytes[i])) << 8 * i;
  if (length > kLongestHeader)
    throw DataError(fmt::format("{}: the header of this NPY file has {}; more than {} are not read", source.name(),
                                counted(length, "byte"), with_separators(kLongestHeader)));
  std::string text(length, '\0');
  read(text, fmt::format("its header, which has {}", counted(length, "byte")));
  return parse_npy_header(text, source.name());
}

NpyHeader parse_npy_header(std::string_view text, std::string_view source) {
  return HeaderParser(text, source).parse();
}

}  // namespace gradus::internal
