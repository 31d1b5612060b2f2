// Device memory and pinned memory, with guard zones, out of the host's reach.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/device/launch.hpp"
#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

/// Alignment of cudaMalloc, and bytes before and behind every allocation that nobody may write. As floats they are about
/// -6300: a kernel that reads, changes and writes one too many does change it.
constexpr std::size_t kAlignment = 256;
constexpr std::size_t kGuardBytes = 256;
constexpr unsigned char kGuardByte = 0xC5;

struct Allocation {
  char* memory;       // with the guards
  std::size_t bytes;  // without
  bool is_device;     // else pinned

  [[nodiscard]] char* begin() const { return memory + kGuardBytes; }
  [[nodiscard]] char* end() const { return begin() + bytes; }
};

struct Memory {
  std::map<std::uintptr_t, Allocation> allocations;  // by their beginning
  std::size_t device_total = std::size_t{1} << 30;
  std::size_t device_used = 0;
  int accesses = 0;  // work that is running

  /// None where the memory was made smaller than what is in use.
  [[nodiscard]] std::size_t device_free() const { return device_total - std::min(device_total, device_used); }
};

Memory& memory() {
  static auto* const memory = new Memory;
  return *memory;
}

int host_functions = 0;  // that run

/// The allocation that an address is in, its end included, since an empty part may lie there.
const Allocation* find(const void* pointer) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  auto after = memory().allocations.upper_bound(address);
  if (after == memory().allocations.begin()) return nullptr;
  const Allocation& candidate = std::prev(after)->second;
  return static_cast<const char*>(pointer) <= candidate.end() ? &candidate : nullptr;
}

std::size_t rounded(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

/// AddressSanitizer reports who touches device memory while no stream runs: that is the host.
void make_accessible(const Allocation& allocation, bool accessible) {
  if (!has_address_sanitizer() || !allocation.is_device) return;
  if (accessible) {
    __asan_unpoison_memory_region(allocation.begin(), allocation.bytes);
  } else {
    __asan_poison_memory_region(allocation.begin(), allocation.bytes);
  }
}

/// Without AddressSanitizer, what was written outside of an allocation shows in its guards.
void check_guards(const Allocation& allocation, const std::string& culprit) {
  if (has_address_sanitizer()) return;
  const auto is_intact = [](const char* guard, std::size_t bytes) {
    return std::all_of(guard, guard + bytes, [](char byte) { return static_cast<unsigned char>(byte) == kGuardByte; });
  };
  const bool before = is_intact(allocation.memory, kGuardBytes);
  const bool behind = is_intact(allocation.end(), rounded(allocation.bytes) - allocation.bytes + kGuardBytes);
  if (before && behind) return;
  fail(culprit + " wrote " + (before ? "behind the end" : "before the beginning") + " of an allocation of " +
       std::to_string(allocation.bytes) + " bytes");
}

cudaError_t allocate(void** pointer, std::size_t bytes, bool is_device) {
  if (pointer == nullptr) return remember(cudaErrorInvalidValue);
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  Memory& all = memory();
  if (is_device && (bytes > all.device_total || rounded(bytes) > all.device_free()))
    return remember(cudaErrorMemoryAllocation);
  const Unseen unseen;
  const std::size_t with_guards = rounded(bytes) + 2 * kGuardBytes;
  void* raw = nullptr;
  if (posix_memalign(&raw, kAlignment, with_guards) != 0) return remember(cudaErrorMemoryAllocation);
  std::memset(raw, kGuardByte, with_guards);
  const Allocation allocation{.memory = static_cast<char*>(raw), .bytes = bytes, .is_device = is_device};
  std::memset(allocation.begin(), kGarbage, bytes);
  all.allocations.emplace(reinterpret_cast<std::uintptr_t>(allocation.begin()), allocation);
  if (is_device) all.device_used += rounded(bytes);
  if (has_address_sanitizer()) {
    __asan_poison_memory_region(allocation.memory, kGuardBytes);
    __asan_poison_memory_region(allocation.end(), rounded(bytes) - bytes + kGuardBytes);
  }
  make_accessible(allocation, false);
  count_object(is_device ? "device memory" : "pinned memory", static_cast<std::ptrdiff_t>(bytes));
  *pointer = allocation.begin();
  return cudaSuccess;
}

cudaError_t release_memory(void* pointer, bool is_device, const char* function) {
  if (pointer == nullptr) return cudaSuccess;
  Memory& all = memory();
  const auto found = all.allocations.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found == all.allocations.end() || found->second.is_device != is_device)
    fail(std::string(function) + " of an address that is no such allocation, or is not any more");
  // It waits for all that the device does.
  synchronize_all();
  const Allocation allocation = found->second;
  check_guards(allocation, "somebody");
  const Unseen unseen;
  all.allocations.erase(found);
  if (is_device) all.device_used -= rounded(allocation.bytes);
  if (has_address_sanitizer()) __asan_unpoison_memory_region(allocation.memory, rounded(allocation.bytes) + 2 * kGuardBytes);
  std::free(allocation.memory);
  count_object(is_device ? "device memory" : "pinned memory", -static_cast<std::ptrdiff_t>(allocation.bytes));
  return cudaSuccess;
}

}  // namespace

