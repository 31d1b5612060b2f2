#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus {

/// How well one target of a regression is predicted, in the units of the data.
struct NumberMetrics {
  double rmse = 0.0;
  double mae = 0.0;
  double r2 = 0.0;  ///< 1 − Σ(t − y)² / Σ(t − mean)²; NaN when all values are the same

  bool operator==(const NumberMetrics&) const = default;
};

/// How well one class is distinguished from the others, or how well one label is predicted. NaN marks a quotient of 0 by 0.
/// TP, FP and FN are the numbers of true positives, false positives and false negatives.
struct ClassMetrics {
  std::size_t samples = 0;  ///< that belong to this class, or have this label
  double precision = 0.0;   ///< TP / (TP + FP): the fraction of the predictions of this class that are right
  double recall = 0.0;      ///< TP / (TP + FN): the fraction of its samples that are found
  double f1 = 0.0;          ///< 2 TP / (2 TP + FP + FN): the harmonic mean of both
  /// The area under the receiver operating characteristic of the class's output: the probability that a sample of the class
  /// has a larger output than a sample of another class, where equal outputs count half (Hanley and McNeil 1982). NaN for
  /// more than 2,000 classes.
  double roc_auc = 0.0;
};

/// The metrics of a classification beside its accuracy. For multi-label data, `classes` has one entry per label, `top_k` is
/// empty, `calibration_error` has no value, and `log_loss` is also a mean over the labels.
struct ClassificationMetrics {
  std::vector<ClassMetrics> classes;  ///< in the order of the outputs
  // Means over the classes whose value is not NaN.
  double macro_precision = 0.0;
  double macro_recall = 0.0;
  double macro_f1 = 0.0;
  double roc_auc = 0.0;  ///< for two classes: the value of the second class instead of a mean
  /// {k, the fraction of the samples whose class is among the k largest outputs}, for each k of 2, 3 and 5 that is less than
  /// the number of classes. Equal outputs are ranked by class index, the smallest first.
  std::vector<std::pair<std::size_t, double>> top_k;
  // Softmax outputs are probabilities; sigmoid outputs are divided by their sum. For other outputs neither has a value.
  std::optional<double> log_loss;  ///< the mean of −ln p of the samples' classes, with p at least 1e-15
  /// The expected calibration error: the difference between the largest probability and the accuracy, averaged over 15 bins
  /// of that probability (Guo et al. 2017).
  std::optional<double> calibration_error;
};

/// What an evaluation measures beside the metrics that it always has.
/// - `none`: nothing
/// - `classes`: ClassificationMetrics, which need the outputs of all samples in memory; for a regression, nothing
enum class Details : std::uint8_t { none, classes };

/// How well a model does on samples whose targets are known. `metrics()` lists the metrics with their names.
struct Evaluation {
  Task task = Task::classification;
  std::size_t samples = 0;
  double cost = 0.0;  ///< the mean of the loss over the samples, in the units in which the network was trained
  // Classification and multi-label. A label is predicted where its output is above ½.
  std::size_t correct = 0;                    ///< samples whose class, or whose every label, is right
  double accuracy = 0.0;                      ///< correct / samples
  double label_accuracy = 0.0;                ///< multi-label: the fraction of all labels of all samples that are right
  std::vector<std::uint64_t> confusion = {};  ///< (actual class, predicted class) row-major; empty beyond 2,000 classes
  std::optional<ClassificationMetrics> details = std::nullopt;  ///< with Details::classes
  // Regression, in the units of the data. RMSE and MAE are over the values of all targets; R² is the mean over the targets
  // for which it is defined.
  double rmse = 0.0;
  double mae = 0.0;
  double r2 = 0.0;
  std::vector<NumberMetrics> targets = {};  ///< one per target
};

}  // namespace gradus
