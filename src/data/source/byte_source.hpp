#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gradus::internal {

/// Bytes in order, from a file, standard input or memory. Reads once, from the beginning to the end.
class ByteSource {
 public:
  static constexpr std::size_t kMostAhead = 16;

  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// What messages call it: the path as it was given, or "standard input".
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Fills `destination` and returns how many bytes it got: fewer only at the end. Throws FileError when the system cannot
  /// read, and DataError for a gzip file that is damaged or truncated.
  std::size_t read(std::span<char> destination);

  /// The next `count` bytes, at most kMostAhead, without taking them; fewer only at the end.
  std::string_view peek(std::size_t count);

 protected:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}
  virtual std::size_t fetch(std::span<char> destination) = 0;

 private:
  std::string name_;
  std::array<char, kMostAhead> ahead_{};
  std::size_t ahead_begin_ = 0;
  std::size_t ahead_end_ = 0;
};

/// A plain or gzip file, recognised by its content; `-` is standard input. Throws FileError with the system's reason.
[[nodiscard]] std::unique_ptr<ByteSource> open_source(const std::string& path);

/// Bytes in memory, which must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> source_from_memory(std::string name, std::span<const char> bytes);

}  // namespace gradus::internal
