#include "report/network_facts.hpp"

#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/words.hpp"

namespace gradus::report {
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

void add_network(Facts& facts, const NetworkSpec& network) {
  facts.push_back(line("network", describe(network)));
  std::vector<Value> widths;
  for (const std::size_t width : network.widths()) widths.emplace_back(width);
  facts.push_back(hidden("widths", widths));
  facts.push_back(hidden("activation", std::string(name(network.activation))));
  facts.push_back(hidden("output_activation", std::string(name(network.output_activation.value_or(network.activation)))));
  facts.push_back(hidden("loss", std::string(name(network.loss))));
  facts.push_back(hidden("parameters", network.parameter_count()));
}

}  // namespace gradus::report
