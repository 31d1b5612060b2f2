#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradus/export.hpp"
#include "gradus/image_size.hpp"
#include "gradus/schema.hpp"

namespace gradus {

struct DataOptions;
class DatasetStorage;

namespace internal {
struct DatasetAccess;
}

/// Samples with their targets, immutable. Copies share the samples, so they are cheap.
/// Bytes stay bytes and numbers stay 32-bit floats until a minibatch is made from them.
class GRADUS_EXPORT Dataset {
 public:
  /// Reads a CSV or TSV file (plain or gzip, `-` for standard input), a folder in MNIST's layout (its training set),
  /// `IMAGES.idx,LABELS.idx` or `X.npy,Y.npy`. loading.hpp has the options. Throws FileError, DataError, OutOfMemory, and
  /// UsageError for options that do not fit the source.
  static Dataset load(const std::string& source);
  static Dataset load(const std::string& source, const DataOptions& options);

  /// Classification from arrays: `inputs` (samples, features) row-major, `class_indices` (samples), counted from 0. Without
  /// `class_names` the classes are named "0", "1", … This and the next three throw UsageError for shapes or names that do
  /// not fit each other, DataError for values that cannot be learnt from, and OutOfMemory.
  static Dataset classification(std::span<const float> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names = {});
  /// The same from bytes, such as grey values.
  static Dataset classification(std::span<const std::uint8_t> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names = {});
  /// Regression from arrays: `inputs` (samples, features) and `targets` (samples, target_columns), both row-major.
  static Dataset regression(std::span<const float> inputs, std::size_t features, std::span<const float> targets,
                            std::size_t target_columns = 1);
  /// Multi-label data from arrays: `inputs` (samples, features) and `labels` (samples, label_count), both row-major; each
  /// label is 0 or 1. Without `label_names` the labels are unnamed.
  static Dataset multi_label(std::span<const float> inputs, std::size_t features, std::span<const std::uint8_t> labels,
                             std::size_t label_count, std::vector<std::string> label_names = {});

  [[nodiscard]] std::size_t samples() const;
  /// Values per sample: numbers and names. DataSchema::inputs() says how many inputs a network for them has.
  [[nodiscard]] std::size_t features() const { return schema().features; }
  // Called on a temporary, `schema`, `source` and `notes` return copies instead of references.
  [[nodiscard]] const DataSchema& schema() const&;
  [[nodiscard]] DataSchema schema() const&&;
  [[nodiscard]] Task task() const { return schema().task; }
  /// False for data that was loaded for prediction and has no targets.
  [[nodiscard]] bool has_targets() const;
  /// Whether the inputs are bytes (images) and not floats.
  [[nodiscard]] bool holds_bytes() const;
  /// The size of the images, if the samples are images and the source states their size: IDX files, and NPY files of three
  /// or four dimensions.
  [[nodiscard]] std::optional<ImageSize> image_size() const;
  /// Where the data came from, for messages.
  [[nodiscard]] const std::string& source() const&;
  [[nodiscard]] std::string source() const&&;
  /// What a user should know about how the source was read, such as which values are missing; one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const&;
  [[nodiscard]] std::vector<std::string> notes() const&&;

  /// Copies the features of one sample into `inputs`, (features), as they were read, before preprocessing. NaN is a missing
  /// value; Categories says how names are numbered. Throws UsageError for another size, or a sample that does not exist.
  void copy_inputs(std::size_t sample, std::span<float> inputs) const;
  /// The class index of one sample: the place of its class among the schema's class names, counted from 0. Throws UsageError
  /// for data that is not a classification, or a sample that does not exist.
  [[nodiscard]] std::int32_t class_index(std::size_t sample) const;
  /// One target of one sample; for multi-label data 1 if the sample has the label, otherwise 0. Throws UsageError for a
  /// classification, or a sample or column that does not exist.
  [[nodiscard]] float target(std::size_t sample, std::size_t column = 0) const;

  /// The place of the first missing value of a feature, as a message begins: "a.csv:3:2 ('b'): a missing value (the field is
  /// empty)". Nothing when no value is missing.
  [[nodiscard]] std::optional<std::string> first_missing() const;
  /// The same samples with this policy for missing values, which the schema of the result records, together with the
  /// features that get an indicator. Bytes have no missing values and stay unchanged. A Trainer applies
  /// PreprocessingOptions::missing in this way. For Missing::error it throws DataError if a value is missing, and says where
  /// the first one is.
  [[nodiscard]] Dataset with_missing(Missing policy) const;

  /// How much a sample counts in training, relative to the others; 1 if no weight was given.
  [[nodiscard]] float weight(std::size_t sample) const;
  [[nodiscard]] bool has_weights() const;
  /// The same samples with these weights, (samples), each finite and at least 0. Throws UsageError for any others.
  [[nodiscard]] Dataset with_weights(std::span<const float> weights) const;

  /// Two disjoint sets of samples, {rest, held out}, drawn by the seed. The second set has `fraction` of the samples; in a
  /// classification, about the same fraction of every class. Both sets keep the order of the samples. Throws UsageError
  /// unless 0 < fraction < 1, and DataError if a set would be empty.
  [[nodiscard]] std::pair<Dataset, Dataset> split(double fraction, std::uint64_t seed) const;

  /// For cross-validation: `count` pairs {rest, fold}, drawn by the seed. Each sample is in one fold, and the sizes of the
  /// folds differ by at most one; in a classification, so do their numbers of samples of each class. Throws UsageError
  /// unless 2 ≤ count ≤ samples.
  [[nodiscard]] std::vector<std::pair<Dataset, Dataset>> folds(std::size_t count, std::uint64_t seed) const;

 private:
  friend struct internal::DatasetAccess;

  explicit Dataset(std::shared_ptr<const DatasetStorage> storage);
  template <typename IsInPart>
  [[nodiscard]] std::pair<Dataset, Dataset> parted(IsInPart is_in_part) const;

  std::shared_ptr<const DatasetStorage> storage_;
  std::shared_ptr<const std::vector<std::uint32_t>> rows_;  // null: all rows in order
  std::shared_ptr<const std::vector<float>> weights_;       // of all rows in memory; null: those of the storage, if any
  std::shared_ptr<const DataSchema> schema_;                // with a policy for missing values; null: that of the storage
};

/// Class weights, (classes), with which every class counts the same in total, whatever its number of samples: n / (K · n_k)
/// for a class with n_k of the n samples, where K is the number of classes (scikit-learn's `balanced`); 1 for a class
/// without samples. For TrainingOptions::class_weights. Throws UsageError unless the task is classification.
[[nodiscard]] GRADUS_EXPORT std::vector<double> balanced_class_weights(const Dataset& data);

}  // namespace gradus
