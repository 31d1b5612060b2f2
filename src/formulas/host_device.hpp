#pragma once

// This folder holds what the host and a GPU must agree on: structures that both read, and formulas that must give the same
// result on both. Plain C++ without libraries, which nvcc compiles for a GPU too. A function that kernels call is marked.
#if defined(__CUDACC__)
#define GRADUS_HOST_DEVICE __host__ __device__
#else
#define GRADUS_HOST_DEVICE
#endif
