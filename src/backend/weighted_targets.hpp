#pragma once

#include <type_traits>

#include "backend/matrix_view.hpp"

namespace gradus::internal {

/// The targets of a batch, and by how much each sample counts: `t` (B, n_L), `weights` (B), or null where all count alike.
template <typename T>
struct WeightedTargetsView {
  MatrixView<T> t;
  T* weights = nullptr;

  WeightedTargetsView(MatrixView<T> targets, T* of_samples = nullptr) : t(targets), weights(of_samples) {}
  WeightedTargetsView(Matrix targets) requires std::is_const_v<T> : t(targets) {}
  operator WeightedTargetsView<const T>() const { return {t, weights}; }
};
using WeightedTargets = WeightedTargetsView<float>;
using ConstWeightedTargets = WeightedTargetsView<const float>;

}  // namespace gradus::internal
