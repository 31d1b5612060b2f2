#pragma once

// What the benchmarks of a step train, under the names that reports use, and what they share.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gradus/error.hpp"
#include "gradus/network_spec.hpp"

namespace gradus::bench {

/// Sigmoid layers and squared error, by plain gradient descent. With as many samples as a batch takes it is a full batch.
struct Workload {
  std::string name;
  std::vector<std::size_t> widths;
  std::size_t batch = 0;
  std::size_t samples = 0;
  bool for_gpus = false;  // more than a CPU does in a reasonable time
  Activation output_activation = Activation::sigmoid;
};

inline const std::vector<Workload>& workloads() {
  static const std::vector<Workload> kAll{
      {"digits", {64, 30, 10}, 1437, 1437},
      {"classic", {784, 30, 10}, 10, 60000},
      {"classic-128", {784, 30, 10}, 128, 60000},
      {"mnist-full", {784, 30, 10}, 60000, 60000},
      {"wide", {784, 1024, 1024, 10}, 256, 10240},
      {"deep", {784, 2500, 2000, 1500, 1000, 500, 10}, 1000, 10000},
      {"narrow", {64, 64, 64, 64, 64, 16}, 262144, 1048576, true},
      {"square", std::vector<std::size_t>(9, 4096), 8192, 16384, true},
  };
  return kAll;
}

inline const Workload& find_workload(std::string_view name) {
  for (const Workload& workload : workloads())
    if (workload.name == name) return workload;
  throw UsageError(fmt::format("no workload is named '{}'; --list shows them", name));
}

inline nlohmann::json to_json(const Workload& workload) {
  return {{"name", workload.name},
          {"widths", workload.widths},
          {"batch", workload.batch},
          {"samples", workload.samples},
          {"for_gpus", workload.for_gpus}};
}

/// Floating-point operations of a step's matrix products: outputs, error terms (of all layers but the first), gradients.
inline double operations_of_step(const Workload& workload) {
  double products = 0.0;
  for (std::size_t l = 1; l < workload.widths.size(); ++l)
    products += static_cast<double>(workload.widths[l - 1]) * static_cast<double>(workload.widths[l]);
  const double first = static_cast<double>(workload.widths[0]) * static_cast<double>(workload.widths[1]);
  return 2.0 * static_cast<double>(workload.batch) * (3.0 * products - first);
}

/// What no step can do without, in bytes: each parameter read once and written once, the minibatch's bytes and classes read.
inline double minimum_bytes_of_step(const Workload& workload) {
  double parameters = 0.0;
  for (std::size_t l = 1; l < workload.widths.size(); ++l)
    parameters += static_cast<double>((workload.widths[l - 1] + 1) * workload.widths[l]);
  const std::size_t sample = workload.widths.front() * sizeof(std::uint8_t) + sizeof(std::int32_t);
  return 2.0 * sizeof(float) * parameters + static_cast<double>(workload.batch * sample);
}

/// What the verbs of a step on a GPU read and write, each operand and each result once, in bytes.
struct BytesOfStep {
  std::size_t products = 0;  // weights are read before they are added to
  std::size_t others = 0;    // the minibatch, activations, error terms, biases, and operands that are rounded to two bytes
};

/// `operand_size`: bytes of a product's operand, 4 or 2. With 2 there is a rounded twin beside each operand's four bytes.
inline BytesOfStep bytes_of_step(const Workload& workload, std::size_t operand_size) {
  constexpr std::size_t kFloat = sizeof(float);
  const std::size_t batch = workload.batch;
  const std::size_t twin = operand_size == kFloat ? 0 : operand_size;
  const auto& widths = workload.widths;
  BytesOfStep bytes;
  const auto product = [&](std::size_t rows, std::size_t columns, std::size_t inner, bool adds) {
    bytes.products += operand_size * inner * (rows + columns) + kFloat * rows * columns * (adds ? 2 : 1);
  };
  if (batch < workload.samples) {  // else it is gathered once
    const std::size_t inputs = widths.front() * (sizeof(std::uint8_t) + kFloat + twin);
    const std::size_t order_and_label = sizeof(std::uint32_t) + sizeof(std::int32_t);
    bytes.others += batch * (inputs + order_and_label + kFloat * widths.back());
  }
  for (std::size_t l = 1; l < widths.size(); ++l) {
    product(batch, widths[l], widths[l - 1], false);
    if (l > 1) product(batch, widths[l - 1], widths[l], false);
    product(widths[l], widths[l - 1], batch, true);
    const std::size_t biases = kFloat * widths[l];
    bytes.others += batch * widths[l] * (2 * kFloat + twin) + biases;      // the activation, in place
    bytes.others += batch * widths[l] * (3 * kFloat + twin) + 2 * biases;  // error terms of two operands
    if (twin > 0) bytes.others += widths[l] * widths[l - 1] * (kFloat + twin);
  }
  return bytes;
}

/// Grey values without meaning: the time of a step does not depend on them.
inline std::vector<std::uint8_t> random_bytes(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::uint32_t state = 1;
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24);
  return bytes;
}

/// Uniform in ±range. Zeros would draw less power, and let a GPU run faster than it does on data.
inline std::vector<float> random_floats(std::size_t count, double range) {
  std::vector<float> values(count);
  std::uint32_t state = 2463534242U;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(range * (static_cast<double>(state >> 8) * 0x1p-23 - 1.0));
  }
  return values;
}

/// Each class as often as the others.
inline std::vector<std::int32_t> all_classes(std::size_t samples, std::size_t classes) {
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) labels[i] = static_cast<std::int32_t>(i % classes);
  return labels;
}

}  // namespace gradus::bench
