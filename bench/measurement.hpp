#pragma once

// What is reported about a timed step, whatever device it ran on.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "workloads.hpp"

namespace gradus::bench {

/// The quantile of a sorted, non-empty sample, interpolated between its neighbours where it falls between two.
inline double quantile(const std::vector<double>& sorted, double fraction) {
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return quantile(values, 0.5);
}

/// A sample's median and spread, each times `unit`.
inline nlohmann::json spread(std::vector<double> values, double unit = 1.0) {
  std::ranges::sort(values);
  return {{"median", unit * quantile(values, 0.5)},
          {"least", unit * values.front()},
          {"greatest", unit * values.back()},
          {"lower_quartile", unit * quantile(values, 0.25)},
          {"upper_quartile", unit * quantile(values, 0.75)}};
}

/// What a machine does at most, as it was measured.
struct Ceilings {
  double operations_per_second = 0.0;  // of a large matrix product
  double bytes_per_second = 0.0;       // read and written by a large copy
};

/// Blocks of steps and of the bare products of a step, in turn. Seconds of one step, or of the products of one.
struct Blocks {
  std::vector<double> steps;
  std::vector<double> products;
  std::vector<double> shares;  // products / step, block by block: a machine whose speed drifts disturbs both alike

  void add(double step_seconds, double product_seconds) {
    steps.push_back(step_seconds);
    products.push_back(product_seconds);
    shares.push_back(product_seconds / step_seconds);
  }
};

/// So long is a block, about, in seconds.
inline constexpr double kBlock = 0.01;
/// Even if they take longer than was asked for.
inline constexpr std::size_t kFewestBlocks = 5;

inline nlohmann::json describe(const Workload& workload, const std::string& device, std::string_view precision,
                               std::size_t threads, const Blocks& blocks, const Ceilings& ceilings) {
  const double time = median(blocks.steps);
  const double operations = operations_of_step(workload);
  const double bytes = minimum_bytes_of_step(workload);
  const double floor = std::max(operations / ceilings.operations_per_second, bytes / ceilings.bytes_per_second);
  return {{"workload", workload.name},
          {"device", device},
          {"precision", precision},
          {"widths", workload.widths},
          {"batch", workload.batch},
          {"samples", workload.samples},
          {"output_activation", name(workload.output_activation)},
          {"threads", threads},
          {"blocks", blocks.steps.size()},
          {"step_microseconds", spread(blocks.steps, 1e6)},
          {"products_microseconds", spread(blocks.products, 1e6)},
          {"share_of_products", spread(blocks.shares)},
          {"samples_per_second", static_cast<double>(workload.batch) / time},
          {"operations", operations},
          {"operations_per_second", operations / time},
          {"share_of_peak", operations / time / ceilings.operations_per_second},
          {"minimum_bytes", bytes},
          {"bytes_per_second", bytes / time},
          {"floor_microseconds", 1e6 * floor},
          {"share_of_floor", floor / time}};
}

}  // namespace gradus::bench