void begin_device_access() {
  if (memory().accesses++ > 0) return;
  for (const auto& [address, allocation] : memory().allocations) make_accessible(allocation, true);
}

void end_device_access(const Work& work) {
  for (const auto& [address, allocation] : memory().allocations)
    check_guards(allocation, work.description.empty() ? std::string(work.name) : work.description);
  if (--memory().accesses > 0) return;
  for (const auto& [address, allocation] : memory().allocations) make_accessible(allocation, false);
}

HostFunction::HostFunction() {
  ++host_functions;
  for (const auto& [address, allocation] : memory().allocations) make_accessible(allocation, false);
}

HostFunction::~HostFunction() {
  --host_functions;
  for (const auto& [address, allocation] : memory().allocations) make_accessible(allocation, true);
}

bool in_host_function() {
  return host_functions > 0;
}

void set_device_memory(std::size_t bytes) {
  memory().device_total = bytes;
}

bool is_pinned(const void* pointer) {
  const Allocation* const allocation = find(pointer);
  return allocation != nullptr && !allocation->is_device;
}

bool is_device(const void* pointer) {
  const Allocation* const allocation = find(pointer);
  return allocation != nullptr && allocation->is_device;
}

void check_device_pointer(const void* pointer, std::size_t index, const Place& where) {
  if (pointer != nullptr && find(pointer) == nullptr)
    fail(to_string(where) + ": argument " + std::to_string(index) + " of the launch is not memory that the device reaches");
}

void check_device_range(const void* pointer, std::size_t bytes, const std::string& what) {
  if (bytes == 0) return;
  const Allocation* const allocation = find(pointer);
  if (allocation == nullptr) fail(what + " is not memory that the device reaches");
  if (bytes > static_cast<std::size_t>(allocation->end() - static_cast<const char*>(pointer)))
    fail(what + ": " + std::to_string(bytes) + " bytes from byte " +
         std::to_string(static_cast<const char*>(pointer) - allocation->begin()) + " of an allocation of " +
         std::to_string(allocation->bytes));
}

void check_host_range(const void* pointer, std::size_t bytes, const std::string& what) {
  if (bytes == 0) return;
  if (is_device(pointer)) fail(what + " is device memory, where memory of the host is needed");
  if (is_pinned(pointer)) check_device_range(pointer, bytes, what);
}

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::begin_release;
using cuda_emulation::remember;

extern "C" {

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (const cudaError_t error = cuda_emulation::forbid_capture(); error != cudaSuccess) return error;
  return cuda_emulation::allocate(pointer, bytes, true);
}

cudaError_t cudaFree(void* pointer) {
  const cudaError_t error = begin_release(__func__);
  if (pointer != nullptr)
    if (const cudaError_t forbidden = cuda_emulation::forbid_capture(); forbidden != cudaSuccess) return forbidden;
  const cudaError_t released = cuda_emulation::release_memory(pointer, true, __func__);
  return error != cudaSuccess ? error : released;
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned /*flags*/) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (const cudaError_t error = cuda_emulation::forbid_capture(); error != cudaSuccess) return error;
  return cuda_emulation::allocate(pointer, bytes, false);
}

cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (const cudaError_t error = cuda_emulation::forbid_capture(); error != cudaSuccess) return error;
  return cuda_emulation::allocate(pointer, bytes, false);
}

cudaError_t cudaFreeHost(void* pointer) {
  const cudaError_t error = begin_release(__func__);
  if (pointer != nullptr)
    if (const cudaError_t forbidden = cuda_emulation::forbid_capture(); forbidden != cudaSuccess) return forbidden;
  const cudaError_t released = cuda_emulation::release_memory(pointer, false, __func__);
  return error != cudaSuccess ? error : released;
}

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  const cuda_emulation::Memory& all = cuda_emulation::memory();
  *free_bytes = all.device_free();
  *total_bytes = all.device_total;
  return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* pointer) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *attributes = {};
  const bool device = cuda_emulation::is_device(pointer);
  const bool pinned = cuda_emulation::is_pinned(pointer);
  attributes->type = device ? cudaMemoryTypeDevice : pinned ? cudaMemoryTypeHost : cudaMemoryTypeUnregistered;
  attributes->devicePointer = device || pinned ? const_cast<void*>(pointer) : nullptr;
  attributes->hostPointer = pinned ? const_cast<void*>(pointer) : nullptr;
  return cudaSuccess;
}
}
