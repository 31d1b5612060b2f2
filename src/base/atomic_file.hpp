#pragma once

#include <filesystem>
#include <string_view>

namespace gradus::internal {

/// Writes a file beside its place and renames it into it on `commit`: a crash leaves the old file or the new one. Follows
/// symbolic links. A place that is not a regular file (a pipe, /dev/stdout) is written to directly.
/// Every function throws FileError, which names the file and the system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes what was written unless it was committed.
  ~AtomicFile();

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action) const;

  std::filesystem::path path_;
  std::filesystem::path written_;  // the temporary file, or path_ itself when it is no regular file
  int descriptor_ = -1;
};

}  // namespace gradus::internal
