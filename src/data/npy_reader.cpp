#include "data/npy_reader.hpp"

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {

bool has_npy_magic(std::string_view beginning) {
  return beginning.starts_with("\x93NUMPY");
}

ArrayInputs read_npy_inputs(ByteSource& source) {
  throw DataError(fmt::format("{}: NPY files are not read yet", source.name()));
}

ArrayTargets read_npy_targets(ByteSource& source) {
  throw DataError(fmt::format("{}: NPY files are not read yet", source.name()));
}

}  // namespace gradus::internal
