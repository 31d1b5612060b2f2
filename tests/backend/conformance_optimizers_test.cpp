// Conformance: each optimizer against the formulas of docs/methods.md.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "conformance.hpp"
#include "reference/exact_optimizer.hpp"

namespace gradus::internal {
namespace {

/// With the slopes of the penalties of weights.
double penalised(const OptimizerSettings& settings, double g, double p) {
  return g + number(settings.l2) * p + number(settings.l1) * (p > 0.0 ? 1.0 : p < 0.0 ? -1.0 : 0.0);
}

std::vector<double> to_numbers(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

double length(std::span<const double> values) {
  double squares = 0.0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

/// Steps of every optimizer over two weight matrices and their biases, with and without decay and clipping. Each step is
/// taken by a new optimizer, which continues from the saved state of the one before.
TEST_P(Verb, OptimizerStep) {
  const std::size_t first = shape.inputs * shape.outputs;
  const std::size_t second = shape.outputs;
  ParameterPlan plan;
  plan.decaying = {{0, first}, {first, second}};
  plan.decaying_end = first + second;
  plan.size = plan.decaying_end + shape.outputs + 1;
  for (const Optimizer kind : kValues<Optimizer>)
    for (const bool is_regularised : {false, true}) {
      SCOPED_TRACE(testing::Message() << name(kind) << (is_regularised ? ", regularised" : ""));
      OptimizerSettings settings;
      settings.kind = kind;
      settings.momentum = 0.9F;
      settings.beta1 = 0.9F;
      settings.beta2 = 0.99F;
      settings.epsilon = 1e-3F;
      if (is_regularised) {
        settings.weight_decay = 0.1F;
        settings.l1 = 0.02F;
        settings.l2 = 0.3F;
        settings.clip_norm = 0.5F;
      }
      auto optimizer = backend->make_optimizer(settings, plan);
      std::vector<reference::ExactOptimizer> exact(plan.size, reference::ExactOptimizer{settings});
      auto start = random_values(plan.size, 14);
      start[0] = 0.0F;  // the sign of 0 is 0
      Guarded parameters(*backend, start);
      auto expected = to_numbers(start);
      for (std::uint32_t step = 0; step < 3; ++step) {
        const float rate = 0.1F + 0.05F * static_cast<float>(step);
        Guarded gradients(*backend, random_values(plan.size, 50 + step));
        const auto slopes = to_numbers(gradients.values());
        const double norm = length(slopes);
        const double scale = is_regularised && norm > 0.5 ? 0.5 / norm : 1.0;
        std::vector<double> directions;
        for (std::size_t i = 0; i < plan.size; ++i) {
          const double g = scale * slopes[i];
          directions.push_back(exact[i].direction(i < plan.decaying_end ? penalised(settings, g, expected[i]) : g));
        }
        backend->verbs().set_rate(rate);
        optimizer->step(gradients.span(), parameters.span());
        for (std::size_t i = 0; i < plan.decaying_end && kind == Optimizer::lamb; ++i)
          directions[i] += number(settings.weight_decay) * expected[i];
        std::vector<double> lengths(plan.size, 1.0);
        if (kind == Optimizer::lamb)
          for (const auto& [begin, size] : plan.decaying) {
            const double mine = length(std::span(expected).subspan(begin, size));
            const double way = length(std::span(directions).subspan(begin, size));
            std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(begin), size,
                        mine > 0.0 && way > 0.0 ? mine / way : 1.0);
          }
        for (std::size_t i = 0; i < plan.size; ++i) {
          const bool decays = i < plan.decaying_end && kind != Optimizer::lamb;
          expected[i] -=
              number(rate) * (lengths[i] * directions[i] + (decays ? number(settings.weight_decay) * expected[i] : 0.0));
        }
        expect_close(parameters.values(), expected, 5e-6);
        parameters.expect_intact();
        const OptimizerValues saved = optimizer->save();
        EXPECT_EQ(saved.moments.size(), settings.moments());
        EXPECT_EQ(saved.steps, settings.moments() > 1 ? step + 1 : 0);
        optimizer = backend->make_optimizer(settings, plan);
        optimizer->load(saved);
        EXPECT_EQ(optimizer->save(), saved);
      }
    }
}

}  // namespace
}  // namespace gradus::internal
