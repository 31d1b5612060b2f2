#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "data/csv/buffer.hpp"
#include "data/csv/table.hpp"
#include "data/dataset/access.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/error.hpp"
#include "gradus/loading.hpp"

namespace gradus::testing_support {

/// A table to learn from, which messages call "t.csv".
inline Dataset read_table(std::string_view text, const DataOptions& options = {}, const internal::CsvLimits& limits = {}) {
  const auto source = internal::source_from_memory("t.csv", text);
  return internal::dataset_of(internal::read_training_table(*source, options, limits));
}

/// A table for a model.
inline Dataset match_table(std::string_view text, const DataSchema& schema, Targets targets,
                           const DataOptions& options = {}) {
  const auto source = internal::source_from_memory("t.csv", text);
  return internal::dataset_of(internal::read_matching_table(*source, schema, targets, options));
}

/// The message of the error of this kind that `call` throws.
template <typename Kind = DataError, typename Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Kind& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another kind of error: ") + error.what();
  }
  return "no error";
}

/// The error of a table that must not lack values.
inline std::string table_error(std::string_view text, const DataOptions& options = {}) {
  return message_of([&] { static_cast<void>(read_table(text, options).with_missing(Missing::error)); });
}

inline ::testing::AssertionResult contains(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "'" << part << "' is not in '" << text << "'";
}

inline std::vector<float> inputs_of(const Dataset& data, std::size_t sample) {
  std::vector<float> inputs(data.features());
  data.copy_inputs(sample, inputs);
  return inputs;
}

inline std::vector<std::int32_t> labels_of(const Dataset& data) {
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < data.samples(); ++i) labels.push_back(data.class_index(i));
  return labels;
}

inline std::vector<float> targets_of(const Dataset& data) {
  std::vector<float> targets;
  for (std::size_t i = 0; i < data.samples(); ++i)
    for (std::size_t j = 0; j < data.schema().targets; ++j) targets.push_back(data.target(i, j));
  return targets;
}

/// One member of a gzip file.
inline std::string gzipped(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string result(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  result.resize(result.size() - stream.avail_out);
  deflateEnd(&stream);
  return result;
}

/// Data that is too large for the repository; tests skip when it is absent.
inline std::filesystem::path optional_data(std::string_view name) {
  return std::filesystem::path(GRADUS_SOURCE_DIR) / ".." / "shared" / "data" / name;
}

}  // namespace gradus::testing_support
