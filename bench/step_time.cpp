// How long a training step takes, beside its matrix products alone in the same process. Prints one JSON object.
//
//   gradus-step-time [WORKLOAD] [--threads N] [--seconds S]
//   gradus-step-time --list
//
// Step and products run in turn, in blocks of a few milliseconds; the figures are medians over the blocks, and the share is
// the median of the ratios block by block, so that a machine whose speed drifts disturbs both alike.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backend/cpu/matrix_product.hpp"
#include "backend/cpu/partition.hpp"
#include "backend/cpu/thread_pool.hpp"
#include "gradus/gradus.hpp"
#include "training/propagation.hpp"
#include "workloads.hpp"

namespace {

using gradus::bench::all_classes;
using gradus::bench::find_workload;
using gradus::bench::median;
using gradus::bench::random_bytes;
using gradus::bench::Workload;
using gradus::bench::workloads;
using gradus::internal::matrix_product;
using gradus::internal::part;
using gradus::internal::Range;
using gradus::internal::ThreadPool;
using gradus::internal::Transpose;
using Clock = std::chrono::steady_clock;

gradus::Dataset random_images(const Workload& workload) {
  return gradus::Dataset::classification(random_bytes(workload.samples * workload.widths.front()), workload.widths.front(),
                                         all_classes(workload.samples, workload.widths.back()));
}

/// The products of one step and nothing else, cut into the same tasks on the same number of threads.
class Products {
 public:
  Products(const std::vector<std::size_t>& widths, std::size_t rows, std::size_t threads)
      : widths_(widths), rows_(rows), pool_(threads) {
    for (std::size_t l = 0; l < widths.size(); ++l) {
      activations_.push_back(values(rows * widths[l]));
      errors_.push_back(values(rows * widths[l]));
      weights_.push_back(values(l == 0 ? 0 : widths[l - 1] * widths[l]));
    }
  }

  void run() {
    const std::size_t layers = widths_.size() - 1;
    for (std::size_t l = 1; l <= layers; ++l)  // Y Wᵀ
      by_rows(widths_[l], widths_[l - 1], [&](Range rows) {
        matrix_product(rows.size(), widths_[l], widths_[l - 1], 1.0F,
                       {&activations_[l - 1][rows.first * widths_[l - 1]], widths_[l - 1]},
                       {weights_[l].data(), widths_[l - 1], Transpose::yes}, 0.0F, &activations_[l][rows.first * widths_[l]],
                       widths_[l]);
      });
    for (std::size_t l = layers - 1; l >= 1; --l)  // Δ W
      by_rows(widths_[l], widths_[l + 1], [&](Range rows) {
        matrix_product(rows.size(), widths_[l], widths_[l + 1], 1.0F,
                       {&errors_[l + 1][rows.first * widths_[l + 1]], widths_[l + 1]}, {weights_[l + 1].data(), widths_[l]},
                       0.0F, &errors_[l][rows.first * widths_[l]], widths_[l]);
      });
    for (std::size_t l = 1; l <= layers; ++l) weight_gradient(l);  // Δᵀ Y
  }

 private:
  static std::vector<float> values(std::size_t count) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = 0.001F * static_cast<float>(i % 997) - 0.4F;
    return values;
  }

  [[nodiscard]] std::size_t tasks(std::size_t m, std::size_t n, std::size_t k, std::size_t divisible) const {
    const double operations = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    return gradus::internal::task_count(operations, gradus::internal::kOperationsPerTask, divisible, pool_.threads());
  }

  template <typename Product>
  void by_rows(std::size_t n, std::size_t k, Product product) {
    const std::size_t count = tasks(rows_, n, k, rows_);
    pool_.run(count, [&](std::size_t task) { product(part(rows_, count, task)); });
  }

