#include <fmt/format.h>

#include "base/wording.hpp"
#include "options/conditions.hpp"
#include "options/resolve.hpp"
#include "options/row.hpp"

// The network, how it is trained, and what keeps it from learning its data by heart.
namespace gradus::internal {
namespace {

using enum Optimizer;

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
  Row row = internal::row("warmup", "N", "epochs in which the rate first rises from 0", GRADUS_FIELD(training.warmup_epochs),
                          AtLeast{0});
  row.get = [](const Options& options) -> OptionValue {
    const std::size_t epochs = options.training.warmup_epochs;
    return epochs == 0 ? OptionValue() : OptionValue(std::uint64_t{epochs});
  };
  return std::move(row).standard("0");
}

/// A source of weights, which become numbers when the classes are known.
Row class_weights_row() {
  Row row =
      internal::row("class_weights", "W",
                    "how much samples of each class count: balanced (each class counts alike), or a CSV file with a line "
                    "CLASS,WEIGHT for each; or none",
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
  add(row("hidden", "WIDTHS", "units of each hidden layer: 30, or 128,64, or none", GRADUS_FIELD(network.hidden))
          .show(Shown::never));
  add(row("activation", "F", "of the hidden layers: {choices}", GRADUS_FIELD(network.activation))
          .without("softmax")
          .show(Shown::never));
  add(row("output_activation", "F", "one of these, or softmax", GRADUS_FIELD(network.output_activation))
          .standard("softmax for the loss cross-entropy, else sigmoid for classes, identity for numbers")
          .replaced_by({"loss"})
          .show(Shown::never));
  add(row("loss", "L", "{choices}; the entropies are for classes", GRADUS_FIELD(network.loss)).show(Shown::bare));
  add(row("label_smoothing", "S", "this fraction of a target is shared among all classes",
          GRADUS_FIELD(network.label_smoothing), Range::at_least(0.0).below(1.0))
          .counts(with_loss(Loss::cross_entropy))
          .zero_is_off()
          .replaced_by({"loss"}));
  add(row("huber_delta", "D", "errors count linearly beyond it, in standardized units", GRADUS_FIELD(network.huber_delta),
          Range::above(0.0))
          .counts(with_loss(Loss::huber))
          .replaced_by({"loss"}));
  return rows;
}

std::vector<Row> method_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::method)); };
  const auto fraction = Range::at_least(0.0).below(1.0).such_as("0.9");
  add(row("optimizer", "O", "{choices}", GRADUS_FIELD(training.optimizer)).show(Shown::bare));
  add(row("learning_rate", "R", "the length of a step", GRADUS_FIELD(training.learning_rate), Range::above(0.0))
          .standard(
              "for sgd 3 for classes with sigmoid and mse, 0.5 with an entropy, else 0.1; 0.02 for momentum and nesterov, "
              "0.01 for lamb, 0.001 for the others"));
  add(row("schedule", "S",
          "of the learning rate: constant, step:N:F (times F after every N epochs), exponential:F, cosine, one-cycle, or "
          "plateau:N:F (times F after N epochs without progress)",
          GRADUS_FIELD(training.schedule)));
  add(warmup_row());
  add(batch_size_row());
  add(row("epochs", "N", "passes over the data", GRADUS_FIELD(training.epochs))
          .standard("1000 with the full batch, else 30")
          .in_words([](const Options& options, std::size_t /*samples*/) {
            return counted(options.training.epochs.value_or(0), "epoch");
          }));
  add(row("init", "KIND", "initial weights: xavier, normal, he or uniform:R", GRADUS_FIELD(training.initialization))
          .show(Shown::always));
  add(row("seed", "N", "of the initial weights, the order of the samples and every split", GRADUS_FIELD(training.seed),
          AtLeast{0})
          .show(Shown::always));
  add(row("momentum", "M", "keeps this fraction of the last step", GRADUS_FIELD(training.momentum), fraction)
          .counts(with_optimizers({momentum, nesterov}))
          .replaced_by({"optimizer"}));
  add(row("beta1", "B", "decay of the mean of gradients", GRADUS_FIELD(training.beta1), fraction)
          .counts(with_optimizers({adam, adamw, lamb}))
          .replaced_by({"optimizer"}));
  add(row("beta2", "B", "decay of the mean of squared gradients", GRADUS_FIELD(training.beta2), fraction)
          .standard("0.999; for rmsprop 0.99")
          .counts(with_optimizers({rmsprop, adam, adamw, lamb}))
          .replaced_by({"optimizer"})
          .in_words([](const Options& options, std::size_t /*samples*/) {
            const double beta2 = options.training.beta2.value_or(default_beta2(options.training.optimizer));
            return beta2 == default_beta2(options.training.optimizer) ? std::string() : fmt::format("beta2 {}", beta2);
          }));
  add(row("epsilon", "E", "is added to the root of the mean of squares", GRADUS_FIELD(training.epsilon),
          Range::above(0.0).such_as("1e-8"))
          .counts(with_optimizers({rmsprop, adam, adamw, lamb}))
          .replaced_by({"optimizer"}));
  return rows;
}

std::vector<Row> regularization_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::regularization)); };
  const auto penalty = Range::at_least(0.0);
  add(class_weights_row());
  add(row("dropout", "P", "leaves each unit of the hidden layers out with this probability, anew for each sample",
          GRADUS_FIELD(training.dropout), Range::at_least(0.0).below(1.0))
          .counts(with_hidden_layers())
          .zero_is_off());
  add(row("input_noise", "S", "adds noise of this standard deviation to the scaled inputs, anew in each step",
          GRADUS_FIELD(training.input_noise), penalty));
  add(row("mixup", "A",
          "mixes each sample with another of the batch, inputs and targets, by a weight of Beta(A, A), such as 0.2",
          GRADUS_FIELD(training.mixup), Range::at_least(0.001).at_most(1000.0).or_zero().such_as("0.2")));
  add(row("weight_decay", "W", "each step takes the learning rate times this fraction of a weight away; biases stay",
          GRADUS_FIELD(training.weight_decay), penalty)
          .standard("0.01 for adamw, else 0"));
  add(row("l1", "A", "adds A times a weight's sign to its gradient", GRADUS_FIELD(training.l1), penalty));
  add(row("l2", "A", "adds A times a weight to its gradient", GRADUS_FIELD(training.l2), penalty));
  add(row("clip_norm", "C", "scales the gradient of all parameters down to at most this norm",
          GRADUS_FIELD(training.clip_norm), Range::above(0.0))
          .standard("never"));
  return rows;
}

}  // namespace gradus::internal
