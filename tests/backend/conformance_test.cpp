// One list of cases for every backend: each verb against plain loops in double, in shapes that meet every tail.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "backend/backend.hpp"
#include "backend_under_test.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

constexpr std::array kActivations{Activation::identity,    Activation::sigmoid,    Activation::tanh, Activation::relu,
                                  Activation::scaled_tanh, Activation::leaky_relu, Activation::elu,  Activation::gelu,
                                  Activation::silu,        Activation::softplus};

class Verb : public testing::TestWithParam<std::tuple<BackendUnderTest, Shape>> {
 protected:
  Verb() : backend(std::get<0>(GetParam()).make()) {}

  const Shape shape = std::get<1>(GetParam());
  const double tolerance = std::get<0>(GetParam()).tolerance;
  const std::unique_ptr<Backend> backend;
};

double number(float value) {
  return static_cast<double>(value);
}

TEST_P(Verb, DenseForward) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 1));
  Guarded w(*backend, random_values(outputs * inputs, 2));
  Guarded b(*backend, random_values(outputs, 3));
  const auto xs = x.values();
  const auto ws = w.values();
  const auto bs = b.values();
  std::vector<double> sums;
  for (std::size_t i = 0; i < batch; ++i)
    for (std::size_t j = 0; j < outputs; ++j) {
      double sum = number(bs[j]);
      for (std::size_t k = 0; k < inputs; ++k) sum += number(xs[i * inputs + k]) * number(ws[j * inputs + k]);
      sums.push_back(sum);
    }
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded y(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           y.matrix(batch, outputs));
    std::vector<double> expected;
    for (const double sum : sums) expected.push_back(reference::activate(activation, sum));
    expect_close(y.values(), expected, tolerance);
    y.expect_intact();

    // What is kept is A, and keeping it changes nothing.
    Guarded again(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    Guarded kept(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           {again.matrix(batch, outputs), kept.data()});
    EXPECT_EQ(again.values(), y.values());
    expect_close(kept.values(), sums, tolerance);
    again.expect_intact();
    kept.expect_intact();
  }
}

/// Softmax, with and without its logarithm, also where e^a alone would be infinite.
TEST_P(Verb, SoftmaxForward) {
  const auto [batch, inputs, outputs] = shape;
  for (const double range : {1.0, 30.0}) {
    SCOPED_TRACE(range);
    Guarded x(*backend, random_values(batch * inputs, 1));
    Guarded w(*backend, random_values(outputs * inputs, 2, range));
    Guarded b(*backend, random_values(outputs, 3, range));
    // The sums are the device's own: what a product's precision does to them is large here, and no matter of softmax.
    Guarded sums(*backend, std::vector<float>(batch * outputs));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::identity,
                           sums.matrix(batch, outputs));
    std::vector<double> expected;
    for (const float sum : sums.values()) expected.push_back(number(sum));
    std::vector<double> logarithms = expected;
    reference::softmax(expected, outputs);
    for (std::size_t first = 0; first < logarithms.size(); first += outputs) {
      double greatest = logarithms[first];
      for (std::size_t j = 1; j < outputs; ++j) greatest = std::max(greatest, logarithms[first + j]);
      double sum = 0.0;
      for (std::size_t j = 0; j < outputs; ++j) sum += std::exp(logarithms[first + j] - greatest);
      for (std::size_t j = 0; j < outputs; ++j) logarithms[first + j] -= greatest + std::log(sum);
    }
    Guarded y(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    Guarded kept(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::softmax,
                           {y.matrix(batch, outputs), kept.data()});
    expect_close(y.values(), expected, 4e-6);
    // Relative to what the logarithm is a difference of.
    const auto found = kept.values();
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], logarithms[i], 1e-6 * (1.0 + std::abs(logarithms[i]))) << i;
    y.expect_intact();
    kept.expect_intact();
    Guarded alone(*backend, std::vector<float>(batch * outputs));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::softmax,
                           alone.matrix(batch, outputs));
    EXPECT_EQ(alone.values(), y.values());
  }
}

