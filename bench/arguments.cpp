#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::bench {
namespace {

constexpr const char* kDescription =
    "The time of a training step beside its matrix products alone, which are measured in turn with it in the same process,\n"
    "and beside what this machine does at most. Without --only: every workload that suits the device.";

template <typename Named>
Named from_word(const std::string& word, const char* what) {
  if (const auto found = from_name<Named>(word)) return *found;
  std::string names;
  for (const std::string_view name : kNames<Named>) names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  throw UsageError(fmt::format("no {} is named '{}'; the choices are {}", what, word, names));
}

/// CLI11 reads -1 as the largest number there is.
const CLI::Validator kNotNegative([](std::string& word) { return word.starts_with('-') ? "it must not be negative" : ""; },
                                  "");

/// A custom network, or nothing.
std::optional<Workload> custom(const std::vector<std::size_t>& widths, std::size_t batch, std::size_t samples) {
  if (widths.empty() && batch == 0 && samples == 0) return std::nullopt;
  if (widths.size() < 2 || std::ranges::find(widths, 0U) != widths.end())
    throw UsageError("--widths needs the numbers of inputs, of each hidden layer's nodes and of outputs: 784,30,10");
  if (batch == 0) throw UsageError("a custom network needs --batch");
  const std::size_t all = samples == 0 ? batch : samples;
  if (all < batch) throw UsageError(fmt::format("--samples {} is less than --batch {}", all, batch));
  return Workload{"custom", widths, batch, all};
}

}  // namespace

bool parse(int argc, const char* const* argv, Arguments& arguments) {
  CLI::App app(kDescription, "gradus-bench");
  app.set_help_flag("-h,--help", "Print this help and exit");
  std::vector<std::string> names;
  std::vector<std::string> precisions;
  std::vector<std::size_t> widths;
  std::string device = "cpu";
  std::string activation = "sigmoid";
  std::size_t batch = 0;
  std::size_t samples = 0;
  arguments.seconds = 2.0;
  arguments.check_steps = 10;
  app.add_flag("--list", arguments.list, "List the workloads; with --json - as JSON");
  app.add_option("--only", names, "Workloads, instead of all; several with commas")->delimiter(',')->option_text("NAME");
  app.add_option("--device", device, "cpu, cuda or cuda:N [cpu]")->option_text("DEVICE");
  app.add_option("--precision", precisions, "fp32, tf32 or bf16; several with commas [cpu: fp32; cuda: each]")
      ->delimiter(',')
      ->option_text("NAME");
  app.add_option("--threads", arguments.threads, "CPU: threads at most [as many as help]")
      ->check(kNotNegative)
      ->option_text("N");
  app.add_option("--seconds", arguments.seconds, "For each workload, about [2]")->option_text("S");
  app.add_option("--json", arguments.json, "Write all that was measured to a file; - is standard output")
      ->option_text("FILE");
  app.add_option("--widths", widths, "A custom network: inputs, nodes of each hidden layer, outputs")
      ->delimiter(',')
      ->check(kNotNegative)
      ->option_text("N,N,…");
  app.add_option("--batch", batch, "Its batch size")->check(kNotNegative)->option_text("N");
  app.add_option("--samples", samples, "Its samples in all [as many as --batch]")->check(kNotNegative)->option_text("N");
  app.add_option("--output-activation", activation, "The activation of the output layer [sigmoid]")->option_text("NAME");
  app.add_option("--steps", arguments.steps, "Take this many steps and nothing else, for a profiler")
      ->check(kNotNegative)
      ->option_text("N");
  app.add_option("--write-start", arguments.start, "Write what a peer needs to do the same training, and measure nothing")
      ->option_text("FOLDER");
  app.add_option("--check-steps", arguments.check_steps, "The number of steps whose costs are written [10]")
      ->check(kNotNegative)
      ->option_text("N");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return false;
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}; --help lists the options", error.what()));
  }
  if (!std::isfinite(arguments.seconds) || arguments.seconds < 0.0) throw UsageError("--seconds must not be negative");

  arguments.device = Device::parse(device);
  const bool on_gpu = arguments.device.kind == Device::Kind::cuda;
  if (arguments.device.kind == Device::Kind::automatic)
    throw UsageError("--device auto does not say what is measured; give cpu, cuda or cuda:N");
  for (const std::string& word : precisions) arguments.precisions.push_back(from_word<Precision>(word, "precision"));
  if (arguments.precisions.empty() && on_gpu) arguments.precisions = {Precision::fp32, Precision::tf32, Precision::bf16};
  if (arguments.precisions.empty()) arguments.precisions = {Precision::fp32};
  for (const Precision precision : arguments.precisions)
    if (!on_gpu && precision != Precision::fp32)
      throw UsageError(fmt::format("the CPU computes in fp32; {} needs --device cuda", name(precision)));

  const std::optional<Workload> own = custom(widths, batch, samples);
  if (own && !names.empty()) throw UsageError("--only and --widths exclude each other: each names what is measured");
  for (const std::string& word : names) arguments.workloads.push_back(find_workload(word));
  if (own) arguments.workloads = {*own};
  if (arguments.workloads.empty())
    for (const Workload& workload : workloads())
      if (on_gpu || !workload.for_gpus) arguments.workloads.push_back(workload);
  const Activation output = from_word<Activation>(activation, "activation");
  if (output == Activation::softmax)
    throw gradus::UsageError(
        "softmax goes with cross-entropy, and the steps here have squared errors; give another activation");
  for (Workload& workload : arguments.workloads) workload.output_activation = output;
  if (!arguments.start.empty() && arguments.workloads.size() != 1)
    throw UsageError("--write-start needs one workload: give --only NAME, or --widths and --batch");
  return true;
}

}  // namespace gradus::bench
