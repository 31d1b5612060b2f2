#include <fmt/format.h>

#include "base/wording.hpp"
#include "options/conditions.hpp"
#include "options/resolve.hpp"
#include "options/row.hpp"

// The network, how it is trained, and what keeps it from learning its data by heart.
namespace gradus::internal {
namespace {

/// Samples per step: a number, or `full`.
Row batch_size_row() {
  Row row = internal::row("batch_size", "N|full", "samples per step", GRADUS_FIELD(training.batch_size));
  row.set = [](Options& options, std::string_view text) {
    if (text == "full") {
      options.training.batch_size.reset();
      return;
    }
    try {
      options.training.batch_size = read_whole_number("batch_size", text, 1);
    } catch (const UsageError&) {
      throw UsageError(fmt::format("`batch_size`: {} is neither a whole number of at least 1 nor `full`{}", in_quotes(text),
                                   whole_spelling(text)));
    }
  };
  row.get = [](const Options& options) -> OptionValue {
    if (options.training.batch_size) return *options.training.batch_size;
    return std::string("full");
  };
  return std::move(row).standard("full").show(Shown::always).in_words([](const Options& options, std::size_t samples) {
    const std::size_t batch = options.training.batch_size.value_or(samples);
    return batch >= samples ? std::string("full batch") : fmt::format("batches of {}", with_separators(batch));
  });
}

/// No warm-up has no value.
Row warmup_row() {
  Row row = internal::row("warmup", "N", "epochs in which the learning rate first rises from 0",
                          GRADUS_FIELD(training.warmup_epochs), AtLeast{0});
  row.get = [](const Options& options) -> OptionValue {
    const std::size_t epochs = options.training.warmup_epochs;
    return epochs == 0 ? OptionValue() : OptionValue(std::uint64_t{epochs});
  };
  return std::move(row).standard("0");
}

/// A source of weights, which become numbers when the classes are known.
Row class_weights_row() {
  Row row = internal::row(
      "class_weights", "W",
      "how much samples of each class count: balanced (each class counts the same in total), or a CSV file with a "
      "line CLASS,WEIGHT for each class; or none",
      GRADUS_FIELD(class_weights), OrNone{});
  row.get = [](const Options& options) -> OptionValue {
    if (options.class_weights) return *options.class_weights;
    if (!options.training.class_weights.empty()) return options.training.class_weights;
    return {};
  };
  row.words = [](const Options& options, std::size_t /*samples*/) {
    return std::string(options.class_weights || !options.training.class_weights.empty() ? "class weights" : "");
  };
  return std::move(row).path();
}

}  // namespace

std::vector<Row> network_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::network)); };
  add(row("hidden", "WIDTHS", "units of each hidden layer, such as 30 or 128,64; or none", GRADUS_FIELD(network.hidden))
          .show(Shown::never));
  add(row("activation", "F", "activation of the hidden layers: {choices}", GRADUS_FIELD(network.activation))
          .without("softmax")
          .show(Shown::never));
  add(row("output_activation", "F", "activation of the output layer: one of these, or softmax",
          GRADUS_FIELD(network.output_activation))
          .standard("softmax for the loss cross-entropy; otherwise sigmoid for classes and labels, identity for numbers")
          .replaced_by({"loss"})
          .show(Shown::never));
  add(row("loss", "L", "the function to minimise: {choices}; the entropies are for classes, the binary one also for labels",
          GRADUS_FIELD(network.loss))
          .show(Shown::bare));
  add(row("label_smoothing", "S", "distribute this fraction of a target over all classes",
          GRADUS_FIELD(network.label_smoothing), Range::at_least(0.0).below(1.0))
          .counts(with_loss(Loss::cross_entropy))
          .zero_is_off()
          .replaced_by({"loss"}));
  add(row("huber_delta", "D", "errors beyond this count linearly, in standard deviations of the target",
          GRADUS_FIELD(network.huber_delta), Range::above(0.0))
          .counts(with_loss(Loss::huber))
          .replaced_by({"loss"}));
  return rows;
}

