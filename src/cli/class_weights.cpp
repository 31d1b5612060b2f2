#include "cli/class_weights.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "cli/text.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The name in front of the last comma, without quotes around it.
std::string class_of(std::string_view line, std::size_t comma) {
  std::string_view name = trimmed(line.substr(0, comma));
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string unescaped;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unescaped += name[i];
    if (name.substr(i).starts_with("\"\"")) ++i;
  }
  return unescaped;
}

class WeightFile {
 public:
  WeightFile(const std::string& path, const std::vector<std::string>& classes)
      : path_(printable(path)), classes_(classes), weights_(classes.size()) {
    std::ifstream file(path);
    if (!file) throw FileError(fmt::format("{}: cannot read this file of class weights: {}", path_, std::strerror(errno)));
    std::string line;
    while (std::getline(file, line)) {
      if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
      if (!trimmed(line).empty()) take(line);
    }
    if (file.bad()) throw FileError(fmt::format("{}: cannot read this file of class weights", path_));
  }

  [[nodiscard]] std::vector<double> weights() const {
    std::vector<double> weights;
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      if (!weights_[k]) throw DataError(fmt::format("{}: no weight for the class '{}'", path_, shortened(classes_[k], 40)));
      weights.push_back(*weights_[k]);
    }
    return weights;
  }

 private:
  void take(const std::string& line) {
    const std::size_t comma = line.rfind(',');
    const std::string place = fmt::format("{}:{}", path_, line_);
    if (comma == std::string::npos)
      throw DataError(fmt::format("{}: '{}' is not CLASS,WEIGHT", place, shortened(printable(line), 40)));
    const std::string name = class_of(line, comma);
    const auto found = std::find(classes_.begin(), classes_.end(), name);
    if (found == classes_.end()) {
      const std::vector<std::string_view> valid(classes_.begin(), classes_.end());
      throw DataError(fmt::format("{}: '{}' is not one of the classes{}", place, shortened(printable(name), 40),
                                  did_you_mean(name, valid)));
    }
    auto& weight = weights_[static_cast<std::size_t>(found - classes_.begin())];
    if (weight) throw DataError(fmt::format("{}: a second weight for the class '{}'", place, shortened(name, 40)));
    const std::string_view text = trimmed(std::string_view(line).substr(comma + 1));
    double number = -1.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number < 0.0)
      throw DataError(
          fmt::format("{}: '{}' is not a number of at least 0, such as 0.1", place, shortened(printable(text), 40)));
    weight = number;
  }

  std::string path_;
  const std::vector<std::string>& classes_;
  std::vector<std::optional<double>> weights_;
  std::size_t line_ = 0;
};

}  // namespace

std::vector<double> class_weights(const std::string& word, const Dataset& train) {
  if (train.task() != Task::classification) throw UsageError("`class_weights` are for samples that have one class each");
  if (word == "balanced") return balanced_class_weights(train);
  return WeightFile(word, train.schema().class_names).weights();
}

}  // namespace gradus::cli