/// beta · b + alpha · (column sums of Δ).
std::vector<double> updated(const std::vector<float>& b, const std::vector<double>& delta, float alpha, float beta) {
  std::vector<double> result;
  for (std::size_t j = 0; j < b.size(); ++j) {
    double value = beta == 0.0F ? 0.0 : number(beta) * number(b[j]);
    for (std::size_t i = j; i < delta.size(); i += b.size()) value += number(alpha) * delta[i];
    result.push_back(value);
  }
  return result;
}

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
    backend->output_error({y.matrix(batch, outputs), needs_kept ? kept.data() : nullptr}, t.matrix(batch, outputs),
                          Loss::mse, activation, delta.matrix(batch, outputs), BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
    std::vector<double> expected;
    double cost = 0.0;
    for (std::size_t i = 0; i < ys.size(); ++i) {
      const double error = number(ys[i]) - number(ts[i]);
      expected.push_back(error * reference::slope(activation, number(needs_kept ? ks[i] : ys[i])));
      cost += 0.5 * error * error;
    }
    expect_close(delta.values(), expected, tolerance);
    EXPECT_NEAR(backend->take_cost(), cost, tolerance * cost);
    EXPECT_EQ(backend->take_cost(), 0.0) << "taking it starts it again";
    expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);  // sums of either sign cancel
    delta.expect_intact();
    b.expect_intact();
  }
}

/// A loss with outputs, what is kept beside them and targets, and what it gives of them.
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
  LossFunction huber = Loss::huber;
  huber.huber_delta = 0.4F;
  std::vector<LossCase> cases{{"mse", Loss::mse, Activation::sigmoid, y, {}, t},
                              {"huber", huber, Activation::tanh, y, {}, t},
                              {"mae", Loss::mae, Activation::identity, y, {}, t},
                              {"cross-entropy", Loss::cross_entropy, Activation::softmax, parts, logarithms, classes},
                              {"smoothed cross-entropy", smoothed, Activation::softmax, parts, logarithms, classes},
                              {"binary cross-entropy", Loss::binary_cross_entropy, Activation::sigmoid, parts,
                               random_values(size, 46, 40.0), classes}};
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
    backend->output_error({y.matrix(batch, outputs), one.kept.empty() ? nullptr : kept.data()}, t.matrix(batch, outputs),
                          one.loss, one.activation, delta.matrix(batch, outputs),
                          BiasUpdate::gradient(b.span(), 1.0F, 0.0F));
    expect_close(delta.values(), one.delta, tolerance);
    EXPECT_NEAR(backend->take_cost(), one.cost, 2e-6 * std::abs(one.cost));
    expect_close(b.values(), updated(std::vector<float>(outputs), one.delta, 1.0F, 0.0F), 10 * tolerance);
    delta.expect_intact();
    b.expect_intact();
  }
}

/// The first of the largest, also among equals and NaN; and a sum of its own.
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
    EXPECT_NEAR(backend->classify({y.matrix(batch, outputs), beside}, t.matrix(batch, outputs), one.loss, classes), one.cost,
                1e-9 * std::abs(one.cost) + (one.loss.label_smoothing > 0.0F ? 1e-6 * std::abs(one.cost) : 0.0));
    EXPECT_EQ(classes, expected);
    EXPECT_EQ(backend->take_cost(), 0.0) << "not in the running total";
    if (batch == 0) continue;
    one.y.back() = std::numeric_limits<float>::quiet_NaN();
    if (!one.kept.empty()) one.kept.back() = one.y.back();
    const auto last = std::span<const float>(one.y).last(outputs);
    Guarded odd(*backend, one.y);
    Guarded odd_kept(*backend, one.kept);
    EXPECT_TRUE(std::isnan(backend->classify({odd.matrix(batch, outputs), one.kept.empty() ? nullptr : odd_kept.data()},
                                             t.matrix(batch, outputs), one.loss, classes)));
    EXPECT_EQ(classes.back(), std::max_element(last.begin(), last.end()) - last.begin());
  }
}

