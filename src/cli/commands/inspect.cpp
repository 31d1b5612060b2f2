#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/data_arguments.hpp"
#include "cli/exit_codes.hpp"
#include "cli/inspection.hpp"
#include "cli/messages.hpp"
#include "cli/output.hpp"
#include "cli/run_folder.hpp"

namespace gradus::cli {
namespace {

// A safetensors file begins with the length of its header (8 bytes) and the `{` of the header. A file that is called
// .safetensors is asked to be one even when its beginning is damaged, so that the error speaks of a model.
bool looks_like_model(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  if (std::filesystem::path(path).extension() == ".safetensors") return true;
  std::array<char, 9> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  if (file.gcount() != static_cast<std::streamsize>(start.size()) || start.back() != '{') return false;
  // A header of 2^40 bytes or more is none: this tells the length from nine characters of text.
  return start[5] == 0 && start[6] == 0 && start[7] == 0;
}

template <typename... Subject>
void print(bool json, const Subject&... subject) {
  if (json) return print_json(to_json(subject...));
  Output output = Output::standard();
  output.write(describe(subject...));
  output.commit();
}

}  // namespace

int inspect(const Invocation& invocation) {
  std::string path;
  DataArguments reading;
  bool json = false;
  bool quiet = false;
  Arguments arguments("inspect");
  arguments.positional("FILE", path, "a model, the folder of a run, or a data file");
  reading.add_to(arguments);
  reading.add_learning_to(arguments);
  arguments.flag("--json", json);
  arguments.flag("--quiet", quiet);
  arguments.parse(invocation.words);
  const DataOptions options = reading.options();
  const Missing missing = reading.missing_policy().value_or(Missing::error);

  path = model_in(path);
  if (looks_like_model(path)) {
    print(json, path, Model::load(path));
    return kSuccess;
  }
  Messages messages(quiet);
  DataParts data = load_parts(path, options);
  data.train = data.train.with_missing(missing);
  for (const std::string& note : data.train.notes()) messages.note(note);
  print(json, data);
  return kSuccess;
}

}  // namespace gradus::cli
