#include "backend/cuda/cuda_layers.hpp"

#include "backend/dense_layer.hpp"

namespace gradus::internal::cuda {

std::unique_ptr<Layer> CudaLayers::make(const LayerSpec& spec, const LayerUse& use, std::span<const Matrix> parameters,
                                        RandomDraws* draws) {
  switch (spec.kind) {
    case LayerSpec::Kind::dense:
      return std::make_unique<DenseLayer>(memory_, dense_, spec, use, parameters, draws);
  }
  return nullptr;
}

}  // namespace gradus::internal::cuda
