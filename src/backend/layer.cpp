#include "backend/layer.hpp"

#include "backend/dense_layer.hpp"

namespace gradus::internal {

std::unique_ptr<Layer> make_layer(Backend& backend, const LayerSpec& spec, const LayerUse& use,
                                  std::span<const Matrix> parameters, RandomDraws* draws) {
  switch (spec.kind) {
    case LayerSpec::Kind::dense:
      return std::make_unique<DenseLayer>(backend, backend.verbs(), spec, use, parameters, draws);
  }
  return nullptr;
}

std::size_t floats_per_sample(const LayerSpec& spec, const LayerUse& use) {
  switch (spec.kind) {
    case LayerSpec::Kind::dense:
      return DenseLayer::floats_per_sample(spec, use);
  }
  return 0;
}

}  // namespace gradus::internal