std::vector<Row> method_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::method)); };
  const auto fraction = Range::at_least(0.0).below(1.0).such_as("0.9");
  add(row("optimizer", "O", "the rule of a step: {choices}", GRADUS_FIELD(training.optimizer.kind)).show(Shown::bare));
  add(row("learning_rate", "R", "how large a step is", GRADUS_FIELD(training.optimizer.learning_rate), Range::above(0.0))
          .standard("for sgd: 3 for classes and labels with sigmoid and mse, 0.5 with an entropy, otherwise 0.1; 0.02 for "
                    "momentum and nesterov, 0.01 for lamb, 0.001 for the others"));
  add(row(
      "schedule", "S",
      "how the learning rate changes: constant, step:N:F (multiplied by F after every N epochs), exponential:F (multiplied "
      "by F after every epoch), cosine, one-cycle, or plateau:N:F (multiplied by F after more than N epochs without "
      "improvement)",
      GRADUS_FIELD(training.schedule)));
  add(warmup_row());
  add(batch_size_row());
  add(row("epochs", "N", "passes over the training set", GRADUS_FIELD(training.epochs))
          .standard("1000 with the full batch, otherwise 30")
          .in_words([](const Options& options, std::size_t /*samples*/) {
            return counted(options.training.epochs.value_or(0), "epoch");
          }));
  add(row("init", "KIND", "initial weights: xavier, normal, he or uniform:R", GRADUS_FIELD(training.initialization))
          .show(Shown::always));
  add(row("seed", "N", "seed of the initial weights, the order of the samples and every split", GRADUS_FIELD(training.seed),
          AtLeast{0})
          .show(Shown::always));
  add(row("momentum", "M", "keep this fraction of the last step", GRADUS_FIELD(training.optimizer.momentum), fraction)
          .counts(with_optimizers(&OptimizerTraits::has_momentum))
          .replaced_by({"optimizer"}));
  add(row("beta1", "B", "decay of the running mean of gradients", GRADUS_FIELD(training.optimizer.beta1), fraction)
          .counts(with_optimizers(&OptimizerTraits::has_beta1))
          .replaced_by({"optimizer"}));
  add(row("beta2", "B", "decay of the running mean of squared gradients", GRADUS_FIELD(training.optimizer.beta2), fraction)
          .standard("0.999; for rmsprop 0.99")
          .counts(with_optimizers(&OptimizerTraits::has_beta2))
          .replaced_by({"optimizer"})
          .in_words([](const Options& options, std::size_t /*samples*/) {
            const double standard = default_beta2(options.training.optimizer.kind);
            const double beta2 = options.training.optimizer.beta2.value_or(standard);
            return beta2 == standard ? std::string() : fmt::format("beta2 {}", beta2);
          }));
  add(row("epsilon", "E", "is added to the root of the running mean of squared gradients",
          GRADUS_FIELD(training.optimizer.epsilon), Range::above(0.0).such_as("1e-8"))
          .counts(with_optimizers(&OptimizerTraits::has_epsilon))
          .replaced_by({"optimizer"}));
  return rows;
}

std::vector<Row> regularization_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::regularization)); };
  const auto penalty = Range::at_least(0.0);
  add(class_weights_row());
  add(row("dropout", "P", "drop each unit of the hidden layers with this probability, anew for each sample",
          GRADUS_FIELD(training.regularization.dropout), Range::at_least(0.0).below(1.0))
          .counts(with_hidden_layers())
          .zero_is_off());
  add(row("input_noise", "S", "add noise of this standard deviation to the scaled inputs, anew in each step",
          GRADUS_FIELD(training.augmentation.input_noise), penalty));
  add(row("mixup", "A",
          "mix each sample with another of the batch, inputs and targets, with a weight drawn from Beta(A, A), such as 0.2",
          GRADUS_FIELD(training.augmentation.mixup), Range::at_least(0.001).at_most(1000.0).or_zero().such_as("0.2")));
  add(row("weight_decay", "W", "subtract the learning rate times W times each weight in each step; biases are not changed",
          GRADUS_FIELD(training.regularization.weight_decay), penalty)
          .standard("0.01 for adamw, otherwise 0"));
  add(row("l1", "A", "add A times the sign of each weight to its gradient", GRADUS_FIELD(training.regularization.l1),
          penalty));
  add(row("l2", "A", "add A times each weight to its gradient", GRADUS_FIELD(training.regularization.l2), penalty));
  add(row("clip_norm", "C", "scale the gradient of all parameters down to at most this norm",
          GRADUS_FIELD(training.optimizer.clip_norm), Range::above(0.0))
          .standard("never"));
  return rows;
}

}  // namespace gradus::internal
