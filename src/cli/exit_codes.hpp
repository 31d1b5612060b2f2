#pragma once

namespace gradus::cli {

// How the command ends, for the shell.
inline constexpr int kSuccess = 0;
inline constexpr int kInternalError = 1;  // an exception that nobody expected: a bug
inline constexpr int kUsageError = 2;     // an option, a value, or a device that cannot be used
inline constexpr int kDataError = 3;      // a file, its data, or a model file
inline constexpr int kDiverged = 4;       // the cost became NaN or infinite
inline constexpr int kOutOfMemory = 5;
inline constexpr int kSignalOffset = 128;  // a signal ends it with its number above this, as shells count: 130 for SIGINT

/// Reports the exception that is being handled on standard error, and says how the command ends. Call it in a catch block.
[[nodiscard]] int report_current_exception();

}  // namespace gradus::cli
