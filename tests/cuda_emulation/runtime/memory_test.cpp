// Memory and copies of the stand-in for the CUDA runtime.

#include <algorithm>
#include <numeric>

#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

cudaError_t copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return cudaMemcpyAsync(to, from, bytes, kind, stream);
}

/// The device has this much memory while the object lives.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) { set_device_memory(bytes); }
  ~DeviceMemory() { set_device_memory(std::size_t{1} << 30); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
};

std::size_t free_bytes() {
  std::size_t free = 0;
  std::size_t total = 0;
  check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return free;
}

TEST(Memory, IsGarbageAtFirst) {
  const Stream stream;
  const DeviceArray<int> device(3);
  const PinnedArray<unsigned char> pinned(3);
  EXPECT_EQ(device.values(stream), Numbers(3, -1));
  EXPECT_EQ(pinned[2], kGarbage);
}

TEST(Memory, IsLimited) {
  const DeviceMemory memory(4096);
  std::size_t total = 0;
  std::size_t free = 0;
  check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  EXPECT_EQ(total, 4096);
  EXPECT_EQ(free, 4096);
  const auto before = live_objects();
  {
    const DeviceArray<char> some(1000);
    EXPECT_EQ(free_bytes(), 4096 - 1024);  // aligned
    void* more = &free;
    EXPECT_EQ(cudaMalloc(&more, 3073), cudaErrorMemoryAllocation);
    EXPECT_EQ(cudaMalloc(&more, ~std::size_t{0}), cudaErrorMemoryAllocation);
    EXPECT_EQ(more, nullptr);
    EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
    EXPECT_EQ(free_bytes(), 4096 - 1024);
    const DeviceArray<char> rest(3072);
    EXPECT_EQ(free_bytes(), 0);
    const PinnedArray<char> pinned(5000);  // is not the device's
  }
  EXPECT_EQ(free_bytes(), 4096);
  EXPECT_EQ(live_objects(), before);
}

