#include "data/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// Large enough that the cost of a system call does not show.
constexpr unsigned kCompressedBuffer = 1U << 18;
// gzread takes and returns an int.
constexpr std::size_t kMostPerRead = std::size_t{1} << 30;

class FileSource : public ByteSource {
 public:
  FileSource(std::string name, int descriptor) : ByteSource(std::move(name)), file_(gzdopen(descriptor, "rb")) {
    if (file_ == nullptr) {
      ::close(descriptor);
      throw std::bad_alloc();
    }
    gzbuffer(file_, kCompressedBuffer);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { gzclose_r(file_); }

 protected:
  std::size_t fetch(std::span<char> destination) override {
    std::size_t got = 0;
    while (got < destination.size()) {
      const auto wanted = static_cast<unsigned>(std::min(destination.size() - got, kMostPerRead));
      errno = 0;
      const int count = gzread(file_, destination.data() + got, wanted);
      if (count < 0) fail();
      got += static_cast<std::size_t>(count);
      if (static_cast<unsigned>(count) < wanted) {
        check_end();
        break;
      }
    }
    return got;
  }

 private:
  /// A truncated gzip file looks like an end to gzread; only the error that it leaves behind tells.
  void check_end() {
    int error = Z_OK;
    gzerror(file_, &error);
    if (error == Z_BUF_ERROR)
      throw DataError(fmt::format("{}: this gzip file is truncated: it ends within the compressed data", name()));
    if (error != Z_OK && error != Z_STREAM_END) fail();
  }

  [[noreturn]] void fail() {
    const int system_error = errno;
    int error = Z_OK;
    std::string_view text = gzerror(file_, &error);
    if (error == Z_MEM_ERROR) throw std::bad_alloc();
    if (error == Z_ERRNO) throw FileError(fmt::format("{}: cannot read this file: {}", name(), std::strerror(system_error)));
    // zlib puts its own name of the file in front.
    if (const auto colon = text.find(": "); colon != std::string_view::npos) text.remove_prefix(colon + 2);
    throw DataError(fmt::format("{}: this gzip file is damaged: {}", name(), text));
  }

  gzFile file_;
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
