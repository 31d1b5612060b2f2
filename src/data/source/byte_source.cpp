#include "data/source/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// Large enough that the cost of a system call does not show.
constexpr std::size_t kCompressedBuffer = std::size_t{1} << 18;
// Some systems read no more at once.
constexpr std::size_t kMostPerRead = std::size_t{1} << 30;
// What a gzip member begins with.
constexpr std::array<std::uint8_t, 2> kGzipMagic{0x1F, 0x8B};

/// A file, uncompressed on the way when it is gzip. zlib's own gzread takes a damaged second member, or anything else behind
/// the first one, for the end of the file; so this calls inflate member by member.
class FileSource : public ByteSource {
 public:
  FileSource(std::string name, int descriptor) : ByteSource(std::move(name)), descriptor_(descriptor) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (is_gzip_) inflateEnd(&stream_);
    ::close(descriptor_);
  }

 protected:
  std::size_t fetch(std::span<char> destination) override {
    if (!is_begun_) begin();
    return is_gzip_ ? uncompress(destination) : copy(destination);
  }

 private:
  /// Reads the first bytes, which tell whether this is gzip.
  void begin() {
    is_begun_ = true;
    buffer_.resize(kCompressedBuffer);
    if (!at_magic()) return;
    constexpr int kGzipOnly = 15 + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
    is_gzip_ = true;
  }

  /// Whether a gzip member begins here.
  bool at_magic() {
    return has(kGzipMagic.size()) && std::equal(kGzipMagic.begin(), kGzipMagic.end(), buffer_.data() + begin_);
  }

  /// Makes sure that `count` bytes are in the buffer; false when the file ends before.
  bool has(std::size_t count) {
    if (end_ - begin_ >= count) return true;
    std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
    end_ -= std::exchange(begin_, 0);
    end_ += read_file(buffer_.data() + end_, buffer_.size() - end_, count - end_);
    return end_ >= count;
  }

  /// Reads until it has `least` bytes or the file ends.
  std::size_t read_file(void* destination, std::size_t most, std::size_t least) {
    std::size_t got = 0;
    while (got < least) {
      const ssize_t count = ::read(descriptor_, static_cast<char*>(destination) + got, std::min(most - got, kMostPerRead));
      if (count == 0) break;
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw FileError(fmt::format("{}: cannot read this file: {}", name(), std::strerror(errno)));
      got += static_cast<std::size_t>(count);
    }
    return got;
  }

  std::size_t copy(std::span<char> destination) {
    const std::size_t held = std::min(destination.size(), end_ - begin_);
    std::memcpy(destination.data(), buffer_.data() + begin_, held);
    begin_ += held;
    const std::size_t wanted = destination.size() - held;
    return held + read_file(destination.data() + held, wanted, wanted);
  }

  std::size_t uncompress(std::span<char> destination) {
    std::size_t got = 0;
    while (got < destination.size() && !is_done_) {
      if (!has(1))
        throw DataError(fmt::format("{}: this gzip file is truncated: it ends within the compressed data", name()));
      const std::size_t room = std::min(destination.size() - got, kMostPerRead);
      stream_.next_in = buffer_.data() + begin_;
      stream_.avail_in = static_cast<uInt>(end_ - begin_);
      stream_.next_out = reinterpret_cast<Bytef*>(destination.data() + got);
      stream_.avail_out = static_cast<uInt>(room);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      begin_ = end_ - stream_.avail_in;
      got += room - stream_.avail_out;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_STREAM_END)
        next_member();
      else if (result != Z_OK && result != Z_BUF_ERROR)
        fail(stream_.msg == nullptr ? "invalid data" : stream_.msg);
    }
    return got;
  }

  /// Behind a member: another one, zeros that fill a block (as gzip allows), or nothing.
  void next_member() {
    if (at_magic()) {
      inflateReset(&stream_);
      return;
    }
    for (is_done_ = true; has(1); begin_ = end_)
      if (std::any_of(buffer_.data() + begin_, buffer_.data() + end_, [](std::uint8_t byte) { return byte != 0; }))
        fail("what follows the compressed data is not gzip");
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw DataError(fmt::format("{}: this gzip file is damaged: {}", name(), what));
  }

  int descriptor_;
  std::vector<std::uint8_t> buffer_;  // of the file as it is, from begin_ to end_
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  z_stream stream_{};
  bool is_begun_ = false;
  bool is_gzip_ = false;
  bool is_done_ = false;  // nothing follows
};

class MemorySource : public ByteSource {
 public:
  MemorySource(std::string name, std::span<const char> bytes) : ByteSource(std::move(name)), bytes_(bytes) {}

 protected:
  std::size_t fetch(std::span<char> destination) override {
    const std::size_t count = std::min(destination.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, destination.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  std::span<const char> bytes_;
};

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  throw FileError(fmt::format("{}: cannot open this file: {}", path, std::strerror(error)));
}

}  // namespace

std::size_t ByteSource::read(std::span<char> destination) {
  const std::size_t from_ahead = std::min(destination.size(), ahead_end_ - ahead_begin_);
  std::copy_n(ahead_.data() + ahead_begin_, from_ahead, destination.data());
  ahead_begin_ += from_ahead;
  if (from_ahead == destination.size()) return from_ahead;
  return from_ahead + fetch(destination.subspan(from_ahead));
}

std::string_view ByteSource::peek(std::size_t count) {
  count = std::min(count, kMostAhead);
  const std::size_t held = ahead_end_ - ahead_begin_;
  if (held < count) {
    std::copy(ahead_.data() + ahead_begin_, ahead_.data() + ahead_end_, ahead_.data());
    ahead_begin_ = 0;
    ahead_end_ = held + fetch(std::span(ahead_).subspan(held, count - held));
  }
  return {ahead_.data() + ahead_begin_, std::min(count, ahead_end_ - ahead_begin_)};
}

std::unique_ptr<ByteSource> open_source(const std::string& path) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string name = standard_input ? "standard input" : path;
  if (descriptor < 0) fail_to_open(name, errno);
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    fail_to_open(name, EISDIR);
  }
  return std::make_unique<FileSource>(std::move(name), descriptor);
}

std::unique_ptr<ByteSource> source_from_memory(std::string name, std::span<const char> bytes) {
  return std::make_unique<MemorySource>(std::move(name), bytes);
}

}  // namespace gradus::internal
