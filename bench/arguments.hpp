#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gradus/device.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// What the command line asks for.
struct Arguments {
  bool list = false;
  std::vector<Workload> workloads;
  Device device = Device::cpu();
  std::vector<Precision> precisions;  // fp32 alone on the CPU
  std::size_t threads = 0;
  double seconds = 0.0;
  std::string json;       // a file, - for standard output, or empty
  std::size_t steps = 0;  // take this many, and do not measure
  std::string start;      // a folder to write, and do not measure
  std::size_t check_steps = 0;
};

/// Throws UsageError. For --help, prints it and returns false.
[[nodiscard]] bool parse(int argc, const char* const* argv, Arguments& arguments);

}  // namespace gradus::bench
