#include "base/memory.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

/// A file that holds one number; nothing when it is absent or says "max".
std::optional<std::size_t> read_number(const char* path) {
  std::ifstream file(path);
  std::size_t value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

std::size_t left_on_machine() {
  std::ifstream file("/proc/meminfo");
  std::string field;
  std::size_t kibibytes = 0;
  std::string unit;
  while (file >> field >> kibibytes >> unit)
    if (field == "MemAvailable:") return kibibytes * 1024;
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_size) : kUnlimited;
}

/// What a control group counts as used but gives back when it is needed: cached files, which reading data leaves behind.
std::size_t cached_files(const char* statistics, std::string_view prefix) {
  std::ifstream file(statistics);
  std::string field;
  std::size_t value = 0;
  std::size_t sum = 0;
  while (file >> field >> value)
    if (field == fmt::format("{}inactive_file", prefix) || field == fmt::format("{}active_file", prefix)) sum += value;
  return sum;
}

std::size_t left_in_control_group() {
  struct Files {
    const char* limit;
    const char* used;
    const char* statistics;
    const char* prefix;
  };
  constexpr std::array<Files, 2> kVersions{
      {{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", ""},
       {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat", "total_"}}};
  for (const Files& files : kVersions) {
    const auto limit = read_number(files.limit);
    const auto used = read_number(files.used);
    if (!limit || !used) continue;
    const std::size_t kept = *used - std::min(*used, cached_files(files.statistics, files.prefix));
    return *limit > kept ? *limit - kept : 0;
  }
  return kUnlimited;
}

std::size_t left_in_process_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  const auto pages = read_number("/proc/self/statm");
  const std::size_t used = pages.value_or(0) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

}  // namespace

std::size_t available_memory() {
  return std::min({left_on_machine(), left_in_control_group(), left_in_process_limit()});
}

void require_memory(std::size_t bytes, std::string_view what) {
  const std::size_t available = available_memory();
  if (bytes > available)
    throw OutOfMemory(fmt::format("not enough memory: {} needs {}, and {} are available", what, format_bytes(bytes),
                                  format_bytes(available)));
}

std::string format_bytes(std::size_t bytes) {
  constexpr std::array<const char*, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < kUnits.size(); ++unit) value /= 1000.0;
  return fmt::format("{:.{}f} {}", value, value < 10.0 ? 1 : 0, kUnits[unit]);
}

}  // namespace gradus::internal
