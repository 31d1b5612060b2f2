#include "backend/cpu/cpu_verbs.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "backend/cost.hpp"
#include "backend/cpu/dropout_kernels.hpp"
#include "backend/cpu/matrix_product.hpp"
#include "backend/cpu/row_blocks.hpp"
#include "backend/cpu/vector_kernels.hpp"

namespace gradus::internal {
namespace {

/// Rows of a product between two prefetches, at most: a tile of direct_products.cpp.
constexpr std::size_t kRowsPerFetch = 6;

/// The address of an element, or null if there are no values.
template <typename T>
T* at(T* values, std::size_t index) {
  return values == nullptr ? nullptr : values + index;
}

}  // namespace

void CpuVerbs::forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, LayerOutputs outputs) {
  const Matrix y = outputs.y;
  if (y.rows == 0) return;
  const UpcomingSamples upcoming = std::exchange(upcoming_, {});
  for_each_row_block(pool_, y.rows, product(y.rows, y.columns, x.columns), [&](const RowBlock& block) {
    const Range rows = block.rows;
    const Range fetched = part(upcoming.samples.size(), block.tasks, block.task);
    // Prefetches are spread over the product where it can be cut.
    const bool at_once = fetched.size() == 0 || !goes_row_by_row(rows.size(), y.columns, x.columns);
    const std::size_t tiles = at_once ? 1 : (rows.size() + kRowsPerFetch - 1) / kRowsPerFetch;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      const Range next = part(fetched.size(), tiles, tile);
      if (next.size() > 0) fetch_inputs(*upcoming.source, upcoming.samples.subspan(fetched.first + next.first, next.size()));
      const Range current = part(rows.size(), tiles, tile);
      const std::size_t first = rows.first + current.first;
      float* const ys = y.data + first * y.columns;
      matrix_product({.m = current.size(),
                      .n = y.columns,
                      .k = x.columns,
                      .a = {x.data + first * x.columns, x.columns},
                      .b = {w.data, w.columns, Transpose::yes},
                      .c = ys,
                      .stride_c = y.columns});
      bias_activation(ys, b.data(), current.size(), y.columns, activation, at(outputs.kept, first * y.columns));
    }
  });
}

void CpuVerbs::output_error(ConstLayerOutputs outputs, const ConstWeightedTargets& targets, const LossFunction& loss,
                            Activation activation, Matrix delta, const BiasUpdate& biases) {
  const ConstMatrix y = outputs.y;
  const ConstMatrix t = targets.t;
  const std::size_t tasks = for_each_row_block(pool_, y.rows, elements(y.size()), [&](const RowBlock& block) {
    const auto terms = [&](std::size_t first_row, std::size_t count) {
      const std::size_t first = first_row * y.columns;
      return output_error_terms({.activation = activation,
                                 .loss = loss,
                                 .rows = count,
                                 .columns = y.columns,
                                 .y = y.data + first,
                                 .kept = at(outputs.kept, first),
                                 .t = t.data + first,
                                 .delta = delta.data + first});
    };
    double& cost = task_costs_[block.task];
    if (targets.weights == nullptr) {
      cost = terms(block.rows.first, block.rows.size());
      return;
    }
    cost = 0.0;
    for (std::size_t i = block.rows.first; i < block.rows.last; ++i) {
      cost += static_cast<double>(targets.weights[i]) * terms(i, 1);
      scale_values(targets.weights[i], y.columns, delta.data + i * y.columns);
    }
  });
  for (std::size_t task = 0; task < tasks; ++task) cost_ += task_costs_[task];
  update_biases(delta, biases);
}

