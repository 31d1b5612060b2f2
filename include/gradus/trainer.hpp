#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "gradus/dataset.hpp"
#include "gradus/model.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus {

/// Where a run stands, at the end of an epoch.
struct Progress {
  std::size_t epoch = 0;            ///< counted from 1
  std::size_t epochs = 0;           ///< of the whole run
  std::size_t steps = 0;            ///< so far
  double train_cost = 0.0;          ///< mean over the epoch's steps, each taken before its update
  std::optional<Evaluation> test;   ///< at reports, when there is a test part
  bool report = false;              ///< one of the about 30 epochs that are worth a line
  double seconds = 0.0;             ///< since `fit` began
  double samples_per_second = 0.0;  ///< of training, without evaluations
  double seconds_left = 0.0;        ///< an estimate
};

/// Called at the end of each epoch; `false` stops the run.
using ProgressCallback = std::function<bool(const Progress&)>;

struct TrainingResult {
  enum class End : std::uint8_t {
    finished,  ///< all epochs
    stopped,   ///< by the callback or the stop token; the model is as the last finished step left it
    diverged,  ///< the cost left the range of a 32-bit float; the model is the last one whose cost was finite
  };
  End end = End::finished;
  std::size_t epochs = 0;  ///< begun
  std::size_t steps = 0;   ///< taken
  double seconds = 0.0;    ///< of training, without evaluations
  double samples_per_second = 0.0;
  Evaluation train;                ///< of the finished model on the training part
  std::optional<Evaluation> test;  ///< and on the test part
};

/// Trains one network on one data set. Needs the task's data only; prints nothing. Use one trainer from one thread at a
/// time. The same data, options, seed, device and number of threads give the same bits.
class Trainer {
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

  /// Trains for the given number of epochs. A request to stop takes effect after the step under way.
  /// Throws DataError when the test part does not fit the network.
  TrainingResult fit(const std::optional<Dataset>& test = std::nullopt, const ProgressCallback& progress = {},
                     std::stop_token stop = {});

  /// The network as it is now; `train_cost` of its summary is that of the last `fit`.
  [[nodiscard]] Model model() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gradus
