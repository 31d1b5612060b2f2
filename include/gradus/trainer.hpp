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

/// The state of a run at the end of an epoch.
struct Progress {
  std::size_t epoch = 0;                 ///< counted from 1
  std::size_t epochs = 0;                ///< of the whole run
  std::size_t steps = 0;                 ///< taken until now
  double train_cost = 0.0;               ///< mean over the epoch's samples, each before the update of its step
  double learning_rate = 0.0;            ///< of the epoch's last step
  std::optional<Evaluation> validation;  ///< if there is a validation set
  bool best = false;                     ///< whether this is the best epoch until now on the validation set
  std::optional<Evaluation> test;        ///< if `report` is true and there is a test set
  bool report = false;                   ///< whether this epoch is reported (TrainingOptions::report_every)
  double seconds = 0.0;                  ///< since `fit` began
  double samples_per_second = 0.0;       ///< of training, without evaluations
  double seconds_left = 0.0;             ///< an estimate
};

/// Held-out data on which a run is evaluated.
struct HeldOut {
  /// Chooses the epoch whose model is kept, can end the run, and lowers the rate of a `plateau` schedule.
  std::optional<Dataset> validation = std::nullopt;
  /// Is only evaluated, and never influences training.
  std::optional<Dataset> test = std::nullopt;
};

/// Called at the end of each epoch; `false` stops the run.
using ProgressCallback = std::function<bool(const Progress&)>;

struct TrainingResult {
  enum class End : std::uint8_t {
    finished,    ///< after all epochs
    stopped,     ///< by the callback or the stop token; the model is as the last finished step left it
    diverged,    ///< the cost became NaN or infinite; the model is that of the best epoch, or the last with a finite cost
    patience,    ///< after more epochs without improvement than `stopping.patience`
    reached,     ///< the monitored metric is at least as good as `stopping.stop_at`
    time_limit,  ///< the time limit has passed
  };
  End end = End::finished;
  std::size_t epochs = 0;  ///< that were begun
  std::size_t steps = 0;   ///< that were taken
  double seconds = 0.0;    ///< of training, without evaluations
  double samples_per_second = 0.0;
  Evaluation train;                      ///< of the final model on the training set
  std::optional<Evaluation> validation;  ///< the same on the validation set
  std::optional<Evaluation> test;        ///< the same on the test set
  /// With a validation set: the epoch, counted from 1, whose model was kept. Nothing if no epoch was complete, or if the
  /// cost of the best epoch's model on the training set is not finite.
  std::optional<std::size_t> best_epoch;
};

template <>
inline constexpr std::array<std::string_view, 6> kNames<TrainingResult::End>{"finished", "stopped", "diverged",
                                                                             "patience", "reached", "time-limit"};

/// Trains one network on one training set. Prints nothing. A trainer must be used by one thread at a time. The same data,
/// options, seed, device and number of threads give the same bits.
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
  /// The options with every default resolved: `execution.device` is the device that is used, `execution.threads` the number
  /// of threads, and `batch_size` is at most the number of samples.
  [[nodiscard]] const TrainingOptions& options() const;

  /// Takes one step on the next minibatch and returns its cost before the update. It allocates no memory itself; oneDNN may
  /// allocate working memory for a product and free it again.
  double step();

  /// Trains for `epochs` epochs, or until `stopping.patience`, `stopping.stop_at` or `stopping.time_limit` ends the run. A
  /// request to stop takes effect after the current step. With a validation set, the final model is that of the best epoch,
  /// however the run ended. A run that diverges is not an error: TrainingResult::end says so. Without a best epoch, the
  /// model is then the last one whose cost was finite; if there was none, the cost of TrainingResult::train is not finite.
  /// Throws DataError if held-out data does not fit the network, UsageError if `stopping.patience` or `stopping.stop_at` is
  /// given without a validation set, DeviceError and OutOfMemory.
  TrainingResult fit(const HeldOut& held_out, const ProgressCallback& progress = {}, std::stop_token stop = {});
  /// The same with a test set alone, or without held-out data.
  TrainingResult fit(const std::optional<Dataset>& test = std::nullopt, const ProgressCallback& progress = {},
                     std::stop_token stop = {});

  /// The network as it is now. The `train_cost` of its summary is that of the last `fit`.
  [[nodiscard]] Model model() const;

 private:
  struct GRADUS_HIDDEN Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gradus
