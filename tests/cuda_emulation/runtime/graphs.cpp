// Capture of streams, and graphs.

#include <algorithm>
#include <string>
#include <utility>

#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

/// What the context of a node needs to run it.
struct NodeRun {
  const Node& node;
  char* start;
  std::vector<char>& done;
  std::size_t index;
};

void run_node(void* argument) {
  const NodeRun& run = *static_cast<NodeRun*>(argument);
  acquire(run.start);
  for (const std::size_t dependency : run.node.dependencies) acquire(&run.done[dependency]);
  run.node.run();
  release(&run.done[run.index]);
}

/// Nodes in an order that the dependencies allow: the first that can run, or in reverse the last one.
std::vector<std::size_t> order_of(const std::vector<Node>& nodes) {
  std::vector<std::size_t> order;
  std::vector<bool> ran(nodes.size());
  const bool reverse = options().order == Order::reverse;
  while (order.size() < nodes.size()) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::size_t at = reverse ? nodes.size() - 1 - i : i;
      const auto& dependencies = nodes[at].dependencies;
      if (ran[at] || !std::all_of(dependencies.begin(), dependencies.end(), [&](std::size_t each) { return ran[each]; }))
        continue;
      ran[at] = true;
      order.push_back(at);
      break;
    }
  }
  return order;
}

/// Its streams capture no more, and know nothing of its nodes.
void leave_capture(const CUgraph_st& graph) {
  for (CUstream_st* stream : streams()) {
    if (stream->capture != &graph) continue;
    stream->capture = nullptr;
    stream->is_origin = false;
    stream->frontier.clear();
  }
}

/// Whether every node of a graph leads to one of `ends`.
bool all_lead_to(const std::vector<Node>& nodes, const std::vector<std::size_t>& ends) {
  std::vector<bool> leads(nodes.size());
  for (const std::size_t end : ends) leads[end] = true;
  for (std::size_t i = nodes.size(); i-- > 0;)  // dependencies are earlier nodes
    if (leads[i])
      for (const std::size_t dependency : nodes[i].dependencies) leads[dependency] = true;
  return std::find(leads.begin(), leads.end(), false) == leads.end();
}

}  // namespace

ExecutableGraph::ExecutableGraph(std::vector<Node> graph_nodes) : nodes(std::move(graph_nodes)), order(order_of(nodes)) {
  for (std::size_t i = 0; i < nodes.size(); ++i) contexts.push_back(take_context());
}

ExecutableGraph::~ExecutableGraph() {
  // A graph may be destroyed while it runs, and then nothing orders the end of its kernels before the end of what is kept of
  // their arguments here.
  const Unseen unseen;
  nodes.clear();
  for (Context* context : contexts) give_back_context(context);
}

void ExecutableGraph::run() {
  std::vector<char> done;
  {
    const Unseen unseen;
    done.resize(nodes.size() + 1);
  }
  char* const start = &done.back();
  release(start);
  for (const std::size_t i : order) {
    if (!begin_work(nodes[i].name)) continue;
    NodeRun run{.node = nodes[i], .start = start, .done = done, .index = i};
    contexts[i]->start(run_node, &run);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) acquire(&done[i]);
  const Unseen unseen;
  done = {};
}

void capture(CUstream_st& stream, Node node) {
  CUgraph_st& graph = *stream.capture;
  std::sort(stream.frontier.begin(), stream.frontier.end());
  stream.frontier.erase(std::unique(stream.frontier.begin(), stream.frontier.end()), stream.frontier.end());
  node.dependencies = std::move(stream.frontier);
  graph.nodes.push_back(std::move(node));
  stream.frontier = {graph.nodes.size() - 1};
}

bool is_capturing() {
  return std::any_of(streams().begin(), streams().end(),
                     [](const CUstream_st* stream) { return stream->capture != nullptr; });
}

CUgraph_st* capture_of(const CUevent_st& event) {
  for (const CUstream_st* stream : streams())
    if (stream->capture != nullptr && stream->capture->number == event.capture) return stream->capture;
  return nullptr;
}

cudaError_t forbid_captured(const CUevent_st& event) {
  if (event.capture == 0) return forbid_capture();  // PyTorch found that it spoils captures too
  if (CUgraph_st* const graph = capture_of(event); graph != nullptr) graph->is_invalid = true;
  return remember(cudaErrorCapturedEvent);
}

