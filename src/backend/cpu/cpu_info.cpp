#include "backend/cpu/cpu_info.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <thread>

namespace gradus::internal {
namespace {

std::size_t cores_in_affinity_mask() {
#if defined(__linux__)
  // The kernel refuses a set that is smaller than its own, which may be larger than cpu_set_t's 1024.
  for (int cpus = 1024; cpus <= 1 << 20; cpus *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(static_cast<std::size_t>(cpus)),
                                                               [](cpu_set_t* memory) { CPU_FREE(memory); });
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    if (set != nullptr && sched_getaffinity(0, size, set.get()) == 0)
      return static_cast<std::size_t>(CPU_COUNT_S(size, set.get()));
  }
#endif
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

std::size_t usable_cores() {
  std::size_t cores = cores_in_affinity_mask();
  // "QUOTA PERIOD" in microseconds, or "max PERIOD", where the first extraction fails.
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0.0;
  double period = 0.0;
  if (file >> quota >> period && period > 0.0) cores = std::min(cores, static_cast<std::size_t>(std::ceil(quota / period)));
  return std::max<std::size_t>(1, cores);
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos && colon + 2 <= line.size())
      return line.substr(colon + 2);
  }
#if defined(__aarch64__)
  return "64-bit Arm";
#elif defined(__x86_64__)
  return "x86-64";
#else
  return "CPU";
#endif
}

}  // namespace gradus::internal
