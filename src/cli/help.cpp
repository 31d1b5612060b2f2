#include "cli/help.hpp"

namespace gradus::cli {
namespace {

constexpr std::string_view kGeneral = R"(Example:
  gradus train digits.csv --test-fraction 0.2       learn to read digits; writes gradus-run/
  gradus predict gradus-run/model.safetensors new.csv

Gradus trains fully connected neural networks.

Commands:
  train DATA            learn a network from DATA
  evaluate MODEL DATA   cost, accuracy and confusion matrix, or RMSE, MAE and R²
  predict MODEL DATA    predictions as CSV on standard output, or --output FILE
  inspect FILE          what a model or data file holds
  devices               what this machine can train on, and which one `auto` takes

  gradus COMMAND --help   the options of a command
  gradus --version        the version

DATA is one of
  a CSV or TSV file       also .gz, and - for standard input
  a folder like MNIST's   four IDX files, plain or .gz: train-images…, train-labels…, t10k-images…, t10k-labels…
  IMAGES.idx,LABELS.idx   two IDX files
  X.npy,Y.npy             two NumPy arrays

MODEL is the model.safetensors that `train` wrote, or its folder.

Exit codes: 0 success, 1 internal error, 2 wrong usage or device, 3 wrong file or data, 4 training diverged, 5 out of memory,
129 hung up (SIGHUP), 130 interrupted (Ctrl-C), 143 terminated (SIGTERM).
)";

constexpr std::string_view kTrain = R"(Example:
  gradus train digits.csv --test-fraction 0.2
  gradus train housing.csv --recipe tabular --test-fraction 0.2
  gradus train housing.csv --recipe tabular --folds 5
  gradus train mnist/ --hidden 30 --learning-rate 3.0 --batch-size 10 --epochs 30
  gradus train housing.csv --target price --hidden 64,64 --activation tanh --batch-size 32

Usage: gradus train DATA [options]

Learns a network from DATA and writes it into a folder. DATA is a CSV or TSV file (also .gz, and - for standard input),
a folder in MNIST's layout, IMAGES.idx,LABELS.idx or X.npy,Y.npy. The target is the last column unless --target names it;
a text target, or a whole-number target with at most 100 distinct values, is a class, any other a number. Several targets
are numbers, or labels that a sample has (1) or not (0).

  --config FILE            takes options from a TOML file, such as `hidden = [128, 64]`, or from options.json of a run; its
                           key `data` is DATA, and options on the command line win (`--ignore none` and the like take
                           back what it asks for)
  --recipe R               a set of defaults for what follows, of which any can be given otherwise: classic (the founding
                           method), tabular (for tables: a good first try), image (for images) (default: classic)

Data:
  --target COLUMNS         the column to learn, by name or counted from 1 (default: the last); or several, such as a,b:
                           numbers, or labels if all are 0 or 1
  --task TASK              classification, regression or multi-label (default: by the target)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)
  --ignore COLUMNS         columns that are neither features nor the target, such as id,name or 1,4; or none
  --categorical COLUMNS    columns whose values are names even where they look like numbers, such as zip; columns of text
                           are found. Each name is an input of its own
  --most-categories N      a column with more names than that is hashed to so many inputs (default: 128)
  --weights COLUMN         a column that says by how much each row counts in training
  --missing POLICY         values that a table or an array (NaN) lacks: error, mean, median, most-frequent, or indicator
                           (the median, and one more input that says so); learnt from the training part (default: error;
                           indicator with the recipe tabular)
  --normalize KIND         auto, none, minmax, standard or quantile (to a normal distribution, for long tails); learnt from
                           the training part and kept in the model
                           (default: auto: bytes to [0, 1], columns of a table to mean 0 and deviation 1)
  --test DATA              measure on this data too; it is never learnt from, and chooses nothing
  --test-fraction F        hold this part of DATA out for the same, such as 0.2; drawn by the seed
  --folds K                cross-validation: train K times, each time without another K-th part of DATA, and tell mean and
                           deviation of the figures on these parts; no model is written
  --validation DATA        measure on this data after every epoch, and keep the model of the best one
  --validation-fraction F  take this part for the same, of what --test-fraction leaves; drawn by the seed (default: none;
                           with the recipe tabular 0.1, of classes from 5,000 rows on)

