#include "output.hpp"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::cli {

int write_fully(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

Output Output::standard() {
  Output output;
  output.descriptor_ = STDOUT_FILENO;
  return output;
}

Output Output::file(const std::filesystem::path& path) {
  Output output;
  output.path_ = path;
  std::error_code ignored;
  if (std::filesystem::is_symlink(path, ignored)) {
    const auto target = std::filesystem::weakly_canonical(path, ignored);  // replace the file, not the link to it
    if (!ignored) output.path_ = target;
  }
  const auto status = std::filesystem::status(output.path_, ignored);
  if (std::filesystem::is_directory(status)) output.fail(EISDIR);
  output.written_ = output.path_;
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    output.descriptor_ = ::open(output.written_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    output.written_ += fmt::format(".partial-{}", ::getpid());
    output.descriptor_ = ::open(output.written_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  }
  if (output.descriptor_ < 0) output.fail(errno);
  return output;
}

Output::Output(Output&& other) noexcept
    : path_(std::move(other.path_)),
      written_(std::move(other.written_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

Output::~Output() {
  if (descriptor_ < 0 || path_.empty()) return;
  ::close(descriptor_);
  if (written_ != path_) ::unlink(written_.c_str());
}

void Output::write(std::string_view text) {
  constexpr std::size_t kBufferSize = std::size_t{1} << 16U;
  buffer_ += text;
  if (buffer_.size() >= kBufferSize) flush();
}

void Output::flush() {
  const int error = write_fully(descriptor_, buffer_);
  buffer_.clear();
  if (error != 0) fail(error);
}

void Output::commit() {
  flush();
  if (path_.empty()) return;
  const bool renamed = written_ != path_;
  int error = renamed && ::fsync(descriptor_) != 0 ? errno : 0;
  if (::close(std::exchange(descriptor_, -1)) != 0 && error == 0) error = errno;
  if (error == 0 && renamed && ::rename(written_.c_str(), path_.c_str()) != 0) error = errno;
  if (error == 0) return;
  if (renamed) ::unlink(written_.c_str());
  fail(error);
}

void Output::fail(int error) const {
  if (error == EPIPE) throw ClosedPipe();
  const std::string place = path_.empty() ? "standard output" : path_.string();
  throw FileError(fmt::format("{}: cannot write: {}", place, std::generic_category().message(error)));
}

}  // namespace gradus::cli
