#include "backend/module_loader.hpp"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gradus/version.hpp"

// A program may have the module linked in; then it is this one, and nothing is loaded.
#pragma weak gradus_cuda_module

namespace gradus::internal {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "libgradus_cuda.so";
constexpr const char* kVariable = "GRADUS_CUDA_MODULE";

/// Below the folder of libraries, so that no linker takes it for a library.
constexpr const char* kFolder = "gradus";

/// The folder of the program, and that of the shared library that contains this function, if there is one.
struct OwnFolders {
  fs::path program;
  fs::path library;
};

OwnFolders own_folders() {
  OwnFolders folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.program = program.parent_path();
  Dl_info info{};
  static const char kHere = 0;
  if (dladdr(&kHere, &info) == 0 || info.dli_fname == nullptr) return folders;
  // For a program this name is what the user typed; for a library it is a path.
  const fs::path library = fs::canonical(info.dli_fname, error);
  if (!error && library != program) folders.library = library.parent_path();
  return folders;
}

/// The message of the system's loader, without the path, which our own message contains.
std::string loader_error(const fs::path& file) {
  const char* const text = dlerror();
  std::string_view message = text == nullptr ? "unknown error" : text;
  const std::string prefix = file.string() + ": ";
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  return std::string(message);
}

template <typename Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

std::string listed(std::span<const fs::path> files) {
  std::vector<std::string> names;
  for (const fs::path& file : files)
    if (std::ranges::find(names, file.string()) == names.end()) names.push_back(file.string());
  return fmt::format("{}", fmt::join(names, ", "));
}

LoadedModule refused(const fs::path& file, std::string_view why) {
  return {nullptr, fmt::format("the CUDA module {} cannot be loaded: {}", file.string(), why)};
}

LoadedModule load(const fs::path& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return refused(file, loader_error(file));
  auto* const find_version = symbol<decltype(gradus_cuda_version)>(library, "gradus_cuda_version");
  auto* const find_module = symbol<decltype(gradus_cuda_module)>(library, "gradus_cuda_module");
  if (find_version == nullptr || find_module == nullptr) return refused(file, "it is another library");
  if (const std::string_view found = find_version(); found != version())
    return refused(file, fmt::format("its version is {}, and that of Gradus is {}; install both from the same build", found,
                                     version()));
  return {find_module(), ""};
}

}  // namespace

LoadedModule load_module(std::span<const fs::path> files) {
  for (const fs::path& file : files) {
    std::error_code error;
    if (fs::exists(file, error)) return load(file);
  }
  return {
      nullptr,
      fmt::format("there is no CUDA module, as Gradus was built without one (GRADUS_CUDA) or it was moved (looked for {})",
                  listed(files))};
}

std::vector<fs::path> cuda_module_files() {
  const char* const given = std::getenv(kVariable);
  if (given != nullptr && *given != '\0') return {given};
  std::vector<fs::path> files;
  const OwnFolders own = own_folders();
  if (!own.library.empty()) files.push_back(own.library / kFolder / kFile);
  if (!own.program.empty()) {
    files.push_back(own.program / kFile);
    files.push_back((own.program / ".." / GRADUS_LIBDIR / kFolder / kFile).lexically_normal());
  }
  files.push_back(fs::path(GRADUS_FULL_LIBDIR) / kFolder / kFile);
  return files;
}

const LoadedModule& cuda_module() {
  static const LoadedModule kModule =
      gradus_cuda_module != nullptr ? LoadedModule{gradus_cuda_module(), ""} : load_module(cuda_module_files());
  return kModule;
}

}  // namespace gradus::internal
