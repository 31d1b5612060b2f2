#include "cli/model_arguments.hpp"

#include <array>

#include "cli/arguments.hpp"
#include "cli/run_folder.hpp"

namespace gradus::cli {

ModelArguments ModelArguments::parse(Command command, const std::vector<std::string>& words) {
  static constexpr std::array<Positional, 2> kPositionals{
      {{"MODEL", "a model.safetensors that `gradus train` wrote, or its folder"},
       {"DATA", "a file or folder with samples for the model"}}};
  Request request = parse_request(command, kPositionals, words);
  const Options& options = request.given.values();
  ModelArguments arguments;
  arguments.model = model_in(request.positionals[0]);
  arguments.data = request.positionals[1];
  arguments.options = options.data;
  arguments.device = resolve(options.training.execution.device);
  arguments.threads = options.training.execution.threads;
  arguments.command = std::move(request.command);
  return arguments;
}

Dataset ModelArguments::load_data(const Model& of, Targets targets, Messages& messages) const {
  Dataset loaded = load_matching(data, of.schema(), targets, options);
  for (const std::string& note : loaded.notes()) messages.note(note);
  return loaded;
}

}  // namespace gradus::cli
