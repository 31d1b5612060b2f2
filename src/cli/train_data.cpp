#include "train_data.hpp"

#include <utility>

#include <fmt/format.h>

namespace gradus::cli {
namespace {

void print_notes(const Dataset& data, Messages& messages) {
  for (const std::string& note : data.notes()) messages.note(fmt::format("{}: {}", data.source(), note));
}

}  // namespace

DataParts load_training_data(const TrainRequest& request, Messages& messages) {
  const DataOptions options = request.reading.options();
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

}  // namespace gradus::cli
