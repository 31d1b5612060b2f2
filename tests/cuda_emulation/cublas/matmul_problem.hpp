#pragma once

#include <cstdint>
#include <cublasLt.h>
#include <string>

#include "cuda_emulation/cublas/descriptors.hpp"
#include "cuda_emulation/cublas/products.hpp"

// What a set of descriptors of cuBLASLt asks for, checked against the rules of the library's header and reference.
namespace cuda_emulation {

struct MatmulDescriptors {
  cublasLtMatmulDesc_t operation;
  cublasLtMatrixLayout_t a;
  cublasLtMatrixLayout_t b;
  cublasLtMatrixLayout_t c;  // null: as d
  cublasLtMatrixLayout_t d;
};

struct MatmulProblem {
  ProblemKey key;
  Product product;  // without the addresses of A, B, C and D
  bool same_layout_of_c_and_d = false;
  bool factors_on_device = false;
};

/// INVALID_VALUE for shapes, leading dimensions and operations that contradict each other or do not exist, NOT_SUPPORTED for
/// what the library does not do, or this emulation does not.
cublasStatus_t read_problem(const char* function, const MatmulDescriptors& descriptors, MatmulProblem& problem);

/// "3 x 17 x 33, leading dimensions 3 33 3 3, …" for messages.
std::string to_string(const ProblemKey& key);

/// The algorithm for a problem; `workspace_bytes` is the most that it may use.
Algorithm choose_algorithm(const MatmulProblem& problem, const MatmulPreference& preference);
/// Whether A, B, C and D can be aligned as little as the preference says.
bool is_aligned_enough(const MatmulProblem& problem, const Algorithm& algorithm);

}  // namespace cuda_emulation
