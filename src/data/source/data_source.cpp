#include "data/source/data_source.hpp"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {
namespace {

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// The two paths of `A,B`. A comma may also be part of a name: the first one between two files that are there counts, else
/// the first one next to a file that is there.
std::optional<std::pair<std::string, std::string>> split_pair(const std::string& source) {
  std::optional<std::pair<std::string, std::string>> half;
  for (auto comma = source.find(','); comma != std::string::npos; comma = source.find(',', comma + 1)) {
    std::pair<std::string, std::string> pair(source.substr(0, comma), source.substr(comma + 1));
    const bool first = is_there(pair.first);
    const bool second = is_there(pair.second);
    if (first && second) return pair;
    if (!half && (first || second)) half = std::move(pair);
  }
  return half;
}

}  // namespace

OpenFile open_data_file(const std::string& path) {
  OpenFile file{open_source(path)};
  const std::string_view beginning = file.bytes->peek(8);
  if (beginning.empty()) throw DataError(fmt::format("{}: this file is empty", file.bytes->name()));
  file.arrays = array_format(beginning);
  return file;
}

DataSource open_data(const std::string& source) {
  if (source.empty()) throw UsageError("the name of the data is empty");
  std::error_code ignored;
  if (source != "-" && std::filesystem::is_directory(source, ignored)) return find_mnist_files(source);
  if (source == "-" || is_there(source)) return open_data_file(source);
  if (const auto pair = split_pair(source)) {
    if (pair->first.empty() || pair->second.empty())
      throw UsageError(fmt::format("{}: the {} name of the pair is empty; a pair is {}", source,
                                   pair->first.empty() ? "first" : "second", array_pairs()));
    OpenFile inputs = open_data_file(pair->first);
    if (inputs.arrays == nullptr) fail_array_format(inputs.bytes->name());
    return OpenPair{source, std::move(inputs), pair->second};
  }
  return open_data_file(source);
}

}  // namespace gradus::internal

namespace gradus {

std::vector<DataForm> data_forms() {
  std::vector<DataForm> forms{
      {"a CSV or TSV file", "also .gz, and - for standard input"},
      {"a folder like MNIST's", "four IDX files, plain or .gz: train-images…, train-labels…, t10k-images…, t10k-labels…"}};
  for (const internal::ArrayFormat& format : internal::array_formats()) forms.push_back({format.pair, format.what});
  return forms;
}

}  // namespace gradus
