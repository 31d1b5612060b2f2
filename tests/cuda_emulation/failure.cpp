#include "cuda_emulation/failure.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cuda_emulation/thread.hpp"

namespace cuda_emulation {

std::string to_string(const Place& where) {
  // As from the repository's root: builds name files by absolute paths.
  std::string_view file = where.file_name();
  for (const std::string_view root : {"/kernels/", "/tests/", "/src/"})
    if (const std::size_t at = file.rfind(root); at != std::string_view::npos) file = file.substr(at + 1);
  return std::string(file) + ":" + std::to_string(where.line());
}

void fail(const std::string& message) {
  std::string thread;
  if (running_thread != nullptr) {
    const auto coordinates = [](const uint3& at) {
      return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ", " + std::to_string(at.z) + ")";
    };
    thread = " [block " + coordinates(running_thread->block) + ", thread " + coordinates(running_thread->index) + "]";
  }
  std::fflush(stdout);
  std::fprintf(stderr, "CUDA emulation: %s%s\n", message.c_str(), thread.c_str());
  std::fflush(stderr);
  std::_Exit(kFailureExitCode);
}

}  // namespace cuda_emulation
