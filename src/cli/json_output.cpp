#include "cli/json_output.hpp"

#include <type_traits>
#include <variant>

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

Json to_json(const OptionValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>)
          return nullptr;
        else
          return held;
      },
      value);
}

}  // namespace gradus::cli
