#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "gradus/dataset.hpp"
#include "gradus/export.hpp"
#include "gradus/model.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus {

/// Where a run stands, at the end of an epoch.
struct Progress {
  std::size_t epoch = 0;                 ///< counted from 1
  std::size_t epochs = 0;                ///< of the whole run
  std::size_t steps = 0;                 ///< so far
  double train_cost = 0.0;               ///< mean over the epoch's steps, each taken before its update
  double learning_rate = 0.0;            ///< of the epoch's last step
  std::optional<Evaluation> validation;  ///< when there is a validation part
  bool best = false;                     ///< the best epoch so far on the validation part
  std::optional<Evaluation> test;        ///< at reports, when there is a test part
  bool report = false;                   ///< one of the about 30 epochs that are worth a line
  double seconds = 0.0;                  ///< since `fit` began
  double samples_per_second = 0.0;       ///< of training, without evaluations
  double seconds_left = 0.0;             ///< an estimate
};

/// Data on which a run is evaluated beside its training part.
struct HeldOut {
  /// Chooses the epoch whose model is kept, ends a run that makes no progress, and lowers the rate of a `plateau` schedule.
  std::optional<Dataset> validation = std::nullopt;
  /// Only reported; it never influences training.
  std::optional<Dataset> test = std::nullopt;
};

/// Called at the end of each epoch; `false` stops the run.
using ProgressCallback = std::function<bool(const Progress&)>;

struct TrainingResult {
  enum class End : std::uint8_t {
    finished,    ///< all epochs
    stopped,     ///< by the callback or the stop token; the model is as the last finished step left it
    diverged,    ///< the cost left the range of a 32-bit float; the model is the last one whose cost was finite
    patience,    ///< no better epoch for as long as was allowed
    reached,     ///< the monitored figure is as good as was asked for
    time_limit,  ///< the time limit has passed
  };
  End end = End::finished;
  std::size_t epochs = 0;  ///< begun
  std::size_t steps = 0;   ///< taken
  double seconds = 0.0;    ///< of training, without evaluations
  double samples_per_second = 0.0;
  Evaluation train;                      ///< the final model on the training part
  std::optional<Evaluation> validation;  ///< the same on the validation part
  std::optional<Evaluation> test;        ///< the same on the test part
  /// With a validation part: the epoch, counted from 1, whose model this is. Nothing when no epoch was whole, or when the
  /// cost of the best one's model on the training part is not finite.
  std::optional<std::size_t> best_epoch;
};

template <>
inline constexpr std::array<std::string_view, 6> kNames<TrainingResult::End>{"finished", "stopped", "diverged",
                                                                             "patience", "reached", "time-limit"};

/// Trains one network on one data set. Needs the task's data only; prints nothing. Use one trainer from one thread at a
/// time. The same data, options, seed, device and number of threads give the same bits.
class GRADUS_EXPORT Trainer {
 public:
  /// Resolves every default, draws the initial values and allocates all that training needs. Throws UsageError, DataError,
  /// DeviceError and OutOfMemory.
  Trainer(const NetworkSpec& network, const Dataset& data, const TrainingOptions& options = {});
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  [[nodiscard]] const NetworkSpec& network() const;
  /// Every optional has a value, the device is the one that is used, `threads` the number of threads; `batch_size` is at
  /// most the number of samples.
  [[nodiscard]] const TrainingOptions& options() const;

  /// Takes one step on the next minibatch and returns its cost before the update. Allocates nothing of its own;
  /// oneDNN takes working space for a product and gives it back.
  double step();

  /// Trains for the given number of epochs, or until one of the options says that it is enough. A request to stop takes
  /// effect after the step under way. With a validation part the model is in the end that of its best epoch, whatever ended
  /// the run.
  /// Throws DataError when a part does not fit the network, and UsageError for options that need a validation part, or
  /// another task, without there being one.
  TrainingResult fit(const HeldOut& held_out, const ProgressCallback& progress = {}, std::stop_token stop = {});
  /// The same with a test part alone.
  TrainingResult fit(const std::optional<Dataset>& test = std::nullopt, const ProgressCallback& progress = {},
                     std::stop_token stop = {});

  /// The network as it is now; `train_cost` of its summary is that of the last `fit`.
  [[nodiscard]] Model model() const;

 private:
  struct GRADUS_HIDDEN Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gradus
