#include "inference/requirements.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/prepare/missing_values.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

void require_features(const Dataset& data, const DataSchema& schema) {
  const DataSchema& found = data.schema();
  if (found.features != schema.features)
    throw DataError(fmt::format("{}: the data has {} features, and the network {} inputs", data.source(), found.features,
                                schema.features));
  if (found.categories != schema.categories)
    throw DataError(
        fmt::format("{}: the data's names are not those that the network knows; read it with load_matching", data.source()));
  refuse_missing(data, schema);
}

void require_values(std::span<const float> features, const DataSchema& schema) {
  const std::size_t width = schema.features;
  if (features.size() % width != 0)
    throw DataError(fmt::format("{} values cannot be split into samples of {} features", features.size(), width));
  if (features.size() / width > std::numeric_limits<std::uint32_t>::max())
    throw DataError(fmt::format("{} samples are more than can be predicted at once", features.size() / width));
  const bool may_be_missing = schema.missing != Missing::error;
  for (std::size_t i = 0; i < features.size(); ++i)
    if (!std::isfinite(features[i]) && !(may_be_missing && std::isnan(features[i])))
      throw DataError(fmt::format("feature {} of sample {} is {}, not a finite number", i % width, i / width, features[i]));
  for (const Categories& categories : schema.categories)
    for (std::size_t i = categories.feature; i < features.size(); i += width) {
      const float value = features[i];
      const auto most = static_cast<float>(categories.inputs()) - 1.0F;
      if (!std::isnan(value) && (value < -1.0F || value > most || std::floor(value) != value))
        throw DataError(fmt::format("feature {} of sample {} is {}, and a name is a whole number from 0 to {}, or -1",
                                    categories.feature, i / width, value, most));
    }
}

void require_evaluable(const Dataset& data, const DataSchema& schema) {
  require_features(data, schema);
  if (!data.has_targets())
    throw DataError(fmt::format("{}: the data has no targets to compare the network's answers with", data.source()));
  if (data.task() != schema.task)
    throw DataError(
        fmt::format("{}: the data is for {}, and the network for {}", data.source(), name(data.task()), name(schema.task)));
  const DataSchema& found = data.schema();
  if (found.outputs() == schema.outputs() && found.class_names != schema.class_names)
    throw DataError(fmt::format("{}: the data has the classes {}, and the network {}; read it with load_matching",
                                data.source(), listed(found.class_names), listed(schema.class_names)));
  if (!found.feature_names.empty() && !schema.feature_names.empty() && found.feature_names != schema.feature_names)
    throw DataError(
        fmt::format("{}: the features are not those of the network, or in another order; read the data with load_matching",
                    data.source()));
  if (data.schema().outputs() != schema.outputs())
    throw DataError(fmt::format("{}: the data has {} classes or targets, and the network {} outputs", data.source(),
                                data.schema().outputs(), schema.outputs()));
}

}  // namespace gradus::internal
