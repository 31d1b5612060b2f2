#pragma once

#include <filesystem>
#include <string_view>

#include "gradus/error.hpp"

namespace gradus::internal {

/// The reader of a pipe has gone away (`gradus predict … | head`): often nothing is wrong, and nothing is left to do.
class ClosedPipe : public FileError {
  using FileError::FileError;
};

/// Writes a file beside its place and renames it into it on `commit`: a crash leaves the old file or the new one. Follows
/// symbolic links. A place that is not a regular file (a pipe, /dev/stdout) is written to directly.
/// Every function throws FileError, which names the file and the system's reason, and ClosedPipe.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes what was written unless it was committed.
  ~AtomicFile();

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action) const;

  std::filesystem::path path_;
  std::filesystem::path written_;  // the temporary file, or path_ itself when it is not a regular file
  int descriptor_ = -1;
};

/// Where a file of this name is written: where a symbolic link leads.
[[nodiscard]] std::filesystem::path resolved_place(const std::filesystem::path& path);

/// Removes the files in `folder` that this process has begun and not committed; for a process that ends at once.
void remove_partial_files(const std::filesystem::path& folder);

/// Writes all of the bytes in as many calls as it takes. Returns 0, or the system's error.
[[nodiscard]] int write_fully(int descriptor, std::string_view bytes);

}  // namespace gradus::internal
