#include "train_data.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "class_weights.hpp"
#include "gradus/error.hpp"
#include "text.hpp"

namespace gradus::cli {
namespace {

void print_notes(const Dataset& data, Messages& messages) {
  for (const std::string& note : data.notes()) messages.note(note);
}

// A model file holds UTF-8 only. Better said now than after hours of training.
void require_utf8_names(const Dataset& data) {
  const DataSchema& schema = data.schema();
  for (const auto* names : {&schema.feature_names, &schema.target_names, &schema.class_names})
    for (const std::string& name : *names)
      if (!is_utf8(name))
        throw DataError(
            fmt::format("{}: the name '{}' is not UTF-8 text; convert the file, for instance with "
                        "`iconv -f latin1 -t utf-8`",
                        data.source(), shortened(name, 40)));
}

DataParts load_parts(const TrainRequest& request, Messages& messages) {
  DataOptions options = request.reading.options();
  if (!request.reading.missing) options.missing = missing_values(request.recipe);
  if (request.test) {
    Dataset train = Dataset::load(request.data, options);
    print_notes(train, messages);
    Dataset test = load_matching(*request.test, train.schema(), Targets::required, request.reading.layout());
    print_notes(test, messages);
    return {std::move(train), std::move(test)};
  }
  DataParts parts = load_data(request.data, options);
  print_notes(parts.train, messages);
  if (request.test_fraction) {
    if (parts.test) messages.note("the test part that the data brings along is not used, because of --test-fraction");
    auto [train, test] = parts.train.split(*request.test_fraction, request.training.seed);
    return {std::move(train), std::move(test)};
  }
  return parts;
}

}  // namespace

TrainData load_training_data(TrainRequest& request, Messages& messages) {
  TrainData data{load_parts(request, messages), std::nullopt};
  require_utf8_names(data.train);
  choose_method(request, data.train.task(), data.train.samples());
  if (request.validation) {
    data.validation = load_matching(*request.validation, data.train.schema(), Targets::required, request.reading.layout());
    print_notes(*data.validation, messages);
  } else if (request.validation_fraction) {
    auto [rest, validation] = data.train.split(*request.validation_fraction, request.training.seed);
    data.train = std::move(rest);
    data.validation = std::move(validation);
  }
  if (request.words.class_weights) request.training.class_weights = class_weights(*request.words.class_weights, data.train);
  return data;
}

}  // namespace gradus::cli
