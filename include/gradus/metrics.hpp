#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/export.hpp"
#include "gradus/model.hpp"

namespace gradus {

/// How well one class is told from the others, or whether a sample has a label. NaN where nothing can be said: a quotient of
/// 0 by 0.
struct ClassMetrics {
  std::size_t samples = 0;  ///< of this class
  double precision = 0.0;   ///< of those that were taken for it, the part that is
  double recall = 0.0;      ///< of those that are, the part that was taken for it
  double f1 = 0.0;          ///< the harmonic mean of both: 2 TP / (2 TP + FP + FN)
  /// The area under the curve of true over false positives along the class's output: the chance that a sample of the class
  /// has a larger one than a sample of another, equal ones counting half (Hanley and McNeil 1982). NaN beyond 2,000
  /// classes.
  double roc_auc = 0.0;
};

/// What can be told of a classification's outputs beside its accuracy. Of a multi-label model the classes are its labels,
/// which a sample may have several of: `log_loss` is the mean over them too, and there are no top_k and no calibration.
struct ClassificationMetrics {
  std::size_t samples = 0;
  double accuracy = 0.0;
  std::vector<ClassMetrics> classes;  ///< in the order of the outputs
  // Means over the classes for which there is a figure.
  double macro_precision = 0.0;
  double macro_recall = 0.0;
  double macro_f1 = 0.0;
  double roc_auc = 0.0;  ///< with two classes: of the second one
  /// {k, the part of the samples whose class is among the k largest outputs}, for k of 2, 3 and 5 below the number of
  /// classes. Of equal outputs the first classes count as the larger ones.
  std::vector<std::pair<std::size_t, double>> top_k;
  /// Of outputs that are probabilities (softmax), or parts of their sum (sigmoid); nothing for others.
  std::optional<double> log_loss;  ///< the mean of −ln p of the samples' classes, p not below 1e-15
  /// The expected calibration error: by how much the largest probability misses the accuracy, in the mean over 15 bins of it
  /// (Guo et al. 2017).
  std::optional<double> calibration_error;
};

/// Of a model's predictions for samples whose classes are known. Throws UsageError where the predictions are not those of
/// the data, or the data are for a regression or have no targets.
[[nodiscard]] GRADUS_EXPORT ClassificationMetrics classification_metrics(const Model& model, const Predictions& predictions,
                                                                         const Dataset& data);

}  // namespace gradus
