#pragma once

#include <cstddef>
#include <string_view>

#include "base/array.hpp"
#include "data/source/byte_source.hpp"

namespace gradus::internal {

struct CsvLimits {
  std::size_t buffer_size = std::size_t{1} << 20;   ///< of text in memory; grows when a record needs more
  std::size_t sample_size = std::size_t{64} << 10;  ///< of the text that shows how the table is written
  std::size_t longest_record = std::size_t{64} << 20;
};

/// A window that moves over a text. What is not yet used is carried over to the front when the window moves on. A NUL stands
/// behind its end, so that a loop over digits needs no second condition.
class CsvBuffer {
 public:
  CsvBuffer(ByteSource& source, const CsvLimits& limits);

  [[nodiscard]] const char* begin() const { return memory_.data() + begin_; }
  [[nodiscard]] const char* end() const { return memory_.data() + end_; }
  [[nodiscard]] std::string_view text() const { return {begin(), end_ - begin_}; }
  /// Whether the text ends here; it then ends with a line end, which is added when the file lacks it.
  [[nodiscard]] bool at_end() const { return at_end_; }

  /// Forgets what is before `text`.
  void use_up_to(const char* text) { begin_ = static_cast<std::size_t>(text - memory_.data()); }
  /// Reads more text behind what is not used yet. Returns false when that is already longer than a record may be.
  [[nodiscard]] bool read_more();
  /// Reads until `size` bytes are in memory or the text ends.
  void fill(std::size_t size);

 private:
  ByteSource& source_;
  std::size_t longest_record_;
  Array<char> memory_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace gradus::internal
