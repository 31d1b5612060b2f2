#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/export.hpp"
#include "gradus/names.hpp"

namespace gradus {

/// Where the arithmetic runs.
struct GRADUS_EXPORT Device {
  enum class Kind : std::uint8_t { automatic, cpu, cuda };

  Kind kind = Kind::automatic;
  int index = 0;  ///< which GPU; 0 otherwise

  static Device automatic() { return {}; }
  static Device cpu() { return {Kind::cpu, 0}; }
  static Device cuda(int index = 0) { return {Kind::cuda, index}; }

  /// `auto`, `cpu`, `cuda` or `cuda:N`. Throws UsageError for anything else.
  static Device parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  bool operator==(const Device&) const = default;
};

template <>
inline constexpr std::array<std::string_view, 3> kNames<Device::Kind>{"auto", "cpu", "cuda"};
template <>
inline constexpr std::array<std::string_view, 4> kForms<Device::Kind>{"auto", "cpu", "cuda", "cuda:N"};

/// The arithmetic of matrix products. `tf32` and `bf16` need a GPU.
enum class Precision : std::uint8_t { fp32, tf32, bf16 };

template <>
inline constexpr std::array<std::string_view, 3> kNames<Precision>{"fp32", "tf32", "bf16"};

/// One device of this machine, or the reason why a kind of device cannot be used.
struct DeviceInfo {
  Device device;
  std::string description;             ///< the product's name, as the system reports it
  std::vector<std::string> features;   ///< CPU: the instruction sets that Gradus chooses from, best first
  std::size_t cores = 0;               ///< CPU: cores that this process may run on
  std::string compute_capability;      ///< GPU: such as "9.0"
  std::string driver;                  ///< GPU: the version of the driver, and the version of CUDA that it supports
  std::size_t memory_bytes = 0;        ///< memory that is free now
  std::size_t total_memory_bytes = 0;  ///< GPU: all of its memory
  bool usable = false;
  std::string reason;  ///< why it is not usable
};

/// Every device of this machine, usable or not, the CPU first, and one entry for each kind of device that it does not have.
/// Initializes each GPU to find out how much of its memory is free.
[[nodiscard]] GRADUS_EXPORT std::vector<DeviceInfo> list_devices();

/// The device that `automatic` means on this machine: the first usable GPU, otherwise the CPU. Any other device is
/// returned unchanged if it is usable; if it is not, this throws DeviceError with the reason.
[[nodiscard]] GRADUS_EXPORT Device resolve(Device device);

}  // namespace gradus
