// Conformance: each loss, its error terms and its cost.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "conformance.hpp"

namespace gradus::internal {
namespace {

TEST_P(Verb, OutputError) {
  const auto [batch, inputs, outputs] = shape;
  Guarded y(*backend, random_values(batch * outputs, 4));
  Guarded t(*backend, random_values(batch * outputs, 5));
  Guarded kept(*backend, random_values(batch * outputs, 41, 3.0));
  const auto ys = y.values();
  const auto ts = t.values();
  const auto ks = kept.values();
  const auto before = random_values(outputs, 12);
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded delta(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    Guarded b(*backend, before);
    const bool needs_kept = reference::slope_needs_input(activation);
    backend->verbs().output_error({y.matrix(batch, outputs), needs_kept ? kept.data() : nullptr}, t.matrix(batch, outputs),
                                  Loss::mse, activation, delta.matrix(batch, outputs),
                                  BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
    std::vector<double> expected;
    double cost = 0.0;
    for (std::size_t i = 0; i < ys.size(); ++i) {
      const double error = number(ys[i]) - number(ts[i]);
      expected.push_back(error * reference::slope(activation, number(needs_kept ? ks[i] : ys[i])));
      cost += 0.5 * error * error;
    }
    expect_close(delta.values(), expected, tolerance);
    EXPECT_NEAR(backend->verbs().take_cost(), cost, tolerance * cost);
    EXPECT_EQ(backend->verbs().take_cost(), 0.0) << "taking it starts it again";
    expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);  // sums of either sign cancel
    delta.expect_intact();
    b.expect_intact();
  }
}

/// Error terms and costs of samples that count by their weights.
TEST_P(Verb, OutputErrorOfWeightedSamples) {
  const auto [batch, inputs, outputs] = shape;
  Guarded y(*backend, random_values(batch * outputs, 4));
  Guarded t(*backend, random_values(batch * outputs, 5));
  auto ws = random_values(batch, 6, 2.0);
  for (float& weight : ws) weight = std::abs(weight);
  if (!ws.empty()) ws.back() = 0.0F;
  Guarded w(*backend, ws);
  const auto ys = y.values();
  const auto ts = t.values();
  const auto before = random_values(outputs, 12);
  Guarded delta(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
  Guarded b(*backend, before);
  backend->verbs().output_error(y.matrix(batch, outputs), {t.matrix(batch, outputs), w.data()}, Loss::mse, Activation::tanh,
                                delta.matrix(batch, outputs), BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
  std::vector<double> expected;
  double cost = 0.0;
  for (std::size_t i = 0; i < ys.size(); ++i) {
    const double error = number(ys[i]) - number(ts[i]);
    expected.push_back(number(ws[i / outputs]) * error * reference::slope(Activation::tanh, number(ys[i])));
    cost += number(ws[i / outputs]) * 0.5 * error * error;
  }
  expect_close(delta.values(), expected, tolerance);
  EXPECT_NEAR(backend->verbs().take_cost(), cost, tolerance * cost);
  expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);
  delta.expect_intact();
}

/// A loss with outputs, cached values and targets, and the expected error terms and costs.
struct LossCase {
  std::string title;
  LossFunction loss;
  Activation activation = Activation::identity;
  std::vector<float> y;
  std::vector<float> kept;  // empty: nothing
  std::vector<float> t;
  std::vector<double> delta = {};  // with y = σ(a): by a
  double cost = 0.0;
};

void set_expected(LossCase& which, std::size_t outputs) {
  reference::Network network;
  network.widths = {outputs};
  network.loss = which.loss.kind;
  network.huber_delta = number(which.loss.huber_delta);
  const double smoothing = number(which.loss.label_smoothing);
  for (std::size_t i = 0; i < which.y.size(); ++i) {
    const double y = number(which.y[i]);
    const double t = number(which.t[i]);
    const double kept = which.kept.empty() ? 0.0 : number(which.kept[i]);
    if (which.loss.kind == Loss::cross_entropy) {
      const double target = (1.0 - smoothing) * t + smoothing / static_cast<double>(outputs);
      which.delta.push_back(y - target);
      which.cost -= target * kept;
    } else if (which.loss.kind == Loss::binary_cross_entropy) {
      which.delta.push_back(y - t);
      which.cost += std::max(kept, 0.0) - kept * t + std::log1p(std::exp(-std::abs(kept)));
    } else {
      which.delta.push_back(reference::loss_slope(network, y, t) * reference::slope(which.activation, y));
      which.cost += reference::loss(network, y, t);
    }
  }
}

std::vector<LossCase> loss_cases(std::size_t size, std::size_t outputs) {
  const auto y = random_values(size, 42);
  auto t = random_values(size, 43);
  for (std::size_t i = 0; i < size; i += 5) t[i] = y[i];  // an error of 0 has a slope of 0, whatever the loss
  std::vector<float> parts = random_values(size, 44);
  std::vector<float> logarithms = random_values(size, 45, 3.0);
  std::vector<float> classes(size, 0.0F);
  for (std::size_t i = 0; i < size; ++i) {
    parts[i] = std::abs(parts[i]);
    logarithms[i] = -std::abs(logarithms[i]);
    if (i % outputs == i / outputs % outputs) classes[i] = 1.0F;
  }
  LossFunction smoothed = Loss::cross_entropy;
  smoothed.label_smoothing = 0.1F;
  std::vector<LossCase> cases{{"cross-entropy", Loss::cross_entropy, Activation::softmax, parts, logarithms, classes},
                              {"smoothed cross-entropy", smoothed, Activation::softmax, parts, logarithms, classes},
                              {"binary cross-entropy", Loss::binary_cross_entropy, Activation::sigmoid, parts,
                               random_values(size, 46, 40.0), classes}};
  for (const Loss kind : kValues<Loss>) {
    if (needs_kept(kind)) continue;
    constexpr std::array kActivationsInTurn{Activation::sigmoid, Activation::tanh, Activation::identity};
    LossFunction loss = kind;
    loss.huber_delta = 0.4F;
    cases.push_back({std::string(name(kind)), loss, kActivationsInTurn[cases.size() % 3], y, {}, t});
  }
  for (LossCase& one : cases) set_expected(one, outputs);
  return cases;
}

TEST_P(Verb, OutputErrorOfEachLoss) {
  const auto [batch, inputs, outputs] = shape;
  for (const LossCase& one : loss_cases(batch * outputs, outputs)) {
    SCOPED_TRACE(one.title);
    Guarded y(*backend, one.y);
    Guarded kept(*backend, one.kept);
    Guarded t(*backend, one.t);
    Guarded delta(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    Guarded b(*backend, std::vector<float>(outputs, 0.0F));
    backend->verbs().output_error({y.matrix(batch, outputs), one.kept.empty() ? nullptr : kept.data()},
                                  t.matrix(batch, outputs), one.loss, one.activation, delta.matrix(batch, outputs),
                                  BiasUpdate::gradient(b.span(), 1.0F, 0.0F));
    expect_close(delta.values(), one.delta, tolerance);
    EXPECT_NEAR(backend->verbs().take_cost(), one.cost, 2e-6 * std::abs(one.cost));
    expect_close(b.values(), updated(std::vector<float>(outputs), one.delta, 1.0F, 0.0F), 10 * tolerance);
    delta.expect_intact();
    b.expect_intact();
  }
}

/// The class is the first of the largest outputs, also among equals and NaN; the cost is a sum of its own.
TEST_P(Verb, Classify) {
  const auto [batch, inputs, outputs] = shape;
  for (LossCase& one : loss_cases(batch * outputs, outputs)) {
    SCOPED_TRACE(one.title);
    for (std::size_t i = 0; i < one.y.size(); i += 3) one.y[i] = one.y[i / 2];
    one.cost = 0.0;
    set_expected(one, outputs);
    std::vector<std::int32_t> expected;
    for (std::size_t i = 0; i < batch; ++i) {
      const auto row = std::span(one.y).subspan(i * outputs, outputs);
      expected.push_back(static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
    }
    Guarded y(*backend, one.y);
    Guarded kept(*backend, one.kept);
    Guarded t(*backend, one.t);
    float* const beside = one.kept.empty() ? nullptr : kept.data();
    std::vector<std::int32_t> classes(batch, -1);
    EXPECT_NEAR(backend->verbs().classify({y.matrix(batch, outputs), beside}, t.matrix(batch, outputs), one.loss, classes),
                one.cost, 1e-9 * std::abs(one.cost) + (one.loss.label_smoothing > 0.0F ? 1e-6 * std::abs(one.cost) : 0.0));
    EXPECT_EQ(classes, expected);
    EXPECT_EQ(backend->verbs().take_cost(), 0.0) << "not in the running total";
    if (batch == 0) continue;
    one.y.back() = std::numeric_limits<float>::quiet_NaN();
    if (!one.kept.empty()) one.kept.back() = one.y.back();
    const auto last = std::span<const float>(one.y).last(outputs);
    Guarded odd(*backend, one.y);
    Guarded odd_kept(*backend, one.kept);
    EXPECT_TRUE(
        std::isnan(backend->verbs().classify({odd.matrix(batch, outputs), one.kept.empty() ? nullptr : odd_kept.data()},
                                             t.matrix(batch, outputs), one.loss, classes)));
    EXPECT_EQ(classes.back(), std::max_element(last.begin(), last.end()) - last.begin());
  }
}

}  // namespace
}  // namespace gradus::internal
