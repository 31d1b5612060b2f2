#pragma once

#include <functional>

#include "backend/backend.hpp"
#include "backend/cuda/handles.hpp"

namespace gradus::internal::cuda {

/// What the verbs put into a stream, as a graph that is launched as a whole: a step of a small network is many short
/// kernels, and starting each of them takes the host longer than it takes the GPU to run it.
class CapturedWork final : public Repetition {
 public:
  /// Does work() the first time, as it is: what is planned then could not be planned in a capture. The second time it is
  /// captured and launched, and launched alone from then on. Throws what the work throws, and CudaError.
  void run(cudaStream_t stream, const std::function<void()>& work);

 private:
  bool was_done_ = false;
  ExecutableGraph graph_;
};

}  // namespace gradus::internal::cuda
