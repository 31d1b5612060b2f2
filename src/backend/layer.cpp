#include "backend/layer.hpp"

#include "backend/dense_layer.hpp"

namespace gradus::internal {

std::size_t floats_per_sample(const LayerSpec& spec, const LayerUse& use) {
  switch (spec.kind) {
    case LayerSpec::Kind::dense:
      return DenseLayer::floats_per_sample(spec, use);
  }
  return 0;
}

}  // namespace gradus::internal
