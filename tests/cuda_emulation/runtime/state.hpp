#pragma once

#include <cstddef>
#include <cstdint>
#include <cuda_runtime_api.h>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "cuda_emulation/context.hpp"
#include "cuda_emulation/failure.hpp"

// What the stand-in for the CUDA runtime keeps. The types are those that the toolkit declares and leaves open.
namespace cuda_emulation {

/// A point in a stream. ThreadSanitizer gets these orders, and no others: enqueued before run, one piece of work of a stream
/// before the next, a point before who waits for it.
struct Mark {
  char enqueued = 0;  // happens-before
  char done = 0;      // happens-before
  bool is_done = false;
};

struct Work {
  const char* name = "";
  std::string description;
  std::function<void()> run;  // none: only a point
  std::shared_ptr<Mark> mark;
  // To wait for before it runs, if any.
  CUstream_st* awaited_stream = nullptr;
  std::uint64_t awaited_count = 0;
  std::shared_ptr<Mark> awaited;
};

/// A piece of work of a graph, and the earlier ones that it waits for.
struct Node {
  const char* name = "";
  std::string description;
  std::function<void()> run;
  std::vector<std::size_t> dependencies;
};

/// A graph as it can be launched. Every node has a context of its own: for ThreadSanitizer, nodes that do not depend on each
/// other are threads without any order.
struct ExecutableGraph {
  explicit ExecutableGraph(std::vector<Node> graph_nodes);
  ~ExecutableGraph();
  ExecutableGraph(const ExecutableGraph&) = delete;
  ExecutableGraph& operator=(const ExecutableGraph&) = delete;
  void run();

  std::vector<Node> nodes;
  std::vector<std::size_t> order;  // one that the dependencies allow
  std::vector<Context*> contexts;
};

/// Contexts for streams and nodes of graphs; they are used again as late as possible.
Context* take_context();
void give_back_context(Context* context);

}  // namespace cuda_emulation

struct CUstream_st {
  std::deque<cuda_emulation::Work> queue;
  std::uint64_t queued = 0;
  std::uint64_t finished = 0;
  std::shared_ptr<cuda_emulation::Mark> last;  // of the work that ran last
  cuda_emulation::Context* context = nullptr;
  bool is_running = false;
  unsigned questions = 0;  // whether work was done, answered by no
  // While it captures: the graph, and its nodes that what comes next depends on.
  CUgraph_st* capture = nullptr;
  bool is_origin = false;
  std::vector<std::size_t> frontier;
};

struct CUevent_st {
  bool has_time = true;
  // The last record, in a stream or in a capture.
  CUstream_st* stream = nullptr;
  std::uint64_t count = 0;
  std::shared_ptr<cuda_emulation::Mark> mark;
  std::uint64_t capture = 0;  // its number, since the event outlives it; 0: none
  std::vector<std::size_t> frontier;
};

struct CUgraph_st {
  std::vector<cuda_emulation::Node> nodes;
  std::uint64_t number = 0;  // of its capture, from 1
  bool is_invalid = false;   // something was called that a capture forbids
};

struct CUgraphExec_st {
  std::shared_ptr<cuda_emulation::ExecutableGraph> graph;
  // Its last launch, which the next one waits for.
  CUstream_st* stream = nullptr;
  std::uint64_t count = 0;
  std::shared_ptr<cuda_emulation::Mark> mark;
};

namespace cuda_emulation {

/// All streams that live.
std::vector<CUstream_st*>& streams();

/// The stream, which must not be the null stream.
CUstream_st& checked(cudaStream_t stream, const char* function);

/// Events and graphs that live. Who uses another one is ended: the sanitizers do not see what the stand-in reads.
template <class Object>
class Living {
 public:
  void add(Object* object) { objects_.insert(object); }
  void remove(Object* object) { objects_.erase(object); }
  /// Null is not for this to judge.
  void check(const Object* object, const char* function) const {
    if (object != nullptr && !objects_.contains(object))
      fail(std::string(function) + " of an event or a graph that does not exist, or does not any more");
  }

 private:
  std::unordered_set<const Object*> objects_;
};

/// The living ones of a kind. Never destroyed.
template <class Object>
Living<Object>& living() {
  static auto* const living = new Living<Object>;
  return *living;
}

/// Puts a piece of work into a stream's queue; its mark.
std::shared_ptr<Mark> push(CUstream_st& stream, Work work);
/// Adds a node to the graph that the stream captures.
void capture(CUstream_st& stream, Node node);

/// Runs what the stream holds, up to its `count`-th piece of work.
void run_until(CUstream_st& stream, std::uint64_t count);
/// The same when a program has asked often enough whether it has run: it may do nothing but ask. Whether it did.
bool run_when_asked_often(CUstream_st& stream, std::uint64_t count);
/// Runs everything in a stream, and makes the host wait for it.
void synchronize(CUstream_st& stream);
void synchronize_all();

/// A call that captures forbid: when any stream captures, its graph is spoilt, and the answer is the error; else success.
/// The mode of a capture does not matter: all are cudaStreamCaptureModeGlobal, the strictest.
cudaError_t forbid_capture();
/// The same for a call that must not be made on an event that was recorded in a capture.
cudaError_t forbid_captured(const CUevent_st& event);
/// The capture in which the event was recorded; null when it has ended.
CUgraph_st* capture_of(const CUevent_st& event);

/// Device memory may be touched between the two, by what streams run.
void begin_device_access();
void end_device_access(const Work& work);

/// Whether an address is in pinned memory, or in device memory.
bool is_pinned(const void* pointer);
bool is_device(const void* pointer);

/// While it lives, a host function runs, which must not call CUDA, nor touch device memory.
class HostFunction {
 public:
  HostFunction();
  ~HostFunction();
  HostFunction(const HostFunction&) = delete;
  HostFunction& operator=(const HostFunction&) = delete;
};

bool in_host_function();

/// Whether work shall run or, on a lost device, be dropped.
bool begin_work(const char* name);
/// The error of a lost device, or success.
cudaError_t lost_device();

}  // namespace cuda_emulation