TEST_P(Verb, HiddenError) {
  const auto [batch, units, next] = shape;
  Guarded delta_next(*backend, random_values(batch * next, 6));
  Guarded w_next(*backend, random_values(next * units, 7));
  Guarded y(*backend, random_values(batch * units, 8));
  const auto ds = delta_next.values();
  const auto ws = w_next.values();
  const auto ys = y.values();
  const auto before = random_values(units, 12);
  std::vector<double> sums;
  for (std::size_t i = 0; i < batch; ++i)
    for (std::size_t j = 0; j < units; ++j) {
      double sum = 0.0;
      for (std::size_t k = 0; k < next; ++k) sum += number(ds[i * next + k]) * number(ws[k * units + j]);
      sums.push_back(sum);
    }
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded delta(*backend, std::vector<float>(batch * units, std::numeric_limits<float>::quiet_NaN()));
    Guarded b(*backend, before);
    backend->hidden_error(delta_next.matrix(batch, next), w_next.matrix(next, units), y.matrix(batch, units), activation,
                          delta.matrix(batch, units), BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
    std::vector<double> expected;
    for (std::size_t i = 0; i < sums.size(); ++i) expected.push_back(sums[i] * reference::slope(activation, number(ys[i])));
    expect_close(delta.values(), expected, tolerance);
    expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);
    delta.expect_intact();
    b.expect_intact();
  }
}

/// What the biases get, in each of the ways; what was there does not matter with beta = 0, even NaN.
TEST_P(Verb, BiasUpdates) {
  const auto [batch, units, next] = shape;
  Guarded y(*backend, random_values(batch * units, 8));
  Guarded t(*backend, random_values(batch * units, 9));
  Guarded delta(*backend, std::vector<float>(batch * units));
  const auto before = random_values(units, 12);
  const auto output_error = [&](const BiasUpdate& update) {
    backend->output_error(y.matrix(batch, units), t.matrix(batch, units), Loss::mse, Activation::tanh,
                          delta.matrix(batch, units), update);
  };
  output_error({});
  const auto ds = delta.values();
  const std::vector<double> deltas(ds.begin(), ds.end());
  for (const float beta : {0.0F, 1.0F, 0.5F}) {
    SCOPED_TRACE(beta);
    Guarded b(*backend, beta == 0.0F ? std::vector<float>(units, std::numeric_limits<float>::quiet_NaN()) : before);
    output_error(BiasUpdate::gradient(b.span(), 0.7F, beta));
    expect_close(b.values(), updated(before, deltas, 0.7F, beta), 10 * tolerance);
    b.expect_intact();
  }
  Guarded b(*backend, before);
  auto expected = before;
  for (const float rate : {0.7F, 0.2F}) {
    backend->set_rate(rate);
    output_error(BiasUpdate::descent(b.span()));
    const auto after = updated(expected, deltas, batch == 0 ? 0.0F : -rate / static_cast<float>(batch), 1.0F);
    expect_close(b.values(), after, tolerance);
    expected.assign(after.begin(), after.end());
  }
  b.expect_intact();
}

TEST_P(Verb, DenseGradient) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 9));
  Guarded delta(*backend, random_values(batch * outputs, 10));
  const auto xs = x.values();
  const auto ds = delta.values();
  const auto before = random_values(outputs * inputs, 11);
  const float alpha = -0.3F;
  std::vector<double> gradients;
  for (std::size_t j = 0; j < outputs; ++j)
    for (std::size_t k = 0; k < inputs; ++k) {
      double sum = 0.0;
      for (std::size_t i = 0; i < batch; ++i) sum += number(ds[i * outputs + j]) * number(xs[i * inputs + k]);
      gradients.push_back(number(alpha) * sum);
    }
  for (const float beta : {0.0F, 1.0F, 0.5F}) {
    SCOPED_TRACE(beta);
    // With beta = 0 what was there does not matter, even NaN.
    Guarded w(*backend, beta == 0.0F ? std::vector<float>(before.size(), std::numeric_limits<float>::quiet_NaN()) : before);
    backend->dense_gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), alpha, beta, w.matrix(outputs, inputs));
    std::vector<double> expected;
    for (std::size_t i = 0; i < gradients.size(); ++i) expected.push_back(number(beta) * number(before[i]) + gradients[i]);
    expect_close(w.values(), expected, tolerance);
    w.expect_intact();
  }
}

