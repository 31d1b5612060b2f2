#include "help.hpp"

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
  gradus train mnist/ --hidden 30 --learning-rate 3.0 --batch-size 10 --epochs 30
  gradus train housing.csv --target price --hidden 64,64 --activation tanh --batch-size 32

Usage: gradus train DATA [options]

Learns a network from DATA and writes it into a folder. DATA is a CSV or TSV file (also .gz, and - for standard input),
a folder in MNIST's layout, IMAGES.idx,LABELS.idx or X.npy,Y.npy. The target is the last column unless --target names it;
a text target, or a whole-number target with at most 100 distinct values, is a class, any other a number.

Data:
  --target NAME|INDEX      the column to learn, by name or counted from 1 (default: the last)
  --task TASK              classification or regression (default: by the target)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)
  --normalize KIND         auto, none, minmax or standard; learnt from the training part and kept in the model
                           (default: auto: bytes to [0, 1], columns of a table to mean 0 and deviation 1)
  --test DATA              measure on this data too; it is never learnt from
  --test-fraction F        hold this part of DATA out for the same, such as 0.2; drawn by the seed

Network:
  --hidden WIDTHS          of the hidden layers: 30, or 128,64, or none (default: 30)
  --activation F           sigmoid, tanh, relu or identity (default: sigmoid)
  --output-activation F    (default: sigmoid for classes, identity for numbers)
  --loss L                 mse (default: mse)
  --init KIND              xavier, normal, he or uniform:R (default: xavier)

Method:
  --optimizer O            sgd (default: sgd)
  --learning-rate R        (default: 3 for classes with sigmoid and mse, else 0.1)
  --batch-size N|full      samples per step (default: full)
  --epochs N               passes over the data (default: 1000 with the full batch, else 30)
  --seed N                 of the initial values, the order of the samples and --test-fraction (default: 0)

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

Measures a model on samples whose targets are known: cost, accuracy and confusion matrix, or RMSE, MAE and R² in the units
of the data. Columns are matched by name where both sides have names. Of a folder in MNIST's layout it takes the test part.

Options:
  --target NAME|INDEX      the target's column (default: as in the training data)
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

Predicts the class or the number for each sample, in the order of DATA, as CSV with a header. Columns are matched by name
where both sides have names; the target may be missing. Of a folder in MNIST's layout it takes the test part.

Options:
  --output FILE            write to this file, beside its place first; never the model or DATA itself
                           (default: standard output, also -)
  --scores                 classes: one more column per output of the network, score_CLASS
  --target NAME|INDEX      the target's column, if there is one (default: as in the training data)
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
  --target NAME|INDEX      the column to learn, by name or counted from 1 (default: the last)
  --task TASK              classification or regression (default: by the target)
  --header yes|no          whether the first line holds names (default: detected)
  --delimiter C            one character, or tab (default: detected)

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
