#include "train_arguments.hpp"

#include "arguments.hpp"
#include "gradus/error.hpp"
#include "values.hpp"

namespace gradus::cli {
namespace {

// As they were written; an option that was not given is empty.
struct Words {
  using Word = std::optional<std::string>;
  Word test, test_fraction;
  Word hidden, activation, output_activation, loss;
  Word optimizer, learning_rate, batch_size, epochs, init, seed, normalize;
  Word device, threads, precision;
  Word output, report_every;
};

void declare(Arguments& arguments, Words& words, TrainRequest& request) {
  arguments.positional("DATA", request.data, "a file or folder to learn from, such as digits.csv");
  request.reading.add_to(arguments);
  request.reading.add_task_to(arguments);
  arguments.option("--test", words.test);
  arguments.option("--test-fraction", words.test_fraction);
  arguments.option("--hidden", words.hidden);
  arguments.option("--activation", words.activation);
  arguments.option("--output-activation", words.output_activation);
  arguments.option("--loss", words.loss);
  arguments.option("--optimizer", words.optimizer);
  arguments.option("--learning-rate", words.learning_rate);
  arguments.option("--batch-size", words.batch_size);
  arguments.option("--epochs", words.epochs);
  arguments.option("--init", words.init);
  arguments.option("--seed", words.seed);
  arguments.option("--normalize", words.normalize);
  arguments.option("--device", words.device);
  arguments.option("--threads", words.threads);
  arguments.option("--precision", words.precision);
  arguments.option("--output", words.output);
  arguments.option("--report-every", words.report_every);
  arguments.flag("--overwrite", request.overwrite);
  arguments.flag("--json", request.json);
  arguments.flag("--quiet", request.quiet);
}

void read_network(const Words& words, NetworkSpec& network) {
  if (words.hidden) network.hidden = hidden_widths("--hidden", *words.hidden);
  if (words.activation) network.activation = choice<Activation>("--activation", *words.activation);
  if (words.output_activation)
    network.output_activation = choice<Activation>("--output-activation", *words.output_activation);
  if (words.loss) network.loss = choice<Loss>("--loss", *words.loss);
}

void read_method(const Words& words, TrainingOptions& training) {
  if (words.optimizer) training.optimizer = choice<Optimizer>("--optimizer", *words.optimizer);
  if (words.learning_rate) training.learning_rate = positive_number("--learning-rate", *words.learning_rate);
  if (words.batch_size && *words.batch_size != "full") training.batch_size = batch_size("--batch-size", *words.batch_size);
  if (words.epochs) training.epochs = count("--epochs", *words.epochs);
  if (words.init) training.initialization = initialization("--init", *words.init);
  if (words.seed) training.seed = whole_number("--seed", *words.seed, 0);
  if (words.normalize) training.normalization = choice<Normalization>("--normalize", *words.normalize);
  if (words.report_every) training.report_every = count("--report-every", *words.report_every);
}

void read_machine(const Words& words, TrainingOptions& training) {
  if (words.device) training.device = device("--device", *words.device);
  if (words.threads) training.threads = count("--threads", *words.threads);
  if (words.precision) training.precision = choice<Precision>("--precision", *words.precision);
}

}  // namespace

TrainRequest parse_train(const std::vector<std::string>& words_given) {
  TrainRequest request;
  Words words;
  Arguments arguments("train");
  declare(arguments, words, request);
  arguments.parse(words_given);

  if (words.test && words.test_fraction)
    throw UsageError("--test and --test-fraction exclude each other: give the test data, or the part of DATA to hold out");
  if (words.test) refuse_standard_input_twice(request.data, *words.test);
  request.test = words.test;
  if (words.test_fraction) request.test_fraction = fraction("--test-fraction", *words.test_fraction);
  static_cast<void>(request.reading.options());  // a wrong value must not wait until other work is done
  read_network(words, request.network);
  read_method(words, request.training);
  read_machine(words, request.training);
  if (words.output && words.output->empty()) throw UsageError("--output: the name of the folder is empty");
  if (words.output) request.output = *words.output;
  return request;
}

}  // namespace gradus::cli
