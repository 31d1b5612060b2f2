// Barriers of blocks, clusters and grids; fences and atomics.

#include <string>
#include <string_view>

#include "cuda_emulation/grid.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

bool same_place(const Place& a, const Place& b) {
  return a.line() == b.line() && std::string_view(a.file_name()) == b.file_name();
}

/// What a barrier demands of those who come: that nobody has exited, and that all come to the same one.
void check_arrival(const Barrier& barrier, unsigned exited, const char* what, const Place& where) {
  if (exited > 0)
    fail(to_string(where) + ": barrier of the " + what + " after " + std::to_string(exited) + " of its threads have exited");
  if (!barrier.waiting.empty() && !same_place(barrier.where, where))
    fail(to_string(where) + ": divergent barrier of the " + what + ": others wait at " + to_string(barrier.where));
}

}  // namespace

Votes block_barrier(bool vote, const Place& where) {
  Block& block = *running_fibre("a barrier", where).home;
  check_arrival(block.barrier, block.exited, "block", where);
  unsigned& yes = block.barrier.yes[block.barrier.phase % 2];
  yes += vote ? 1 : 0;
  Grid::running().arrive(block.barrier, block.live, true, where);
  return {.yes = yes, .all = static_cast<unsigned>(block.fibres.size())};
}

void grid_barrier(const Place& where) {
  running_fibre("a barrier", where);
  Grid& grid = Grid::running();
  if (!grid.shape.cooperative) fail(to_string(where) + ": barrier of the grid in a launch that is not cooperative");
  check_arrival(grid.barrier, grid.exited, "grid", where);
  grid.arrive(grid.barrier, grid.live, true, where);
}

void cluster_barrier(const Place& where) {
  Cluster& cluster = *running_fibre("a barrier", where).home->cluster;
  check_arrival(cluster.barrier, cluster.exited, "cluster", where);
  Grid::running().arrive(cluster.barrier, cluster.live, true, where);
}

// ThreadSanitizer knows acquire and release, but no fences. So a fence leaves a note of what the thread has done
// (`before_fence`). An atomic operation after it is done by a messenger: a context that knows the note, and nothing that the
// thread did since, and leaves what it knows with the object. Who reads the object takes that (`read_since`), and a later
// fence makes it count.

namespace {

/// A new context that has seen nothing. (One begins with all that its maker has seen, so it is made by one that never saw
/// any.)
void* new_messenger() {
  static void* const nobody = __tsan_create_fiber(0);
  void* const self = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(nobody, 1);
  void* const messenger = __tsan_create_fiber(0);
  __tsan_switch_to_fiber(self, 1);
  return messenger;
}

/// Hands what has been released at `from` on to `to`, and to nobody else.
void hand_on(void* from, void* to) {
  void* const self = __tsan_get_current_fiber();
  void* const messenger = new_messenger();
  __tsan_switch_to_fiber(messenger, 1);
  __tsan_acquire(from);
  __tsan_release(to);
  __tsan_switch_to_fiber(self, 1);
  __tsan_destroy_fiber(messenger);
}

}  // namespace

void fence() {
  Fibre& fibre = running_fibre("a fence");
  release(&fibre.before_fence);
  acquire(&fibre.read_since);
  fibre.fenced = true;
}

void* before_atomic() {
  const Fibre& fibre = running_fibre("an atomic operation");
  Grid::running().maybe_yield();
  if (!has_thread_sanitizer() || !fibre.fenced) return nullptr;
  void* const self = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(new_messenger(), 1);
  __tsan_acquire(const_cast<char*>(&fibre.before_fence));
  return self;
}

void after_atomic(void* object, void* self) {
  if (!has_thread_sanitizer()) return;
  Fibre& fibre = running_fibre("an atomic operation");
  if (self != nullptr) {
    void* const messenger = __tsan_get_current_fiber();
    __tsan_release(object);
    __tsan_release(&fibre.after_messenger);
    __tsan_switch_to_fiber(self, 1);
    __tsan_acquire(&fibre.after_messenger);
    __tsan_destroy_fiber(messenger);
  }
  const Unseen unseen;
  auto& released = Grid::running().released;
  if (self != nullptr) released.insert(object);
  if (released.contains(object)) hand_on(object, &fibre.read_since);
}

}  // namespace cuda_emulation
