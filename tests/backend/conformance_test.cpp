// One list of cases for every backend: each verb against plain loops in double, in shapes that meet every tail.
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "backend/backend.hpp"
#include "backend_under_test.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

struct Shape {
  std::size_t batch;
  std::size_t inputs;
  std::size_t outputs;
};

std::ostream& operator<<(std::ostream& stream, const Shape& shape) {
  return stream << shape.batch << "x" << shape.inputs << "x" << shape.outputs;
}

constexpr std::array kActivations{Activation::identity, Activation::sigmoid, Activation::tanh, Activation::relu};

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
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded y(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           y.matrix(batch, outputs));
    std::vector<double> expected;
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t j = 0; j < outputs; ++j) {
        double sum = number(bs[j]);
        for (std::size_t k = 0; k < inputs; ++k) sum += number(xs[i * inputs + k]) * number(ws[j * inputs + k]);
        expected.push_back(reference::activate(activation, sum));
      }
    expect_close(y.values(), expected, tolerance);
    y.expect_intact();
  }
}

TEST_P(Verb, OutputError) {
  const auto [batch, inputs, outputs] = shape;
  Guarded y(*backend, random_values(batch * outputs, 4));
  Guarded t(*backend, random_values(batch * outputs, 5));
  const auto ys = y.values();
  const auto ts = t.values();
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded delta(*backend, std::vector<float>(batch * outputs, std::numeric_limits<float>::quiet_NaN()));
    backend->output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, activation,
                          delta.matrix(batch, outputs));
    std::vector<double> expected;
    double squares = 0.0;
    for (std::size_t i = 0; i < ys.size(); ++i) {
      const double error = number(ys[i]) - number(ts[i]);
      expected.push_back(error * reference::slope(activation, number(ys[i])));
      squares += error * error;
    }
    expect_close(delta.values(), expected, tolerance);
    EXPECT_NEAR(backend->take_squared_error(), squares, tolerance * squares);
    EXPECT_EQ(backend->take_squared_error(), 0.0) << "taking it starts it again";
    delta.expect_intact();
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
  for (const Activation activation : kActivations) {
    SCOPED_TRACE(name(activation));
    Guarded delta(*backend, std::vector<float>(batch * units, std::numeric_limits<float>::quiet_NaN()));
    backend->hidden_error(delta_next.matrix(batch, next), w_next.matrix(next, units), y.matrix(batch, units), activation,
                          delta.matrix(batch, units));
    std::vector<double> expected;
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t j = 0; j < units; ++j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < next; ++k) sum += number(ds[i * next + k]) * number(ws[k * units + j]);
        expected.push_back(sum * reference::slope(activation, number(ys[i * units + j])));
      }
    expect_close(delta.values(), expected, tolerance);
    delta.expect_intact();
  }
}

TEST_P(Verb, DenseGradient) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 9));
  Guarded delta(*backend, random_values(batch * outputs, 10));
  const auto xs = x.values();
  const auto ds = delta.values();
  const auto w_before = random_values(outputs * inputs, 11);
  const auto b_before = random_values(outputs, 12);
  for (const float beta : {0.0F, 1.0F, 0.5F}) {
    SCOPED_TRACE(beta);
    const float alpha = -0.3F;
    // With beta = 0 what was there does not matter, even NaN.
    const auto garbage = std::numeric_limits<float>::quiet_NaN();
    Guarded w(*backend, beta == 0.0F ? std::vector<float>(w_before.size(), garbage) : w_before);
    Guarded b(*backend, beta == 0.0F ? std::vector<float>(b_before.size(), garbage) : b_before);
    backend->dense_gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), alpha, beta, w.matrix(outputs, inputs),
                            b.span());
    std::vector<double> expected_w;
    std::vector<double> expected_b;
    for (std::size_t j = 0; j < outputs; ++j) {
      double bias = number(beta) * number(b_before[j]);
      for (std::size_t i = 0; i < batch; ++i) bias += number(alpha) * number(ds[i * outputs + j]);
      expected_b.push_back(bias);
      for (std::size_t k = 0; k < inputs; ++k) {
        double weight = number(beta) * number(w_before[j * inputs + k]);
        for (std::size_t i = 0; i < batch; ++i)
          weight += number(alpha) * number(ds[i * outputs + j]) * number(xs[i * inputs + k]);
        expected_w.push_back(weight);
      }
    }
    expect_close(w.values(), expected_w, tolerance);
    expect_close(b.values(), expected_b, 10 * tolerance);  // sums of either sign cancel
    w.expect_intact();
    b.expect_intact();
  }
}

