#pragma once

#include "report/facts.hpp"

namespace gradus::cli {

/// The result of a command, on standard output: the text, or one line of JSON.
void print(const report::Report& report, bool json);

}  // namespace gradus::cli
