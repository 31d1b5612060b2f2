#include "options/row.hpp"

// How data are read, and what a network's inputs are made of.
namespace gradus::internal {
namespace {

constexpr auto kModelCommands = {Command::evaluate, Command::predict, Command::inspect};
constexpr auto kLearning = {Command::inspect};

}  // namespace

std::vector<Row> data_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::data).show(Shown::never)); };
  add(row("target", "COLUMNS",
          "the column to predict, by name or by number counted from 1; several, such as a,b, are numbers, or labels if all "
          "their values are 0 or 1",
          GRADUS_FIELD(data.target))
          .standard("the last")
          .for_commands(kModelCommands)
          .model_help("the target columns, if the data has any (default: as in the training data)"));
  add(row("task", "TASK", "what is predicted: {choices}", GRADUS_FIELD(data.task))
          .standard("by the target")
          .for_commands(kLearning));
  add(row("header", "yes|no", "whether the first line has the names of the columns", GRADUS_FIELD(data.header))
          .standard("detected")
          .for_commands(kModelCommands));
  add(row("delimiter", "C", "what separates fields: one character, or tab", GRADUS_FIELD(data.delimiter))
          .standard("detected")
          .for_commands(kModelCommands));
  add(row("ignore", "COLUMNS", "columns that are neither features nor the target, such as id,name or 1,4; or none",
          GRADUS_FIELD(data.ignored))
          .for_commands(kLearning));
  add(row("categorical", "COLUMNS",
          "columns whose values are names although they look like numbers, such as zip; columns of text are detected. Each "
          "name becomes one input",
          GRADUS_FIELD(data.categorical))
          .for_commands(kLearning));
  add(row("most_categories", "N", "a column with more than this many names is hashed into this many inputs",
          GRADUS_FIELD(data.most_categories))
          .for_commands(kLearning));
  add(row("weights", "COLUMN", "a column that says how much each row counts in training; or none",
          GRADUS_FIELD(data.weights), OrNone{})
          .for_commands(kLearning));
  add(row("missing", "POLICY",
          "what replaces missing values: error (nothing: they are an error), mean, median, most-frequent, or indicator (the "
          "median, and one more input that is 1 where the value is missing); learnt from the training set",
          GRADUS_FIELD(training.preprocessing.missing))
          .standard("error; indicator with the recipe tabular")
          .for_commands(kLearning));
  rows.push_back(
      row("normalize", "KIND",
          "how features are scaled: auto, none, minmax, standard or quantile (to a normal distribution, for long tails); "
          "learnt from the training set and kept in the model",
          GRADUS_FIELD(training.preprocessing.normalization))
          .in(OptionGroup::data)
          .standard("auto: bytes to [0, 1], columns of a table to mean 0 and standard deviation 1")
          .show(Shown::always));
  return rows;
}

std::vector<Row> split_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::split).show(Shown::never)); };
  add(row("test", "DATA", "the test set: it is only evaluated and never influences training", GRADUS_FIELD(split.test))
          .path()
          .keeps_result()
          .replaced_by({"test_fraction", "folds"}));
  add(row("test_fraction", "F", "hold out this fraction of DATA as the test set, such as 0.2, drawn by the seed; or none",
          GRADUS_FIELD(split.test_fraction), OrNone{}, Range::above(0.0).below(1.0).such_as("0.2").in_doubles())
          .replaced_by({"test", "folds"}));
  add(row(
      "folds", "K",
      "cross-validation: divide DATA into K folds and train K times; each time a different fold is left out and is the test "
      "set. The result is the mean and standard deviation of the metrics; no model is written",
      GRADUS_FIELD(split.folds), AtLeast{2}));
  add(row("validation", "DATA", "the validation set: evaluate on it after every epoch, and keep the model of the best epoch",
          GRADUS_FIELD(split.validation))
          .path()
          .keeps_result()
          .replaced_by({"validation_fraction"}));
  add(row("validation_fraction", "F",
          "hold out this fraction of what remains of DATA as the validation set, drawn by the seed; or none",
          GRADUS_FIELD(split.validation_fraction), OrNone{}, Range::above(0.0).below(1.0).such_as("0.2").in_doubles())
          .standard("none; 0.1 with the recipe tabular, for numbers from 200 rows on, for classes and labels from 5,000")
          .replaced_by({"validation"}));
  return rows;
}

}  // namespace gradus::internal
