#include "run_folder.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "output.hpp"

namespace gradus::cli {

namespace fs = std::filesystem;

RunFolder::RunFolder(fs::path path, bool overwrite) : path_(std::move(path)) {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_directory(status))
    throw FileError(fmt::format("{}: this is a file; --output names a folder", path_.string()));
  if (!overwrite) refuse_earlier_run();
  try {
    make();
    check_writable();
  } catch (...) {
    remove_empty_folders();
    throw;
  }
}

RunFolder::~RunFolder() {
  remove_empty_folders();
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

// Better now than after hours of training. Permissions alone do not tell (a read-only file system, a superuser).
void RunFolder::check_writable() const {
  static_cast<void>(Output::file(metrics()));
}

void RunFolder::remove_empty_folders() const {
  std::error_code ignored;  // a folder that holds something stays
  for (const fs::path& folder : made_) fs::remove(folder, ignored);
}

void RunFolder::abandon() const {
  const std::string ours = fmt::format(".partial-{}", ::getpid());
  std::error_code ignored;
  std::vector<fs::path> partial;
  for (fs::directory_iterator entry(path_, ignored); entry != fs::directory_iterator(); entry.increment(ignored)) {
    if (entry->path().string().ends_with(ours)) partial.push_back(entry->path());
  }
  for (const fs::path& file : partial) fs::remove(file, ignored);
  remove_empty_folders();
}

}  // namespace gradus::cli
