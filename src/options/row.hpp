#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/options.hpp"
#include "options/codec.hpp"

namespace gradus::internal {

/// How an option appears in the line that describes a method.
enum class Shown : std::uint8_t {
  never,
  when_set,  ///< `dropout 0.1`, unless it has its default, or is 0
  always,    ///< `seed 0`
  bare,      ///< `adam`
};

/// When an option has an effect.
struct Condition {
  std::string with;                                      ///< for help texts: "for momentum and nesterov"; may be empty
  std::function<std::string(const Options&)> problem{};  ///< why it has no effect beside others; empty when it has one
};

/// All that there is to know of an option. A new option is a field and a row.
struct Row {
  OptionInfo info;
  std::function<void(Options&, std::string_view)> set;
  std::function<OptionValue(const Options&)> get;
  std::function<void(Options&)> reset;                 ///< to the default
  std::function<void(const Options&)> check;           ///< throws UsageError for a field that no text could have given
  std::function<bool(const Options&)> is_off;          ///< whether the value has no effect, whatever stands beside it
  std::function<std::string(const Options&)> problem;  ///< that of its Condition; may be empty
  Shown shown = Shown::when_set;
  std::function<std::string(const Options&, std::size_t samples)> words;  ///< instead of `key value`; may be empty

  Row&& in(OptionGroup group) && { return info.group = group, std::move(*this); }
  Row&& standard(std::string text) && { return info.standard = std::move(text), std::move(*this); }
  Row&& for_commands(std::initializer_list<Command> commands) && {
    for (const Command command : commands) info.commands |= 1U << static_cast<unsigned>(command);
    return std::move(*this);
  }
  Row&& model_help(std::string_view text) && { return info.model_help = text, std::move(*this); }
  Row&& path() && { return info.is_path = true, std::move(*this); }
  Row&& show(Shown how) && { return shown = how, std::move(*this); }
  Row&& in_words(std::function<std::string(const Options&, std::size_t)> text) && {
    return words = std::move(text), std::move(*this);
  }
  Row&& counts(Condition condition) && {
    info.counts_with = std::move(condition.with);
    problem = std::move(condition.problem);
    return std::move(*this);
  }
  /// 0 switches the option off.
  Row&& zero_is_off() && {
    is_off = [read = get](const Options& options) { return read(options) == OptionValue(0.0); };
    return std::move(*this);
  }
  Row&& replaced_by(std::initializer_list<std::string_view> keys) && { return info.replaced_by = keys, std::move(*this); }
  Row&& without(std::string_view choice) && { return std::erase(info.choices, choice), std::move(*this); }
  Row&& keeps_result() && { return info.changes_result = false, std::move(*this); }
};

/// The row of an option whose field is `field(options)`. Its texts, values and limits are those of the field's type, which
/// the details (a Range, say) narrow.
template <typename Field, typename... Details>
Row row(std::string_view key, std::string_view placeholder, std::string_view help, Field field, Details... details) {
  using Value = std::remove_cvref_t<decltype(field(std::declval<Options&>()))>;
  using ValueCodec = Codec<Value>;
  Row row;
  row.info.key = key;
  row.info.placeholder = placeholder;
  row.info.help = help;
  row.info.choices = ValueCodec::choices();
  row.info.changes_result = true;
  row.info.commands = 1U << static_cast<unsigned>(Command::train);
  row.set = [=](Options& options, std::string_view text) { field(options) = ValueCodec::read(key, text, details...); };
  row.get = [=](const Options& options) { return ValueCodec::value(field(options)); };
  row.reset = [=](Options& options) { field(options) = field(Options()); };
  row.check = [=](const Options& options) { ValueCodec::check(key, field(options), details...); };
  row.is_off = [read = row.get](const Options& options) { return read(options).index() == 0; };
  row.info.standard = to_string(row.get(Options()));
  return row;
}

/// `field(options)` for options that may be const: `GRADUS_FIELD(training.regularization.dropout)`.
#define GRADUS_FIELD(name)       \
  [](auto&& options) -> auto&& { \
    return options.name;         \
  }

// The rows, group by group.
[[nodiscard]] std::vector<Row> data_rows();
[[nodiscard]] std::vector<Row> split_rows();
[[nodiscard]] std::vector<Row> network_rows();
[[nodiscard]] std::vector<Row> method_rows();
[[nodiscard]] std::vector<Row> regularization_rows();
[[nodiscard]] std::vector<Row> distortion_rows();
[[nodiscard]] std::vector<Row> end_rows();
[[nodiscard]] std::vector<Row> machine_rows();

/// All rows, in the order of help texts and files.
[[nodiscard]] const std::vector<Row>& rows();
/// What the model file keeps of resolved options: the network's and the training's that can change the result.
[[nodiscard]] std::vector<std::pair<std::string, OptionValue>> model_options(Options options, std::size_t samples);
/// Throws UsageError for a key that no row has.
[[nodiscard]] const Row& row_of(std::string_view key);

}  // namespace gradus::internal
