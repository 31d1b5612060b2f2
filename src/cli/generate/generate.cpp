#include "cli/generate/generate.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/text.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

struct Kind {
  std::string_view name;
  std::string (*make)();
};

constexpr std::array<Kind, 4> kKinds{{{"man", man_page},
                                      {"complete-bash", bash_completion},
                                      {"complete-zsh", zsh_completion},
                                      {"complete-fish", fish_completion}}};

}  // namespace

std::vector<std::string_view> generated_kinds() {
  std::vector<std::string_view> names;
  names.reserve(kKinds.size());
  for (const Kind& kind : kKinds) names.push_back(kind.name);
  return names;
}

std::string generate(std::string_view kind) {
  for (const auto& [name, make] : kKinds)
    if (name == kind) return make();
  const std::vector<std::string_view> names = generated_kinds();
  throw UsageError(fmt::format("--generate: unknown value '{}'{}; the choices are {}", printable(kind),
                               did_you_mean(kind, names), fmt::join(names, ", ")));
}

}  // namespace gradus::cli
