// Graphs of the stand-in for the CUDA runtime.

#include <atomic>
#include <optional>

#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/test_program.hpp"

namespace cuda_emulation {
namespace {

TEST(Graphs, ReplaySeveralTimes) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{1, 2}, stream);
  const Graph graph(stream, [&] {
    add(values, 10, stream);
    add(values, 1, stream);
  });
  EXPECT_EQ(values.values(stream), (Numbers{1, 2}));  // a capture runs nothing
  for (int replay = 0; replay < 3; ++replay) graph.launch(stream);
  EXPECT_EQ(cudaStreamQuery(stream), cudaErrorNotReady);
  EXPECT_EQ(values.values(stream), (Numbers{34, 35}));
}

/// Launches of one executable graph are never at the same time, in whatever streams.
TEST(Graphs, WaitForTheirLaunchBefore) {
  const Stream stream;
  const Stream other;
  const DeviceArray<int> values(Numbers{1}, stream);
  const Graph graph(stream, [&] { add(values, 10, stream); });
  graph.launch(stream);
  graph.launch(other);
  graph.launch(other);
  graph.launch(stream);
  other.wait();
  EXPECT_EQ(cudaStreamQuery(stream), cudaErrorNotReady);  // the last launch
  EXPECT_EQ(values.values(stream), Numbers{41});
}

TEST(Graphs, CopyArgumentsAtCapture) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{0}, stream);
  int increment = 3;
  const Graph graph(stream, [&] { add(values, increment, stream); });
  increment = 1000;
  graph.launch(stream);
  EXPECT_EQ(values.values(stream), Numbers{3});
}

TEST(Graphs, CopyPinnedMemoryAtEveryReplay) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{0}, stream);
  const PinnedArray<int> in(1);
  const Graph graph(stream, [&] {
    check(cudaMemcpyAsync(values.data(), in.data(), sizeof(int), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
  });
  for (const int value : {7, 8}) {
    in[0] = value;
    graph.launch(stream);
    EXPECT_EQ(values.values(stream), Numbers{value});
  }
}

__global__ void add_to_kernel(int* to, const int* from) {
  *to += *from;
}

/// Adds 1 to `left` in one stream and `count` times 1 to `right` in another, then both to `left` in the first.
void fork_and_join(const DeviceArray<int>& left, const DeviceArray<int>& right, int count, const Stream& stream,
                   const Stream& other) {
  const Event forked;
  const Event joined;
  forked.record(stream);
  forked.make_wait(other);
  for (int i = 0; i < count; ++i) add(right, 1, other);
  joined.record(other);
  add(left, 1, stream);
  joined.make_wait(stream);
  launch(add_to_kernel, {.grid = 1, .block = 1, .stream = stream}, left.data(), right.data());
}

TEST(Graphs, ForkAndJoin) {
  const Stream stream;
  const Stream other;
  const DeviceArray<int> left(Numbers{0}, stream);
  const DeviceArray<int> right(Numbers{0}, stream);
  // The second capture knows nothing of the first, though its streams are the same.
  const Graph longer(stream, [&] { fork_and_join(left, right, 5, stream, other); });
  const Graph shorter(stream, [&] { fork_and_join(left, right, 1, stream, other); });
  longer.launch(stream);   // 1 + 5
  shorter.launch(stream);  // 6 + 1 + 6
  EXPECT_EQ(left.values(stream), Numbers{13});
  EXPECT_EQ(right.values(stream), Numbers{6});
}

TEST(Graphs, RunIndependentBranchesInBothOrders) {
  if (options().order == Order::random) GTEST_SKIP() << "skipped: in random order anything may come first";
  struct Branch {
    std::atomic<int>* turn;
    int place = -1;
  };
  const auto run = [](void* argument) {
    auto& branch = *static_cast<Branch*>(argument);
    branch.place = branch.turn->fetch_add(1, std::memory_order_relaxed);
  };
  std::atomic<int> turn = 0;
  Branch left{.turn = &turn};
  Branch right{.turn = &turn};
  const Stream stream;
  const Stream other;
  const Event forked;
  const Event joined;
  const Graph graph(stream, [&] {
    forked.record(stream);
    forked.make_wait(other);
    check(cudaLaunchHostFunc(stream, run, &left), "cudaLaunchHostFunc");
    check(cudaLaunchHostFunc(other, run, &right), "cudaLaunchHostFunc");
    joined.record(other);
    joined.make_wait(stream);
  });
  graph.launch(stream);
  stream.wait();
  EXPECT_EQ(left.place, options().order == Order::forward ? 0 : 1);
  EXPECT_EQ(right.place, 1 - left.place);
}

TEST(Graphs, MayBeEmpty) {
  const Stream stream;
  const Graph graph(stream, [] {});
  graph.launch(stream);
  stream.wait();
}

TEST(Graphs, CountTheirNodes) {
  const Stream stream;
  const DeviceArray<int> values(1);
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  add(values, 1, stream);
  check(cudaMemsetAsync(values.data(), 0, sizeof(int), stream), "cudaMemsetAsync");
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
  std::size_t count = 0;
  check(cudaGraphGetNodes(graph, nullptr, &count), "cudaGraphGetNodes");
  EXPECT_EQ(count, 2);
  check(cudaGraphDestroy(graph), "cudaGraphDestroy");
}

TEST(GraphsDeathTest, DestroyedGraph) {
  const Stream stream;
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
  cudaGraphExec_t executable = nullptr;
  check(cudaGraphInstantiate(&executable, graph, 0), "cudaGraphInstantiate");
  check(cudaGraphDestroy(graph), "cudaGraphDestroy");
  check(cudaGraphExecDestroy(executable), "cudaGraphExecDestroy");
  EXPECT_EXIT(cudaGraphDestroy(graph), broken_rule(), "^CUDA emulation: cudaGraphDestroy of .*does not exist");
  EXPECT_EXIT(cudaGraphInstantiate(&executable, graph, 0), broken_rule(), "^CUDA emulation: cudaGraphInstantiate of");
  EXPECT_EXIT(cudaGraphLaunch(executable, stream), broken_rule(), "^CUDA emulation: cudaGraphLaunch of");
  EXPECT_EXIT(cudaGraphExecDestroy(executable), broken_rule(), "^CUDA emulation: cudaGraphExecDestroy of");
}

TEST(Graphs, RunThoughTheyAreDestroyedBefore) {
  const Stream stream;
  const DeviceArray<int> values(Numbers{0}, stream);
  std::optional<Graph> graph;
  graph.emplace(stream, [&] { add(values, 1, stream); });  // destroys what it was made of
  graph->launch(stream);
  graph.reset();
  EXPECT_EQ(values.values(stream), Numbers{1});
}

TEST(Graphs, RunOneAfterTheOther) {
  const Stream stream;
  const Stream other;
  Log log;
  const Graph first(stream, [&] { log.put(1, stream); });
  const Graph second(other, [&] { log.put(2, other); });
  first.launch(stream);
  log.put(3, stream);
  second.launch(stream);
  first.launch(stream);
  stream.wait();
  EXPECT_EQ(log.numbers(), (Numbers{1, 3, 2, 1}));
}

}  // namespace
}  // namespace cuda_emulation
