#include "base/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  if (std::filesystem::is_symlink(path_, ignored)) {
    const auto target = std::filesystem::weakly_canonical(path_, ignored);
    if (!ignored) path_ = target;
  }
  const auto status = std::filesystem::status(path_, ignored);
  if (std::filesystem::is_directory(status)) {
    errno = EISDIR;
    fail("write");
  }
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    written_ = path_;
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // A name of its own for every writer. 0666 less the user's mask: the permissions of any file that the user creates.
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
      written_ = path_;
      written_ += fmt::format(".partial-{}-{}", ::getpid(), attempt);
      descriptor_ = ::open(written_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ < 0 && errno != EEXIST) break;
    }
  }
  if (descriptor_ < 0) fail("create");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (written_ != path_) ::unlink(written_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  const bool renamed = written_ != path_;
  if (renamed && ::fsync(descriptor_) != 0) fail("write");
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    const int error = errno;
    if (renamed) ::unlink(written_.c_str());
    errno = error;
    fail("write");
  }
  if (renamed && ::rename(written_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    ::unlink(written_.c_str());
    errno = error;
    fail("write");
  }
}

void AtomicFile::fail(std::string_view action) const {
  throw FileError(fmt::format("{}: cannot {} this file: {}", path_.string(), action, std::strerror(errno)));
}

}  // namespace gradus::internal
