#pragma once

// CUDA C++ as g++ can compile it: what kernels/device.cuh includes in the place of the toolkit's own cuda_runtime.h.

#include "cuda_emulation/device/keywords.hpp"
// The order of these does not matter.
#include "cuda_emulation/device/arithmetic.hpp"
#include "cuda_emulation/device/atomics.hpp"
#include "cuda_emulation/device/cooperative_groups.hpp"
#include "cuda_emulation/device/instructions.hpp"
#include "cuda_emulation/device/launch.hpp"
#include "cuda_emulation/device/synchronization.hpp"
#include "cuda_emulation/device/warp.hpp"
