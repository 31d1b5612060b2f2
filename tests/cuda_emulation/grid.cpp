#include "cuda_emulation/grid.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>

#include "cuda_emulation/options.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

Thread* running_thread = nullptr;

namespace {

Grid* running_grid = nullptr;

/// All fibres that were ever needed, and those that do nothing. They are never destroyed, so that the leak sanitizer still
/// sees them when the process ends.
struct FibrePool {
  std::vector<Fibre*> all;
  std::deque<Fibre*> idle;

  void grow_to(std::size_t count) {
    while (all.size() < count) {
      all.push_back(new Fibre);
      idle.push_back(all.back());
    }
  }

  /// For ThreadSanitizer a context that is used again is one thread with one order of events, which would hide races between
  /// neighbouring blocks and launches: so the one that rested longest. Otherwise the one whose stack is still in the cache.
  Fibre* take() {
    Fibre* const fibre = has_thread_sanitizer() ? idle.front() : idle.back();
    has_thread_sanitizer() ? idle.pop_front() : idle.pop_back();
    return fibre;
  }
};

FibrePool& pool() {
  static auto* const pool = new FibrePool;
  return *pool;
}

unsigned count(const dim3& size) {
  return size.x * size.y * size.z;
}

uint3 position(unsigned index, const dim3& size) {
  return {index % size.x, index / size.x % size.y, index / size.x / size.y};
}

void* allocate_garbage(std::size_t bytes) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 128, bytes) != 0) fail("no memory for the shared memory of a block");
  std::memset(memory, kGarbage, bytes);
  return memory;
}

}  // namespace

Grid& Grid::running() {
  return *running_grid;
}

Fibre& running_fibre(const char* what, const Place& where) {
  if (running_thread == nullptr) fail(to_string(where) + ": " + what + " outside of a kernel");
  return static_cast<Fibre&>(*running_thread);
}

Grid::Grid(const GridShape& grid_shape, void (*body)(void*), void* argument)
    : shape(grid_shape), body_(body), argument_(argument), threads_per_block_(count(grid_shape.block)) {
  if (running_grid != nullptr) fail("a kernel launches a kernel");
  running_grid = this;
  // Fresh addresses for every launch: one that is used again would carry the order of earlier launches.
  start_ = new char;
  end_ = new char;
}

Grid::~Grid() {
  delete start_;
  delete end_;
  running_grid = nullptr;
}

void Grid::run() {
  release(start_);
  prepare();
  while (unfinished_ > 0) {
    Fibre* const fibre = next();
    running_thread = fibre;
    fibre->waits_at = nullptr;
    if (fibre->context.ended()) {
      fibre->context.start(run_thread, fibre);
    } else {
      fibre->context.resume();
    }
    running_thread = nullptr;
    if (fibre->context.ended()) exit(*fibre);
  }
  acquire(end_);
}

void Grid::prepare() {
  const Unseen unseen;
  const unsigned blocks = count(shape.grid);
  const unsigned cluster_blocks = count(shape.cluster);
  const unsigned clusters = blocks / cluster_blocks;
  const unsigned wanted = shape.cooperative ? clusters : std::max(1U, options().resident_blocks / cluster_blocks);
  const unsigned resident = std::min(clusters, wanted);

  const std::size_t threads = std::size_t{resident} * cluster_blocks * threads_per_block_;
  pool().grow_to(has_thread_sanitizer() ? std::max<std::size_t>(4 * threads, 128) : threads);

  static std::uint64_t launches = 0;
  random_.seed(static_cast<std::minstd_rand::result_type>(options().seed * 7919 + launches++));
  order_.resize(clusters);
  std::iota(order_.begin(), order_.end(), 0U);
  if (options().order == Order::reverse) std::reverse(order_.begin(), order_.end());
  if (options().order == Order::random) std::shuffle(order_.begin(), order_.end(), random_);

  unfinished_ = blocks;
  clusters_.resize(resident);
  for (std::size_t slot = 0; slot < resident; ++slot) start_cluster(slot, order_[next_cluster_++]);
}

void Grid::run_thread(void* argument) {
  auto& fibre = *static_cast<Fibre*>(argument);
  Grid& grid = *running_grid;
  acquire(grid.start_);
  grid.body_(grid.argument_);
  if (!fibre.copies.empty()) fail("a thread exits with asynchronous copies under way that it never waited for");
  release(&fibre.home->end);
  release(grid.end_);
}

void Grid::start_cluster(std::size_t slot, unsigned index) {
  clusters_[slot] = std::make_unique<Cluster>();
  Cluster& cluster = *clusters_[slot];
  const unsigned blocks = count(shape.cluster);
  for (unsigned i = 0; i < blocks; ++i) start_block(cluster, index * blocks + i);
  std::vector<Fibre*> fibres;
  for (const auto& block : cluster.blocks) fibres.insert(fibres.end(), block->fibres.begin(), block->fibres.end());
  make_ready(fibres);
}