/// Less than is in use already: nothing is left, and not almost everything.
TEST(Memory, MayBeMadeSmallerThanWhatIsInUse) {
  const DeviceArray<char> some(5000);
  const DeviceMemory memory(4096);
  EXPECT_EQ(free_bytes(), 0);
  void* more = nullptr;
  EXPECT_EQ(cudaMalloc(&more, 1), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
}

TEST(Memory, NothingIsNull) {
  void* memory = &memory;
  EXPECT_EQ(cudaMalloc(&memory, 0), cudaSuccess);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
  EXPECT_EQ(cudaFreeHost(nullptr), cudaSuccess);
  EXPECT_EQ(cudaMalloc(nullptr, 8), cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
}

TEST(Memory, IsFreedAfterWhatUsesIt) {
  const Stream stream;
  const PinnedArray<int> out(1);
  {
    const DeviceArray<int> values(Numbers{1}, stream);
    add(values, 1, stream);
    check(copy(out.data(), values.data(), sizeof(int), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  }
  EXPECT_EQ(out[0], 2);
}

TEST(Memory, SaysWhatItIs) {
  const DeviceArray<int> device(2);
  const PinnedArray<int> pinned(2);
  int pageable = 0;
  const auto type = [](const void* pointer) {
    cudaPointerAttributes attributes{};
    check(cudaPointerGetAttributes(&attributes, pointer), "cudaPointerGetAttributes");
    return attributes.type;
  };
  EXPECT_EQ(type(device.data() + 1), cudaMemoryTypeDevice);
  EXPECT_EQ(type(pinned.data() + 1), cudaMemoryTypeHost);
  EXPECT_EQ(type(&pageable), cudaMemoryTypeUnregistered);
}

__global__ void write_kernel(int* values, int at) {
  values[at] = 1;
}
void write(const DeviceArray<int>& values, int at) {
  const Stream stream;
  launch(write_kernel, {.grid = 1, .block = 1, .stream = stream}, values.data(), at);
  stream.wait();
}

TEST(MemoryDeathTest, WritesBeyondItAreFound) {
  const DeviceArray<int> values(3);
  EXPECT_EXIT(write(values, 3), found, "runtime/memory_test.cpp:[0-9]+ wrote behind the end|use-after-poison");
  EXPECT_EXIT(write(values, -1), found, "runtime/memory_test.cpp:[0-9]+ wrote before the beginning|use-after-poison");
  write(values, 2);
}

TEST(MemoryDeathTest, TheHostDoesNotReachIt) {
  if (!has_address_sanitizer()) GTEST_SKIP() << "skipped: only AddressSanitizer finds this";
  const DeviceArray<int> values(3);
  EXPECT_EXIT(std::exit(values.data()[1]), found, "use-after-poison");
  const Stream stream;
  const auto read = [](void* argument) { std::exit(*static_cast<int*>(argument)); };
  const auto run = [&] {
    check(cudaLaunchHostFunc(stream, read, values.data()), "cudaLaunchHostFunc");
    stream.wait();
  };
  EXPECT_EXIT(run(), found, "use-after-poison");
}

TEST(MemoryDeathTest, IsFreedOnceAndWhereItIs) {
  const DeviceArray<int> device(3);
  const PinnedArray<int> pinned(3);
  const auto free_twice = [&] {
    static_cast<void>(cudaFree(device.data()));
    static_cast<void>(cudaFree(device.data()));
  };
  EXPECT_EXIT(free_twice(), broken_rule(), "^CUDA emulation: cudaFree of an address that is no such allocation");
  EXPECT_EXIT(cudaFree(pinned.data()), broken_rule(), "^CUDA emulation: cudaFree of");
  EXPECT_EXIT(cudaFreeHost(device.data()), broken_rule(), "^CUDA emulation: cudaFreeHost of");
  EXPECT_EXIT(cudaFree(device.data() + 1), broken_rule(), "^CUDA emulation: cudaFree of");
}

TEST(Copies, GoInAllDirections) {
  const Stream stream;
  const Numbers in{1, 2, 3};
  const std::size_t bytes = in.size() * sizeof(int);
  for (const bool named : {false, true}) {
    const auto kind = [&](cudaMemcpyKind direction) { return named ? direction : cudaMemcpyDefault; };
    const DeviceArray<int> first(3);
    const DeviceArray<int> second(3);
    const PinnedArray<int> third(3);
    const PinnedArray<int> fourth(3);
    Numbers out(3);
    check(copy(first.data(), in.data(), bytes, kind(cudaMemcpyHostToDevice), stream), "to the device");
    check(copy(second.data(), first.data(), bytes, kind(cudaMemcpyDeviceToDevice), stream), "within the device");
    check(copy(third.data(), second.data(), bytes, kind(cudaMemcpyDeviceToHost), stream), "from the device");
    check(copy(fourth.data(), third.data(), bytes, kind(cudaMemcpyHostToHost), stream), "within the host");
    check(copy(out.data(), fourth.data(), bytes, kind(cudaMemcpyHostToHost), stream), "within the host");
    EXPECT_EQ(out, in);
  }
}

TEST(Copies, OfRows) {
  const Stream stream;
  Numbers in(3 * 5);
  std::iota(in.begin(), in.end(), 0);
  in.resize(14);  // nothing behind the last row
  const DeviceArray<int> device(3 * 6);
  check(cudaMemsetAsync(device.data(), 0, device.size() * sizeof(int), stream), "cudaMemsetAsync");
  check(cudaMemcpy2DAsync(device.data(), 6 * sizeof(int), in.data(), 5 * sizeof(int), 4 * sizeof(int), 3,
                          cudaMemcpyHostToDevice, stream),
        "cudaMemcpy2DAsync");
  EXPECT_EQ(device.values(stream), (Numbers{0, 1, 2, 3, 0, 0, 5, 6, 7, 8, 0, 0, 10, 11, 12, 13, 0, 0}));
  Numbers out(6, -7);
  check(cudaMemcpy2DAsync(out.data(), 2 * sizeof(int), device.data() + 1, 6 * sizeof(int), sizeof(int), 3,
                          cudaMemcpyDeviceToHost, stream),
        "cudaMemcpy2DAsync");
  EXPECT_EQ(out, (Numbers{1, -7, 6, -7, 11, -7}));
  EXPECT_EQ(cudaMemcpy2DAsync(device.data(), 4, in.data(), 5, 5, 1, cudaMemcpyHostToDevice, stream), cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
}

TEST(Copies, OfNothing) {
  const Stream stream;
  check(copy(nullptr, nullptr, 0, cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
  check(cudaMemcpy2DAsync(nullptr, 1, nullptr, 1, 0, 5, cudaMemcpyHostToDevice, stream), "cudaMemcpy2DAsync");
  check(cudaMemsetAsync(nullptr, 0, 0, stream), "cudaMemsetAsync");
}

TEST(Copies, ReadPageableMemoryAtTheCall) {
  const Stream stream;
  const DeviceArray<int> values(2);
  {
    Numbers in{1, 2};
    check(copy(values.data(), in.data(), 2 * sizeof(int), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
    std::fill(in.begin(), in.end(), 0);
  }
  EXPECT_EQ(values.values(stream), (Numbers{1, 2}));
}

TEST(Copies, WaitUntilPageableMemoryIsWritten) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{1}, stream);
  int out = 0;
  check(copy(&out, values.data(), sizeof(int), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  EXPECT_EQ(out, 1);
}

TEST(Copies, DoNotWaitForPinnedMemory) {
  if (has_thread_sanitizer()) GTEST_SKIP() << "skipped: ThreadSanitizer reports what is done here";
  const Stream stream;
  const PinnedArray<int> in(1);
  const PinnedArray<int> out(1);
  const DeviceArray<int> values(1);
  in[0] = 1;
  check(copy(values.data(), in.data(), sizeof(int), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
  in[0] = 2;
  check(copy(out.data(), values.data(), sizeof(int), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  EXPECT_EQ(out[0], -1);
  stream.wait();
  EXPECT_EQ(out[0], 2);
}

TEST(Copies, SettingMemory) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{1, 2, 3}, stream);
  check(cudaMemsetAsync(values.data() + 1, 0x7F, sizeof(int), stream), "cudaMemsetAsync");
  EXPECT_EQ(values.values(stream), (Numbers{1, 0x7F7F7F7F, 3}));
}

TEST(CopiesDeathTest, InWrongDirections) {
  const Stream stream;
  const DeviceArray<int> device(1);
  const PinnedArray<int> pinned(1);
  int pageable = 0;
  EXPECT_EXIT(copy(device.data(), &pageable, 4, cudaMemcpyDeviceToHost, stream), broken_rule(), "destination is device mem");
  EXPECT_EXIT(copy(&pageable, device.data(), 4, cudaMemcpyHostToDevice, stream), broken_rule(), "destination is not memory");
  EXPECT_EXIT(copy(device.data(), &pageable, 4, cudaMemcpyDeviceToDevice, stream), broken_rule(), "source is not memory");
  EXPECT_EXIT(copy(pinned.data(), &pageable, 4, cudaMemcpyHostToDevice, stream), broken_rule(), "destination is pinned");
}

TEST(CopiesDeathTest, BeyondTheEnd) {
  const Stream stream;
  const DeviceArray<int> device(4);
  const PinnedArray<int> pinned(4);
  const Numbers in(9);
  EXPECT_EXIT(copy(device.data(), in.data(), 20, cudaMemcpyDefault, stream), broken_rule(), "20 bytes from byte 0 .* of 16");
  EXPECT_EXIT(copy(pinned.data(), device.data() + 2, 12, cudaMemcpyDefault, stream), broken_rule(), "from byte 8 .* of 16");
  EXPECT_EXIT(copy(pinned.data() + 1, in.data(), 16, cudaMemcpyDefault, stream), broken_rule(), "from byte 4 .* of 16");
  EXPECT_EXIT(cudaMemsetAsync(device.data() + 1, 0, 16, stream), broken_rule(), "from byte 4 .* of 16");
  EXPECT_EXIT(cudaMemcpy2DAsync(device.data(), 8, in.data(), 8, 4, 3, cudaMemcpyDefault, stream), broken_rule(), "20 bytes");
}

}  // namespace
}  // namespace cuda_emulation
