#pragma once

#include <string>

#include "kernels/source_location.hpp"

namespace cuda_emulation {

/// A place in the sources, short for default arguments that take the caller's.
using Place = gradus::kernels::SourceLocation;

/// "kernels/column_sums.cu:42".
std::string to_string(const Place& where);

/// The code with which a process ends that broke a rule of CUDA.
inline constexpr int kFailureExitCode = 70;

/// The program under test broke a rule of CUDA: prints "CUDA emulation: MESSAGE", with the block and thread that runs, and
/// ends the process, since what follows would be meaningless.
[[noreturn]] void fail(const std::string& message);

}  // namespace cuda_emulation
