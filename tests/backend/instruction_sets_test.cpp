// The vector loops on every instruction set that this machine and this build have in common: the best one hides the others.
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "backend/backend_under_test.hpp"
#include "backend/cost.hpp"
#include "backend/cpu/augmentation_kernels.hpp"
#include "backend/cpu/direct_products.hpp"
#include "backend/cpu/dropout_kernels.hpp"
#include "backend/cpu/optimizer_kernels.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "reference/augmentation.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {
namespace {

/// Every length up to a few vectors meets each tail; what lies behind must stay as it was.
constexpr std::size_t kLongest = 69;
constexpr float kBehind = -7.0F;

/// 64 bits since Highway 1.0, 32 before.
using Target = decltype(hwy::SupportedAndGeneratedTargets())::value_type;

class InstructionSet : public testing::TestWithParam<Target> {
 protected:
  void SetUp() override { choose(GetParam()); }
  void TearDown() override { choose(0); }  // 0: what the machine has

 private:
  static void choose(Target target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

std::vector<float> with_guard(const std::vector<float>& values) {
  std::vector<float> all = values;
  all.resize(values.size() + 64, kBehind);
  return all;
}

void expect_guarded(const std::vector<float>& found, const std::vector<double>& expected) {
  expect_close(std::span(found).first(expected.size()), expected, 2e-6);
  for (std::size_t i = expected.size(); i < found.size(); ++i) ASSERT_EQ(found[i], kBehind) << "written behind the end";
}

using reference::kActivations;

TEST_P(InstructionSet, BiasActivation) {
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    for (const Activation activation : kActivations) {
      const auto sums = random_values(2 * columns, 1, 3.0);
      const auto biases = random_values(columns, 2);
      auto y = with_guard(sums);
      bias_activation(y.data(), biases.data(), 2, columns, activation);
      std::vector<double> expected;
      for (std::size_t i = 0; i < sums.size(); ++i)
        expected.push_back(reference::activate(activation, static_cast<double>(sums[i] + biases[i % columns])));
      expect_guarded(y, expected);

      auto again = with_guard(sums);
      auto kept = with_guard(std::vector<float>(sums.size()));
      bias_activation(again.data(), biases.data(), 2, columns, activation, kept.data());
      EXPECT_EQ(again, y);
      std::vector<double> inputs;
      for (std::size_t i = 0; i < sums.size(); ++i) inputs.push_back(static_cast<double>(sums[i] + biases[i % columns]));
      expect_guarded(kept, inputs);
    }
  }
}

TEST_P(InstructionSet, BiasSoftmax) {
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    const auto sums = random_values(2 * columns, 1, 30.0);
    const auto biases = random_values(columns, 2);
    auto y = with_guard(sums);
    auto kept = with_guard(std::vector<float>(sums.size()));
    bias_activation(y.data(), biases.data(), 2, columns, Activation::softmax, kept.data());
    std::vector<double> expected;
    for (std::size_t i = 0; i < sums.size(); ++i) expected.push_back(static_cast<double>(sums[i] + biases[i % columns]));
    reference::softmax(expected, columns);
    expect_guarded(y, expected);
    for (double& value : expected) value = std::log(value);
    expect_guarded(kept, expected);
  }
}

/// Each loss adds up the elements alone, whatever their number.
TEST_P(InstructionSet, Losses) {
  for (std::size_t count = 1; count <= kLongest; ++count) {
    const auto y = random_values(count, 3);
    const auto kept = random_values(count, 4, 20.0);
    const auto t = random_values(count, 5);
    for (const Loss kind : kValues<Loss>) {
      SCOPED_TRACE(name(kind));
      LossFunction loss = kind;
      loss.huber_delta = 0.4F;
      auto delta = with_guard(std::vector<float>(count));
      const double cost = output_error_terms({.loss = loss,
                                              .rows = 1,
                                              .columns = count,
                                              .y = y.data(),
                                              .kept = kept.data(),
                                              .t = t.data(),
                                              .delta = delta.data()});
      EXPECT_NEAR(cost, cost_of_outputs(loss, count, y.data(), kept.data(), t.data(), count), 1e-5 * (1.0 + std::abs(cost)));
      for (std::size_t i = count; i < delta.size(); ++i) ASSERT_EQ(delta[i], kBehind) << "written behind the end";
    }
  }
}

/// Every optimizer, with decay, against one parameter at a time.
TEST_P(InstructionSet, OptimizerPasses) {
  for (const Optimizer kind : kValues<Optimizer>)
    for (std::size_t count = 1; count <= kLongest; ++count) {
      SCOPED_TRACE(testing::Message() << name(kind) << " of " << count);
      OptimizerPass pass;
      pass.settings.kind = kind;
      pass.settings.momentum = 0.9F;
      pass.settings.beta1 = 0.8F;
      pass.settings.beta2 = 0.7F;
      pass.settings.epsilon = 0.1F;
      pass.settings.weight_decay = 0.1F;
      pass.settings.l1 = 0.2F;
      pass.settings.l2 = 0.3F;
      pass.step.rate = 0.5F;
      pass.step.gradient_scale = 0.7F;
      pass.step.correction1 = 1.5F;
      pass.step.correction2 = 2.5F;
      pass.decays = true;
      const auto start = random_values(count, 6);
      auto gradients = with_guard(random_values(count, 7));
      auto parameters = with_guard(start);
      auto first = with_guard(random_values(count, 8));
      auto second = with_guard(random_values(count, 9));
      for (float& value : second) value = std::abs(value) * (value < 0.0F && value == kBehind ? -1.0F : 1.0F);
      for (float& value : first)
        if (value != kBehind) value = std::abs(value);  // may be a mean of squares
      auto one = parameters;
      auto one_first = first;
      auto one_second = second;
      optimizer_pass(pass, {count, gradients.data(), parameters.data(), first.data(), second.data()});
      for (std::size_t i = 0; i < count; ++i)
        optimizer_pass(pass, {1, gradients.data() + i, one.data() + i, one_first.data() + i, one_second.data() + i});
      EXPECT_EQ(parameters, one);
      EXPECT_EQ(first, one_first);
      EXPECT_EQ(second, one_second);
      for (std::size_t i = 0; i < count; ++i) EXPECT_NE(parameters[i], start[i]);
    }
}

TEST_P(InstructionSet, SumsOfSquares) {
  for (const std::size_t count : {0, 1, 3, 17, 64, 4095, 4096, 4097, 10000}) {
    const auto values = random_values(count, 10);
    double expected = 0.0;
    for (const float value : values) expected += static_cast<double>(value) * static_cast<double>(value);
    EXPECT_NEAR(sum_of_squares(values), expected, 2e-6 * expected);
  }
}

TEST_P(InstructionSet, ErrorTerms) {
  for (std::size_t count = 1; count <= kLongest; ++count) {
    for (const Activation activation : kActivations) {
      const auto y = random_values(count, 3);
      const auto t = random_values(count, 4);
      auto delta = with_guard(std::vector<float>(count));
      const double cost = output_error_terms({.activation = activation,
                                              .loss = Loss::mse,
                                              .rows = 1,
                                              .columns = count,
                                              .y = y.data(),
                                              .kept = y.data(),
                                              .t = t.data(),
                                              .delta = delta.data()});
      std::vector<double> expected;
      double expected_squares = 0.0;
      for (std::size_t i = 0; i < count; ++i) {
        const double error = static_cast<double>(y[i]) - static_cast<double>(t[i]);
        expected.push_back(error * reference::slope(activation, static_cast<double>(y[i])));
        expected_squares += error * error;
      }
      expect_guarded(delta, expected);
      EXPECT_NEAR(2.0 * cost, expected_squares, 2e-6 * expected_squares);
      multiply_by_derivative(y.data(), count, activation, delta.data());
      for (std::size_t i = 0; i < count; ++i) expected[i] *= reference::slope(activation, static_cast<double>(y[i]));
      expect_guarded(delta, expected);
    }
  }
}

TEST_P(InstructionSet, ColumnSumsAndDescent) {
  constexpr std::size_t kRows = 5;
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    const auto delta = random_values(kRows * columns, 5);
    auto sums = with_guard(random_values(columns, 6));
    std::vector<double> expected;
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0.5 * static_cast<double>(sums[j]);
      for (std::size_t i = 0; i < kRows; ++i) sum += 2.0 * static_cast<double>(delta[i * columns + j]);
      expected.push_back(sum);
    }
    column_sums({delta.data(), kRows, columns}, {0, columns}, 2.0F, 0.5F, sums.data());
    expect_guarded(sums, expected);
    for (std::size_t j = 0; j < columns; ++j) expected[j] -= 0.25 * static_cast<double>(delta[j]);
    descend(delta.data(), columns, 0.25F, sums.data());
    expect_guarded(sums, expected);
  }
}