void Grid::start_block(Cluster& cluster, unsigned index) {
  Block& block = *cluster.blocks.emplace_back(std::make_unique<Block>());
  block.cluster = &cluster;
  block.live = threads_per_block_;
  block.warps.resize((threads_per_block_ + 31) / 32);
  block.dynamic_bytes = shape.shared_bytes;
  block.dynamic = allocate_garbage(shape.shared_bytes);
  live += threads_per_block_;
  cluster.live += threads_per_block_;
  for (unsigned rank = 0; rank < threads_per_block_; ++rank) {
    Fibre& fibre = *pool().take();
    static_cast<Thread&>(fibre) = {.index = position(rank, shape.block),
                                   .block = position(index, shape.grid),
                                   .block_size = shape.block,
                                   .grid_size = shape.grid,
                                   .cluster_size = shape.cluster,
                                   .rank = rank,
                                   .lane = rank % 32,
                                   .warp = rank / 32};
    fibre.home = &block;
    fibre.copy_group = 0;
    fibre.fenced = false;
    block.warps[fibre.warp].alive |= 1U << fibre.lane;
    block.fibres.push_back(&fibre);
  }
}

void Grid::make_ready(std::vector<Fibre*>& fibres) {
  if (options().order == Order::reverse) {
    ready_.insert(ready_.end(), fibres.rbegin(), fibres.rend());
  } else {
    ready_.insert(ready_.end(), fibres.begin(), fibres.end());
  }
  fibres.clear();
}

Fibre* Grid::next() {
  const Unseen unseen;
  if (ready_.empty()) fail_deadlock();
  if (options().order == Order::random)
    std::swap(ready_.front(), ready_[std::uniform_int_distribution<std::size_t>(0, ready_.size() - 1)(random_)]);
  Fibre* const fibre = ready_.front();
  ready_.pop_front();
  return fibre;
}

void Grid::arrive(Barrier& at, unsigned expected, bool ordered, const Place& where) {
  auto& fibre = static_cast<Fibre&>(*running_thread);
  char* const order = &at.order[at.phase % 2];
  if (at.waiting.empty()) at.where = where;
  if (ordered) release(order);
  fibre.waits_at = &where;
  {
    const Unseen unseen;
    at.waiting.push_back(&fibre);
    if (at.waiting.size() == expected) open(at);
  }
  fibre.context.leave();
  if (ordered) acquire(order);
}

void Grid::open(Barrier& at) {
  ++at.phase;
  at.yes[at.phase % 2] = 0;
  make_ready(at.waiting);
}

void Grid::maybe_yield() {
  if (options().order != Order::random || random_() % 2 == 0) return;
  auto& fibre = static_cast<Fibre&>(*running_thread);
  {
    const Unseen unseen;
    ready_.push_back(&fibre);
  }
  fibre.context.leave();
}

void Grid::exit(Fibre& fibre) {
  const Unseen unseen;
  Block& block = *fibre.home;
  Warp& warp = block.warps[fibre.warp];
  warp.alive &= ~(1U << fibre.lane);
  --live;
  ++exited;
  --block.cluster->live;
  ++block.cluster->exited;
  --block.live;
  ++block.exited;

  const std::string thread = "thread " + std::to_string(fibre.rank) + " of its block exits while ";
  const auto waiting = [&](const Barrier& at, const char* what) {
    fail(thread + std::to_string(at.waiting.size()) + " wait at the " + what + " of " + to_string(at.where));
  };
  if (!block.barrier.waiting.empty()) waiting(block.barrier, "barrier of the block");
  if (!block.cluster->barrier.waiting.empty()) waiting(block.cluster->barrier, "barrier of the cluster");
  if (!barrier.waiting.empty()) waiting(barrier, "barrier of the grid");
  for (WarpBarrier& at : warp.barriers) {
    if (at.waiting.empty() || (at.mask >> fibre.lane & 1U) == 0) continue;
    if (at.operation != WarpOperation::barrier) waiting(at, "warp collective");
    if (at.arrived == (at.mask & warp.alive)) {
      at.arrived = 0;
      open(at);
    }
  }
  if (block.live == 0) finish(block);
}

void Grid::finish(Block& block) {
  --unfinished_;
  acquire(&block.end);
  for (const SharedVariable& variable : block.variables) std::free(variable.memory);
  block.variables.clear();
  std::free(block.dynamic);
  block.dynamic = nullptr;
  pool().idle.insert(pool().idle.end(), block.fibres.begin(), block.fibres.end());
  Cluster* const cluster = block.cluster;
  if (cluster->live > 0 || next_cluster_ == order_.size()) return;
  const auto slot =
      std::find_if(clusters_.begin(), clusters_.end(), [&](const auto& each) { return each.get() == cluster; });
  start_cluster(static_cast<std::size_t>(slot - clusters_.begin()), order_[next_cluster_++]);
}

void Grid::fail_deadlock() const {
  for (const Fibre* fibre : pool().all)
    if (fibre->waits_at != nullptr)
      fail("deadlock: " + std::to_string(live) + " threads wait for ever, one of them at " + to_string(*fibre->waits_at));
  fail("deadlock");
}

}  // namespace cuda_emulation
