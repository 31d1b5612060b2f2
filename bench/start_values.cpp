#include "start_values.hpp"

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cpu_bench.hpp"
#include "gradus/error.hpp"

namespace gradus::bench {
namespace {

void write_file(const std::filesystem::path& path, std::string_view head, std::span<const std::byte> body) {
  std::ofstream file(path, std::ios::binary);
  file.write(head.data(), static_cast<std::streamsize>(head.size()));
  file.write(reinterpret_cast<const char*>(body.data()), static_cast<std::streamsize>(body.size()));
  if (!file.flush()) throw FileError(fmt::format("{} cannot be written", path.string()));
}

/// NumPy's format 1.0 on a machine that keeps the lowest byte first. `type` as NumPy writes it: "<f4".
template <typename Value>
void write_npy(const std::filesystem::path& path, std::string_view type, const std::vector<std::size_t>& shape,
               std::span<const Value> values) {
  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kPrelude = 10;  // the magic word, the version and the length of what follows
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}", type, fmt::join(shape, ", "));
  header.resize((kPrelude + header.size() + kAlignment) / kAlignment * kAlignment - kPrelude - 1, ' ');
  header += '\n';
  const std::string length{static_cast<char>(header.size() % 256), static_cast<char>(header.size() / 256)};
  write_file(path, std::string("\x93NUMPY\x01\x00", 8) + length + header, std::as_bytes(values));
}

}  // namespace

void write_start(const Workload& workload, std::size_t steps, const std::filesystem::path& folder) {
  constexpr double kRate = 0.1;
  Workload one_batch = workload;
  one_batch.samples = workload.batch;
  const std::vector<std::size_t>& widths = workload.widths;
  Trainer trainer = make_trainer(one_batch, 1, kRate);

  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw FileError(fmt::format("the folder {} cannot be made: {}", folder.string(), failure.message()));
  const std::vector<std::uint8_t> inputs = random_bytes(workload.batch * widths.front());
  const std::vector<std::int32_t> labels = all_classes(workload.batch, widths.back());
  write_npy<std::uint8_t>(folder / "inputs.npy", "|u1", {workload.batch, widths.front()}, inputs);
  write_npy<std::int32_t>(folder / "labels.npy", "<i4", {workload.batch}, labels);
  const Model start = trainer.model();
  for (std::size_t l = 1; l < widths.size(); ++l) {
    write_npy(folder / fmt::format("weights_{}.npy", l), "<f4", {widths[l], widths[l - 1]}, start.weights(l - 1));
    write_npy(folder / fmt::format("biases_{}.npy", l), "<f4", {widths[l]}, start.biases(l - 1));
  }

  std::vector<double> costs;
  for (std::size_t i = 0; i <= steps; ++i) costs.push_back(trainer.step());
  const nlohmann::json description{{"widths", widths},       {"batch", workload.batch},
                                   {"learning_rate", kRate}, {"output_activation", name(workload.output_activation)},
                                   {"steps", steps},         {"costs", costs}};
  const std::string text = description.dump(1) + "\n";
  write_file(folder / "start.json", text, {});
}

}  // namespace gradus::bench