TEST_P(InstructionSet, DropNodes) {
  const Dropout dropout{{77, RandomPurpose::dropout, 1}, 0.5F};
  constexpr std::size_t kRows = 3;
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    const auto y = random_values(kRows * columns, 9);
    auto dropped = with_guard(std::vector<float>(y.size()));
    auto factors = with_guard(std::vector<float>(y.size()));
    drop_nodes(dropout, 1ULL << 33, {y.data(), kRows, columns}, dropped.data(), factors.data());
    std::vector<double> chosen;
    std::vector<double> products;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::uint64_t block = ((1ULL << 33) + i / columns) * ((columns + 3) / 4) + i % columns / 4;
      chosen.push_back(dropout.draws.block(block)[i % columns % 4] < 0x8000'0000U ? 0.0 : 2.0);
      products.push_back(static_cast<double>(y[i]) * chosen.back());
    }
    expect_guarded(factors, chosen);
    expect_guarded(dropped, products);
    multiply(factors.data(), y.size(), dropped.data());
    for (std::size_t i = 0; i < y.size(); ++i) products[i] *= chosen[i];
    expect_guarded(dropped, products);
    scale_values(0.75F, y.size(), dropped.data());
    for (double& product : products) product *= 0.75;
    expect_guarded(dropped, products);
  }
}

