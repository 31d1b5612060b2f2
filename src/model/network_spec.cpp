#include "gradus/network_spec.hpp"

#include <cmath>
#include <limits>

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include "base/wording.hpp"
#include "gradus/error.hpp"
#include "layers/layer_spec.hpp"

namespace gradus {

Initialization Initialization::parse(std::string_view text) {
  constexpr std::string_view kUniform = "uniform:";
  if (text.starts_with(kUniform)) {
    const std::string_view number = text.substr(kUniform.size());
    double range = 0.0;
    const auto [end, error] = fast_float::from_chars(number.data(), number.data() + number.size(), range);
    if (error == std::errc() && end == number.data() + number.size() && std::isfinite(range) && range > 0.0)
      return {Kind::uniform, range};
    throw UsageError(
        fmt::format("'{}' is not a range for uniform initial values; give a number above 0, such as uniform:0.5", number));
  }
  const auto kind = from_name<Kind>(text);
  if (!kind || *kind == Kind::uniform)
    throw UsageError(fmt::format("no initial values are named '{}'; give {} with a number R above 0", text,
                                 internal::alternatives(kForms<Kind>)));
  return {*kind, 0.0};
}

std::string Initialization::to_string() const {
  return kind == Kind::uniform ? fmt::format("uniform:{}", range) : std::string(name(kind));
}

std::vector<std::size_t> NetworkSpec::widths() const {
  std::vector<std::size_t> widths{inputs};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(outputs);
  return widths;
}

std::size_t NetworkSpec::parameter_count() const {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / 2;
  std::size_t count = 0;
  for (const internal::LayerSpec& layer : internal::layers_of(*this))
    for (const internal::TensorSpec& tensor : layer.tensors()) {
      std::size_t size = 1;  // refused before it overflows
      for (const std::size_t extent : tensor.shape) {
        if (extent != 0 && size > (kMost - count) / extent)
          throw UsageError(
              fmt::format("a layer of {} × {} has more parameters than can be counted; make the hidden layers smaller",
                          layer.inputs, layer.outputs));
        size *= extent;
      }
      count += size;
    }
  return count;
}

}  // namespace gradus
