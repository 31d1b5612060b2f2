#include "inference/probabilities.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "inference/area_under_curve.hpp"

namespace gradus::internal {
namespace {

constexpr double kLeastProbability = 1e-15;  // a probability of 0 would make the mean infinite

/// The number of outputs that rank before that of the sample's class.
std::size_t rank_of(std::span<const float> outputs, std::size_t actual) {
  std::size_t before = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k)
    if (outputs[k] > outputs[actual] || (k < actual && outputs[k] == outputs[actual])) ++before;
  return before;
}

/// The samples whose largest probability lies within one of the bins.
struct Bin {
  double confidence = 0.0;  // the sum of these probabilities
  double correct = 0.0;     // the number of samples that are right
};

}  // namespace

std::vector<std::pair<std::size_t, double>> top_k_accuracies(const Answers& answers) {
  std::vector<std::pair<std::size_t, double>> accuracies;
  constexpr std::array<std::size_t, 3> kRanks{2, 3, 5};
  for (const std::size_t k : kRanks)
    if (k < answers.classes) accuracies.emplace_back(k, 0.0);
  for (std::size_t i = 0; i < answers.samples() && !accuracies.empty(); ++i) {
    const std::size_t rank = rank_of(answers.row(i), answers.actual[i]);
    for (auto& [k, count] : accuracies)
      if (rank < k) count += 1.0;
  }
  for (auto& [k, count] : accuracies) count = quotient(count, static_cast<double>(answers.samples()));
  return accuracies;
}

ProbabilityMetrics probability_metrics(const Answers& answers) {
  std::array<Bin, 15> bins{};
  double logarithms = 0.0;
  for (std::size_t i = 0; i < answers.samples(); ++i) {
    const auto row = answers.row(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    const auto probability = [&](std::size_t k) {
      return sum > 0.0 ? static_cast<double>(row[k]) / sum : 1.0 / static_cast<double>(row.size());
    };
    const auto predicted = static_cast<std::size_t>(answers.predicted[i]);
    const double confidence = probability(predicted);
    logarithms -= std::log(std::max(kLeastProbability, probability(answers.actual[i])));
    const auto place = static_cast<std::size_t>(std::clamp(confidence, 0.0, 1.0) * static_cast<double>(bins.size()));
    Bin& bin = bins[std::min(bins.size() - 1, place)];
    bin.confidence += confidence;
    if (predicted == answers.actual[i]) bin.correct += 1.0;
  }
  double error = 0.0;
  for (const Bin& bin : bins) error += std::abs(bin.correct - bin.confidence);
  const auto samples = static_cast<double>(answers.samples());
  return {.log_loss = quotient(logarithms, samples), .calibration_error = quotient(error, samples)};
}

double log_loss_of_labels(std::span<const float> outputs, const Dataset& data) {
  const std::size_t labels = data.schema().outputs();
  double logarithms = 0.0;
  for (std::size_t j = 0; j < labels; ++j)
    for (std::size_t sample = 0; sample < data.samples(); ++sample) {
      const auto probability = static_cast<double>(outputs[sample * labels + j]);
      const bool has_label = data.target(sample, j) > 0.5F;
      logarithms -= std::log(std::max(kLeastProbability, has_label ? probability : 1.0 - probability));
    }
  return quotient(logarithms, static_cast<double>(data.samples() * labels));
}

}  // namespace gradus::internal
