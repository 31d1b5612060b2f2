#include "cli/model_arguments.hpp"

#include <string>

#include "cli/run_folder.hpp"
#include "cli/values.hpp"

namespace gradus::cli {

void ModelArguments::add_to(Arguments& arguments) {
  arguments.positional("MODEL", model, "a model.safetensors that `gradus train` wrote, or its folder");
  arguments.positional("DATA", data, "a file or folder with samples for the model");
  reading.add_to(arguments);
  arguments.option("--device", device_word);
  arguments.option("--threads", threads_word);
  arguments.flag("--json", json);
  arguments.flag("--quiet", quiet);
}

void ModelArguments::read_values() {
  model = model_in(model);
  options = reading.options();
  if (device_word) device = cli::device("--device", *device_word);
  if (threads_word) threads = count("--threads", *threads_word);
  device = resolve(device);
}

Dataset ModelArguments::load_data(const Model& of, Targets targets, Messages& messages) const {
  Dataset loaded = load_matching(data, of.schema(), targets, options);
  for (const std::string& note : loaded.notes()) messages.note(note);
  return loaded;
}

}  // namespace gradus::cli