TEST_P(InstructionSet, AddNoise) {
  const InputNoise noise{{78, RandomPurpose::input_noise, 1}, 1.5F};
  for (std::size_t columns = 1; columns <= kLongest; ++columns) {
    const auto x = random_values(3 * columns, 9);
    auto noisy = with_guard(std::vector<float>(x.size()));
    add_noise(noise, 1ULL << 33, {x.data(), 3, columns}, noisy.data());
    expect_guarded(noisy, reference::with_noise(noise, x, columns, 1ULL << 33));
  }
}

TEST_P(InstructionSet, Mix) {
  for (std::size_t count = 1; count <= kLongest; ++count) {
    const auto a = random_values(count, 9);
    const auto b = random_values(count, 10);
    auto mixed = with_guard(std::vector<float>(count));
    mix(0.3F, a.data(), b.data(), count, mixed.data());
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; ++i)
      expected.push_back(static_cast<double>(0.3F) * static_cast<double>(a[i]) +
                         (1.0 - static_cast<double>(0.3F)) * static_cast<double>(b[i]));
    expect_guarded(mixed, expected);
  }
}

TEST_P(InstructionSet, DistortImage) {
  Distortion distortion{.transforms = {79, RandomPurpose::distortion, 0},
                        .displacements = {79, RandomPurpose::displacement, 0}};
  distortion.height = 3;
  distortion.shift = 1.0F;
  distortion.rotation = 40.0F;
  distortion.scaling = 0.2F;
  for (const double sigma : {0.0, 1.5}) {
    distortion.elastic = 3.0F;
    if (sigma > 0.0) distortion.filter = gaussian_filter(sigma);
    for (std::size_t width = 1; width <= kLongest; ++width) {
      distortion.width = width;
      const auto image = random_values(3 * width, 9);
      const auto shift = random_values(3 * width, 10);
      const auto scale = random_values(3 * width, 11);
      std::vector<float> scratch = with_guard(std::vector<float>(image_scratch(distortion)));
      auto x = with_guard(std::vector<float>(3 * width));
      const ScaledDistortion scaled{distortion, shift, scale};
      distort_image(scaled, 1ULL << 33, image.data(), scratch.data(), x.data());
      const auto expected = reference::distorted_images(scaled, image, 1ULL << 33);
      // Places are rounded, which moves what is interpolated.
      expect_close(std::span(x).first(3 * width), expected, 1e-5);
      for (std::size_t i = 3 * width; i < x.size(); ++i) ASSERT_EQ(x[i], kBehind);
      for (std::size_t i = image_scratch(distortion); i < scratch.size(); ++i) ASSERT_EQ(scratch[i], kBehind);
    }
  }
}

