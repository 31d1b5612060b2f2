#include "cli/network_text.hpp"

#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/text.hpp"

namespace gradus::cli {

namespace {

std::string describe_widths(const std::vector<std::size_t>& widths) {
  constexpr std::size_t kMostShown = 16;
  if (widths.size() <= kMostShown) return fmt::format("{}", fmt::join(widths, "-"));
  return fmt::format("{}-…-{} ({} layers)", fmt::join(widths.begin(), widths.begin() + kMostShown, "-"), widths.back(),
                     with_separators(widths.size() - 1));
}

}  // namespace

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
  return fmt::format("{}, {}, {}", describe_widths(network.widths()), functions,
                     counted(network.parameter_count(), "parameter"));
}

}  // namespace gradus::cli
