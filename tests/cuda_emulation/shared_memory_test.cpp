// Shared memory of blocks, and asynchronous copies into it.

#include <cstdint>

#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

using gradus::kernels::cp_async;
using gradus::kernels::cp_async_commit;
using gradus::kernels::cp_async_wait;

struct alignas(64) Line {
  float values[16];
};

/// How far each of three variables is from where its type may be.
__global__ void alignment_kernel(int* result) {
  GRADUS_SHARED(Line, first);
  GRADUS_SHARED(char, between);
  GRADUS_SHARED(Line, second, [3]);
  first.values[0] = 1.0F;
  second[1].values[15] = 1.0F;
  between = 1;
  result[0] = static_cast<int>(reinterpret_cast<std::uintptr_t>(&first) % alignof(Line));
  result[1] = static_cast<int>(reinterpret_cast<std::uintptr_t>(&second) % alignof(Line));
}

TEST(SharedMemory, IsAlignedForItsType) {
  const Stream stream;
  for (int repeat = 0; repeat < 4; ++repeat) {
    const DeviceArray<int> result(2);
    launch(alignment_kernel, {.grid = 1, .block = 1, .stream = stream}, result.data());
    EXPECT_EQ(result.values(stream), (Numbers{0, 0}));
  }
}

/// 20 KiB that are not dynamic, besides those that are.
__global__ void much_memory_kernel() {
  GRADUS_SHARED(float, more, [5 * 1024]);
  GRADUS_DYNAMIC_SHARED(float, shared);
  more[0] = 0.0F;
  shared[0] = 0.0F;
}

/// On a GPU such a launch is an error.
TEST(SharedMemoryDeathTest, IsLimitedInAll) {
  const Stream stream;
  const auto run = [&](std::size_t kibibytes) {
    launch(much_memory_kernel, {.grid = 1, .block = 1, .shared_bytes = kibibytes << 10, .stream = stream});
    stream.wait();
  };
  run(28);
  EXPECT_EXIT(run(29), broken_rule(), "20480 bytes of shared memory and 29696 that are dynamic, together more than 49152");
  run(100);
  EXPECT_EXIT(run(208), broken_rule(), "together more than 232448");
}

/// `to_global` copies to where only ordinary stores can.
__global__ void copy_kernel(const int* from, int* to, bool to_global) {
  GRADUS_SHARED(int, shared, [4]);
  cp_async<16>(to_global ? to : shared, from);
  cp_async_commit();
  cp_async_wait<0>();
  for (int i = 0; i < 4; ++i) to[i] = shared[i];
}

TEST(AsynchronousCopiesDeathTest, GoToSharedMemory) {
  const Stream stream;
  const DeviceArray<int> from(Numbers{1, 2, 3, 4}, stream);
  const DeviceArray<int> to(4);
  const auto run = [&](bool to_global) {
    launch(copy_kernel, {.grid = 1, .block = 1, .stream = stream}, from.data(), to.data(), to_global);
    stream.wait();
  };
  run(false);
  EXPECT_EQ(to.values(stream), (Numbers{1, 2, 3, 4}));
  EXPECT_EXIT(run(true), broken_rule(), "shared_memory_test.cpp:[0-9]+: asynchronous copy to what is not in the shared");
}

}  // namespace
}  // namespace cuda_emulation
