#include "cli/json_output.hpp"

namespace gradus::cli {

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void print_json(const Json& value) {
  Output output = Output::standard();
  output.write(to_text(value));
  output.write("\n");
  output.commit();
}

}  // namespace gradus::cli
