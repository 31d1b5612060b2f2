#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/data_arguments.hpp"
#include "cli/messages.hpp"
#include "gradus/device.hpp"
#include "gradus/loading.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

/// What `evaluate` and `predict` have in common: a model, data for it, and where to compute.
struct ModelArguments {
  std::string model;
  std::string data;
  DataArguments reading;
  std::optional<std::string> device_word;
  std::optional<std::string> threads_word;
  bool json = false;
  bool quiet = false;

  void add_to(Arguments& arguments);
  /// To be called once the words are known; `model` is the file then, also where its folder was given. Wrong values are
  /// errors before any file is read. Throws UsageError.
  void read_values();

  [[nodiscard]] Dataset load_data(const Model& of, Targets targets, Messages& messages) const;

  DataOptions options;
  Device device;
  std::size_t threads = 0;
};

}  // namespace gradus::cli
