#include "inference/model_on_device.hpp"

#include <algorithm>

#include "backend/planning.hpp"
#include "base/memory.hpp"

namespace gradus::internal {
namespace {

/// Throws OutOfMemory when the host's memory is too small for the network and this many rows. A GPU has memory of its own,
/// and reports by itself when that is not enough.
void require_inference_memory(const NetworkSpec& network, std::size_t rows, Device device) {
  if (device.kind == Device::Kind::cuda) return;
  const double floats =
      static_cast<double>(network.parameter_count()) + Propagation::floats(network, rows, Purpose::evaluation);
  require_memory(static_cast<std::size_t>(floats * static_cast<double>(sizeof(float))), "running the model");
}

std::unique_ptr<Backend> make_inference_backend(const NetworkSpec& network, std::size_t rows, Device device,
                                                std::size_t threads) {
  require_inference_memory(network, rows, device);
  return make_backend(device, Precision::fp32, useful_threads(network.widths(), rows, threads));
}

}  // namespace

ModelOnDevice::ModelOnDevice(const ModelState& state, std::size_t samples, Purpose purpose, Device device,
                             std::size_t threads)
    : widths_(state.network.widths()),
      rows_(std::max<std::size_t>(1, evaluation_rows(widths_, samples, device))),
      backend_(make_inference_backend(state.network, rows_, device, threads)),
      parameters_(*backend_, layers_of(state.network)),
      propagation_(*backend_, state.network, parameters_, rows_, purpose) {
  parameters_.upload(*backend_, state.layers);
}

std::size_t evaluation_rows(std::span<const std::size_t> widths, std::size_t samples, Device device) {
  // 2^26 floats are 256 MiB: enough to keep any GPU busy.
  constexpr std::size_t kMost = std::size_t{1} << 26;
  return rows_at_once(widths, samples, std::min(kMost, floats_at_once(device)));
}

}  // namespace gradus::internal
