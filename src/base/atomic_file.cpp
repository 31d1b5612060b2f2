#include "base/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace gradus::internal {
namespace {

/// Temporary files are called NAME.partial-PID-N: every writer has a name of its own.
std::string partial_suffix() {
  return fmt::format(".partial-{}-", ::getpid());
}

bool is_partial_file(const std::string& name) {
  const std::string suffix = partial_suffix();
  const auto place = name.rfind(suffix);
  if (place == std::string::npos || place + suffix.size() == name.size()) return false;
  return name.find_first_not_of("0123456789", place + suffix.size()) == std::string::npos;
}

}  // namespace

std::filesystem::path resolved_place(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const auto target = std::filesystem::weakly_canonical(path, error);
  return error ? path : target;
}

void remove_partial_files(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::vector<std::filesystem::path> partial;
  for (std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, ignored);
       entry != std::filesystem::directory_iterator(); entry.increment(ignored))
    if (is_partial_file(entry->path().filename().string())) partial.push_back(entry->path());
  for (const auto& file : partial) std::filesystem::remove(file, ignored);
}

int write_fully(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

AtomicFile::AtomicFile(const std::filesystem::path& path) : path_(resolved_place(path)) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  if (std::filesystem::is_directory(status)) {
    errno = EISDIR;
    fail("write");
  }
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    written_ = path_;
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // 0666 less the user's mask: the permissions of any file that the user creates.
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
      written_ = path_;
      written_ += fmt::format("{}{}", partial_suffix(), attempt);
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
  errno = write_fully(descriptor_, bytes);
  if (errno != 0) fail("write");
}

void AtomicFile::commit() {
  const bool renamed = written_ != path_;
  if (renamed && ::fsync(descriptor_) != 0) fail("write");
  int error = ::close(std::exchange(descriptor_, -1)) != 0 ? errno : 0;
  if (error == 0 && renamed && ::rename(written_.c_str(), path_.c_str()) != 0) error = errno;
  if (error == 0) return;
  if (renamed) ::unlink(written_.c_str());
  errno = error;
  fail("write");
}

void AtomicFile::fail(std::string_view action) const {
  const int error = errno;
  const std::string message = fmt::format("{}: cannot {} this file: {}", path_.string(), action, std::strerror(error));
  if (error == EPIPE) throw ClosedPipe(message);
  throw FileError(message);
}

}  // namespace gradus::internal
