#pragma once

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"

namespace gradus::reference {

/// Ten full-batch steps of plain gradient descent by PyTorch in double precision. Weights, biases, inputs, targets and the
/// learning rate are exact in 32-bit floats. tests/reference/golden/make_torch_costs.py writes them.
struct GoldenRun {
  std::vector<std::size_t> widths;  // n_0 … n_L
  Activation hidden = Activation::sigmoid;
  Activation output = Activation::sigmoid;
  std::vector<std::vector<double>> weights;  // L of (outputs, inputs) row-major: where the run starts
  std::vector<std::vector<double>> biases;   // L of (outputs)
  std::vector<double> inputs;                // (batch, n_0) row-major
  std::vector<double> targets;               // (batch, n_L) row-major
  double learning_rate = 0.0;
  std::vector<double> costs;                       // one per step, taken before its update
  std::vector<std::vector<double>> final_weights;  // after the last step
  std::vector<std::vector<double>> final_biases;

  [[nodiscard]] std::size_t batch() const { return inputs.size() / widths.front(); }
  [[nodiscard]] std::string title() const {
    return std::string(name(hidden)) + " hidden, " + std::string(name(output)) + " output";
  }
};

/// All runs of tests/reference/golden/torch_costs.json. Throws when the file is missing or is not what it should be. The
/// environment's GRADUS_SOURCE_DIR is where the repository is on a machine that the program was carried to.
inline std::vector<GoldenRun> load_golden_runs() {
  const char* const moved = std::getenv("GRADUS_SOURCE_DIR");
  const std::string path = std::string(moved != nullptr && *moved != '\0' ? moved : GRADUS_SOURCE_DIR) +
                           "/tests/reference/golden/torch_costs.json";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);

  std::vector<GoldenRun> runs;
  for (const nlohmann::json& entry : nlohmann::json::parse(file)) {
    GoldenRun run;
    run.hidden = from_name<Activation>(entry.at("hidden").get<std::string>()).value();
    run.output = from_name<Activation>(entry.at("output").get<std::string>()).value();
    entry.at("widths").get_to(run.widths);
    entry.at("learning_rate").get_to(run.learning_rate);
    entry.at("weights").get_to(run.weights);
    entry.at("biases").get_to(run.biases);
    entry.at("inputs").get_to(run.inputs);
    entry.at("targets").get_to(run.targets);
    entry.at("costs").get_to(run.costs);
    entry.at("final_weights").get_to(run.final_weights);
    entry.at("final_biases").get_to(run.final_biases);
    runs.push_back(run);
  }
  return runs;
}

}  // namespace gradus::reference
