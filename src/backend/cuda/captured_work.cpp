#include "backend/cuda/captured_work.hpp"

#include <utility>

#include "backend/cuda/errors.hpp"

namespace gradus::internal::cuda {
namespace {

/// While it lives, the stream captures; nothing is left of it when an exception ends it.
class Capture {
 public:
  explicit Capture(cudaStream_t stream) : stream_(stream) {
    // Thread-local: other threads of the program may use the GPU during the capture.
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() {
    if (ended_) return;
    static_cast<void>(end());
    static_cast<void>(cudaGetLastError());  // the failed capture is already reported
  }

  /// What was captured.
  Graph take() {
    auto [code, graph] = end();
    check(code, "cudaStreamEndCapture");
    return std::move(graph);
  }

 private:
  std::pair<cudaError_t, Graph> end() {
    ended_ = true;
    cudaGraph_t graph = nullptr;
    const cudaError_t code = cudaStreamEndCapture(stream_, &graph);
    return {code, Graph(graph)};
  }

  cudaStream_t stream_;
  bool ended_ = false;
};

}  // namespace

ExecutableGraph CapturedWork::capture(std::size_t times, const std::function<void()>& work) {
  Capture capture(gpu_.stream());
  for (std::size_t i = 0; i < times; ++i) work();
  const Graph graph = capture.take();
  std::size_t nodes = 0;
  check(cudaGraphGetNodes(graph.get(), nullptr, &nodes), "cudaGraphGetNodes");
  cudaGraphExec_t executable = nullptr;
  check(cudaGraphInstantiate(&executable, graph.get(), 0), "cudaGraphInstantiate");
  nodes_ = nodes / times;
  return ExecutableGraph(executable);
}

void CapturedWork::run(std::size_t times, const std::function<void()>& work) {
  gpu_.run([&] { launch(times, work); });
}

void CapturedWork::launch(std::size_t times, const std::function<void()>& work) {
  if (times > 0 && !was_done_) {
    work();
    was_done_ = true;
    --times;
  }
  while (times > 0) {
    const bool is_many = times >= kAtOnce;
    const std::size_t now = is_many ? kAtOnce : 1;
    ExecutableGraph& graph = is_many ? many_ : once_;
    if (!graph) graph = capture(now, work);
    check(cudaGraphLaunch(graph.get(), gpu_.stream()), "cudaGraphLaunch");
    times -= now;
  }
}

}  // namespace gradus::internal::cuda
