#pragma once

#include <cstddef>
#include <cstdint>

namespace cuda_emulation {

/// In which order ready threads and blocks run.
enum class Order : std::uint8_t { forward, reverse, random };

/// When a stream runs what was put into it: as late as possible, at once, or now and then.
enum class Streams : std::uint8_t { lazy, eager, random };

/// How the emulation behaves, from the environment:
///
///     CUDA_EMULATION_ORDER=forward|reverse|random
///     CUDA_EMULATION_STREAMS=lazy|eager|random
///     CUDA_EMULATION_SEED=N                   for what is random
///     CUDA_EMULATION_RESIDENT_BLOCKS=N        blocks that run interleaved in an ordinary launch
struct Options {
  Order order = Order::forward;
  Streams streams = Streams::lazy;
  std::uint64_t seed = 1;
  unsigned resident_blocks = 1;
};

/// Read at the first call. Ends the process for an invalid value.
const Options& options();

/// What memory holds before anything was written: as a float it is NaN, as an index it is out of range.
inline constexpr unsigned char kGarbage = 0xFF;

/// The device that is emulated. Its limits are those of a large current GPU, but for the number of multiprocessors.
inline constexpr int kMultiprocessors = 4;
inline constexpr int kBlocksPerMultiprocessor = 4;
inline constexpr std::size_t kSharedBytesPlain = std::size_t{48} << 10;
inline constexpr std::size_t kSharedBytesAtMost = std::size_t{227} << 10;
inline constexpr unsigned kClusterBlocksAtMost = 8;

}  // namespace cuda_emulation
