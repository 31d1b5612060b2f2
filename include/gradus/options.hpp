#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/export.hpp"
#include "gradus/image_size.hpp"
#include "gradus/loading.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/option_value.hpp"
#include "gradus/recipe.hpp"
#include "gradus/training_options.hpp"

namespace gradus {

/// Which data are held out from training, and how.
struct SplitOptions {
  std::optional<std::string> test = std::nullopt;            ///< a data source that is only evaluated
  std::optional<double> test_fraction = std::nullopt;        ///< or this fraction of the data
  std::optional<std::string> validation = std::nullopt;      ///< a data source that chooses the epoch
  std::optional<double> validation_fraction = std::nullopt;  ///< or this fraction of the data that remains
  std::optional<std::size_t> folds = std::nullopt;           ///< the number of folds of a cross-validation
  bool has_validation_set = false;  ///< whether a program passes the validation set itself (HeldOut::validation)

  [[nodiscard]] bool has_validation() const { return validation || validation_fraction || has_validation_set; }
};

/// Every option of a training run. Its data and the place of its results are not options here.
struct Options {
  Recipe recipe = Recipe::classic;
  DataOptions data = {};
  SplitOptions split = {};
  NetworkSpec network = {};
  TrainingOptions training = {};
  /// `balanced`, or a CSV file with a line CLASS,WEIGHT for each class; becomes TrainingOptions::class_weights.
  std::optional<std::string> class_weights = std::nullopt;
};

enum class OptionGroup : std::uint8_t {
  general,
  data,
  split,
  network,
  method,
  regularization,
  distortions,
  ends,
  machine,
  output
};

/// The titles of the groups.
template <>
inline constexpr std::array<std::string_view, 10> kNames<OptionGroup>{
    "General",           "Data",         "Held-out data", "Network", "Method", "Regularization",
    "Image distortions", "Ending early", "Machine",       "Output"};

/// The commands that take options.
enum class Command : std::uint8_t { train, evaluate, predict, inspect, devices };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Command>{"train", "evaluate", "predict", "inspect", "devices"};

/// The description of an option: its key, its help and its default. Options that only the command has are described in the
/// same way.
struct OptionInfo {
  std::string_view key;  ///< as files and messages write it, such as `weight_decay`; the command's is `--weight-decay`
  std::string_view placeholder;  ///< its value in texts, such as `W`; empty: a flag, which has no value
  std::string_view help;         ///< what it does; {choices} in it means the choices below
  std::string standard;          ///< its default, in words; empty: no default, or one that the help states
  OptionGroup group = OptionGroup::general;
  unsigned commands = 0;                           ///< a bit for each Command
  std::vector<std::string_view> choices = {};      ///< the words that its value can be, if they are few
  std::vector<std::string_view> replaced_by = {};  ///< each of these, on the command line, removes it from a config file
  bool is_path = false;                            ///< whether its value is a file or folder
  bool changes_result = false;  ///< whether it can change the trained model; if so, the model file holds it
  /// With what it has an effect, such as "for huber"; empty if it always has one, or if the help says it.
  std::string counts_with = {};
  std::string_view model_help = {};  ///< the help for `evaluate` and `predict`, if it differs

  [[nodiscard]] bool is_flag() const { return placeholder.empty(); }
  [[nodiscard]] bool is_for(Command command) const { return (commands >> static_cast<unsigned>(command) & 1U) != 0; }
};

/// Every option of the library, group by group.
[[nodiscard]] GRADUS_EXPORT std::span<const OptionInfo> option_table();

/// Sets one option from text, as on a command line. Throws UsageError for a key that no option has, and for a value that the
/// option cannot have.
GRADUS_EXPORT void set_option(Options& options, std::string_view key, std::string_view text);

/// The value of one option. Throws UsageError for a key that no option has.
[[nodiscard]] GRADUS_EXPORT OptionValue get_option(const Options& options, std::string_view key);

/// Every option that has a value, in the order of the table; without those that have no effect, such as `momentum` with
/// `sgd`.
[[nodiscard]] GRADUS_EXPORT std::vector<std::pair<std::string_view, OptionValue>> option_values(const Options& options);

/// The method in one line, without what is switched off: `mse, adam, learning rate 0.001, dropout 0.1, …`. `samples` is the
/// size of the training set.
[[nodiscard]] GRADUS_EXPORT std::string describe_method(const Options& options, std::size_t samples);

/// Options that were given one by one. They override those of a recipe.
class GRADUS_EXPORT GivenOptions {
 public:
  /// Sets one option; the last value counts. Throws UsageError like set_option.
  void set(std::string_view key, std::string_view text);
  /// The text that an option was given; null for an option that was not given.
  [[nodiscard]] const std::string* find(std::string_view key) const;
  /// The defaults, overridden by what was given.
  [[nodiscard]] const Options& values() const { return values_; }

  /// The choices of the given recipe for this task and this many samples, which may be images of this size, overridden by
  /// the given options. A choice of the recipe that then has no effect is switched off, such as its label smoothing with
  /// another loss. Throws UsageError for given options that have no effect, or that exclude each other.
  [[nodiscard]] Options complete(Task task, std::size_t samples, std::optional<ImageSize> images = std::nullopt) const;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
  Options values_;
};

}  // namespace gradus