TEST_P(Verb, DenseDescend) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 27));
  Guarded delta(*backend, random_values(batch * outputs, 28));
  Guarded w(*backend, random_values(outputs * inputs, 29));
  const auto xs = x.values();
  const auto ds = delta.values();
  auto expected = std::vector<double>(outputs * inputs);
  std::ranges::copy(w.values(), expected.begin());
  for (const float rate : {0.7F, 0.2F}) {
    backend->set_rate(rate);
    backend->dense_descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t j = 0; j < outputs; ++j) {
        const double factor = number(rate) / static_cast<double>(batch) * number(ds[i * outputs + j]);
        for (std::size_t k = 0; k < inputs; ++k) expected[j * inputs + k] -= factor * number(xs[i * inputs + k]);
      }
  }
  expect_close(w.values(), expected, tolerance);
  w.expect_intact();
}

/// The weights that an update leaves are those that the next product takes, in whatever format a device keeps them.
TEST_P(Verb, ProductsTakeTheWeightsAsTheyAre) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 27));
  Guarded delta(*backend, random_values(batch * outputs, 28));
  Guarded b(*backend, std::vector<float>(outputs));
  Guarded w(*backend, random_values(outputs * inputs, 29));
  Guarded step(*backend, random_values(outputs * inputs, 35));
  Guarded copied(*backend, std::vector<float>(outputs * inputs));
  const auto expect_product = [&](Guarded& weights) {
    const auto xs = x.values();
    const auto ws = weights.values();
    Guarded y(*backend, std::vector<float>(batch * outputs));
    backend->dense_forward(x.matrix(batch, inputs), weights.matrix(outputs, inputs), b.span(), Activation::identity,
                           y.matrix(batch, outputs));
    std::vector<double> expected;
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t j = 0; j < outputs; ++j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < inputs; ++k) sum += number(xs[i * inputs + k]) * number(ws[j * inputs + k]);
        expected.push_back(sum);
      }
    expect_close(y.values(), expected, tolerance);
  };
  backend->set_rate(2.0F);
  backend->dense_descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
  expect_product(w);
  ParameterPlan plan;
  plan.weights = {{0, outputs * inputs}};
  plan.biases_begin = plan.size = outputs * inputs;
  const auto optimizer = backend->make_optimizer({}, plan);
  backend->optimizer_step(*optimizer, step.span(), w.span());
  expect_product(w);
  backend->copy(w.span(), copied.span());
  EXPECT_EQ(copied.values(), w.values());
  expect_product(copied);
  copied.expect_intact();
}

/// The formulas of docs/methods.md in double, for one parameter.
struct ExactOptimizer {
  OptimizerSettings settings;
  double first = 0.0;
  double second = 0.0;
  int steps = 0;

  /// Of a gradient that is clipped already.
  double direction(double g, double p, bool decays) {
    ++steps;
    if (decays) g += number(settings.l2) * p + number(settings.l1) * (p > 0.0 ? 1.0 : p < 0.0 ? -1.0 : 0.0);
    const double momentum = number(settings.momentum);
    const double beta1 = number(settings.beta1);
    const double beta2 = number(settings.beta2);
    switch (settings.kind) {
      case Optimizer::sgd:
        return g;
      case Optimizer::momentum:
        return first = momentum * first + g;
      case Optimizer::nesterov:
        first = momentum * first + g;
        return g + momentum * first;
      case Optimizer::rmsprop:
        first = beta2 * first + (1.0 - beta2) * g * g;
        return g / (std::sqrt(first) + number(settings.epsilon));
      case Optimizer::adam:
      case Optimizer::adamw:
      case Optimizer::lamb:
        first = beta1 * first + (1.0 - beta1) * g;
        second = beta2 * second + (1.0 - beta2) * g * g;
        return first / (1.0 - std::pow(beta1, steps)) /
               (std::sqrt(second / (1.0 - std::pow(beta2, steps))) + number(settings.epsilon));
    }
    return 0.0;
  }
};

