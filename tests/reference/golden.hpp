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
#include "gradus/training_options.hpp"

namespace gradus::reference {

/// Full-batch steps by PyTorch in double precision: ten of plain gradient descent, or fifty of another method. Weights,
/// biases, inputs, targets and the learning rate are exact in 32-bit floats. The programs make_torch_*.py in
/// tests/reference/golden write them.
struct GoldenRun {
  std::vector<std::size_t> widths;  // n_0 … n_L
  Activation hidden = Activation::sigmoid;
  Activation output = Activation::sigmoid;
  std::vector<std::vector<double>> weights;  // L of (outputs, inputs) row-major: where the run starts
  std::vector<std::vector<double>> biases;   // L of (outputs)
  std::vector<double> inputs;                // (batch, n_0) row-major
  std::vector<double> targets;               // (batch, n_L) row-major
  double learning_rate = 0.0;
  Loss loss = Loss::mse;
  double label_smoothing = 0.0;
  double huber_delta = 1.0;
  TrainingOptions method;                          // the optimizer with its numbers
  std::vector<double> costs;                       // one per step, taken before its update
  std::vector<std::vector<double>> final_weights;  // after the last step
  std::vector<std::vector<double>> final_biases;

  [[nodiscard]] std::size_t batch() const { return inputs.size() / widths.front(); }
  [[nodiscard]] std::string title() const {
    return std::string(name(hidden)) + " hidden, " + std::string(name(output)) + " output, " + std::string(name(loss)) +
           ", " + std::string(name(method.optimizer.kind));
  }
};

/// The rates that a schedule of PyTorch gives.
struct GoldenSchedule {
  std::string schedule;  // as Schedule::parse reads it
  double learning_rate = 0.0;
  std::size_t epochs = 0;
  std::size_t steps_per_epoch = 0;
  std::vector<double> rates;  // one per step
};

/// A file of tests/reference/golden. Throws when it is missing. The environment's GRADUS_SOURCE_DIR is where the repository
/// is on a machine that the program was carried to.
inline nlohmann::json golden_file(const std::string& name) {
  const char* const moved = std::getenv("GRADUS_SOURCE_DIR");
  const std::string path =
      std::string(moved != nullptr && *moved != '\0' ? moved : GRADUS_SOURCE_DIR) + "/tests/reference/golden/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  return nlohmann::json::parse(file);
}

inline GoldenRun golden_run(const nlohmann::json& entry) {
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
  run.loss = from_name<Loss>(entry.value("loss", "mse")).value();
  run.label_smoothing = entry.value("label_smoothing", 0.0);
  run.huber_delta = entry.value("huber_delta", 1.0);
  run.method.optimizer.kind = from_name<Optimizer>(entry.value("optimizer", "sgd")).value();
  run.method.optimizer.learning_rate = run.learning_rate;
  run.method.optimizer.momentum = entry.value("momentum", 0.0);
  run.method.optimizer.beta1 = entry.value("beta1", 0.0);
  run.method.optimizer.beta2 = entry.value("beta2", 0.0);
  run.method.optimizer.epsilon = entry.value("epsilon", 1.0);
  run.method.regularization.weight_decay = entry.value("weight_decay", 0.0);
  run.method.regularization.l1 = entry.value("l1", 0.0);
  run.method.regularization.l2 = entry.value("l2", 0.0);
  if (entry.contains("clip_norm")) run.method.optimizer.clip_norm = entry.at("clip_norm").get<double>();
  return run;
}

/// Runs of plain gradient descent.
inline std::vector<GoldenRun> load_golden_runs() {
  std::vector<GoldenRun> runs;
  for (const nlohmann::json& entry : golden_file("torch_costs.json")) runs.push_back(golden_run(entry));
  return runs;
}

/// Runs of the other methods.
inline std::vector<GoldenRun> load_golden_methods() {
  std::vector<GoldenRun> runs;
  const nlohmann::json file = golden_file("torch_methods.json");
  for (const nlohmann::json& entry : file.at("runs")) runs.push_back(golden_run(entry));
  return runs;
}

inline std::vector<GoldenSchedule> load_golden_schedules() {
  std::vector<GoldenSchedule> schedules;
  const nlohmann::json file = golden_file("torch_methods.json");
  for (const nlohmann::json& entry : file.at("schedules"))
    schedules.push_back({entry.at("schedule").get<std::string>(), entry.at("learning_rate").get<double>(),
                         entry.at("epochs").get<std::size_t>(), entry.at("steps_per_epoch").get<std::size_t>(),
                         entry.at("rates").get<std::vector<double>>()});
  return schedules;
}

}  // namespace gradus::reference
