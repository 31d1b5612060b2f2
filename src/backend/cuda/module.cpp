#include <cuda_runtime_api.h>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "backend/cuda/cuda_backend.hpp"
#include "backend/cuda/errors.hpp"
#include "backend/device_module.hpp"
#include "gradus/error.hpp"

namespace gradus::internal::cuda {
namespace {

// Threads of a block. Tests make it small: each thread is a fibre there.
#if !defined(GRADUS_CUDA_BLOCK)
#define GRADUS_CUDA_BLOCK kernels::kStreamingGrid.block
#endif

/// Kernels are built for 7.5 (Turing) and later.
constexpr int kLeastMajor = 7;
constexpr int kLeastMinor = 5;
/// The tensor cores of 8.0 (Ampere) were the first that take tf32 and bf16.
constexpr int kLeastMajorOfShortFormats = 8;

/// 13000 is 13.0.
std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

/// The driver's version by NVIDIA's own numbers, where the system shows it.
std::string driver_release() {
  std::ifstream file("/sys/module/nvidia/version");
  std::string release;
  file >> release;
  return release;
}

/// The version of CUDA that the driver supports; 0 without a driver.
int driver_version() {
  int version = 0;
  check(cudaDriverGetVersion(&version), "cudaDriverGetVersion");
  return version;
}

std::string old_driver() {
  const std::string release = driver_release();
  return fmt::format("the NVIDIA driver{} supports CUDA {}, and Gradus was built with CUDA {}; install a newer driver",
                     release.empty() ? "" : " " + release, version_text(driver_version()), version_text(CUDART_VERSION));
}

class CudaModule final : public DeviceModule {
 public:
  [[nodiscard]] std::string problem() const override {
    try {
      int devices = 0;
      const cudaError_t code = cudaGetDeviceCount(&devices);
      static_cast<void>(cudaGetLastError());  // clears the error, which `code` holds
      if (code == cudaErrorInsufficientDriver || code == cudaErrorStubLibrary)
        return driver_version() == 0 ? "no NVIDIA driver is installed" : old_driver();
      if (code == cudaErrorNoDevice || (code == cudaSuccess && devices == 0))
        return "the NVIDIA driver finds no GPU that it may use";
      check(code, "cudaGetDeviceCount");
      return "";
    } catch (const kernels::CudaError& error) {
      return error.what();
    }
  }

  [[nodiscard]] int count() const override {
    return with_device_errors([] {
      int devices = 0;
      check(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
      return devices;
    });
  }

  [[nodiscard]] std::string problem_of(int index) const override {
    return with_device_errors([&]() -> std::string {
      const auto [major, minor] = capability(index);
      if (major > kLeastMajor || (major == kLeastMajor && minor >= kLeastMinor)) return "";
      return fmt::format("its compute capability is {}.{}, and Gradus needs {}.{} or more", major, minor, kLeastMajor,
                         kLeastMinor);
    });
  }

  [[nodiscard]] std::size_t memory_of(int index) const override {
    return with_device_errors([&] { return properties_of(index).totalGlobalMem; });
  }

  [[nodiscard]] DeviceInfo describe(int index) const override {
    return with_device_errors([&] {
      DeviceInfo info;
      info.device = Device::cuda(index);
      const cudaDeviceProp properties = properties_of(index);
      info.description = properties.name;
      info.compute_capability = fmt::format("{}.{}", properties.major, properties.minor);
      const std::string release = driver_release();
      info.driver = fmt::format("{}{}CUDA {}", release, release.empty() ? "" : ", ", version_text(driver_version()));
      info.reason = problem_of(index);
      if (!info.reason.empty()) return info;
      std::size_t free_bytes = 0;
      const cudaError_t code = free_memory_of(index, free_bytes, info.total_memory_bytes);
      static_cast<void>(cudaGetLastError());
      if (code != cudaSuccess) info.reason = cudaGetErrorString(code);  // another program may have it for itself
      info.memory_bytes = free_bytes;
      info.usable = info.reason.empty();
      return info;
    });
  }

  [[nodiscard]] std::unique_ptr<Backend> make_backend(int index, Precision precision) const override {
    with_device_errors([&] {
      const auto [major, minor] = capability(index);
      if (precision != Precision::fp32 && major < kLeastMajorOfShortFormats)
        throw UsageError(fmt::format("the precision {} needs compute capability {}.0, and {} has {}.{}; use fp32",
                                     name(precision), kLeastMajorOfShortFormats, fmt::format("cuda:{}", index), major,
                                     minor));
    });
    return std::make_unique<CudaBackend>(index, precision, GRADUS_CUDA_BLOCK);
  }

 private:
  struct Capability {
    int major = 0;
    int minor = 0;
  };

  static cudaDeviceProp properties_of(int index) {
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties");
    return properties;
  }

  static Capability capability(int index) {
    Capability capability;
    check(cudaDeviceGetAttribute(&capability.major, cudaDevAttrComputeCapabilityMajor, index), "cudaDeviceGetAttribute");
    check(cudaDeviceGetAttribute(&capability.minor, cudaDevAttrComputeCapabilityMinor, index), "cudaDeviceGetAttribute");
    return capability;
  }

  /// Leaves the calling thread's current device as it was.
  static cudaError_t free_memory_of(int index, std::size_t& free_bytes, std::size_t& all_bytes) {
    int before = 0;
    check(cudaGetDevice(&before), "cudaGetDevice");
    cudaError_t code = cudaSetDevice(index);
    if (code == cudaSuccess) code = cudaMemGetInfo(&free_bytes, &all_bytes);
    static_cast<void>(cudaSetDevice(before));
    return code;
  }
};

}  // namespace
}  // namespace gradus::internal::cuda

extern "C" [[gnu::visibility("default")]] const char* gradus_cuda_version() {
  return GRADUS_VERSION;
}

extern "C" [[gnu::visibility("default")]] const gradus::internal::DeviceModule* gradus_cuda_module() {
  static const gradus::internal::cuda::CudaModule kModule;
  return &kModule;
}
