// Runs the tests when there is a GPU. Without one it says so, and fails where GRADUS_REQUIRE_GPU is set.

#include <cstdio>
#include <cstdlib>
#include <cuda_runtime_api.h>

#include <gtest/gtest.h>

namespace {

/// The exit code of a test that was skipped (CMake's SKIP_RETURN_CODE).
constexpr int kSkipped = 77;

}  // namespace

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  int devices = 0;
  const cudaError_t code = cudaGetDeviceCount(&devices);
  if (code == cudaSuccess && devices > 0) return RUN_ALL_TESTS();

  const char* const reason = code == cudaSuccess ? "there is none" : cudaGetErrorString(code);
  const char* const required = std::getenv("GRADUS_REQUIRE_GPU");
  if (required != nullptr && *required != '\0') {
    std::fprintf(stderr, "failed: GRADUS_REQUIRE_GPU is set, and no GPU can be used: %s\n", reason);
    return 1;
  }
  std::printf("skipped: no GPU can be used: %s\n", reason);
  return kSkipped;
}
