#pragma once

#include <vector>

namespace gradus {

/// One layer's parameters on the host: the values of each of its tensors, row-major, in the order of LayerSpec::tensors.
using LayerParameters = std::vector<std::vector<float>>;

}  // namespace gradus
