#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gradus::cli {

/// The reader of standard output has gone away (`gradus predict … | head`): nothing is wrong, and nothing is left to do.
class ClosedPipe : public std::runtime_error {
 public:
  ClosedPipe() : std::runtime_error("the reader of the output has gone away") {}
};

/// Writes a result: to standard output, or to a file beside its place that `commit` renames into it, so that a crash leaves
/// the old file or the new one. A place that is no regular file, such as a pipe or a device, is written to directly.
/// Every function throws FileError when the system refuses, and ClosedPipe.
class Output {
 public:
  static Output standard();
  static Output file(const std::filesystem::path& path);

  Output(Output&& other) noexcept;
  Output& operator=(Output&&) = delete;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  /// Removes what was written unless it was committed.
  ~Output();

  void write(std::string_view text);
  /// Nothing is promised to be in its place before this.
  void commit();

  /// The temporary file, or the place itself when it is written to directly.
  [[nodiscard]] const std::filesystem::path& written() const { return written_; }

 private:
  Output() = default;
  void flush();
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;     // empty: standard output
  std::filesystem::path written_;  // the temporary file, or path_ itself
  int descriptor_ = -1;
  std::string buffer_;
};

/// Where a file of this name is written: the end of a symbolic link stands for the link.
[[nodiscard]] std::filesystem::path resolved_place(const std::filesystem::path& path);

/// Removes this process's temporary files in `folder`; for a process that ends at once.
void remove_partial_files(const std::filesystem::path& folder);

/// Writes all of the text in as many calls as it takes. Returns 0, or the system's error.
[[nodiscard]] int write_fully(int descriptor, std::string_view text);

}  // namespace gradus::cli
