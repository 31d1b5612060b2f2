#include "cli/train_data.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/class_weights.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

void print_notes(const Dataset& data, Messages& messages) {
  for (const std::string& note : data.notes()) messages.note(note);
}

/// The source's sets; the policy for missing values, which does not depend on the data, is that of the request.
DataSplits load_source(const TrainRequest& request, Messages& messages) {
  const DataOptions& options = request.options.data;
  DataSplits splits = request.options.split.test ? DataSplits{Dataset::load(request.data, options), std::nullopt}
                                                 : load_splits(request.data, options);
  const Missing policy = request.options.training.preprocessing.missing;
  if (request.given.find("missing") != nullptr && policy != Missing::error && splits.train.holds_bytes())
    throw UsageError(
        "`missing` has no effect, since the training data is bytes, which have no missing values; leave it out");
  splits.train = splits.train.with_missing(policy);
  print_notes(splits.train, messages);
  return splits;
}

/// Data to measure on. Throws DataError where they lack values and the model must not.
Dataset load_held_out(const std::string& source, const TrainRequest& request, const DataSchema& schema, Messages& messages) {
  Dataset data = load_matching(source, schema, Targets::required, request.layout());
  if (schema.missing == Missing::error && data.first_missing())
    throw DataError(fmt::format("{}; the model is trained without missing values", *data.first_missing()));
  print_notes(data, messages);
  return data;
}

DataSplits load_splits(const TrainRequest& request, Messages& messages) {
  DataSplits splits = load_source(request, messages);
  const SplitOptions& split = request.options.split;
  if (split.test) {
    splits.test = load_held_out(*split.test, request, splits.train.schema(), messages);
    return splits;
  }
  if (split.test_fraction) {
    if (splits.test) messages.note("the data's own test set is not used, because of --test-fraction");
    auto [train, test] = splits.train.split(*split.test_fraction, request.options.training.seed);
    return {std::move(train), std::move(test)};
  }
  return splits;
}

/// Chooses the method for the training set, and takes the validation set from it.
void complete(TrainRequest& request, TrainData& data) {
  // Images that lack values, or hold names, are not distorted.
  const DataSchema& schema = data.train.schema();
  const auto images = schema.inputs() == schema.features ? data.train.image_size() : std::nullopt;
  Options& options = request.options;
  options = request.given.complete(data.train.task(), data.train.samples(), images);
  if (options.split.validation_fraction) {
    auto [rest, validation] = data.train.split(*options.split.validation_fraction, options.training.seed);
    data.train = std::move(rest);
    data.validation = std::move(validation);
  }
  if (options.class_weights) options.training.class_weights = class_weights(*options.class_weights, data.train);
}

std::optional<Dataset> load_validation(const TrainRequest& request, const Dataset& train, Messages& messages) {
  const auto& source = request.options.split.validation;
  if (!source) return std::nullopt;
  return load_held_out(*source, request, train.schema(), messages);
}

}  // namespace

TrainData load_training_data(TrainRequest& request, Messages& messages) {
  TrainData data{load_splits(request, messages), std::nullopt};
  data.validation = load_validation(request, data.train, messages);
  complete(request, data);
  return data;
}

FoldedData::FoldedData(const TrainRequest& request, Messages& messages)
    : data_([&] {
        DataSplits splits = load_source(request, messages);
        if (splits.test) messages.note("the data's own test set is not used, because of --folds");
        return std::move(splits.train);
      }()),
      validation_(load_validation(request, data_, messages)) {}

TrainData FoldedData::without_held_out(const Dataset& rest, TrainRequest& request) const {
  TrainData data{{rest, std::nullopt}, validation_};
  complete(request, data);
  return data;
}

}  // namespace gradus::cli