void CpuVerbs::hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                            Activation activation, Matrix delta, const BiasUpdate& biases) {
  if (delta.rows == 0) return update_biases(delta, biases);
  const WorkSize size = product(delta.rows, delta.columns, delta_next.columns);
  for_each_row_block(pool_, delta.rows, size, [&](const RowBlock& block) {
    const Range rows = block.rows;
    const std::size_t first = rows.first * delta.columns;
    matrix_product({.m = rows.size(),
                    .n = delta.columns,
                    .k = delta_next.columns,
                    .a = {delta_next.data + rows.first * delta_next.columns, delta_next.columns},
                    .b = {w_next.data, w_next.columns},
                    .c = delta.data + first,
                    .stride_c = delta.columns});
    const std::size_t count = rows.size() * delta.columns;
    if (argument.factors != nullptr) multiply(argument.factors + first, count, delta.data + first);
    multiply_by_derivative(argument.at.data + first, count, activation, delta.data + first);
  });
  update_biases(delta, biases);
}

void CpuVerbs::update_biases(ConstMatrix delta, const BiasUpdate& biases) {
  const bool descends = biases.kind == BiasUpdate::Kind::descent;
  if (biases.kind == BiasUpdate::Kind::none || (descends && delta.rows == 0)) return;
  const float alpha = descends ? -rate_ / static_cast<float>(delta.rows) : biases.alpha;
  const float beta = descends ? 1.0F : biases.beta;
  // A sum over the batch is never cut: columns are.
  for_each_row_block(pool_, delta.columns, elements(delta.size()),
                     [&](const RowBlock& block) { column_sums(delta, block.rows, alpha, beta, biases.values.data()); });
}

void CpuVerbs::gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) {
  if (x.rows == 0) {
    std::ranges::transform(grad_w.values(), grad_w.data, [beta](float value) { return beta == 0.0F ? 0.0F : beta * value; });
    return;
  }
  // The sum over the batch is never cut, so a gradient needs no reduction between threads: the longer side of the matrix is.
  const bool cut_rows = grad_w.rows > grad_w.columns;
  const std::size_t longer = std::max(grad_w.rows, grad_w.columns);
  for_each_row_block(pool_, longer, product(grad_w.rows, grad_w.columns, x.rows), [&](const RowBlock& block) {
    const Range all_rows{0, grad_w.rows};
    const Range all_columns{0, grad_w.columns};
    const Range rows = cut_rows ? block.rows : all_rows;
    const Range columns = cut_rows ? all_columns : block.rows;
    matrix_product({.m = rows.size(),
                    .n = columns.size(),
                    .k = x.rows,
                    .alpha = alpha,
                    .a = {delta.data + rows.first, delta.columns, Transpose::yes},
                    .b = {x.data + columns.first, x.columns},
                    .beta = beta,
                    .c = grad_w.data + rows.first * grad_w.columns + columns.first,
                    .stride_c = grad_w.columns});
  });
}

void CpuVerbs::descend(ConstMatrix x, ConstMatrix delta, Matrix w) {
  if (x.rows > 0) gradient(x, delta, -rate_ / static_cast<float>(x.rows), 1.0F, w);
}

double CpuVerbs::classify(ConstLayerOutputs outputs, ConstMatrix t, const LossFunction& loss,
                          std::span<std::int32_t> classes) {
  const ConstMatrix y = outputs.y;
  const std::size_t tasks = for_each_row_block(pool_, y.rows, elements(y.size()), [&](const RowBlock& block) {
    const Range rows = block.rows;
    for (std::size_t i = rows.first; i < rows.last; ++i) {
      const std::span<const float> row(y.data + i * y.columns, y.columns);
      classes[i] = static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin());
    }
    const std::size_t first = rows.first * y.columns;
    task_costs_[block.task] =
        cost_of_outputs(loss, y.columns, y.data + first, at(outputs.kept, first), t.data + first, rows.size() * y.columns);
  });
  double total = 0.0;
  for (std::size_t task = 0; task < tasks; ++task) total += task_costs_[task];
  return total;
}

double CpuVerbs::take_cost() {
  return std::exchange(cost_, 0.0);
}

}  // namespace gradus::internal