  void weight_gradient(std::size_t l) {
    const std::size_t outputs = widths_[l];
    const std::size_t inputs = widths_[l - 1];
    const bool cut_outputs = outputs > inputs;
    const std::size_t count = tasks(outputs, inputs, rows_, std::max(outputs, inputs));
    pool_.run(count, [&](std::size_t task) {
      const Range all_outputs{0, outputs};
      const Range all_inputs{0, inputs};
      const Range m = cut_outputs ? part(outputs, count, task) : all_outputs;
      const Range n = cut_outputs ? all_inputs : part(inputs, count, task);
      // A rate of almost nothing: the weights stay what they are, and the arithmetic is the same.
      matrix_product(m.size(), n.size(), rows_, 1e-12F, {&errors_[l][m.first], outputs, Transpose::yes},
                     {&activations_[l - 1][n.first], inputs}, 1.0F, &weights_[l][m.first * inputs + n.first], inputs);
    });
  }

  std::vector<std::size_t> widths_;
  std::size_t rows_;
  ThreadPool pool_;
  std::vector<std::vector<float>> activations_;
  std::vector<std::vector<float>> errors_;
  std::vector<std::vector<float>> weights_;
};

template <typename Run>
double seconds_of(std::size_t times, Run run) {
  const auto start = Clock::now();
  for (std::size_t i = 0; i < times; ++i) run();
  return std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(times);
}

nlohmann::json list() {
  nlohmann::json all = nlohmann::json::array();
  for (const Workload& workload : workloads())
    if (!workload.for_gpus) all.push_back(to_json(workload));
  return all;
}

nlohmann::json measure(const Workload& workload, std::size_t threads, double seconds) {
  gradus::NetworkSpec network;
  network.hidden.assign(workload.widths.begin() + 1, workload.widths.end() - 1);
  gradus::TrainingOptions options;
  options.batch_size = workload.batch;
  options.learning_rate = 0.01;
  options.threads = threads;
  gradus::Trainer trainer(network, random_images(workload), options);
  const std::size_t rows = gradus::internal::rows_at_once(workload.widths, workload.batch,
                                                          gradus::internal::floats_at_once(gradus::Device::cpu()));
  Products products(workload.widths, rows, trainer.options().threads);
  const double parts = static_cast<double>(workload.batch) / static_cast<double>(rows);

  constexpr double kBlock = 0.01;  // seconds
  // The first runs make oneDNN's kernels and fill the caches: they are neither counted nor used to size the blocks.
  const auto block = [&](auto run) {
    seconds_of(20, run);
    return 1 + static_cast<std::size_t>(kBlock / std::max(1e-9, seconds_of(20, run)));
  };
  const auto step = [&] { trainer.step(); };
  const auto product = [&] { products.run(); };
  const std::size_t steps = block(step);
  const std::size_t repeats = block(product);
  std::vector<double> step_seconds;
  std::vector<double> product_seconds;
  std::vector<double> shares;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    step_seconds.push_back(seconds_of(steps, step));
    product_seconds.push_back(parts * seconds_of(repeats, product));
    shares.push_back(product_seconds.back() / step_seconds.back());
  } while (Clock::now() < end);
  const double step_time = median(step_seconds);
  return {{"workload", workload.name},
          {"threads", trainer.options().threads},
          {"blocks", shares.size()},
          {"step_microseconds", 1e6 * step_time},
          {"products_microseconds", 1e6 * median(product_seconds)},
          {"share_of_products", median(shares)},
          {"samples_per_second", static_cast<double>(workload.batch) / step_time}};
}

int run(const std::vector<std::string>& arguments) {
  std::string workload = "classic";
  std::size_t threads = 0;
  double seconds = 3.0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--list") {
      fmt::print("{}\n", list().dump());
      return 0;
    }
    if (arguments[i] == "--threads" && has_value)
      threads = std::stoul(arguments[++i]);
    else if (arguments[i] == "--seconds" && has_value)
      seconds = std::stod(arguments[++i]);
    else if (!arguments[i].starts_with("--"))
      workload = arguments[i];
    else
      throw gradus::UsageError(
          fmt::format("{} is no option; give [WORKLOAD] [--threads N] [--seconds S] or --list", arguments[i]));
  }
  fmt::print("{}\n", measure(find_workload(workload), threads, seconds).dump());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "gradus-step-time: error: {}\n", error.what());
    return 2;
  }
}
