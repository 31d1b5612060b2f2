#pragma once

#include <exception>
#include <filesystem>

#include "cli/output.hpp"
#include "report/facts.hpp"

namespace gradus::cli {

/// metrics.jsonl: one JSON object per epoch. It takes its place on `commit`; until then an earlier run's file stays.
class MetricsLog {
 public:
  explicit MetricsLog(const std::filesystem::path& path);

  /// A disk that is full must not cost the training: the error waits for `commit`.
  void add(const report::Facts& epoch) noexcept;
  /// Throws FileError.
  void commit();

 private:
  Output output_;
  std::exception_ptr failure_;
};

}  // namespace gradus::cli