std::vector<double> to_numbers(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

double length(std::span<const double> values) {
  double squares = 0.0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

/// Steps of every optimizer over two weight matrices and their biases, with and without decay and clipping.
TEST_P(Verb, OptimizerStep) {
  const std::size_t first = shape.inputs * shape.outputs;
  const std::size_t second = shape.outputs;
  ParameterPlan plan;
  plan.weights = {{0, first}, {first, second}};
  plan.biases_begin = first + second;
  plan.size = plan.biases_begin + shape.outputs + 1;
  for (const auto kind : {Optimizer::sgd, Optimizer::momentum, Optimizer::nesterov, Optimizer::rmsprop, Optimizer::adam,
                          Optimizer::adamw, Optimizer::lamb})
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
      const auto optimizer = backend->make_optimizer(settings, plan);
      std::vector<ExactOptimizer> exact(plan.size, ExactOptimizer{settings});
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
        for (std::size_t i = 0; i < plan.size; ++i)
          directions.push_back(exact[i].direction(scale * slopes[i], expected[i], i < plan.biases_begin));
        backend->set_rate(rate);
        backend->optimizer_step(*optimizer, gradients.span(), parameters.span());
        for (std::size_t i = 0; i < plan.biases_begin && kind == Optimizer::lamb; ++i)
          directions[i] += number(settings.weight_decay) * expected[i];
        std::vector<double> lengths(plan.size, 1.0);
        if (kind == Optimizer::lamb)
          for (const auto& [begin, size] : plan.weights) {
            const double mine = length(std::span(expected).subspan(begin, size));
            const double way = length(std::span(directions).subspan(begin, size));
            std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(begin), size,
                        mine > 0.0 && way > 0.0 ? mine / way : 1.0);
          }
        for (std::size_t i = 0; i < plan.size; ++i) {
          const bool decays = i < plan.biases_begin && kind != Optimizer::lamb;
          expected[i] -=
              number(rate) * (lengths[i] * directions[i] + (decays ? number(settings.weight_decay) * expected[i] : 0.0));
        }
        expect_close(parameters.values(), expected, 5e-6);
        parameters.expect_intact();
      }
    }
}

TEST_P(Verb, GatherRows) {
  const auto [batch, features, outputs] = shape;
  const std::size_t samples = 7;
  std::vector<std::uint8_t> bytes(samples * features);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 % 256);
  const auto floats = random_values(samples * features, 15, 100.0);
  const auto shift = random_values(features, 16);
  const auto scale = random_values(features, 17);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(static_cast<std::int32_t>(i % outputs));
  const auto targets = random_values(samples * outputs, 18, 100.0);
  const auto target_shift = random_values(outputs, 19);
  const auto target_scale = random_values(outputs, 20);
  std::vector<std::uint32_t> order;
  for (std::size_t i = 0; i < batch; ++i) order.push_back(static_cast<std::uint32_t>((i * 5 + 2) % samples));

  for (const bool classification : {false, true}) {
    SCOPED_TRACE(classification ? "bytes and labels" : "floats and targets");
    SampleSource source;
    source.samples = samples;
    source.features = features;
    source.outputs = outputs;
    source.input_shift = shift.data();
    source.input_scale = scale.data();
    source.target_shift = target_shift.data();
    source.target_scale = target_scale.data();
    if (classification) {
      source.bytes = bytes.data();
      source.labels = labels.data();
    } else {
      source.floats = floats.data();
      source.targets = targets.data();
    }
    Guarded x(*backend, std::vector<float>(batch * features, -1.0F));
    Guarded t(*backend, std::vector<float>(batch * outputs, -1.0F));
    source.rows = order;
    const auto held = backend->hold(source, std::max<std::size_t>(batch, 1));
    held->in_order();
    held->prepare(batch);
    backend->gather_rows(*held, x.matrix(batch, features), t.matrix(batch, outputs));
    std::vector<double> expected_x;
    std::vector<double> expected_t;
    for (const std::uint32_t sample : order) {
      for (std::size_t k = 0; k < features; ++k) {
        const double value = classification ? bytes[sample * features + k] : number(floats[sample * features + k]);
        expected_x.push_back((value - number(shift[k])) * number(scale[k]));
      }
      for (std::size_t j = 0; j < outputs; ++j)
        expected_t.push_back(classification ? (static_cast<std::size_t>(labels[sample]) == j ? 1.0 : 0.0)
                                            : (number(targets[sample * outputs + j]) - number(target_shift[j])) *
                                                  number(target_scale[j]));
    }
    expect_close(x.values(), expected_x, tolerance);
    expect_close(t.values(), expected_t, tolerance);
    x.expect_intact();
    t.expect_intact();
  }
}

