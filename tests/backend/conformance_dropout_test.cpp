// Conformance: every backend drops the units that the sequence gives, and their error terms too.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "conformance.hpp"

namespace gradus::internal {
namespace {

constexpr std::uint64_t kSeed = 0xFEDC'BA98'7654'3210U;

Dropout dropout_of(float rate) {
  return {{kSeed, RandomPurpose::dropout, 2}, rate};
}

/// The factor of each unit, word by word.
std::vector<float> expected_factors(const Dropout& dropout, std::size_t rows, std::size_t columns, std::uint64_t visits) {
  std::vector<float> factors;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < columns; ++j) {
      const std::uint32_t word = dropout.draws.block((visits + row) * ((columns + 3) / 4) + j / 4)[j % 4];
      factors.push_back(static_cast<double>(word) < static_cast<double>(dropout.rate) * 4294967296.0
                            ? 0.0F
                            : static_cast<float>(1.0 / (1.0 - static_cast<double>(dropout.rate))));
    }
  return factors;
}

TEST_P(Verb, Drop) {
  const auto [batch, units, next] = shape;
  auto draws = backend->make_draws();
  std::uint64_t visited = 0;
  for (const float rate : {0.25F, 0.9F}) {
    SCOPED_TRACE(rate);
    const Dropout dropout = dropout_of(rate);
    for (int step = 0; step < 3; ++step) {
      Guarded y(*backend, random_values(batch * units, 8));
      Guarded dropped(*backend, std::vector<float>(batch * units, std::numeric_limits<float>::quiet_NaN()));
      Guarded factors(*backend, std::vector<float>(batch * units, std::numeric_limits<float>::quiet_NaN()));
      draws->drop(dropout, y.matrix(batch, units), dropped.matrix(batch, units), factors.matrix(batch, units));
      const auto expected = expected_factors(dropout, batch, units, visited);
      EXPECT_EQ(factors.values(), expected);
      std::vector<float> products = y.values();
      for (std::size_t i = 0; i < products.size(); ++i) products[i] *= expected[i];
      EXPECT_EQ(dropped.values(), products);
      dropped.expect_intact();
      factors.expect_intact();
      draws->advance(batch);
      visited += batch;
      EXPECT_EQ(draws->save(), visited);
      draws = backend->make_draws();
      draws->load(visited);
    }
  }
}

TEST_P(Verb, HiddenErrorOfDroppedNodes) {
  const auto [batch, units, next] = shape;
  Guarded delta_next(*backend, random_values(batch * next, 6));
  Guarded w_next(*backend, random_values(next * units, 7));
  Guarded y(*backend, random_values(batch * units, 8));
  Guarded factors(*backend, expected_factors(dropout_of(0.4F), batch, units, 11));
  const auto ds = delta_next.values();
  const auto ws = w_next.values();
  const auto ys = y.values();
  const auto fs = factors.values();
  const auto before = random_values(units, 12);
  for (const Activation activation : {Activation::identity, Activation::tanh, Activation::gelu}) {
    SCOPED_TRACE(name(activation));
    std::vector<double> expected;
    for (std::size_t i = 0; i < batch * units; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < next; ++k) sum += number(ds[i / units * next + k]) * number(ws[k * units + i % units]);
      expected.push_back(sum * number(fs[i]) * reference::slope(activation, number(ys[i])));
    }
    Guarded delta(*backend, std::vector<float>(batch * units, std::numeric_limits<float>::quiet_NaN()));
    Guarded b(*backend, before);
    backend->verbs().hidden_error(delta_next.matrix(batch, next), w_next.matrix(next, units),
                                  {y.matrix(batch, units), factors.data()}, activation, delta.matrix(batch, units),
                                  BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
    expect_close(delta.values(), expected, tolerance);
    expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);
    delta.expect_intact();
  }
}

}  // namespace
}  // namespace gradus::internal