TEST_P(InstructionSet, GatherInputs) {
  for (std::size_t features = 1; features <= kLongest; ++features) {
    std::vector<std::uint8_t> bytes(3 * features);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{60});
    const std::vector<float> floats(bytes.begin(), bytes.end());
    const auto shift = random_values(features, 7);
    const auto scale = random_values(features, 8);
    const std::vector<std::uint32_t> order{2, 0};
    std::vector<double> expected;
    for (const std::uint32_t sample : order)
      for (std::size_t k = 0; k < features; ++k)
        expected.push_back((static_cast<double>(bytes[sample * features + k]) - static_cast<double>(shift[k])) *
                           static_cast<double>(scale[k]));
    for (const bool from_bytes : {false, true}) {
      SampleSource source;
      source.features = features;
      source.input_shift = shift.data();
      source.input_scale = scale.data();
      if (from_bytes)
        source.bytes = bytes.data();
      else
        source.floats = floats.data();
      auto x = with_guard(std::vector<float>(order.size() * features));
      gather_inputs(source, order, x.data());
      expect_guarded(x, expected);
    }
  }
}

/// A matrix whose rows are further apart than they are long.
struct Padded {
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;
  std::vector<float> values;

  Padded(std::size_t row_count, std::size_t column_count, std::uint32_t which)
      : rows(row_count), columns(column_count), stride(column_count + 3), values(random_values(row_count * stride, which)) {}
  [[nodiscard]] double at(std::size_t i, std::size_t j) const { return static_cast<double>(values[i * stride + j]); }
  [[nodiscard]] Operand operand(Transpose transpose = Transpose::no) const { return {values.data(), stride, transpose}; }
};

/// What forms `c` from the other two, `k` deep.
Product product_of(std::size_t k, const Operand& a, const Operand& b, Padded& c) {
  return {.m = c.rows, .n = c.columns, .k = k, .a = a, .b = b, .c = c.values.data(), .stride_c = c.stride};
}

/// `c` must be alpha · Σ_p term(i, j, p) + beta · before, and between its rows what was there before.
template <typename Term>
void expect_product(const Padded& c, const Padded& before, std::size_t k, double alpha, double beta, Term term) {
  for (std::size_t i = 0; i < c.rows; ++i) {
    for (std::size_t j = 0; j < c.columns; ++j) {
      double sum = 0.0;
      double size = std::abs(before.at(i, j));
      for (std::size_t p = 0; p < k; ++p) {
        sum += alpha * term(i, j, p);
        size += std::abs(alpha * term(i, j, p));
      }
      ASSERT_NEAR(c.at(i, j), sum + (beta == 0.0 ? 0.0 : beta * before.at(i, j)), 1e-6 * size)
          << "element (" << i << ", " << j << ") of " << c.rows << " × " << c.columns << " × " << k;
    }
    for (std::size_t j = c.columns; j < c.stride; ++j)
      ASSERT_EQ(c.values[i * c.stride + j], before.values[i * c.stride + j]) << "written behind row " << i;
  }
}

