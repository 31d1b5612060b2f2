#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/image_size.hpp"
#include "gradus/names.hpp"

namespace gradus {

/// What a sample's target is.
/// - `classification`: one of the classes
/// - `regression`: one number or several
/// - `multi_label`: for each of several labels, whether the sample has it
enum class Task : std::uint8_t { classification, regression, multi_label };

template <>
inline constexpr std::array<std::string_view, 3> kNames<Task>{"classification", "regression", "multi-label"};

/// What stands for values that a table lacks.
/// - `error`: nothing; every value must be there
/// - `mean`, `median`: those of a feature's numbers in the training part; of names the most frequent one
/// - `most_frequent`: the value that the training part has most often, of numbers and of names
/// - `indicator`: the median, and one more input that is 1 where the value is missing; of names that input alone
enum class Missing : std::uint8_t { error, mean, median, most_frequent, indicator };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Missing>{"error", "mean", "median", "most-frequent", "indicator"};

/// A feature whose values are names. In a data set its value is the number of the name or of the bucket; −1 for a name that
/// the model does not know.
struct Categories {
  std::size_t feature = 0;         ///< which, counted from 0
  std::vector<std::string> names;  ///< each has an input that is 1 where the feature is this one; in bytewise order
  std::size_t buckets = 0;  ///< unless 0: there are too many names to keep, and each is hashed to one of so many inputs

  [[nodiscard]] std::size_t inputs() const { return buckets > 0 ? buckets : names.size(); }

  bool operator==(const Categories&) const = default;
};

/// What the columns of a data set mean: learnt with the model, and asked of data that the model is given later.
struct DataSchema {
  Task task = Task::classification;
  std::size_t features = 0;                ///< values per sample: numbers, and names
  std::vector<std::string> feature_names;  ///< one per feature, or empty when the data has no names
  std::vector<std::string> target_names;   ///< one per target or label; classification: one; or empty
  std::vector<std::string> class_names;    ///< classification: one per class, in the order of the outputs
  std::size_t targets = 1;                 ///< regression: target columns; multi-label: labels
  /// A table's targets, in the order of the outputs, counted from 0 among all its columns; {0} for arrays and images.
  std::vector<std::size_t> target_columns = {0};
  std::vector<Categories> categories;        ///< the features that are names, in their order
  Missing missing = Missing::error;          ///< of data with a policy: unless this is `error`, a value may be missing (NaN)
  std::vector<std::size_t> indicators;       ///< `indicator`: features that lacked values, in their order
  std::vector<std::size_t> ignored_columns;  ///< of a table, counted from 0 among all its columns

  /// Inputs of a network for this data: one for each number, name (or bucket) and indicator.
  [[nodiscard]] std::size_t inputs() const;
  /// Outputs of a network for this data: classes, targets or labels.
  [[nodiscard]] std::size_t outputs() const { return task == Task::classification ? class_names.size() : targets; }

  bool operator==(const DataSchema&) const = default;
};

/// How to read a source of data. What is not given is detected.
struct DataOptions {
  /// A column's name, or its number counted from 1; otherwise the last column. Several, with commas between them, are
  /// numbers, or labels if all their values are 0 and 1.
  std::optional<std::string> target = std::nullopt;
  std::optional<Task> task = std::nullopt;
  std::optional<bool> header = std::nullopt;
  std::optional<char> delimiter = std::nullopt;
  // For tables to learn from; columns are given like the target.
  std::vector<std::string> ignored = {};              ///< columns that are no features
  std::vector<std::string> categorical = {};          ///< columns whose values are names even where they look like numbers
  std::optional<std::string> weights = std::nullopt;  ///< a column that says by how much each row counts in training
  std::size_t most_categories = 128;                  ///< a feature with more different names is hashed to so many inputs
};

struct DataParts;
class DatasetStorage;

/// Samples with their targets, immutable. Copies share the samples, so they are cheap.
/// Bytes stay bytes and numbers stay 32-bit floats until a minibatch is made of them.
class Dataset {
 public:
  /// Reads a CSV or TSV file (plain or gzip, `-` for standard input), a folder in MNIST's layout (its training part),
  /// `IMAGES.idx,LABELS.idx` or `X.npy,Y.npy`. Throws FileError, DataError, OutOfMemory, and UsageError for options that do
  /// not fit the source.
  static Dataset load(const std::string& source, const DataOptions& options = {});

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
  /// names the labels have none.
  static Dataset multi_label(std::span<const float> inputs, std::size_t features, std::span<const std::uint8_t> labels,
                             std::size_t label_count, std::vector<std::string> label_names = {});

  [[nodiscard]] std::size_t samples() const;
  [[nodiscard]] std::size_t features() const { return schema().features; }
  // Of a data set that goes at the end of the statement, `schema`, `source` and `notes` give copies.
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
  /// value; Categories says what stands for a name.
  void copy_inputs(std::size_t sample, std::span<float> inputs) const;
  /// The class of one sample, counted from 0 among the schema's class names; classification only.
  [[nodiscard]] std::int32_t class_index(std::size_t sample) const;
  /// One target of one sample; of a multi-label data set 1 for a label that it has, and 0.
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

  /// For Gradus's own sources: the memory behind the samples, and the selected rows (empty: all, in order).
  [[nodiscard]] const DatasetStorage& storage() const { return *storage_; }
  [[nodiscard]] std::span<const std::uint32_t> rows() const;
  explicit Dataset(std::shared_ptr<const DatasetStorage> storage,
                   std::shared_ptr<const std::vector<std::uint32_t>> rows = nullptr);

 private:
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
[[nodiscard]] std::vector<double> balanced_class_weights(const Dataset& data);

/// The parts that a source brings along: MNIST's folder has a test part of its own.
struct DataParts {
  Dataset train;
  std::optional<Dataset> test;
};

/// Like Dataset::load, with the test part where the source has one.
[[nodiscard]] DataParts load_data(const std::string& source, const DataOptions& options = {});

/// Whether data that is given to a model must have targets.
enum class Targets : std::uint8_t { required, optional };

/// Reads data for a model that was trained on `schema`: the columns of a table are matched by name where both have names,
/// else by position; classes are matched by name. Of a folder in MNIST's layout it takes the test part. With
/// `Targets::optional` the source may lack targets (a table without the target column, `IMAGES.idx` or `X.npy` alone).
/// A name that a feature did not have in training is −1 in the data set, with a note.
/// Throws like Dataset::load, and DataError for a missing column, a width that does not fit, or an unknown class.
[[nodiscard]] Dataset load_matching(const std::string& source, const DataSchema& schema, Targets targets,
                                    const DataOptions& options = {});

}  // namespace gradus
