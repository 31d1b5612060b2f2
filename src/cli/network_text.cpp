#include "network_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "text.hpp"

namespace gradus::cli {

std::string describe(const NetworkSpec& network) {
  const Activation output = network.output_activation.value_or(Activation::sigmoid);
  std::string functions;
  if (network.hidden.empty()) {
    functions = fmt::format("{} output", name(output));
  } else if (output == network.activation) {
    functions = name(output);
  } else {
    functions = fmt::format("{}, {} output", name(network.activation), name(output));
  }
  return fmt::format("{}, {}, {}", fmt::join(network.widths(), "-"), functions,
                     counted(network.parameter_count(), "parameter"));
}

}  // namespace gradus::cli
