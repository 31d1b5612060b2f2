#pragma once

#include <string>
#include <vector>

namespace gradus::cli {

/// How a command was called.
struct Invocation {
  std::string program;             ///< as the user wrote it, for the commands that messages propose
  std::vector<std::string> words;  ///< after the command's name
};

// Each command returns its exit code, or throws.
int train(const Invocation& invocation);
int evaluate(const Invocation& invocation);
int predict(const Invocation& invocation);
int inspect(const Invocation& invocation);
int devices(const Invocation& invocation);

}  // namespace gradus::cli
