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
/// Bytes stay bytes and numbers stay 32-bit floats until a minibatch is made of them.
class GRADUS_EXPORT Dataset {
 public:
  /// Reads a CSV or TSV file (plain or gzip, `-` for standard input), a folder in MNIST's layout (its training part),
  /// `IMAGES.idx,LABELS.idx` or `X.npy,Y.npy`. loading.hpp has the options. Throws FileError, DataError, OutOfMemory, and
  /// UsageError for options that do not fit the source.
  static Dataset load(const std::string& source);
  static Dataset load(const std::string& source, const DataOptions& options);

  /// Classification from arrays: `inputs` (samples, features) row-major, `class_indices` one per sample, counted from 0.
  /// Without `class_names` the classes are named "0", "1", …
  static Dataset classification(std::span<const float> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names = {});
  /// The same from bytes, such as grey values.
  static Dataset classification(std::span<const std::uint8_t> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names = {});
  /// Regression from arrays: `inputs` (samples, features), `targets` (samples, target_columns), row-major.
  static Dataset regression(std::span<const float> inputs, std::size_t features, std::span<const float> targets,
                            std::size_t target_columns = 1);
  /// Labels from arrays: `inputs` (samples, features), `labels` (samples, label_count), row-major, 0 or 1 each. Without
  /// `label_names` the labels are unnamed.
  static Dataset multi_label(std::span<const float> inputs, std::size_t features, std::span<const std::uint8_t> labels,
                             std::size_t label_count, std::vector<std::string> label_names = {});

  [[nodiscard]] std::size_t samples() const;
  [[nodiscard]] std::size_t features() const { return schema().features; }
  // Called on a temporary, `schema`, `source` and `notes` return copies instead of references.
  [[nodiscard]] const DataSchema& schema() const&;
  [[nodiscard]] DataSchema schema() const&&;
  [[nodiscard]] Task task() const { return schema().task; }
  /// False for data that was loaded to be predicted and has no target.
  [[nodiscard]] bool has_targets() const;
  /// Whether the inputs are bytes (images) and not floats.
  [[nodiscard]] bool holds_bytes() const;
  /// The size of the images that the samples are, where the source says it: IDX and NPY files of three or four dimensions.
  [[nodiscard]] std::optional<ImageSize> image_size() const;
  /// Where the data came from, for messages.
  [[nodiscard]] const std::string& source() const&;
  [[nodiscard]] std::string source() const&&;
  /// What a user should know about how the source was read, one sentence each (columns that were ignored, say).
  [[nodiscard]] const std::vector<std::string>& notes() const&;
  [[nodiscard]] std::vector<std::string> notes() const&&;

  /// The features of one sample as they were read, before preprocessing; `inputs` has `features()` values. NaN is a missing
  /// value; Categories says how names are numbered.
  void copy_inputs(std::size_t sample, std::span<float> inputs) const;
  /// The class of one sample, counted from 0 among the schema's class names; classification only.
  [[nodiscard]] std::int32_t class_index(std::size_t sample) const;
  /// One target of one sample; in a multi-label data set 1 for a label that it has, else 0.
  [[nodiscard]] float target(std::size_t sample, std::size_t column = 0) const;

  /// Where the source first lacks a value of a feature, as a message begins: "a.csv:3:2 ('b'): a missing value (the field is
  /// empty)". Nothing when every value is there.
  [[nodiscard]] std::optional<std::string> first_missing() const;
  /// The same samples for a model with this policy for missing values, which their schema then names, with the indicators
  /// that it asks for; bytes lack nothing, and stay as they are. A Trainer does this by TrainingOptions::missing. Throws
  /// DataError, which says where the first value is missing, for Missing::error.
  [[nodiscard]] Dataset with_missing(Missing policy) const;

  /// By how much a sample counts in training, in proportion to others; 1 where none was given.
  [[nodiscard]] float weight(std::size_t sample) const;
  [[nodiscard]] bool has_weights() const;
  /// The same samples with these weights, one per sample, finite and at least 0. Throws UsageError for others.
  [[nodiscard]] Dataset with_weights(std::span<const float> weights) const;

  /// Two disjoint parts, {rest, part}, drawn by the seed. `fraction` of the samples go into the second part, of every class
  /// alike in classification. Both keep the order of the samples. Throws UsageError unless 0 < fraction < 1, and DataError
  /// when a part would be empty.
  [[nodiscard]] std::pair<Dataset, Dataset> split(double fraction, std::uint64_t seed) const;

  /// For cross-validation: `count` pairs {rest, part}, drawn by the seed, whose parts have each sample once and differ by at
  /// most one in size; of every class alike in classification. Throws UsageError unless 2 ≤ count ≤ samples.
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

/// Weights by which every class counts alike, whatever the number of its samples (as scikit-learn's `balanced`): n / (K ·
/// n_k) for the n_k of n samples in one of K classes, and 1 for a class without samples. For TrainingOptions::class_weights.
/// Throws UsageError for a regression.
[[nodiscard]] GRADUS_EXPORT std::vector<double> balanced_class_weights(const Dataset& data);

}  // namespace gradus
