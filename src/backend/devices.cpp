#include <charconv>

#include <fmt/format.h>

#include "backend/cpu/cpu_backend.hpp"
#include "backend/cpu/cpu_info.hpp"
#include "backend/cpu/partition.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "backend/module_loader.hpp"
#include "backend/planning.hpp"
#include "base/memory.hpp"
#include "base/wording.hpp"
#include "gradus/device.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

/// Why the GPU of this number cannot be used; empty when it can.
std::string problem_of_gpu(int index) {
  const internal::LoadedModule& cuda = internal::cuda_module();
  if (cuda.module == nullptr) return cuda.reason;
  if (std::string problem = cuda.module->problem(); !problem.empty()) return problem;
  const int count = cuda.module->count();
  if (index >= count)
    return fmt::format("there {} {} {}, counted from 0", count == 1 ? "is" : "are", count, count == 1 ? "GPU" : "GPUs");
  return cuda.module->problem_of(index);
}

DeviceInfo describe_cpu() {
  DeviceInfo cpu;
  cpu.device = Device::cpu();
  cpu.description = internal::cpu_name();
  cpu.features = internal::instruction_sets();
  cpu.cores = internal::usable_cores();
  cpu.memory_bytes = internal::available_memory();
  cpu.usable = true;
  return cpu;
}

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
  throw UsageError(fmt::format("no device is named '{}'; give {}", text, internal::alternatives(kForms<Kind>)));
}

std::string Device::to_string() const {
  return kind == Kind::cuda ? fmt::format("cuda:{}", index) : std::string(name(kind));
}

std::vector<DeviceInfo> list_devices() {
  std::vector<DeviceInfo> found{describe_cpu()};
  const internal::LoadedModule& cuda = internal::cuda_module();
  const std::string problem = cuda.module == nullptr ? cuda.reason : cuda.module->problem();
  if (problem.empty()) {
    for (int index = 0; index < cuda.module->count(); ++index) found.push_back(cuda.module->describe(index));
  } else {
    DeviceInfo none;
    none.device = Device::cuda();
    none.description = "NVIDIA GPU";
    none.reason = problem;
    found.push_back(none);
  }
  return found;
}

Device resolve(Device device) {
  // Does not look for the CUDA module: loading it and its libraries takes longer than many runs on the CPU.
  if (device.kind == Device::Kind::cpu) return device;
  if (device.kind == Device::Kind::cuda) {
    if (const std::string problem = problem_of_gpu(device.index); !problem.empty())
      throw DeviceError(fmt::format("the device {} cannot be used: {}", device.to_string(), problem));
    return device;
  }
  const internal::LoadedModule& cuda = internal::cuda_module();
  if (cuda.module != nullptr && cuda.module->problem().empty())
    for (int index = 0; index < cuda.module->count(); ++index)
      if (cuda.module->problem_of(index).empty()) return Device::cuda(index);
  return Device::cpu();
}

namespace internal {

std::unique_ptr<Backend> make_backend(Device device, Precision precision, std::size_t threads) {
  const Device resolved = resolve(device);
  if (resolved.kind == Device::Kind::cuda) return cuda_module().module->make_backend(resolved.index, precision);
  if (precision != Precision::fp32)
    throw UsageError(fmt::format("the precision {} needs a GPU, and the device is the CPU; use fp32", name(precision)));
  return std::make_unique<CpuBackend>(threads);
}

std::size_t floats_at_once(Device device) {
  // 2^21 floats are 8 MiB: a share of a last-level cache.
  constexpr std::size_t kOfACache = std::size_t{1} << 21;
  constexpr std::size_t kPartOfMemory = 16;  // there are error terms too, and twins in bf16, parameters and samples
  if (device.kind != Device::Kind::cuda) return kOfACache;
  return std::max(kOfACache, cuda_module().module->memory_of(device.index) / sizeof(float) / kPartOfMemory);
}

std::size_t useful_threads(std::span<const std::size_t> widths, std::size_t rows, std::size_t limit, double others) {
  constexpr std::size_t kMostThreads = 4096;
  if (limit > kMostThreads)
    throw UsageError(fmt::format("{} threads are more than Gradus can use; give at most {}", limit, kMostThreads));
  const std::size_t cores = limit != 0 ? limit : usable_cores();
  const double batch = static_cast<double>(rows);
  std::size_t useful = task_count(batch * others, kOperationsPerTask, rows, cores);
  for (std::size_t l = 1; l < widths.size(); ++l) {
    const double operations = 2.0 * batch * static_cast<double>(widths[l - 1]) * static_cast<double>(widths[l]);
    useful = std::max(useful,
                      task_count(operations, kOperationsPerTask, std::max(rows, std::max(widths[l - 1], widths[l])), cores));
  }
  return useful;
}

}  // namespace internal
}  // namespace gradus
