#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/device.hpp"
#include "gradus/evaluation.hpp"
#include "gradus/export.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/option_value.hpp"

namespace gradus {

/// How a model was trained. The model file holds it; nothing in it differs between two equal runs.
struct TrainingSummary {
  std::string version;  ///< the version of Gradus that trained it
  std::size_t samples = 0;
  std::size_t epochs = 0;
  std::size_t steps = 0;
  std::size_t batch_size = 0;
  double learning_rate = 0.0;
  double train_cost = 0.0;  ///< of the finished model on the training set
  std::uint64_t seed = 0;
  std::string initialization;
  std::string normalization;  ///< of the inputs, with `auto` resolved; bytes scaled to [0, 1] are `minmax`
  std::string optimizer;
  std::string device;
  std::string precision;
  /// Every option that could change the result, with its resolved value; empty in files written before 0.1.0 was released.
  std::vector<std::pair<std::string, OptionValue>> options;

  bool operator==(const TrainingSummary&) const = default;
};

/// The outputs of a model for given samples.
struct Predictions {
  std::size_t samples = 0;
  std::size_t outputs = 0;
  std::vector<float> values;          ///< (samples, outputs), row-major; regression: in the units of the data
  std::vector<std::int32_t> classes;  ///< classification: (samples), the index of the largest output, the first of equals
};

struct ModelState;

namespace internal {
struct ModelAccess;
}

/// A trained network with everything that prediction needs: preprocessing, names of features and classes. Immutable; copies
/// share its parameters, so they are cheap.
class GRADUS_EXPORT Model {
 public:
  /// Reads a `.safetensors` file that `save` wrote. Throws FileError, and FormatError for a file that is truncated, altered,
  /// of a newer format, or not a Gradus model. Never allocates more than the file's size justifies.
  static Model load(const std::filesystem::path& path);

  /// Writes the model under a temporary name beside `path` and then renames it: a crash leaves the old file or the new one.
  /// Equal models give equal bytes. Throws FileError, and UsageError for names that are not UTF-8 text.
  void save(const std::filesystem::path& path) const;

  // When called on a temporary, such as `trainer.model()`, these return copies instead of references.
  [[nodiscard]] const NetworkSpec& network() const&;  ///< every field resolved
  [[nodiscard]] NetworkSpec network() const&&;
  [[nodiscard]] const DataSchema& schema() const&;
  [[nodiscard]] DataSchema schema() const&&;
  [[nodiscard]] const TrainingSummary& training() const&;
  [[nodiscard]] TrainingSummary training() const&&;

  /// The weights W_l, (outputs, inputs), row-major, of layer l = 0 … L−1. Throws UsageError for any other layer.
  [[nodiscard]] std::span<const float> weights(std::size_t layer) const&;
  [[nodiscard]] std::vector<float> weights(std::size_t layer) const&&;
  /// The biases b_l, (outputs), of layer l = 0 … L−1. Throws UsageError for any other layer.
  [[nodiscard]] std::span<const float> biases(std::size_t layer) const&;
  [[nodiscard]] std::vector<float> biases(std::size_t layer) const&&;

  /// The outputs for every sample. Throws DataError for data with other features than the model's, or with missing values
  /// that the model does not take, DeviceError and OutOfMemory.
  [[nodiscard]] Predictions predict(const Dataset& data, Device device = {}, std::size_t threads = 0) const;
  /// The same for `inputs` (samples, features), row-major, in the units of the data; Categories says how names are numbered.
  /// It also throws DataError for infinity, and for NaN unless the model takes missing values.
  [[nodiscard]] Predictions predict(std::span<const float> inputs, Device device = {}, std::size_t threads = 0) const;

  /// The cost and the metrics on these samples. Throws DataError if the data has no targets, or other features or outputs
  /// than the model, DeviceError and OutOfMemory.
  [[nodiscard]] Evaluation evaluate(const Dataset& data, Device device = {}, std::size_t threads = 0,
                                    Details details = Details::none) const;

 private:
  friend struct internal::ModelAccess;

  explicit Model(std::shared_ptr<const ModelState> state);

  std::shared_ptr<const ModelState> state_;
};

}  // namespace gradus
