#pragma once

#include <cstddef>
#include <memory>

#include "backend/buffer.hpp"
#include "backend/layer_verbs.hpp"
#include "backend/optimizer.hpp"
#include "backend/random_draws.hpp"
#include "backend/repetition.hpp"
#include "backend/sample_source.hpp"
#include "backend/samples.hpp"

namespace gradus::internal {

/// A device: its memory, and a factory of the objects that work there. Each object declares its own operations, which are
/// called verbs. Views are in the device's memory; spans are on the host. Verbs allocate nothing of their own. Shapes use
/// the letters of docs/mathematics.md: B samples at once, n_l units in layer l. A matrix may have no rows: then a verb
/// only applies `beta`. Weights change by verbs, `upload` and `copy` alone, since a device may keep them in other formats
/// too.
class Backend : public DeviceMemory {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  /// The operations of which layers are made (make_layer). They live as long as the backend.
  [[nodiscard]] virtual LayerVerbs& verbs() = 0;

  /// Makes samples ready to be gathered, at most `rows` at once. What the source points to must outlive them, since it is
  /// borrowed. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Samples> hold(const SampleSource& source, std::size_t rows) = 0;
  /// Random draws that start at visit 0.
  [[nodiscard]] virtual std::unique_ptr<RandomDraws> make_draws() = 0;
  /// An optimizer for parameters of this plan. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<ParameterOptimizer> make_optimizer(const OptimizerSettings& settings,
                                                                           const ParameterPlan& plan) = 0;
  /// A Repetition without recorded work.
  [[nodiscard]] virtual std::unique_ptr<Repetition> make_repetition() = 0;
};

}  // namespace gradus::internal
