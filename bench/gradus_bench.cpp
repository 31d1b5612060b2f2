// How long a training step takes, beside its matrix products alone and beside what the machine does at most.
// `gradus-bench --help` lists the options.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "cpu_bench.hpp"
#include "gradus/error.hpp"
#include "gradus/version.hpp"
#include "start_values.hpp"
#ifdef GRADUS_BENCH_CUDA
#include "cuda_bench.hpp"
#endif

namespace gradus::bench {
namespace {

/// The table goes to standard output, unless the JSON goes there.
std::FILE* table_of(const Arguments& arguments) {
  return arguments.json == "-" ? stderr : stdout;
}

void write_json(const nlohmann::json& record, const std::string& to) {
  if (to == "-") return fmt::print("{}\n", record.dump());
  std::ofstream file(to);
  file << record.dump(1) << "\n";
  if (!file.flush()) throw FileError(fmt::format("{} cannot be written", to));
}

/// Before minutes of measuring that nobody could read.
void require_writable(const std::string& to) {
  if (to.empty() || to == "-") return;
  if (!std::ofstream(to, std::ios::app)) throw FileError(fmt::format("{} cannot be written", to));
}

/// The columns are those of `print_row`; scripts/gpu-check reads them.
void print_header(std::FILE* table, Device::Kind device) {
  fmt::print(table, "{:12} {:9} {:>12} {:>12} {:>9} {:>12} {:>9} {:>9}", "workload", "precision", "step us", "products us",
             "share %", "samples/s", "TFLOP/s", "floor %");
  if (device == Device::Kind::cuda) fmt::print(table, " {:>8} {:>12}", "kernels", "MB");
  fmt::print(table, "\n");
}

void print_row(std::FILE* table, const nlohmann::json& row) {
  const auto median = [&](const char* key) { return row[key]["median"].get<double>(); };
  fmt::print(table, "{:12} {:9} {:12.2f} {:12.2f} {:9.1f} {:12.5g} {:9.4g} {:9.1f}", row["workload"].get<std::string>(),
             row["precision"].get<std::string>(), median("step_microseconds"), median("products_microseconds"),
             100.0 * median("share_of_products"), row["samples_per_second"].get<double>(),
             1e-12 * row["operations_per_second"].get<double>(), 100.0 * row["share_of_floor"].get<double>());
  if (row.contains("kernels"))
    fmt::print(table, " {:8} {:12.5g}", row["kernels"].get<std::size_t>(), 1e-6 * row["bytes"].get<double>());
  fmt::print(table, "\n");
  std::fflush(table);
}

/// Calls row(result) for each measurement, and returns the description of the machine.
template <typename Bench, typename Row>
nlohmann::json measure_all(Bench bench, const Arguments& arguments, Row row) {
  for (const Workload& workload : arguments.workloads) row(bench.measure(workload, arguments.seconds));
  return bench.ceilings();
}

void list(const Arguments& arguments) {
  nlohmann::json all = nlohmann::json::array();
  for (const Workload& workload : workloads()) all.push_back(to_json(workload));
  if (!arguments.json.empty()) return write_json(all, arguments.json);
  for (const Workload& workload : workloads()) {
    std::string widths;
    for (const std::size_t width : workload.widths) widths += fmt::format("{}{}", widths.empty() ? "" : "-", width);
    fmt::print("{:12} {:38} batch {:>6} of {:>7} samples{}\n", workload.name, widths, workload.batch, workload.samples,
               workload.for_gpus ? "  (GPU)" : "");
  }
}

void take_steps(const Arguments& arguments) {
  for (const Workload& workload : arguments.workloads) {
#ifdef GRADUS_BENCH_CUDA
    if (arguments.device.kind == Device::Kind::cuda) {
      for (const Precision precision : arguments.precisions)
        fmt::print("{} on {} in {}: {} steps, mean cost {}\n", workload.name, arguments.device.to_string(), name(precision),
                   arguments.steps, CudaBench(arguments.device.index, precision).take_steps(workload, arguments.steps));
      continue;
    }
#endif
    fmt::print("{} with {}: {} steps, mean cost {}\n", workload.name, CpuBench::build(), arguments.steps,
               CpuBench(arguments.threads).take_steps(workload, arguments.steps));
  }
}

void measure(const Arguments& arguments) {
  nlohmann::json record{{"version", version()}, {"machine", CpuBench::machine()}};
  nlohmann::json steps = nlohmann::json::array();
  std::FILE* const table = table_of(arguments);
  print_header(table, arguments.device.kind);
  const auto keep = [&](nlohmann::json row) {
    print_row(table, row);
    steps.push_back(std::move(row));
  };
  nlohmann::json ceilings = nlohmann::json::array();
#ifdef GRADUS_BENCH_CUDA
  if (arguments.device.kind == Device::Kind::cuda) {
    record["machine"].update(CudaBench::machine(arguments.device.index));
    for (const Precision precision : arguments.precisions)
      ceilings.push_back(measure_all(CudaBench(arguments.device.index, precision), arguments, keep));
  }
#endif
  if (arguments.device.kind == Device::Kind::cpu) ceilings = measure_all(CpuBench(arguments.threads), arguments, keep);
  record["ceilings"] = ceilings;
  record["steps"] = steps;
  if (!arguments.json.empty()) write_json(record, arguments.json);
}

void run(const Arguments& arguments) {
  if (arguments.list) return list(arguments);
  if (arguments.device.kind == Device::Kind::cuda) {
#ifndef GRADUS_BENCH_CUDA
    throw UsageError("this gradus-bench was built without CUDA; build the preset cuda for --device cuda");
#endif
    static_cast<void>(resolve(arguments.device));  // throws with the reason
  }
  if (!arguments.start.empty()) return write_start(arguments.workloads.front(), arguments.check_steps, arguments.start);
  if (arguments.steps > 0) return take_steps(arguments);
  require_writable(arguments.json);
  measure(arguments);
}

}  // namespace
}  // namespace gradus::bench

int main(int argc, char** argv) {
  try {
    gradus::bench::Arguments arguments;
    if (gradus::bench::parse(argc, argv, arguments)) gradus::bench::run(arguments);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw gradus::FileError("standard output cannot be written");
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "gradus-bench: error: {}\n", error.what());
    return 2;
  }
}
