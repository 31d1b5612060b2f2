#include "data/prepare/input_encoder.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/data_testing.hpp"

namespace gradus::internal {
namespace {

using namespace testing_support;
using Values = std::vector<float>;

/// What the network sees of a sample: encoded and scaled.
Values scaled(const Dataset& data, const Preprocessing& learnt, std::size_t sample) {
  const InputEncoder encoder(data.schema(), learnt);
  Values inputs(encoder.inputs());
  encoder.encode(inputs_of(data, sample), inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = (inputs[i] - learnt.input_shift[i]) * learnt.input_scale[i];
  return inputs;
}

Values scaled(const Dataset& data, std::size_t sample, Normalization normalization = Normalization::none) {
  return scaled(data, learn_preprocessing(data, normalization), sample);
}

TEST(InputEncoder, ANameIsOneInputOfMany) {
  const Dataset data = read_table("a,colour,b,y\n1,red,4,0\n2,blue,5,1\n3,green,6,1\n");
  EXPECT_EQ(scaled(data, 0), (Values{1, 0, 0, 1, 4}));
  EXPECT_EQ(scaled(data, 1), (Values{2, 1, 0, 0, 5}));
  EXPECT_EQ(scaled(data, 2), (Values{3, 0, 1, 0, 6}));
}

TEST(InputEncoder, NumbersBesideNamesAreScaledAsElsewhere) {
  const Dataset data = read_table("a,colour,y\n1,red,0\n3,blue,1\n5,red,1\n");
  const float deviation = std::sqrt(8.0F / 3.0F);
  EXPECT_NEAR(scaled(data, 2, Normalization::standard)[0], 2.0F / deviation, 1e-6);
  EXPECT_EQ(scaled(data, 2, Normalization::minmax)[0], 1.0F);
  EXPECT_EQ(scaled(data, 2, Normalization::standard)[2], 1.0F);
}

TEST(InputEncoder, MissingNumbers) {
  const std::string text = "a,y\n1,0\n,1\n2,1\n2,0\n11,0\n";
  const auto instead = [&](Missing missing) {
    const Dataset data = read_table(text).with_missing(missing);
    return scaled(data, 1);
  };
  EXPECT_EQ(instead(Missing::mean), Values{4});
  EXPECT_EQ(instead(Missing::median), Values{2});
  EXPECT_EQ(instead(Missing::most_frequent), Values{2});
  EXPECT_EQ(instead(Missing::indicator), (Values{2, 1}));
  EXPECT_EQ(scaled(read_table(text).with_missing(Missing::indicator), 0), (Values{1, 0}));
}

TEST(InputEncoder, TheMedianOfAnEvenNumberIsTheMiddleOfTwo) {
  EXPECT_EQ(scaled(read_table("a,y\n1,0\n,1\n8,1\n3,0\n4,0\n").with_missing(Missing::median), 1), Values{3.5F});
}

TEST(InputEncoder, MissingNames) {
  const std::string text = "a,y\nx,0\n,1\nz,1\nz,0\n";
  EXPECT_EQ(scaled(read_table(text).with_missing(Missing::mean), 1), (Values{0, 1}));
  EXPECT_EQ(scaled(read_table(text).with_missing(Missing::median), 1), (Values{0, 1}));
  EXPECT_EQ(scaled(read_table(text).with_missing(Missing::most_frequent), 1), (Values{0, 1}));
  EXPECT_EQ(scaled(read_table(text).with_missing(Missing::indicator), 1), (Values{0, 0, 1}));
}

TEST(InputEncoder, StandardisedAfterMissingValuesHaveTheirs) {
  // With the mean in it the column is 1, 3, 5: a deviation of √(8/3).
  const Dataset data = read_table("a,y\n1,0\n,1\n5,1\n").with_missing(Missing::mean);
  EXPECT_NEAR(scaled(data, 2, Normalization::standard)[0], 2.0F / std::sqrt(8.0F / 3.0F), 1e-6);
  EXPECT_EQ(scaled(data, 1, Normalization::standard)[0], 0.0F);
}

TEST(InputEncoder, IsLearntFromTheTrainingPartOnly) {
  std::string text = "a,colour,y\n";
  for (int i = 0; i < 40; ++i)
    text += fmt::format("{0},{1},{2}.5\n", i % 4 == 0 ? "" : fmt::format("{}", i), i % 3 == 0 ? "red" : "blue", i);
  const Dataset data = read_table(text).with_missing(Missing::mean);
  const auto [train, test] = data.split(0.5, 1);
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < train.samples(); ++i)
    if (const float value = inputs_of(train, i)[0]; !std::isnan(value)) {
      sum += static_cast<double>(value);
      ++count;
    }
  EXPECT_FLOAT_EQ(learn_preprocessing(train, Normalization::standard).missing_values[0],
                  static_cast<float>(sum / static_cast<double>(count)));
}

TEST(InputEncoder, WhatTheTrainingPartDoesNotTellIsZero) {
  const DataSchema schema = read_table("a,colour,y\n1,red,0\n2,blue,1\n").with_missing(Missing::indicator).schema();
  // A training set with one name, no missing value, and a constant number.
  const Dataset part = match_table("a,colour,y\n1,red,0\n1,red,1\n", schema, Targets::required);
  const Preprocessing learnt = learn_preprocessing(part, Normalization::standard);
  const Dataset later = match_table("a,colour\n7,blue\n7,red\n,\n7,lilac\n", schema, Targets::optional);
  for (std::size_t i = 0; i < later.samples(); ++i) EXPECT_EQ(scaled(later, learnt, i), (Values{0, 0, 0})) << i;
}

TEST(InputEncoder, UnknownNamesMayBeLearntFromToo) {
  const DataSchema schema = read_table("a,y\nu,0\nv,1\n").with_missing(Missing::mean).schema();
  const Dataset data = match_table("a,y\nlilac,0\nv,1\n,1\n", schema, Targets::required);
  EXPECT_EQ(scaled(data, 0), (Values{0, 0}));
  EXPECT_EQ(scaled(data, 1), (Values{0, 1}));
  EXPECT_EQ(scaled(data, 2), (Values{0, 1}));
}

TEST(InputEncoder, AColumnWithoutValuesIsZero) {
  const Dataset data = read_table("a,b,y\n,1,0\n,2,1\n").with_missing(Missing::median);
  EXPECT_EQ(scaled(data, 0, Normalization::standard)[0], 0.0F);
  EXPECT_EQ(scaled(data, 0, Normalization::quantile)[0], 0.0F);
}

TEST(InputEncoder, QuantilesAreOfNumbersAlone) {
  const Dataset data = read_table("a,colour,y\n1,red,0\n10,blue,1\n1000,red,1\n");
  EXPECT_NEAR(scaled(data, 2, Normalization::quantile)[0], 0.967421566F, 1e-6);
  EXPECT_EQ(scaled(data, 1, Normalization::quantile)[0], 0.0F);
  EXPECT_EQ(scaled(data, 2, Normalization::quantile)[2], 1.0F);
}

TEST(InputEncoder, PlainNumbersNeedNone) {
  const Dataset plain = read_table("a,y\n1,0\n2,1\n").with_missing(Missing::mean);
  const Preprocessing learnt = learn_preprocessing(plain, Normalization::standard);
  EXPECT_FALSE(InputEncoder::is_needed(plain.schema(), learnt));
  EXPECT_TRUE(InputEncoder::is_needed(plain.schema(), learn_preprocessing(plain, Normalization::quantile)));
}

}  // namespace
}  // namespace gradus::internal
