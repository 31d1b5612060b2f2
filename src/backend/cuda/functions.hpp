#pragma once

#include "backend/loss.hpp"
#include "backend/optimizer.hpp"
#include "base/philox.hpp"
#include "kernels/launchers.hpp"

// The kernels' names for what the library calls by others.
namespace gradus::internal::cuda {

/// Of any activation but softmax.
[[nodiscard]] kernels::ActivationKind kind_of(Activation activation);

/// `outputs`: of the network.
[[nodiscard]] kernels::LossTerms terms_of(const LossFunction& loss, std::size_t outputs);

[[nodiscard]] kernels::OptimizerKind kind_of(Optimizer optimizer);

[[nodiscard]] kernels::RandomKey key_of(const RandomSequence& sequence);

[[nodiscard]] kernels::OptimizerNumbers numbers_of(const OptimizerSettings& settings);

}  // namespace gradus::internal::cuda
