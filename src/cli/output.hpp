#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/atomic_file.hpp"

namespace gradus::cli {

using internal::ClosedPipe;
using internal::remove_partial_files;
using internal::resolved_place;
using internal::write_fully;

/// Writes a result: to standard output, or to a file that is whole or not there (AtomicFile).
/// Every function throws FileError when the system refuses, and ClosedPipe.
class Output {
 public:
  static Output standard() { return {}; }
  static Output file(const std::filesystem::path& path);

  void write(std::string_view text);
  /// Nothing is promised to be in its place before this.
  void commit();

 private:
  Output() = default;
  void flush();

  std::unique_ptr<internal::AtomicFile> file_;  // none: standard output
  std::string buffer_;
};

}  // namespace gradus::cli
