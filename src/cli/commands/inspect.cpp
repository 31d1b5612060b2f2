#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/print.hpp"
#include "cli/run_folder.hpp"
#include "report/data_report.hpp"
#include "report/model_report.hpp"

namespace gradus::cli {
namespace {

// A safetensors file begins with the length of its header (8 bytes) and the `{` of the header. A file that is called
// .safetensors is read as one even when its beginning is damaged, so that the error speaks of a model.
bool looks_like_model(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  if (std::filesystem::path(path).extension() == ".safetensors") return true;
  std::array<char, 9> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  if (file.gcount() != static_cast<std::streamsize>(start.size()) || start.back() != '{') return false;
  // No header has 2^40 bytes or more: this tells the length from nine characters of text.
  return start[5] == 0 && start[6] == 0 && start[7] == 0;
}

}  // namespace

int inspect(const Invocation& invocation) {
  static constexpr std::array<Positional, 1> kPositionals{{{"FILE", "a model, the folder of a run, or a data file"}}};
  const Request request = parse_request(Command::inspect, kPositionals, invocation.words);
  const bool json = request.command.json;

  const std::string path = model_in(request.positionals.front());
  if (looks_like_model(path)) {
    print(report::model_report(path, Model::load(path)), json);
    return kSuccess;
  }
  Messages messages(request.command.quiet);
  const Options& options = request.given.values();
  DataSplits data = load_splits(path, options.data);
  data.train = data.train.with_missing(options.training.preprocessing.missing);
  for (const std::string& note : data.train.notes()) messages.note(note);
  print(report::data_report(data), json);
  return kSuccess;
}

}  // namespace gradus::cli