The defaults that follow are those of the recipe classic.

Network:
  --hidden WIDTHS          of the hidden layers: 30, or 128,64, or none (default: 30)
  --activation F           identity, sigmoid, tanh, relu, scaled-tanh, leaky-relu, elu, gelu, silu or softplus
                           (default: sigmoid)
  --output-activation F    one of these, or softmax (default: softmax for the loss cross-entropy, else sigmoid for classes,
                           identity for numbers)
  --loss L                 mse, huber or mae; for classes also cross-entropy and binary-cross-entropy (default: mse)
  --label-smoothing S      with cross-entropy: this part of a target is shared among all classes (default: 0)
  --huber-delta D          with huber: errors count linearly beyond it, in standardised units (default: 1)
  --init KIND              xavier, normal, he or uniform:R (default: xavier)

Method:
  --optimizer O            sgd, momentum, nesterov, rmsprop, adam, adamw or lamb (default: sgd)
  --learning-rate R        (default: for sgd 3 on classes with sigmoid and mse, 0.5 with an entropy, else 0.1; 0.02 for
                           momentum and nesterov, 0.01 for lamb, 0.001 for the others)
  --schedule S             of the rate: constant, step:N:F (times F after every N epochs), exponential:F, cosine, one-cycle,
                           or plateau:N:F (times F after N epochs without progress) (default: constant)
  --warmup N               epochs in which the rate first rises from 0 (default: none)
  --batch-size N|full      samples per step (default: full)
  --epochs N               passes over the data (default: 1000 with the full batch, else 30)
  --seed N                 of the initial values, the order of the samples and --test-fraction (default: 0)
  --momentum M             of momentum and nesterov (default: 0.9)
  --beta1 B, --beta2 B     of adam, adamw and lamb (default: 0.9 and 0.999); rmsprop has --beta2 (default: 0.99)
  --epsilon E              of rmsprop, adam, adamw and lamb (default: 1e-8)

Regularisation; decay is of weights and not of biases:
  --class-weights W        by how much samples of each class count: balanced (each class counts alike), or a CSV file with a
                           line CLASS,WEIGHT for each (default: alike)
  --dropout P              leaves each node of the hidden layers out with this chance, anew for each sample (default: 0)
  --input-noise S          adds noise of this standard deviation to the scaled inputs, anew in each step (default: 0)
  --mixup A                mixes each sample with another of the batch, inputs and targets, in parts of Beta(A, A), such as
                           0.2 (default: 0)
  --weight-decay W         each step takes the rate times this part of a weight away (default: 0.01 for adamw, else 0)
  --l1 A, --l2 A           adds A times a weight's sign, or A times the weight, to its gradient (default: 0)
  --clip-norm C            shortens the gradient of all parameters to this length (default: never)

Distortions of images, anew for each sample and epoch, up to what is given, in both directions (default: none; mild ones
with the recipe image for classes, where the size is known):
  --shift P                along each axis, in pixels
  --rotate D               in degrees
  --scale F                each axis longer or shorter by this part, such as 0.1
  --elastic A:S            a field of displacements, smoothed over S pixels and multiplied by A, such as 34:4 for digits of
                           28 x 28 pixels
  --image-size HxW         of the images that the inputs are, row by row (default: as IDX and NPY files say)

Ends before the last epoch:
  --patience N             after more epochs than that without a better one on the validation part
  --monitor M              what better means: cost, accuracy, rmse or mae (default: cost)
  --stop-at V              when the monitored figure of the validation part is at least as good, such as 0.97 of accuracy
  --time-limit T           after the epoch in which this time is over: 90, 90s, 1.5m or 2h