/// Minibatches go on where the one before ended, and each epoch begins at the beginning of its order.
TEST_P(Verb, GatherRowsGoesOn) {
  const auto [batch, features, outputs] = shape;
  const std::size_t samples = 2 * batch + 1;
  std::vector<float> numbers(2 * samples * features);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i / features);
  const std::vector<float> zeros(features, 0.0F);
  const std::vector<float> ones(features, 1.0F);
  std::vector<std::uint32_t> rows;  // of twice as many
  for (std::size_t i = 0; i < samples; ++i) rows.push_back(static_cast<std::uint32_t>(2 * i + i % 2));
  SampleSource source;
  source.samples = 2 * samples;
  source.rows = rows;
  source.features = features;
  source.floats = numbers.data();
  source.input_shift = zeros.data();
  source.input_scale = ones.data();
  const auto held = backend->hold(source, std::max<std::size_t>(batch, 1));
  const auto expect_epoch = [&](std::span<const std::uint32_t> order) {
    std::size_t position = 0;
    for (const std::size_t count : {batch, batch, std::size_t{1}}) {
      Guarded x(*backend, std::vector<float>(count * features, -1.0F));
      held->prepare(count);
      backend->gather_rows(*held, x.matrix(count, features), {nullptr, 0, outputs});
      const auto found = x.values();
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], static_cast<float>(order[position + i / features]));
      x.expect_intact();
      position += count;
    }
  };
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    held->in_order();
    expect_epoch(rows);
    const RandomSequence sequence(7, RandomPurpose::sample_order, epoch);
    std::vector<std::uint32_t> order(samples);
    std::vector<std::uint64_t> scratch;
    random_permutation(sequence, order, scratch);
    for (std::uint32_t& row : order) row = rows[row];
    held->shuffle(sequence);
    expect_epoch(order);
  }
}

