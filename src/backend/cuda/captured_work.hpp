#pragma once

#include <cstddef>
#include <functional>

#include "backend/cuda/gpu.hpp"
#include "backend/cuda/handles.hpp"
#include "backend/repetition.hpp"

namespace gradus::internal::cuda {

/// What the verbs put into a stream, as a graph that is launched as a whole: a step of a small network is many short
/// kernels, and starting each of them takes the host longer than it takes the GPU to run it.
class CapturedWork final : public Repetition {
 public:
  /// `gpu` must outlive it.
  explicit CapturedWork(const Gpu& gpu) : gpu_(gpu) {}

  /// The first time as it is: what is planned then could not be planned in a capture. The second time it is captured and
  /// launched, and launched alone from then on; kAtOnce times as one graph, since between two graphs a GPU rests longer than
  /// between two nodes. Throws what the work throws, and DeviceError.
  void run(std::size_t times, const std::function<void()>& work) override;

  /// Kernels and copies that the work is, products' kernels included; 0 before it was captured.
  [[nodiscard]] std::size_t nodes() const { return nodes_; }

 private:
  static constexpr std::size_t kAtOnce = 16;

  void launch(std::size_t times, const std::function<void()>& work);
  ExecutableGraph capture(std::size_t times, const std::function<void()>& work);

  const Gpu& gpu_;
  bool was_done_ = false;
  std::size_t nodes_ = 0;
  ExecutableGraph once_;
  ExecutableGraph many_;
};

}  // namespace gradus::internal::cuda