Machine:
  --device D               auto, cpu, cuda or cuda:N (default: auto, a GPU if one can be used; see `gradus devices`)
  --threads N              on the CPU, at most so many (default: all cores that help)
  --precision P            of matrix products: fp32, tf32 or bf16; the last two need a GPU (default: fp32)

Output:
  --output DIR             the folder for model.safetensors, metrics.jsonl and options.json (default: gradus-run)
  --overwrite              replace the run that the folder holds
  --report-every N         epochs between two reports (default: so that there are about 30)
  --json                   the result as one JSON object on standard output
  --quiet                  no progress
  --help                   this text

Ctrl-C finishes the step and writes the model as it stands; a second Ctrl-C ends at once. SIGTERM and SIGHUP do the same.
)";

constexpr std::string_view kEvaluate = R"(Example:
  gradus evaluate gradus-run/model.safetensors digits.csv

Usage: gradus evaluate MODEL DATA [options]

Measures a model on samples whose targets are known: cost, accuracy, precision, recall and F1 of each class, ROC AUC, the
classes among the first few, log loss and calibration, confusion matrix; the same of labels; or RMSE, MAE and R² in the
units of the data.
Columns are matched by name where both sides have names. Of a folder in MNIST's layout it takes the test part.

Options:
  --target COLUMNS         the target's column (default: as in the training data)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)
  --device D               auto, cpu, cuda or cuda:N (default: auto)
  --threads N              at most so many (default: all cores that help)
  --json                   the result as one JSON object
  --quiet                  no notes
  --help                   this text
)";

constexpr std::string_view kPredict = R"(Example:
  gradus predict gradus-run/model.safetensors new.csv > predictions.csv
  gradus predict gradus-run/model.safetensors new.csv --scores

Usage: gradus predict MODEL DATA [options]

Predicts the class, the labels or the numbers for each sample, in the order of DATA, as CSV with a header. Columns are
matched by name where both sides have names; the target may be missing. Of a folder in MNIST's layout it takes the test part.

Options:
  --output FILE            write to this file, beside its place first; never the model or DATA itself
                           (default: standard output, also -)
  --scores                 classes and labels: one more column per output of the network, score_NAME
  --target COLUMNS         the target's column, if there is one (default: as in the training data)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)
  --device D               auto, cpu, cuda or cuda:N (default: auto)
  --threads N              at most so many (default: all cores that help)
  --json                   one JSON object instead of CSV
  --quiet                  no notes
  --help                   this text
)";

constexpr std::string_view kInspect = R"(Example:
  gradus inspect gradus-run/model.safetensors
  gradus inspect digits.csv

Usage: gradus inspect FILE [options]

Tells what a model holds (network, features, classes, how it was trained) or what data holds (samples, range of each
feature, classes or targets).

Options, for data:
  --target COLUMNS         the column to learn, by name or counted from 1 (default: the last); or several, such as a,b:
                           numbers, or labels if all are 0 or 1
  --task TASK              classification, regression or multi-label (default: by the target)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)
  --ignore COLUMNS, --categorical COLUMNS, --most-categories N, --weights COLUMN, --missing POLICY
                           as for `gradus train`

Options:
  --json                   one JSON object
  --quiet                  no notes
  --help                   this text
)";

constexpr std::string_view kDevices = R"(Example:
  gradus devices

Usage: gradus devices [options]

Lists what this machine can train on, why a kind of device cannot be used, and which device `auto` takes.

Options:
  --json                   one JSON object
  --help                   this text
)";

}  // namespace

std::string_view general_help() {
  return kGeneral;
}

std::string_view command_help(std::string_view command) {
  if (command == "train") return kTrain;
  if (command == "evaluate") return kEvaluate;
  if (command == "predict") return kPredict;
  if (command == "inspect") return kInspect;
  if (command == "devices") return kDevices;
  return {};
}

}  // namespace gradus::cli
