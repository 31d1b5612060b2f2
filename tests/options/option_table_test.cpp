#include <algorithm>
#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/options.hpp"
#include "options/row.hpp"

namespace gradus {
namespace {

using internal::Row;
using internal::rows;

/// An option set to something else than its default, by text.
struct Sample {
  std::string_view key;
  std::string_view text;
};

/// One text for every option, which is not its default.
constexpr auto kSamples = std::to_array<Sample>({
    {"recipe", "tabular"},
    {"target", "a,b"},
    {"task", "regression"},
    {"header", "no"},
    {"delimiter", "tab"},
    {"ignore", "id,3"},
    {"categorical", "zip"},
    {"most_categories", "7"},
    {"weights", "w"},
    {"missing", "median"},
    {"normalize", "quantile"},
    {"test", "t.csv"},
    {"test_fraction", "0.3"},
    {"folds", "4"},
    {"validation", "v.csv"},
    {"validation_fraction", "0.1"},
    {"hidden", "8,4"},
    {"activation", "gelu"},
    {"output_activation", "tanh"},
    {"loss", "huber"},
    {"label_smoothing", "0.2"},
    {"huber_delta", "2.5"},
    {"optimizer", "lamb"},
    {"learning_rate", "0.125"},
    {"schedule", "step:3:0.5"},
    {"warmup", "2"},
    {"batch_size", "32"},
    {"epochs", "9"},
    {"init", "uniform:0.25"},
    {"seed", "18446744073709551615"},
    {"momentum", "0.5"},
    {"beta1", "0.25"},
    {"beta2", "0.75"},
    {"epsilon", "0.001"},
    {"class_weights", "balanced"},
    {"dropout", "0.5"},
    {"input_noise", "0.5"},
    {"mixup", "0.25"},
    {"weight_decay", "0.5"},
    {"l1", "0.5"},
    {"l2", "0.5"},
    {"clip_norm", "0.5"},
    {"shift", "1.5"},
    {"rotate", "15"},
    {"scale", "0.25"},
    {"elastic", "34:5"},
    {"image_size", "3x5"},
    {"patience", "6"},
    {"monitor", "accuracy"},
    {"stop_at", "0.75"},
    {"time_limit", "90"},
    {"device", "cpu"},
});

std::string message_of(std::string_view key, std::string_view text) {
  Options options;
  try {
    set_option(options, key, text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(OptionTable, KeysDifferAndHaveHelp) {
  std::set<std::string_view> keys;
  for (const OptionInfo& info : option_table()) {
    EXPECT_TRUE(keys.insert(info.key).second) << info.key;
    EXPECT_FALSE(info.help.empty()) << info.key;
    EXPECT_FALSE(info.is_flag()) << info.key;
    EXPECT_TRUE(info.is_for(Command::train)) << info.key;
    EXPECT_TRUE(std::ranges::all_of(info.key, [](char letter) {
      return std::islower(letter) || std::isdigit(letter) || letter == '_';
    })) << info.key;
    for (const std::string_view other : info.replaced_by)
      EXPECT_NO_THROW(static_cast<void>(internal::row_of(other))) << info.key;
  }
}

/// Help that lists the words of an option lists all of them.
TEST(OptionTable, HelpNamesEveryChoice) {
  for (const OptionInfo& info : option_table()) {
    const bool lists_them = info.help.find("{choices}") != std::string_view::npos;
    if (lists_them || info.key == "output_activation") continue;  // "one of these": those of the option before it
    for (const std::string_view choice : info.choices)
      EXPECT_TRUE(info.help.find(choice) != std::string_view::npos ||
                  info.placeholder.find(choice) != std::string_view::npos)
          << info.key << " " << choice;
  }
  const auto expect_forms = [](std::string_view key, const auto& forms) {
    for (const std::string_view form : forms)
      EXPECT_NE(internal::row_of(key).info.help.find(form), std::string_view::npos) << form;
  };
  expect_forms("schedule", kForms<Schedule::Kind>);
  expect_forms("init", kForms<Initialization::Kind>);
  expect_forms("device", kForms<Device::Kind>);
}

TEST(OptionTable, EveryOptionIsSampled) {
  std::set<std::string_view> sampled{"threads", "precision", "report_every"};
  for (const auto& [key, text] : kSamples) sampled.insert(key);
  for (const OptionInfo& info : option_table()) EXPECT_TRUE(sampled.contains(info.key)) << info.key;
}

// A value that is written to a file is read back as the same value.
TEST(OptionTable, ValuesGoThroughText) {
  for (const auto& [key, text] : kSamples) {
    Options options;
    set_option(options, key, text);
    const OptionValue value = get_option(options, key);
    EXPECT_NE(value, get_option(Options(), key)) << key;
    Options again;
    set_option(again, key, to_string(value));
    EXPECT_EQ(get_option(again, key), value) << key;
    // And nothing else was touched.
    for (const Row& row : rows()) {
      if (row.info.key == key) continue;
      EXPECT_EQ(row.get(options), row.get(Options())) << key << " changes " << row.info.key;
    }
    internal::row_of(key).reset(options);
    EXPECT_EQ(get_option(options, key), get_option(Options(), key)) << key;
  }
}

TEST(OptionTable, DefaultsPassTheirOwnChecks) {
  for (const Row& row : rows()) EXPECT_NO_THROW(row.check(Options())) << row.info.key;
}

// A program can set what no text gives.
TEST(OptionTable, FieldsAreChecked) {
  for (const Row& row : rows()) {
    if (!std::holds_alternative<double>(row.get(Options()))) continue;
    EXPECT_THAT(message_of(row.info.key, "nan"), testing::StartsWith("`" + std::string(row.info.key) + "`: 'nan' is not "));
    EXPECT_THAT(message_of(row.info.key, "-1"), testing::HasSubstr("'-1' is not ")) << row.info.key;
    EXPECT_THAT(message_of(row.info.key, "1e60"), testing::HasSubstr("'1e60'")) << row.info.key;
    // What is not 0 must not become 0.
    EXPECT_THAT(message_of(row.info.key, "0.1e-400"), testing::HasSubstr("'0.1e-400' is not ")) << row.info.key;
  }
  Options options;
  options.training.regularization.dropout = std::nan("");
  EXPECT_THROW(internal::row_of("dropout").check(options), UsageError);
}

TEST(OptionTable, UnknownKeysGetTheNearest) {
  EXPECT_THAT(message_of("droput", "0.1"), testing::HasSubstr("no option is called 'droput' (did you mean 'dropout'?)"));
  EXPECT_THAT(message_of("optimizer", "adma"), testing::HasSubstr("(did you mean 'adam'?)"));
  EXPECT_THAT(message_of("init", "unifrom:2"), testing::HasSubstr("(did you mean 'uniform'?)"));
}

TEST(OptionTable, ModelOptionsCannotChangeWithTheMachine) {
  Options options;
  const auto before = internal::model_options(options, 100);
  options.training.execution.threads = 7;
  options.training.report_every = 3;
  options.split.test = "elsewhere.csv";
  EXPECT_EQ(internal::model_options(options, 100), before);
  options.training.regularization.dropout = 0.25;
  EXPECT_NE(internal::model_options(options, 100), before);
}

TEST(OptionTable, DescribesAMethod) {
  EXPECT_EQ(describe_method(Options(), 100), "mse, sgd, full batch, 0 epochs, init xavier, seed 0, normalize auto");
  Options options;
  options.network.loss = Loss::huber;
  options.training = {.optimizer = {.kind = Optimizer::adam, .learning_rate = 0.5},
                      .batch_size = 2000,
                      .epochs = 3,
                      .regularization = {.dropout = 0.25}};
  options.training.optimizer.momentum = 0.125;  // which adam does not have
  EXPECT_EQ(describe_method(options, 5000),
            "huber, adam, learning rate 0.5, batches of 2,000, 3 epochs, init xavier, seed 0, dropout 0.25, normalize auto");
}

}  // namespace
}  // namespace gradus
