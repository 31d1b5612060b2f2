// The shared memory of blocks, and the asynchronous copies into it.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

#include "cuda_emulation/grid.hpp"
#include "cuda_emulation/options.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

/// What the compiler checks on a GPU, and the launch.
void check_shared_bytes(const Block& block, std::size_t bytes) {
  for (const SharedVariable& each : block.variables) bytes += each.bytes;
  if (bytes > kSharedBytesPlain)
    fail("a block declares " + std::to_string(bytes) + " bytes of shared memory: it has at most " +
         std::to_string(kSharedBytesPlain) + " that are not dynamic");
  const std::size_t limit = Grid::running().shape.allows_more_shared ? kSharedBytesAtMost : kSharedBytesPlain;
  if (bytes + block.dynamic_bytes > limit)
    fail("a block has " + std::to_string(bytes) + " bytes of shared memory and " + std::to_string(block.dynamic_bytes) +
         " that are dynamic, together more than " + std::to_string(limit) +
         ": make all of it dynamic, which launch() then allows for");
}

void* variable_of(Block& block, const void* key, std::size_t bytes, std::size_t alignment) {
  for (const SharedVariable& each : block.variables)
    if (each.key == key) return each.memory;
  const Unseen unseen;
  check_shared_bytes(block, bytes);
  void* memory = nullptr;
  if (posix_memalign(&memory, std::max<std::size_t>(alignment, 16), bytes) != 0)
    fail("no memory for the shared memory of a block");
  std::memset(memory, kGarbage, bytes);
  block.variables.push_back({.key = key, .memory = memory, .bytes = bytes, .alignment = alignment});
  return memory;
}

bool is_within(const void* address, const void* memory, std::size_t bytes) {
  return static_cast<const char*>(address) >= static_cast<const char*>(memory) &&
         static_cast<const char*>(address) < static_cast<const char*>(memory) + bytes;
}

bool is_shared(const Block& block, const void* address) {
  return is_within(address, block.dynamic, block.dynamic_bytes) ||
         std::any_of(block.variables.begin(), block.variables.end(),
                     [address](const SharedVariable& each) { return is_within(address, each.memory, each.bytes); });
}

}  // namespace

void* dynamic_shared() {
  return running_fibre("shared memory").home->dynamic;
}

void* static_shared(const void* key, std::size_t bytes, std::size_t alignment) {
  return variable_of(*running_fibre("shared memory").home, key, bytes, alignment);
}

void* map_shared(const void* address, unsigned rank, const Place& where) {
  Block& block = *running_fibre("shared memory", where).home;
  const auto& blocks = block.cluster->blocks;
  if (rank >= blocks.size())
    fail(to_string(where) + ": block " + std::to_string(rank) + " of a cluster of " + std::to_string(blocks.size()));
  Block& other = *blocks[rank];
  const auto offset_in = [address](const void* memory) {
    return static_cast<const char*>(address) - static_cast<const char*>(memory);
  };
  if (other.live == 0) fail(to_string(where) + ": the shared memory of a block that has exited");
  if (is_within(address, block.dynamic, block.dynamic_bytes))
    return static_cast<char*>(other.dynamic) + offset_in(block.dynamic);
  for (const SharedVariable& each : block.variables)
    if (is_within(address, each.memory, each.bytes))
      return static_cast<char*>(variable_of(other, each.key, each.bytes, each.alignment)) + offset_in(each.memory);
  fail(to_string(where) + ": map_shared_rank of an address that is not in the shared memory of this block");
}

void start_copy(void* to, const void* from, unsigned bytes, unsigned valid, const Place& where) {
  Fibre& fibre = running_fibre("an asynchronous copy", where);
  if (reinterpret_cast<std::uintptr_t>(to) % bytes != 0 || reinterpret_cast<std::uintptr_t>(from) % bytes != 0)
    fail(to_string(where) + ": asynchronous copy of " + std::to_string(bytes) + " bytes that are not aligned to that");
  if (valid > bytes)
    fail(to_string(where) + ": asynchronous copy of " + std::to_string(bytes) + " bytes, of which " + std::to_string(valid) +
         " are valid");
  if (!is_shared(*fibre.home, to))
    fail(to_string(where) + ": asynchronous copy to what is not in the shared memory of this block");
  // From here until the thread waits the copy may read and write at any time. The sanitizers see that it does so at both
  // ends, and what it writes is garbage until then: who still reads the destination is found as well as who reads it early.
  std::array<unsigned char, 16> read;
  std::memcpy(read.data(), from, valid);
  asm volatile("" : : "r"(read.data()) : "memory");  // or the compiler would leave it out
  std::memset(to, kGarbage, bytes);
  const Unseen unseen;
  fibre.copies.push_back({.to = to, .from = from, .bytes = bytes, .valid = valid, .group = fibre.copy_group});
}

void commit_copies() {
  ++running_fibre("an asynchronous copy").copy_group;
}

void wait_for_copies(unsigned pending_groups) {
  Fibre& fibre = running_fibre("an asynchronous copy");
  const auto done = std::find_if(fibre.copies.begin(), fibre.copies.end(),
                                 [&](const PendingCopy& copy) { return copy.group + pending_groups >= fibre.copy_group; });
  for (auto copy = fibre.copies.begin(); copy != done; ++copy) {
    // The sanitizers see these two, as accesses of this thread.
    std::memcpy(copy->to, copy->from, copy->valid);
    std::memset(static_cast<char*>(copy->to) + copy->valid, 0, copy->bytes - copy->valid);
  }
  const Unseen unseen;
  fibre.copies.erase(fibre.copies.begin(), done);
}

}  // namespace cuda_emulation
