#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::cli {

/// The folder that a run writes: model.safetensors, metrics.jsonl, options.json.
class RunFolder {
 public:
  /// Makes the folder, parents included, and locks it: one run at a time. Throws UsageError when another run holds the lock,
  /// or when the folder already holds a run and `overwrite` is not set; FileError when it cannot be made or written to.
  RunFolder(std::filesystem::path path, bool overwrite);
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  /// Removes the folders that it made when nothing was written into them, and unlocks.
  ~RunFolder();

  [[nodiscard]] std::filesystem::path model() const;
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  [[nodiscard]] std::filesystem::path options() const { return path_ / "options.json"; }

  /// Removes the temporary files of this process and the folders that are empty then; for a run that ends at once.
  void abandon() const;

 private:
  void refuse_earlier_run() const;
  void make();
  [[nodiscard]] bool lock();
  void unlock();
  void check_writable() const;
  void remove_empty_folders() const;

  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // the innermost first
  int descriptor_ = -1;                      // of the folder; carries the lock
};

/// The model file that the user means: a folder that a run wrote means the model in it.
[[nodiscard]] std::string model_in(const std::string& path);

}  // namespace gradus::cli