/// A NaN anywhere must reach the cost, or a diverging run would go on unseen.
TEST_P(Verb, NaNComesThrough) {
  const auto [batch, inputs, outputs] = shape;
  if (batch == 0) return;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    auto values = random_values(batch * inputs, 21);
    values.back() = nan;
    Guarded x(*backend, values);
    Guarded w(*backend, random_values(outputs * inputs, 22));
    Guarded b(*backend, random_values(outputs, 23));
    Guarded y(*backend, std::vector<float>(batch * outputs));
    Guarded kept(*backend, std::vector<float>(batch * outputs));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           {y.matrix(batch, outputs), kept.data()});
    EXPECT_TRUE(std::isnan(y.values().back()));
    Guarded t(*backend, random_values(batch * outputs, 24));
    Guarded delta(*backend, std::vector<float>(batch * outputs));
    for (const Loss loss : {Loss::mse, Loss::huber, Loss::mae}) {
      backend->output_error({y.matrix(batch, outputs), kept.data()}, t.matrix(batch, outputs), loss, activation,
                            delta.matrix(batch, outputs), BiasUpdate::gradient(b.span(), 1.0F, 0.0F));
      EXPECT_TRUE(std::isnan(b.values().back()));
      EXPECT_TRUE(std::isnan(backend->take_cost()));
      EXPECT_TRUE(std::isnan(delta.values().back()));
    }
  }
  for (const auto& [loss, activation] :
       {std::pair(Loss::cross_entropy, Activation::softmax), std::pair(Loss::binary_cross_entropy, Activation::sigmoid)}) {
    SCOPED_TRACE(name(loss));
    auto values = random_values(batch * inputs, 21);
    values.back() = nan;
    Guarded x(*backend, values);
    Guarded w(*backend, random_values(outputs * inputs, 22));
    Guarded b(*backend, random_values(outputs, 23));
    Guarded y(*backend, std::vector<float>(batch * outputs));
    Guarded kept(*backend, std::vector<float>(batch * outputs));
    Guarded t(*backend, std::vector<float>(batch * outputs, 1.0F));
    Guarded delta(*backend, std::vector<float>(batch * outputs));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           {y.matrix(batch, outputs), kept.data()});
    backend->output_error({y.matrix(batch, outputs), kept.data()}, t.matrix(batch, outputs), loss, activation,
                          delta.matrix(batch, outputs), {});
    EXPECT_TRUE(std::isnan(y.values().back()));
    EXPECT_TRUE(std::isnan(delta.values().back()));
    EXPECT_TRUE(std::isnan(backend->take_cost()));
  }
}

/// Training steps, with a rate that changes: each verb with the same arguments, whether it is called or repeated.
std::vector<float> train(Backend& backend, const Shape& shape, bool repeated) {
  const auto [batch, inputs, outputs] = shape;
  const std::size_t steps = 5;
  const auto numbers = random_values(steps * batch * inputs, 31);
  const auto targets = random_values(steps * batch * outputs, 32);
  const std::vector<float> zeros(std::max(inputs, outputs), 0.0F);
  const std::vector<float> ones(std::max(inputs, outputs), 1.0F);
  SampleSource source;
  source.samples = steps * batch;
  source.features = inputs;
  source.outputs = outputs;
  source.floats = numbers.data();
  source.targets = targets.data();
  source.input_shift = source.target_shift = zeros.data();
  source.input_scale = source.target_scale = ones.data();
  std::vector<std::uint32_t> order;
  for (std::size_t i = 0; i < source.samples; ++i) order.push_back(static_cast<std::uint32_t>(source.samples - 1 - i));

  Guarded x(backend, std::vector<float>(batch * inputs));
  Guarded t(backend, std::vector<float>(batch * outputs));
  Guarded y(backend, std::vector<float>(batch * outputs));
  Guarded delta(backend, std::vector<float>(batch * outputs));
  Guarded w(backend, random_values(outputs * inputs, 33));
  Guarded b(backend, random_values(outputs, 34));
  source.rows = order;
  const auto samples = backend.hold(source, std::max<std::size_t>(batch, 1));
  const auto step = [&] {
    backend.gather_rows(*samples, x.matrix(batch, inputs), t.matrix(batch, outputs));
    backend.dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::tanh,
                          y.matrix(batch, outputs));
    backend.output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, Activation::tanh,
                         delta.matrix(batch, outputs), BiasUpdate::descent(b.span()));
    backend.dense_descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
  };
  std::unique_ptr<Repetition> repetition;
  for (const float rate : {0.1F, 0.03F}) {
    backend.set_rate(rate);
    samples->in_order();
    for (std::size_t i = 0; i < steps; ++i) {
      samples->prepare(batch);
      if (repeated) {
        backend.repeat(repetition, 1, step);
      } else {
        step();
      }
    }
  }
  auto result = w.values();
  const auto biases = b.values();
  result.insert(result.end(), biases.begin(), biases.end());
  result.push_back(static_cast<float>(backend.take_cost()));
  return result;
}