cudaError_t forbid_capture() {
  if (!is_capturing()) return cudaSuccess;
  for (CUstream_st* stream : streams())
    if (stream->capture != nullptr) stream->capture->is_invalid = true;
  return remember(cudaErrorStreamCaptureUnsupported);
}

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::begin_release;
using cuda_emulation::checked;
using cuda_emulation::living;
using cuda_emulation::remember;

extern "C" {

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode /*mode*/) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  CUstream_st& target = checked(stream, __func__);
  if (target.capture != nullptr) return remember(cudaErrorIllegalState);
  static std::uint64_t captures = 0;
  target.capture = new CUgraph_st;
  target.capture->number = ++captures;
  target.is_origin = true;
  target.frontier.clear();
  cuda_emulation::count_object("graph", +1);
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  cudaError_t error = begin_call(__func__);  // whatever it is, the capture ends
  CUstream_st& target = checked(stream, __func__);
  *graph = nullptr;
  if (error == cudaSuccess && target.capture == nullptr) error = cudaErrorIllegalState;
  if (error == cudaSuccess && !target.is_origin) error = cudaErrorStreamCaptureUnmatched;
  if (target.capture == nullptr || !target.is_origin) return remember(error);
  CUgraph_st* const captured = target.capture;
  if (error == cudaSuccess && captured->is_invalid) error = cudaErrorStreamCaptureInvalidated;
  if (error == cudaSuccess && !cuda_emulation::all_lead_to(captured->nodes, target.frontier))
    error = cudaErrorStreamCaptureUnjoined;
  cuda_emulation::leave_capture(*captured);
  if (error == cudaSuccess) {
    *graph = captured;
    living<CUgraph_st>().add(captured);
  } else {
    delete captured;
    cuda_emulation::count_object("graph", -1);
  }
  return remember(error);
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  const CUstream_st& target = checked(stream, __func__);
  *status = target.capture == nullptr    ? cudaStreamCaptureStatusNone
            : target.capture->is_invalid ? cudaStreamCaptureStatusInvalidated
                                         : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long /*flags*/) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (executable == nullptr || graph == nullptr) return remember(cudaErrorInvalidValue);
  living<CUgraph_st>().check(graph, __func__);
  *executable = new CUgraphExec_st;
  (*executable)->graph = std::make_shared<cuda_emulation::ExecutableGraph>(graph->nodes);
  living<CUgraphExec_st>().add(*executable);
  cuda_emulation::count_object("executable graph", +1);
  return cudaSuccess;
}

cudaError_t cudaGraphUpload(cudaGraphExec_t executable, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (executable == nullptr) return remember(cudaErrorInvalidResourceHandle);
  living<CUgraphExec_st>().check(executable, __func__);
  checked(stream, __func__);
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (executable == nullptr) return remember(cudaErrorInvalidResourceHandle);
  living<CUgraphExec_st>().check(executable, __func__);
  CUstream_st& target = checked(stream, __func__);
  if (target.capture != nullptr) cuda_emulation::fail("the emulation knows no graphs within graphs");
  cuda_emulation::Work work{.name = "graph", .description = {}, .run = {}, .mark = {}, .awaited = {}};
  work.run = [graph = executable->graph] { graph->run(); };
  work.awaited_stream = executable->stream;
  work.awaited_count = executable->count;
  if (executable->stream != stream) work.awaited = executable->mark;  // within a stream there is an order anyway
  executable->mark = cuda_emulation::push(target, std::move(work));
  executable->stream = stream;
  executable->count = target.queued;
  return cudaSuccess;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (graph == nullptr || nodes != nullptr) return remember(cudaErrorInvalidValue);  // they can be counted, not taken
  living<CUgraph_st>().check(graph, __func__);
  *count = graph->nodes.size();
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const cudaError_t error = begin_release(__func__);
  if (graph == nullptr) return remember(cudaErrorInvalidValue);
  living<CUgraph_st>().check(graph, __func__);
  living<CUgraph_st>().remove(graph);
  delete graph;
  cuda_emulation::count_object("graph", -1);
  return error;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  const cudaError_t error = begin_release(__func__);
  if (executable == nullptr) return remember(cudaErrorInvalidValue);
  living<CUgraphExec_st>().check(executable, __func__);
  living<CUgraphExec_st>().remove(executable);
  delete executable;
  cuda_emulation::count_object("executable graph", -1);
  return error;
}
}
