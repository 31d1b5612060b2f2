#include "gradus/version.hpp"

namespace gradus {

std::string_view version() {
  return GRADUS_VERSION;
}

}  // namespace gradus