TEST_P(Verb, OptimizerStep) {
  Guarded gradients(*backend, random_values(shape.inputs * shape.outputs, 13));
  Guarded parameters(*backend, random_values(shape.inputs * shape.outputs, 14));
  const auto gs = gradients.values();
  const auto ps = parameters.values();
  backend->optimizer_step(gradients.span(), 0.7F, parameters.span());
  std::vector<double> expected;
  for (std::size_t i = 0; i < gs.size(); ++i) expected.push_back(number(ps[i]) - number(0.7F) * number(gs[i]));
  expect_close(parameters.values(), expected, tolerance);
  parameters.expect_intact();
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
    backend->gather_rows(source, order, x.matrix(batch, features), t.matrix(batch, outputs));
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
    backend->dense_forward(x.matrix(batch, inputs), w.matrix(outputs, inputs), b.span(), activation,
                           y.matrix(batch, outputs));
    EXPECT_TRUE(std::isnan(y.values().back()));
    Guarded t(*backend, random_values(batch * outputs, 24));
    Guarded delta(*backend, std::vector<float>(batch * outputs));
    backend->output_error(y.matrix(batch, outputs), t.matrix(batch, outputs), Loss::mse, activation,
                          delta.matrix(batch, outputs));
    EXPECT_TRUE(std::isnan(backend->take_squared_error()));
    EXPECT_TRUE(std::isnan(delta.values().back()));
  }
}

/// The same call twice gives the same bits.
TEST_P(Verb, Repeats) {
  const auto [batch, inputs, outputs] = shape;
  Guarded x(*backend, random_values(batch * inputs, 25));
  Guarded delta(*backend, random_values(batch * outputs, 26));
  Guarded w(*backend, std::vector<float>(outputs * inputs));
  Guarded b(*backend, std::vector<float>(outputs));
  std::vector<std::vector<float>> results;
  for (int run = 0; run < 3; ++run) {
    backend->dense_gradient(x.matrix(batch, inputs), delta.matrix(batch, outputs), 1.0F, 0.0F, w.matrix(outputs, inputs),
                            b.span());
    results.push_back(w.values());
    const auto biases = b.values();
    results.back().insert(results.back().end(), biases.begin(), biases.end());
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

const std::vector<BackendUnderTest>& backends() {
  static const std::vector<BackendUnderTest> all{
      {"cpu_one_thread", [] { return make_backend(Device::cpu(), 1); }, 2e-6},
      {"cpu_three_threads", [] { return make_backend(Device::cpu(), 3); }, 2e-6},
  };
  return all;
}

std::string title(const testing::TestParamInfo<std::tuple<BackendUnderTest, Shape>>& info) {
  const auto& [backend, shape] = info.param;
  return backend.name + "_" + std::to_string(shape.batch) + "x" + std::to_string(shape.inputs) + "x" +
         std::to_string(shape.outputs);
}

INSTANTIATE_TEST_SUITE_P(Backends, Verb,
                         testing::Combine(testing::ValuesIn(backends()),
                                          testing::Values(Shape{0, 3, 2}, Shape{1, 1, 1}, Shape{1, 5, 3}, Shape{3, 1, 4},
                                                          Shape{10, 784, 30}, Shape{31, 33, 17}, Shape{33, 31, 1},
                                                          Shape{128, 64, 16}, Shape{65, 1000, 7}, Shape{1000, 33, 129},
                                                          Shape{257, 300, 301})),
                         title);

}  // namespace
}  // namespace gradus::internal
