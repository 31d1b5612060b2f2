// Conformance: activations, error terms, gradients, descents, repeated work. The other conformance_*_test.cpp have the rest.
#include "conformance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace gradus::internal {
namespace {

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
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                             y.matrix(batch, outputs));
    std::vector<double> expected;
    for (const double sum : sums) expected.push_back(reference::activate(activation, sum));
    expect_close(y.values(), expected, tolerance);
    y.expect_intact();

    // What is kept is A, and keeping it changes nothing.
    Guarded again(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    Guarded kept(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
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
    // The sums are the device's own: the product's precision has a large effect on them here, which does not concern
    // softmax.
    Guarded sums(*backend, std::vector<float>(batch * outputs));
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::identity,
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
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::softmax,
                             {y.matrix(batch, outputs), kept.data()});
    expect_close(y.values(), expected, 4e-6);
    // Relative to what the logarithm is a difference of.
    const auto found = kept.values();
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], logarithms[i], 1e-6 * (1.0 + std::abs(logarithms[i]))) << i;
    y.expect_intact();
    kept.expect_intact();
    Guarded alone(*backend, std::vector<float>(batch * outputs));
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::softmax,
                             alone.matrix(batch, outputs));
    EXPECT_EQ(alone.values(), y.values());
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
    backend->verbs().hidden_error(delta_next.matrix(batch, next), w_next.matrix(next, units), y.matrix(batch, units),
                                  activation, delta.matrix(batch, units), BiasUpdate::gradient(b.span(), -0.3F, 0.5F));
    std::vector<double> expected;
    for (std::size_t i = 0; i < sums.size(); ++i) expected.push_back(sums[i] * reference::slope(activation, number(ys[i])));
    expect_close(delta.values(), expected, tolerance);
    expect_close(b.values(), updated(before, expected, -0.3F, 0.5F), 10 * tolerance);
    delta.expect_intact();
    b.expect_intact();
  }
}

/// The update of the biases, of each kind; with beta = 0 the values before do not matter, even NaN.
TEST_P(Verb, BiasUpdates) {
  const auto [batch, units, next] = shape;
  Guarded y(*backend, random_values(batch * units, 8));
  Guarded t(*backend, random_values(batch * units, 9));
  Guarded delta(*backend, std::vector<float>(batch * units));
  const auto before = random_values(units, 12);
  const auto output_error = [&](const BiasUpdate& update) {
    backend->verbs().output_error(y.matrix(batch, units), t.matrix(batch, units), Loss::mse, Activation::tanh,
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
    backend->verbs().set_rate(rate);
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
    // With beta = 0 the values before do not matter, even NaN.
    Guarded w(*backend, beta == 0.0F ? std::vector<float>(before.size(), std::numeric_limits<float>::quiet_NaN()) : before);
    backend->verbs().gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), alpha, beta, w.matrix(outputs, inputs));
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
    backend->verbs().set_rate(rate);
    backend->verbs().descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
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
    backend->verbs().forward(x.matrix(batch, inputs), weights.matrix(outputs, inputs), b.span(), Activation::identity,
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
  backend->verbs().set_rate(2.0F);
  backend->verbs().descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
  expect_product(w);
  ParameterPlan plan;
  plan.decaying = {{0, outputs * inputs}};
  plan.decaying_end = plan.size = outputs * inputs;
  const auto optimizer = backend->make_optimizer({}, plan);
  optimizer->step(step.span(), w.span());
  expect_product(w);
  backend->copy(w.span(), copied.span());
  EXPECT_EQ(copied.values(), w.values());
  expect_product(copied);
  copied.expect_intact();
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
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                             {y.matrix(batch, outputs), kept.data()});
    EXPECT_TRUE(std::isnan(y.values().back()));
    Guarded t(*backend, random_values(batch * outputs, 24));
    Guarded delta(*backend, std::vector<float>(batch * outputs));
    for (const Loss loss : kValues<Loss>) {
      if (needs_kept(loss)) continue;  // below
      backend->verbs().output_error({y.matrix(batch, outputs), kept.data()}, t.matrix(batch, outputs), loss, activation,
                                    delta.matrix(batch, outputs), BiasUpdate::gradient(b.span(), 1.0F, 0.0F));
      EXPECT_TRUE(std::isnan(b.values().back()));
      EXPECT_TRUE(std::isnan(backend->verbs().take_cost()));
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
    backend->verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                             {y.matrix(batch, outputs), kept.data()});
    backend->verbs().output_error({y.matrix(batch, outputs), kept.data()}, t.matrix(batch, outputs), loss, activation,
                                  delta.matrix(batch, outputs), {});
    EXPECT_TRUE(std::isnan(y.values().back()));
    EXPECT_TRUE(std::isnan(delta.values().back()));
    EXPECT_TRUE(std::isnan(backend->verbs().take_cost()));
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
    samples->gather(x.matrix(batch, inputs), t.matrix(batch, outputs));
    backend.verbs().forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), Activation::tanh,
                            y.matrix(batch, outputs));
    backend.verbs().output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, Activation::tanh,
                                 delta.matrix(batch, outputs), BiasUpdate::descent(b.span()));
    backend.verbs().descend(x.matrix(batch, inputs), delta.matrix(batch, outputs), w.matrix(outputs, inputs));
  };
  const auto repetition = backend.make_repetition();
  for (const float rate : {0.1F, 0.03F}) {
    backend.verbs().set_rate(rate);
    samples->in_order();
    for (std::size_t i = 0; i < steps; ++i) {
      samples->prepare(batch);
      if (repeated) {
        repetition->run(1, step);
      } else {
        step();
      }
    }
  }
  auto result = w.values();
  const auto biases = b.values();
  result.insert(result.end(), biases.begin(), biases.end());
  result.push_back(static_cast<float>(backend.verbs().take_cost()));
  return result;
}

TEST_P(Verb, RepeatedWorkIsTheSame) {
  const auto expected = train(*backend, shape, false);
  EXPECT_EQ(train(*backend, shape, true), expected);
  EXPECT_EQ(train(*backend, shape, true), expected);
}

/// Repeated steps equal steps that are called one after the other, however many are repeated at once.
TEST_P(Verb, RepeatedWorkIsDoneSoManyTimes) {
  Guarded values(*backend, std::vector<float>(3, 0.0F));
  Guarded ones(*backend, std::vector<float>(3, 1.0F));
  backend->verbs().set_rate(-1.0F);
  ParameterPlan plan;
  plan.decaying = {{0, 3}};
  plan.decaying_end = plan.size = 3;
  const auto optimizer = backend->make_optimizer({}, plan);
  const auto repetition = backend->make_repetition();
  std::size_t expected = 0;
  for (const std::size_t times : {0, 1, 2, 40, 17, 16, 0, 15, 100}) {
    repetition->run(times, [&] { optimizer->step(ones.span(), values.span()); });
    expected += times;
    EXPECT_EQ(values.values(), std::vector<float>(3, static_cast<float>(expected)));
  }
}

/// Statistics of columns, over the data set's rows alone, equal the host's; or they are left to the host.
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
  const auto found = backend->hold(source, 1)->column_statistics();
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
    backend->verbs().gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), 1.0F, 0.0F, w.matrix(outputs, inputs));
    backend->verbs().output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, Activation::sigmoid,
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