TEST_P(Verb, RepeatedWorkIsTheSame) {
  const auto expected = train(*backend, shape, false);
  EXPECT_EQ(train(*backend, shape, true), expected);
  EXPECT_EQ(train(*backend, shape, true), expected);
}

/// So many times is one after the other, whether they are called or repeated, and however many are repeated at once.
TEST_P(Verb, RepeatedWorkIsDoneSoManyTimes) {
  Guarded values(*backend, std::vector<float>(3, 0.0F));
  Guarded ones(*backend, std::vector<float>(3, 1.0F));
  backend->set_rate(-1.0F);
  ParameterPlan plan;
  plan.weights = {{0, 3}};
  plan.biases_begin = plan.size = 3;
  const auto optimizer = backend->make_optimizer({}, plan);
  std::unique_ptr<Repetition> repetition;
  std::size_t expected = 0;
  for (const std::size_t times : {0, 1, 2, 40, 17, 16, 0, 15, 100}) {
    backend->repeat(repetition, times, [&] { backend->optimizer_step(*optimizer, ones.span(), values.span()); });
    expected += times;
    EXPECT_EQ(values.values(), std::vector<float>(3, static_cast<float>(expected)));
  }
}

/// What there is to know of columns, of the rows of the data set alone, is what the host finds; or it is left to the host.
TEST_P(Verb, ColumnStatistics) {
  const auto [batch, features, outputs] = shape;
  const auto floats = random_values(7 * features, 15, 100.0);
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < batch; ++i) rows.push_back(static_cast<std::uint32_t>((i * 5 + 2) % 7));
  SampleSource source;
  source.samples = 7;
  source.rows = rows;
  source.features = features;
  source.outputs = outputs;
  source.floats = floats.data();
  const auto found = backend->column_statistics(source);
  if (!found || batch == 0) return;
  ASSERT_EQ(found->size(), features);
  for (std::size_t j = 0; j < features; ++j) {
    gradus::internal::ColumnStatistics expected;
    expected.first = number(floats[rows.front() * features + j]);
    for (const std::uint32_t row : rows) expected.add(number(floats[row * features + j]));
    const auto& column = (*found)[j];
    const double magnitude = 1e-12 * std::max(1.0, expected.squares);
    EXPECT_EQ(column.first, expected.first);
    EXPECT_NEAR(column.sum, expected.sum, magnitude);
    EXPECT_NEAR(column.squares, expected.squares, magnitude);
    EXPECT_EQ(column.least, expected.least);
    EXPECT_EQ(column.greatest, expected.greatest);
  }
}

/// The same call twice gives the same bits.
TEST_P(Verb, Repeats) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 25));
  Guarded delta(*backend, random_values(batch * outputs, 26));
  Guarded w(*backend, std::vector<float>(outputs * inputs));
  Guarded b(*backend, std::vector<float>(outputs));
  Guarded y(*backend, random_values(batch * outputs, 36));
  Guarded t(*backend, random_values(batch * outputs, 37));
  Guarded error(*backend, std::vector<float>(batch * outputs));
  std::vector<std::vector<float>> results;
  for (int run = 0; run < 3; ++run) {
    backend->dense_gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), 1.0F, 0.0F, w.matrix(outputs, inputs));
    backend->output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, Activation::sigmoid,
                          error.matrix(batch, outputs), BiasUpdate::gradient(b.span(), 1.0F, 0.0F));
    results.push_back(w.values());
    const auto biases = b.values();
    results.back().insert(results.back().end(), biases.begin(), biases.end());
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

std::string title(const testing::TestParamInfo<std::tuple<BackendUnderTest, Shape>>& info) {
  const auto& [backend, shape] = info.param;
  return backend.name + "_" + std::to_string(shape.batch) + "x" + std::to_string(shape.inputs) + "x" +
         std::to_string(shape.outputs);
}

INSTANTIATE_TEST_SUITE_P(Backends, Verb, testing::Combine(testing::ValuesIn(backends()), testing::ValuesIn(shapes())),
                         title);

}  // namespace
}  // namespace gradus::internal
