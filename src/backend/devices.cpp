#include <charconv>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "backend/cpu/cpu_backend.hpp"
#include "backend/cpu/cpu_info.hpp"
#include "backend/cpu/partition.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "gradus/device.hpp"
#include "gradus/error.hpp"
#include "support/memory.hpp"

namespace gradus {
namespace {

constexpr std::string_view kNoCuda = "this version of Gradus has no CUDA backend; it trains on the CPU";

}  // namespace

Device Device::parse(std::string_view text) {
  if (const auto kind = from_name<Kind>(text)) return {*kind, 0};
  constexpr std::string_view kPrefix = "cuda:";
  if (text.starts_with(kPrefix)) {
    const std::string_view digits = text.substr(kPrefix.size());
    int index = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error == std::errc() && end == digits.data() + digits.size() && index >= 0) return cuda(index);
  }
  throw UsageError(fmt::format("no device is named '{}'; give auto, cpu, cuda or cuda:N", text));
}

std::string Device::to_string() const {
  return kind == Kind::cuda ? fmt::format("cuda:{}", index) : std::string(name(kind));
}

std::vector<DeviceInfo> list_devices() {
  DeviceInfo cpu;
  cpu.device = Device::cpu();
  cpu.description = internal::cpu_name();
  cpu.features = internal::instruction_sets();
  cpu.cores = internal::usable_cores();
  cpu.memory_bytes = internal::available_memory();
  cpu.usable = true;
  DeviceInfo cuda;
  cuda.device = Device::cuda();
  cuda.description = "NVIDIA GPU";
  cuda.reason = kNoCuda;
  return {cpu, cuda};
}

Device resolve(Device device) {
  if (device.kind == Device::Kind::cuda)
    throw DeviceError(fmt::format("the device {} cannot be used: {}", device.to_string(), kNoCuda));
  return Device::cpu();
}

namespace internal {

std::unique_ptr<Backend> make_backend(Device device, std::size_t threads) {
  static_cast<void>(resolve(device));
  return std::make_unique<CpuBackend>(threads);
}

std::size_t useful_threads(std::span<const std::size_t> widths, std::size_t rows, std::size_t limit) {
  constexpr std::size_t kMostThreads = 4096;
  if (limit > kMostThreads)
    throw UsageError(fmt::format("{} threads are more than Gradus can use; give at most {}", limit, kMostThreads));
  const std::size_t cores = limit != 0 ? limit : usable_cores();
  const double batch = static_cast<double>(rows);
  std::size_t useful = 1;
  for (std::size_t l = 1; l < widths.size(); ++l) {
    const double operations = 2.0 * batch * static_cast<double>(widths[l - 1]) * static_cast<double>(widths[l]);
    useful = std::max(useful,
                      task_count(operations, kOperationsPerTask, std::max(rows, std::max(widths[l - 1], widths[l])), cores));
  }
  return useful;
}

}  // namespace internal
}  // namespace gradus
