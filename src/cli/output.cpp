#include "cli/output.hpp"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::cli {

namespace {

std::string partial_suffix() {
  return fmt::format(".partial-{}", ::getpid());
}

}  // namespace

std::filesystem::path resolved_place(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const auto target = std::filesystem::weakly_canonical(path, error);  // replace the file, not the link to it
  return error ? path : target;
}

void remove_partial_files(const std::filesystem::path& folder) {
  const std::string ours = partial_suffix();
  // The library's writer numbers its files: `.partial-PID-N`.
  const auto is_ours = [&ours](const std::string& name) {
    const auto place = name.rfind(ours);
    if (place == std::string::npos) return false;
    const std::string rest = name.substr(place + ours.size());
    return rest.empty() || (rest.front() == '-' && rest.find_first_not_of("0123456789", 1) == std::string::npos);
  };
  std::error_code ignored;
  std::vector<std::filesystem::path> partial;
  for (std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, ignored);
       entry != std::filesystem::directory_iterator(); entry.increment(ignored))
    if (is_ours(entry->path().filename().string())) partial.push_back(entry->path());
  for (const auto& file : partial) std::filesystem::remove(file, ignored);
}

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
  output.path_ = resolved_place(path);
  std::error_code ignored;
  const auto status = std::filesystem::status(output.path_, ignored);
  if (std::filesystem::is_directory(status)) output.fail(EISDIR);
  output.written_ = output.path_;
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    output.descriptor_ = ::open(output.written_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    output.written_ += partial_suffix();
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
