#pragma once

namespace gradus::cli {

/// How the command ends, for the shell.
enum ExitCode : int {
  kSuccess = 0,
  kInternalError = 1,  // an exception that nobody expected: a bug
  kUsageError = 2,     // an option, a value, or a device that cannot be used
  kDataError = 3,      // a file, its data, or a model file
  kDiverged = 4,       // the cost became NaN or infinite
  kOutOfMemory = 5,
  kInterrupted = 130,  // SIGINT, as shells count it: 128 + 2
  kTerminated = 143,   // SIGTERM: 128 + 15
};

/// Reports the exception that is being handled on standard error, and says how the command ends. Call it in a catch block.
[[nodiscard]] int report_current_exception();

}  // namespace gradus::cli
