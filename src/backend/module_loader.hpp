#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "backend/device_module.hpp"

namespace gradus::internal {

/// A module, or why there is none.
struct LoadedModule {
  const DeviceModule* module = nullptr;
  std::string reason;
};

/// Loads a module from the first of these files that exists. It stays until the process ends.
[[nodiscard]] LoadedModule load_module(std::span<const std::filesystem::path> files);

/// Where the CUDA module may be: the file that the environment variable GRADUS_CUDA_MODULE names, if it is set, or else
/// beside the program or library that contains this code, and where it is installed.
[[nodiscard]] std::vector<std::filesystem::path> cuda_module_files();

/// The CUDA module of this process: the one that is linked into the program, or one that is found and loaded when this is
/// called first.
[[nodiscard]] const LoadedModule& cuda_module();

}  // namespace gradus::internal
