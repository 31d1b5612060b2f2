#include "cli/run_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "cli/output.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kModel = "model.safetensors";

}  // namespace

RunFolder::RunFolder(fs::path path, bool overwrite) : path_(std::move(path)) {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_directory(status))
    throw FileError(fmt::format("{}: this is a file; --output names a folder", path_.string()));
  try {
    do make();
    while (!lock());
    if (!overwrite) refuse_earlier_run();
    check_writable();
  } catch (...) {
    remove_empty_folders();
    unlock();
    throw;
  }
}

RunFolder::~RunFolder() {
  remove_empty_folders();
  unlock();
}

fs::path RunFolder::model() const {
  return path_ / kModel;
}

/// Returns false when the folder is gone: a run that failed has removed it in the meantime.
bool RunFolder::lock() {
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) return errno != ENOENT;  // a folder that may be written to but not read cannot be locked
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    made_.clear();  // they belong to the run that holds the lock
    throw UsageError(fmt::format("{}: another run is writing into this folder; give another --output", path_.string()));
  }  // a file system without locks gives another error, and the run goes on
  struct stat folder {};
  if (::fstat(descriptor_, &folder) != 0 || folder.st_nlink > 0) return true;
  unlock();
  return false;
}

/// Also at the end of the process, however it ends, by the system.
void RunFolder::unlock() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void RunFolder::refuse_earlier_run() const {
  std::error_code ignored;
  for (const fs::path& file : {model(), metrics(), options()}) {
    if (!fs::exists(fs::symlink_status(file, ignored))) continue;
    throw UsageError(
        fmt::format("{}: this folder already holds a run ({}); choose another --output, or replace the run with --overwrite",
                    path_.string(), file.filename().string()));
  }
}

void RunFolder::make() {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path folder = path_; !folder.empty() && !fs::exists(folder, error); folder = folder.parent_path()) {
    if (folder.has_filename()) missing.push_back(folder);  // not the empty name after a slash at the end
    if (folder == folder.parent_path()) break;
  }
  std::reverse(missing.begin(), missing.end());
  for (const fs::path& folder : missing) {
    if (fs::create_directory(folder, error)) made_.insert(made_.begin(), folder);
    if (error) throw FileError(fmt::format("{}: cannot make this folder: {}", folder.string(), error.message()));
  }
}

// Better now than after hours of training. Permissions alone do not show it (a read-only file system, a superuser).
void RunFolder::check_writable() const {
  static_cast<void>(Output::file(metrics()));
}

void RunFolder::remove_empty_folders() const {
  std::error_code ignored;  // a folder that holds something stays
  for (const fs::path& folder : made_) fs::remove(folder, ignored);
}

void RunFolder::abandon() const {
  remove_partial_files(path_);
  remove_empty_folders();
}

std::string model_in(const std::string& path) {
  std::error_code ignored;
  const fs::path inside = fs::path(path) / kModel;
  return fs::is_regular_file(inside, ignored) ? inside.string() : path;
}

}  // namespace gradus::cli
