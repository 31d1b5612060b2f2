#include "cuda_emulation/options.hpp"

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cuda_emulation/failure.hpp"

namespace cuda_emulation {

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

[[noreturn]] void fail_value(const char* name, std::string_view value, const char* right) {
  fail(std::string(name) + "=" + std::string(value) + ": it must be " + right);
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const std::string_view text = variable(name);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0) fail_value(name, text, "a number from 1");
  return value;
}

Options read() {
  Options options;
  const std::string_view order = variable("CUDA_EMULATION_ORDER");
  if (order == "reverse") {
    options.order = Order::reverse;
  } else if (order == "random") {
    options.order = Order::random;
  } else if (!order.empty() && order != "forward") {
    fail_value("CUDA_EMULATION_ORDER", order, "forward, reverse or random");
  }
  const std::string_view streams = variable("CUDA_EMULATION_STREAMS");
  if (streams == "eager") {
    options.streams = Streams::eager;
  } else if (streams == "random") {
    options.streams = Streams::random;
  } else if (!streams.empty() && streams != "lazy") {
    fail_value("CUDA_EMULATION_STREAMS", streams, "lazy, eager or random");
  }
  options.seed = number("CUDA_EMULATION_SEED", options.seed);
  options.resident_blocks = static_cast<unsigned>(number("CUDA_EMULATION_RESIDENT_BLOCKS", options.resident_blocks));
  return options;
}

}  // namespace

const Options& options() {
  static const Options options = read();
  return options;
}

}  // namespace cuda_emulation
