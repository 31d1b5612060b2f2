#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <random>
#include <unordered_set>
#include <vector>
#include <vector_types.h>

#include "cuda_emulation/collectives.hpp"
#include "cuda_emulation/context.hpp"
#include "cuda_emulation/failure.hpp"
#include "cuda_emulation/thread.hpp"

// A launch as it runs: threads on contexts, in blocks, in clusters, in a grid.
namespace cuda_emulation {

struct Block;

/// An asynchronous copy that was started and has not arrived.
struct PendingCopy {
  void* to;
  const void* from;
  unsigned bytes;
  unsigned valid;
  unsigned group;
};

/// A thread of a kernel on a context of its own. (British, as boost has the other word.)
struct Fibre : Thread {
  Context context;
  Block* home = nullptr;
  const Place* waits_at = nullptr;  // null while it can run
  std::vector<PendingCopy> copies;
  unsigned copy_group = 0;
  bool fenced = false;
  char before_fence = 0;     // happens-before: what this thread did before its last fence
  char read_since = 0;       // happens-before: what it has acquired from the objects of atomics since then
  char after_messenger = 0;  // happens-before: its last atomic operation, done by a messenger
};

/// Where threads wait until as many have come as are expected; then it is as new.
struct Barrier {
  std::vector<Fibre*> waiting;
  unsigned phase = 0;
  std::array<char, 2> order{};    // happens-before, by phase
  std::array<unsigned, 2> yes{};  // votes, by phase
  Place where;                    // of the first that waits
};

struct WarpBarrier : Barrier {
  unsigned mask = 0;
  unsigned arrived = 0;
  WarpOperation operation = WarpOperation::barrier;
  alignas(16) std::array<std::array<LaneValue, 32>, 2> values{};  // by phase
};

struct Warp {
  unsigned alive = 0;
  std::deque<WarpBarrier> barriers;  // one for each mask that was used
};

struct SharedVariable {
  const void* key;
  void* memory;
  std::size_t bytes;
  std::size_t alignment;
};

struct Cluster {
  std::vector<std::unique_ptr<Block>> blocks;
  Barrier barrier;
  unsigned live = 0;  // threads
  unsigned exited = 0;
};

struct Block {
  Cluster* cluster = nullptr;
  std::vector<Fibre*> fibres;
  std::vector<Warp> warps;
  Barrier barrier;
  std::vector<SharedVariable> variables;
  void* dynamic = nullptr;
  std::size_t dynamic_bytes = 0;
  unsigned live = 0;
  unsigned exited = 0;
  char end = 0;  // happens-before: all that its threads did
};

struct GridShape {
  dim3 grid;
  dim3 block;
  dim3 cluster = 1;
  std::size_t shared_bytes = 0;
  bool allows_more_shared = false;  // than every kernel may have
  bool cooperative = false;
};

/// One launch. Makes the threads take turns until all have exited.
class Grid {
 public:
  Grid(const GridShape& shape, void (*body)(void*), void* argument);
  ~Grid();
  Grid(const Grid&) = delete;
  Grid& operator=(const Grid&) = delete;

  void run();

  /// The launch that runs, for the collectives. There is one at a time.
  static Grid& running();

  /// The calling thread waits at `barrier` for as many as are expected. `ordered`: as a barrier orders memory.
  void arrive(Barrier& barrier, unsigned expected, bool ordered, const Place& where);
  /// In random order, the calling thread may be overtaken here.
  void maybe_yield();

  // The state of the whole grid.
  GridShape shape;
  Barrier barrier;
  unsigned live = 0;
  unsigned exited = 0;
  std::unordered_set<const void*> released;  // objects of atomics that have something for who reads and fences

 private:
  void prepare();
  void start_cluster(std::size_t slot, unsigned index);
  void start_block(Cluster& cluster, unsigned index);
  void make_ready(std::vector<Fibre*>& fibres);
  Fibre* next();
  void exit(Fibre& fibre);
  void finish(Block& block);
  void open(Barrier& barrier);
  [[noreturn]] void fail_deadlock() const;
  static void run_thread(void* fibre);

  void (*body_)(void*);
  void* argument_;
  unsigned threads_per_block_;
  unsigned unfinished_ = 0;      // blocks
  std::vector<unsigned> order_;  // of clusters
  std::size_t next_cluster_ = 0;
  std::vector<std::unique_ptr<Cluster>> clusters_;  // the resident ones
  std::deque<Fibre*> ready_;
  std::minstd_rand random_;
  char* start_;  // happens-before: the launch to its threads, and back
  char* end_;
};

/// The fibre that runs, which must be in a kernel.
Fibre& running_fibre(const char* what, const Place& where = Place::current());

}  // namespace cuda_emulation
