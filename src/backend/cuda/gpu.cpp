#include "backend/cuda/gpu.hpp"

namespace gradus::internal::cuda {

Gpu::Gpu(int index) : index_(index) {
  run([&] {
    cudaStream_t stream = nullptr;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    stream_.reset(stream);
  });
}

}  // namespace gradus::internal::cuda
