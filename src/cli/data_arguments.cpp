#include "cli/data_arguments.hpp"

#include "cli/values.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {

void DataArguments::add_to(Arguments& arguments) {
  arguments.option("--target", target);
  arguments.option("--header", header);
  arguments.option("--delimiter", delimiter);
}

void DataArguments::add_learning_to(Arguments& arguments) {
  arguments.option("--task", task);
  arguments.option("--ignore", ignored);
  arguments.option("--categorical", categorical);
  arguments.option("--most-categories", most_categories);
  arguments.option("--weights", weights);
  arguments.option("--missing", missing);
}

DataOptions DataArguments::options() const {
  DataOptions options = layout();
  options.target = target;
  if (task) options.task = choice<Task>("--task", *task);
  if (ignored) options.ignored = columns("--ignore", *ignored);
  if (categorical) options.categorical = columns("--categorical", *categorical);
  if (most_categories) options.most_categories = count("--most-categories", *most_categories);
  if (weights != "none") options.weights = weights;
  return options;
}

std::optional<Missing> DataArguments::missing_policy() const {
  if (!missing) return std::nullopt;
  return choice<Missing>("--missing", *missing);
}

DataOptions DataArguments::layout() const {
  DataOptions options;
  if (header) options.header = yes_or_no("--header", *header);
  if (delimiter) options.delimiter = cli::delimiter("--delimiter", *delimiter);
  return options;
}

std::vector<std::string> DataArguments::layout_words() const {
  std::vector<std::string> words;
  if (header) words.insert(words.end(), {"--header", *header});
  if (delimiter) words.insert(words.end(), {"--delimiter", *delimiter});
  return words;
}

void refuse_standard_input_twice(const std::string& first, const std::string& second) {
  if (first == "-" && second == "-")
    throw UsageError("standard input ('-') can be read only once; give one of the two as a file");
}

}  // namespace gradus::cli
