#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data_arguments.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus::cli {

/// All that the user asked of `gradus train`. What was not given is left to the library, which resolves it.
struct TrainRequest {
  std::string data;
  DataArguments reading;
  std::optional<std::string> test;
  std::optional<double> test_fraction;
  std::optional<std::string> validation;
  std::optional<double> validation_fraction;
  NetworkSpec network;
  TrainingOptions training;
  std::filesystem::path output = "gradus-run";
  bool overwrite = false;
  bool json = false;
  bool quiet = false;
};

/// Throws UsageError.
[[nodiscard]] TrainRequest parse_train(const std::vector<std::string>& words);

}  // namespace gradus::cli
