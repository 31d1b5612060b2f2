#include "data/arrays/mnist_folder.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

struct Name {
  std::string_view stem;
  std::string_view type;
};

constexpr std::array<Name, 4> kNamesOfFiles{{{"train-images", "idx3-ubyte"},
                                             {"train-labels", "idx1-ubyte"},
                                             {"t10k-images", "idx3-ubyte"},
                                             {"t10k-labels", "idx1-ubyte"}}};

std::optional<std::string> find_file(const std::filesystem::path& folder, const Name& name) {
  for (const std::string_view ending : {"", ".gz"}) {
    for (const char separator : {'-', '.'}) {
      const auto path = folder / fmt::format("{}{}{}{}", name.stem, separator, name.type, ending);
      std::error_code ignored;
      const auto status = std::filesystem::status(path, ignored);
      if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) return path.string();
    }
  }
  return std::nullopt;
}

}  // namespace

const std::string& MnistFolder::file(File which) const {
  if (files[which]) return *files[which];
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (!files[i]) missing.push_back(fmt::format("{}-{}", kNamesOfFiles[i].stem, kNamesOfFiles[i].type));
  throw FileError(fmt::format("{}: this folder lacks {} (plain or with .gz)", path, listed(missing)));
}

MnistFolder find_mnist_files(const std::string& folder) {
  MnistFolder found{folder, {}};
  bool any = false;
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    found.files[i] = find_file(folder, kNamesOfFiles[i]);
    any = any || found.files[i].has_value();
  }
  if (!any)
    throw DataError(
        fmt::format("{}: this folder has no IDX files in MNIST's layout (train-images-idx3-ubyte, "
                    "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, plain or with .gz)",
                    folder));
  return found;
}

}  // namespace gradus::internal
