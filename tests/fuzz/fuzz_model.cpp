// Model files, and the predictions of those that pass. The fuzzing build does not compare checksums: no mutation would pass.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "model/model_file.hpp"
#include "model/model_state.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const gradus::Model model = gradus::internal::model_of(gradus::internal::parse_model(bytes, "model"));
    const std::size_t features = model.network().inputs;
    const auto predictions = model.predict(std::vector<float>(3 * features, 0.5F), gradus::Device::cpu(), 1);
    if (predictions.values.size() != 3 * model.network().outputs) std::abort();
  } catch (const gradus::Error&) {
  }
  return 0;
}
