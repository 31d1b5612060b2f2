#include "cli/output.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace gradus::cli {

Output Output::file(const std::filesystem::path& path) {
  Output output;
  output.file_ = std::make_unique<internal::AtomicFile>(path);
  return output;
}

void Output::write(std::string_view text) {
  constexpr std::size_t kBufferSize = std::size_t{1} << 16U;
  buffer_ += text;
  if (buffer_.size() >= kBufferSize) flush();
}

void Output::flush() {
  const std::string text = std::exchange(buffer_, {});
  if (file_) return file_->write(text);
  const int error = write_fully(STDOUT_FILENO, text);
  if (error == EPIPE) throw ClosedPipe("the reader of standard output has gone away");
  if (error != 0) throw FileError(fmt::format("standard output: cannot write: {}", std::strerror(error)));
}

void Output::commit() {
  flush();
  if (file_) file_->commit();
}

}  // namespace gradus::cli
