#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/memory.hpp"
#include "data/arrays/array_format.hpp"
#include "data/arrays/arrays.hpp"
#include "data/arrays/idx_reader.hpp"
#include "data/csv/table.hpp"
#include "data/dataset/access.hpp"
#include "data/source/data_source.hpp"
#include "gradus/error.hpp"
#include "gradus/loading.hpp"

namespace gradus {
namespace {

using internal::MnistFolder;
using internal::OpenFile;
using internal::OpenPair;

using Storage = std::shared_ptr<const DatasetStorage>;

internal::ArrayInputs read_inputs(OpenFile file) {
  return file.arrays->read_inputs(*file.bytes);
}

internal::ArrayTargets read_targets(OpenFile file) {
  if (file.arrays == nullptr) internal::fail_array_format(file.bytes->name());
  return file.arrays->read_targets(*file.bytes);
}

/// The folder's images and labels, checked to be IDX files by their readers.
internal::ArrayInputs read_images(const MnistFolder& folder, MnistFolder::File which) {
  return internal::read_idx_images(*internal::open_data_file(folder.file(which)).bytes);
}

internal::ArrayTargets read_labels(const MnistFolder& folder, MnistFolder::File which) {
  return internal::read_idx_labels(*internal::open_data_file(folder.file(which)).bytes);
}

void refuse_table_options(const std::string& source, const DataOptions& options) {
  const char* what = options.target                 ? "a target column"
                     : options.header               ? "a header"
                     : options.delimiter            ? "a delimiter"
                     : options.weights              ? "a column of weights"
                     : !options.ignored.empty()     ? "an ignored column"
                     : !options.categorical.empty() ? "a categorical column"
                                                    : nullptr;
  if (what != nullptr) throw UsageError(fmt::format("{}: {} applies only to CSV and TSV files", source, what));
}

[[noreturn]] void fail_single(const OpenFile& file) {
  throw DataError(fmt::format("{}: {}", file.bytes->name(), file.arrays->lack));
}

Storage load_file(OpenFile file, const DataOptions& options) {
  if (file.arrays != nullptr) fail_single(file);
  return internal::read_training_table(*file.bytes, options);
}

Storage load_pair(OpenPair pair, const DataOptions& options) {
  refuse_table_options(pair.name, options);
  auto inputs = read_inputs(std::move(pair.inputs));
  auto targets = read_targets(internal::open_data_file(pair.targets));
  return internal::training_storage(std::move(inputs), std::move(targets), pair.name, options.task);
}

Storage load_folder(const MnistFolder& folder, const DataOptions& options) {
  refuse_table_options(folder.path, options);
  return internal::training_storage(read_images(folder, MnistFolder::train_images),
                                    read_labels(folder, MnistFolder::train_labels), folder.path, options.task);
}

/// The test set for a model that was trained on `schema`.
std::shared_ptr<DatasetStorage> match_folder(const MnistFolder& folder, const DataSchema& schema, Targets targets,
                                             const DataOptions& options) {
  refuse_table_options(folder.path, options);
  auto images = read_images(folder, MnistFolder::test_images);
  std::optional<internal::ArrayTargets> labels;
  if (targets == Targets::required) labels = read_labels(folder, MnistFolder::test_labels);
  return internal::matching_storage(std::move(images), std::move(labels), folder.path, schema);
}

Storage match_pair(OpenPair pair, const DataSchema& schema, Targets targets, const DataOptions& options) {
  refuse_table_options(pair.name, options);
  auto inputs = read_inputs(std::move(pair.inputs));
  std::optional<internal::ArrayTargets> values;
  if (targets == Targets::required) values = read_targets(internal::open_data_file(pair.targets));
  return internal::matching_storage(std::move(inputs), std::move(values), pair.name, schema);
}

Storage match_file(OpenFile file, const DataSchema& schema, Targets targets, const DataOptions& options) {
  if (file.arrays == nullptr) return internal::read_matching_table(*file.bytes, schema, targets, options);
  if (targets == Targets::required) fail_single(file);
  refuse_table_options(file.bytes->name(), options);
  const std::string name = file.bytes->name();
  return internal::matching_storage(read_inputs(std::move(file)), std::nullopt, name, schema);
}

[[noreturn]] void fail_memory(const std::string& source) {
  throw OutOfMemory(fmt::format("not enough memory to read {}: {} are available", source,
                                internal::format_bytes(internal::available_memory())));
}

/// Runs a reader; what it could not allocate becomes an error that says so.
template <typename Read>
auto reading(const std::string& source, Read&& read) {
  try {
    return read();
  } catch (const std::bad_alloc&) {
    fail_memory(source);
  } catch (const std::length_error&) {
    fail_memory(source);
  }
}

/// Calls the function for the kind of source that it is.
template <typename File, typename Pair, typename Folder>
auto visit(internal::DataSource source, File&& file, Pair&& pair, Folder&& folder) {
  if (auto* single = std::get_if<OpenFile>(&source)) return file(std::move(*single));
  if (auto* both = std::get_if<OpenPair>(&source)) return pair(std::move(*both));
  return folder(std::get<MnistFolder>(source));
}

}  // namespace

Dataset Dataset::load(const std::string& source) {
  return load(source, {});
}

Dataset Dataset::load(const std::string& source, const DataOptions& options) {
  return reading(source, [&] {
    return Dataset(visit(
        internal::open_data(source), [&](OpenFile file) { return load_file(std::move(file), options); },
        [&](OpenPair pair) { return load_pair(std::move(pair), options); },
        [&](const MnistFolder& folder) { return load_folder(folder, options); }));
  });
}

DataSplits load_splits(const std::string& source, const DataOptions& options) {
  return reading(source, [&] {
    const auto alone = [](Storage storage) { return DataSplits{internal::dataset_of(std::move(storage)), std::nullopt}; };
    return visit(
        internal::open_data(source), [&](OpenFile file) { return alone(load_file(std::move(file), options)); },
        [&](OpenPair pair) { return alone(load_pair(std::move(pair), options)); },
        [&](const MnistFolder& folder) {
          // A missing test file is reported before the training set is read.
          static_cast<void>(folder.file(MnistFolder::test_images));
          static_cast<void>(folder.file(MnistFolder::test_labels));
          Dataset train = internal::dataset_of(load_folder(folder, options));
          Dataset test = internal::dataset_of(match_folder(folder, train.schema(), Targets::required, options));
          return DataSplits{std::move(train), std::move(test)};
        });
  });
}

Dataset load_matching(const std::string& source, const DataSchema& schema, Targets targets, const DataOptions& options) {
  return reading(source, [&] {
    return internal::dataset_of(visit(
        internal::open_data(source), [&](OpenFile file) { return match_file(std::move(file), schema, targets, options); },
        [&](OpenPair pair) { return match_pair(std::move(pair), schema, targets, options); },
        [&](const MnistFolder& folder) -> Storage {
          auto storage = match_folder(folder, schema, targets, options);
          storage->notes.push_back(fmt::format("{}: the folder's test set is used", folder.path));
          return storage;
        }));
  });
}

}  // namespace gradus
