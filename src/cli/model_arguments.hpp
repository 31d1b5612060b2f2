#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/command_options.hpp"
#include "cli/messages.hpp"
#include "gradus/device.hpp"
#include "gradus/loading.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

/// What `evaluate` and `predict` have in common: a model, data for it, and where to compute.
struct ModelArguments {
  std::string model;  ///< the file, also where its folder was given
  std::string data;
  DataOptions options;
  Device device;  ///< resolved
  std::size_t threads = 0;
  CommandOptions command;

  /// Wrong values are errors before any file is read. Throws UsageError and DeviceError.
  [[nodiscard]] static ModelArguments parse(Command command, const std::vector<std::string>& words);

  [[nodiscard]] Dataset load_data(const Model& of, Targets targets, Messages& messages) const;
};

}  // namespace gradus::cli
