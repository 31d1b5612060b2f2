#pragma once

// Shared by the files of conformance cases.

#include <memory>
#include <tuple>
#include <vector>

#include "backend/backend.hpp"
#include "backend_under_test.hpp"
#include "reference/reference_network.hpp"

namespace gradus::internal {

using reference::kActivations;

/// One list of cases for every backend: each verb against plain loops in double, in shapes that meet every tail.
/// conformance_test.cpp names the backends and shapes.
class Verb : public testing::TestWithParam<std::tuple<BackendUnderTest, Shape>> {
 protected:
  Verb() : backend(std::get<0>(GetParam()).make()) {}

  const Shape shape = std::get<1>(GetParam());
  const double tolerance = std::get<0>(GetParam()).tolerance;
  const std::unique_ptr<Backend> backend;
};

inline double number(float value) {
  return static_cast<double>(value);
}

/// beta · b + alpha · (column sums of Δ).
inline std::vector<double> updated(const std::vector<float>& b, const std::vector<double>& delta, float alpha, float beta) {
  std::vector<double> result;
  for (std::size_t j = 0; j < b.size(); ++j) {
    double value = beta == 0.0F ? 0.0 : number(beta) * number(b[j]);
    for (std::size_t i = j; i < delta.size(); i += b.size()) value += number(alpha) * delta[i];
    result.push_back(value);
  }
  return result;
}

}  // namespace gradus::internal
