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

/// Which data are held out of training, and how.
struct SplitOptions {
  std::optional<std::string> test = std::nullopt;            ///< a data source that is only reported on
  std::optional<double> test_fraction = std::nullopt;        ///< this fraction of the data instead
  std::optional<std::string> validation = std::nullopt;      ///< a data source that chooses the epoch
  std::optional<double> validation_fraction = std::nullopt;  ///< this fraction of the training data instead
  std::optional<std::size_t> folds = std::nullopt;           ///< cross-validation

  [[nodiscard]] bool has_validation() const { return validation || validation_fraction; }
};

/// All that a training run can be asked for, but for its data and where its results go.
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

/// The groups' titles.
template <>
inline constexpr std::array<std::string_view, 10> kNames<OptionGroup>{
    "General",           "Data",         "Held-out data", "Network", "Method", "Regularization",
    "Image distortions", "Ending early", "Machine",       "Output"};

/// The commands that take options.
enum class Command : std::uint8_t { train, evaluate, predict, inspect, devices };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Command>{"train", "evaluate", "predict", "inspect", "devices"};

/// What is known of an option before it has a value. The same form serves options of the command alone.
struct OptionInfo {
  std::string_view key;          ///< as files and Python write it, such as `weight_decay`; the command adds dashes
  std::string_view placeholder;  ///< of its value in texts, such as `W`; empty: a flag, which has no value
  std::string_view help;         ///< what it does; {choices} in it means the choices below
  std::string standard;          ///< its default, in words; empty: none
  OptionGroup group = OptionGroup::general;
  unsigned commands = 0;                           ///< a bit for each Command
  std::vector<std::string_view> choices = {};      ///< the words that its value can be, where there are few
  std::vector<std::string_view> replaced_by = {};  ///< given on the command line, these options take it out of a config file
  bool is_path = false;                            ///< whether its value is a file or folder
  bool changes_result = false;                     ///< whether it can change the trained model: then the model file holds it
  /// Beside what it counts, such as "with the loss huber"; empty where it always does, or where the help says it.
  std::string counts_with = {};
  std::string_view model_help = {};  ///< where the help for `evaluate` and `predict` differs

  [[nodiscard]] bool is_flag() const { return placeholder.empty(); }
  [[nodiscard]] bool is_for(Command command) const { return (commands >> static_cast<unsigned>(command) & 1U) != 0; }
};

/// Every option of the library, group by group.
[[nodiscard]] GRADUS_EXPORT std::span<const OptionInfo> option_table();

/// Sets one option from text, as on a command line. Throws UsageError for a key that no option has, and for a value that it
/// cannot have.
GRADUS_EXPORT void set_option(Options& options, std::string_view key, std::string_view text);

/// The value of one option. Throws UsageError for a key that no option has.
[[nodiscard]] GRADUS_EXPORT OptionValue get_option(const Options& options, std::string_view key);

/// Every option with a value that counts, in the order of the table, such as momentum with the optimizer momentum only.
[[nodiscard]] GRADUS_EXPORT std::vector<std::pair<std::string_view, OptionValue>> option_values(const Options& options);

/// `mse, adam, learning rate 0.001, dropout 0.1, …`: the method in a line, without what is switched off. `samples`: to learn
/// from.
[[nodiscard]] GRADUS_EXPORT std::string describe_method(const Options& options, std::size_t samples);

/// Options that somebody asked for, one by one: they win over a recipe's.
class GRADUS_EXPORT GivenOptions {
 public:
  /// The last value counts. Throws UsageError, as set_option.
  void set(std::string_view key, std::string_view text);
  /// The text that it was given; null for an option that was not.
  [[nodiscard]] const std::string* find(std::string_view key) const;
  /// The defaults, and what was given in their place.
  [[nodiscard]] const Options& values() const { return values_; }

  /// What the given recipe chooses for this task and this many samples, images of this size perhaps, with the given options
  /// in its place. What a recipe chooses and does not count then, such as its label smoothing beside another loss, is off.
  /// Throws UsageError for given options that do not count, or exclude each other.
  [[nodiscard]] Options complete(Task task, std::size_t samples, std::optional<ImageSize> images = std::nullopt) const;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
  Options values_;
};

}  // namespace gradus