/// Each number of rows that a tile can have, each tail of a vector, and depths around those that are summed at once.
template <typename Check>
void for_each_shape(Check check) {
  for (const std::size_t m : {1, 2, 3, 4, 5, 6, 7, 13})
    for (const std::size_t n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 63, 64, 65, 80, 129})
      for (const std::size_t k : {1, 2, 7, 16, 19, 33, 96, 97, 200}) check(m, n, k);
}

TEST_P(InstructionSet, ProductAlongRows) {
  for_each_shape([](std::size_t m, std::size_t n, std::size_t k) {
    const Padded a(m, k, 11);
    const Padded b(n, k, 12);
    Padded c(m, n, 13);
    c.values.front() = std::numeric_limits<float>::quiet_NaN();  // what C held does not matter
    Padded before = c;
    before.values.front() = 0.0F;
    product_along_rows(product_of(k, a.operand(), b.operand(Transpose::yes), c));
    expect_product(c, before, k, 1.0, 0.0, [&](auto i, auto j, auto p) { return a.at(i, p) * b.at(j, p); });
  });
}

TEST_P(InstructionSet, ProductOfColumns) {
  for_each_shape([](std::size_t m, std::size_t n, std::size_t k) {
    const Padded a(m, k, 14);
    const Padded transposed(k, m, 15);
    const Padded b(k, n, 16);
    const Padded before(m, n, 17);
    Padded c = before;
    product_of_columns(product_of(k, a.operand(), b.operand(), c));
    expect_product(c, before, k, 1.0, 0.0, [&](auto i, auto j, auto p) { return a.at(i, p) * b.at(p, j); });
    c = before;
    Product adding = product_of(k, transposed.operand(Transpose::yes), b.operand(), c);
    adding.beta = 1.0F;
    product_of_columns(adding);
    expect_product(c, before, k, 1.0, 1.0, [&](auto i, auto j, auto p) { return transposed.at(p, i) * b.at(p, j); });
  });
}

TEST_P(InstructionSet, AddTransposedProduct) {
  for_each_shape([](std::size_t m, std::size_t n, std::size_t k) {
    const Padded a(k, 5 * m, 18);  // up to 65 columns: more than are scaled at once
    const Padded b(k, n, 19);
    const Padded before(5 * m, n, 20);
    Padded c = before;
    Product adding = product_of(k, a.operand(Transpose::yes), b.operand(), c);
    adding.alpha = -0.3F;
    adding.beta = 1.0F;
    add_transposed_product(adding);
    expect_product(c, before, k, static_cast<double>(-0.3F), 1.0,
                   [&](auto i, auto j, auto p) { return a.at(p, i) * b.at(p, j); });
  });
}

/// A row's sums are the same wherever it lies: work that is cut for threads gives the same numbers.
TEST_P(InstructionSet, RowsDoNotDependOnTheirPlace) {
  const Padded a(13, 200, 21);
  const Padded b(30, 200, 22);
  Padded whole(13, 30, 23);
  product_along_rows(product_of(200, a.operand(), b.operand(Transpose::yes), whole));
  for (std::size_t i = 0; i < 13; ++i) {
    Padded row(1, 30, 23);
    product_along_rows(product_of(200, {a.values.data() + i * a.stride, a.stride}, b.operand(Transpose::yes), row));
    for (std::size_t j = 0; j < 30; ++j) ASSERT_EQ(row.values[j], whole.values[i * whole.stride + j]);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, InstructionSet, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

}  // namespace
}  // namespace gradus::internal
