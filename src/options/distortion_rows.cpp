#include <fmt/format.h>

#include "base/wording.hpp"
#include "options/conditions.hpp"
#include "options/row.hpp"

// How images are distorted in training.
namespace gradus::internal {
namespace {

/// Two fields in one value: ALPHA, or ALPHA:SIGMA.
Row elastic_row() {
  const auto alphas = Range::at_least(0.0).at_most(65536.0);
  const auto sigmas = Range::above(0.0).at_most(1024.0);
  Row row = internal::row("elastic", "A:S",
                          "move each pixel by a random field, smoothed over S pixels and multiplied by A, such as 34:4 for "
                          "digits of 28 x 28 pixels",
                          GRADUS_FIELD(training.augmentation.distortions.elastic), alphas);
  row.set = [=](Options& options, std::string_view text) {
    Distortions& distortions = options.training.augmentation.distortions;
    const std::size_t colon = text.find(':');
    const double alpha = number_or_nan(text.substr(0, colon));
    const double sigma = colon == std::string_view::npos ? distortions.elastic_sigma : number_or_nan(text.substr(colon + 1));
    if (!(alpha >= 0.0 && sigma > 0.0))
      throw UsageError(fmt::format("`elastic`: {} is not ALPHA or ALPHA:SIGMA, such as 34 or 34:4", in_quotes(text)));
    if (!alphas.contains(alpha) || !sigmas.contains(sigma))
      throw UsageError(
          fmt::format("`elastic`: {} is too large; ALPHA is at most 65536 and SIGMA at most 1024 pixels", in_quotes(text)));
    distortions.elastic = alpha;
    distortions.elastic_sigma = sigma;
  };
  row.get = [](const Options& options) -> OptionValue {
    const Distortions& distortions = options.training.augmentation.distortions;
    return fmt::format("{}:{}", distortions.elastic, distortions.elastic_sigma);
  };
  row.reset = [](Options& options) {
    Distortions& distortions = options.training.augmentation.distortions;
    distortions.elastic = Distortions().elastic;
    distortions.elastic_sigma = Distortions().elastic_sigma;
  };
  row.check = [=](const Options& options) {
    const Distortions& distortions = options.training.augmentation.distortions;
    Codec<double>::check("elastic", distortions.elastic, alphas);
    Codec<double>::check("elastic_sigma", distortions.elastic_sigma, sigmas);
  };
  row.is_off = [](const Options& options) { return options.training.augmentation.distortions.elastic == 0.0; };
  row.words = [](const Options& options, std::size_t /*samples*/) {
    const Distortions& distortions = options.training.augmentation.distortions;
    if (distortions.elastic == 0.0) return std::string();
    return fmt::format("elastic {:.3g}:{:.3g}", distortions.elastic, distortions.elastic_sigma);
  };
  return row;
}

}  // namespace

std::vector<Row> distortion_rows() {
  std::vector<Row> rows;
  const auto add = [&rows](Row&& row) { rows.push_back(std::move(row).in(OptionGroup::distortions).standard("")); };
  add(row("shift", "P", "shift along each axis, in pixels", GRADUS_FIELD(training.augmentation.distortions.shift),
          Range::at_least(0.0).at_most(65536.0).such_as("1"))
          .counts(without_quantiles())
          .zero_is_off());
  add(row("rotate", "D", "rotation, in degrees", GRADUS_FIELD(training.augmentation.distortions.rotation),
          Range::at_least(0.0).at_most(180.0).such_as("10"))
          .counts(without_quantiles())
          .zero_is_off());
  add(row("scale", "F", "make each axis longer or shorter by this fraction, such as 0.1",
          GRADUS_FIELD(training.augmentation.distortions.scaling), Range::at_least(0.0).below(1.0))
          .counts(without_quantiles())
          .zero_is_off());
  add(elastic_row().counts(without_quantiles()));
  add(row("image_size", "HxW", "height and width of the images whose pixels are the inputs, row by row; or none",
          GRADUS_FIELD(training.augmentation.image_size), OrNone{})
          .counts(with_distortions()));
  rows.back().info.standard = "as IDX and NPY files say";
  return rows;
}

}  // namespace gradus::internal
