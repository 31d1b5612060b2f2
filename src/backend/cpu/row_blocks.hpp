#pragma once

#include <cstddef>

#include "backend/cpu/partition.hpp"
#include "backend/cpu/thread_pool.hpp"

namespace gradus::internal {

/// The part of the work that one thread does: part `task` of `tasks`.
struct RowBlock {
  Range rows;
  std::size_t task;
  std::size_t tasks;
};

/// How much work there is, and how much of it is worth a thread: kOperationsPerTask, or a share of kElementsPerTask.
struct WorkSize {
  double work;
  double per_task;
};

/// Calls work(block) for blocks of `rows` rows, at the same time, and returns how many blocks there were when all have
/// ended.
template <typename Work>
std::size_t for_each_row_block(ThreadPool& pool, std::size_t rows, WorkSize size, Work&& work) {
  const std::size_t tasks = task_count(size.work, size.per_task, rows, pool.threads());
  pool.run(tasks, [&](std::size_t task) { work(RowBlock{part(rows, tasks, task), task, tasks}); });
  return tasks;
}

/// A pass over this many elements, each of which takes `effort` times as long as to read, scale and write it.
[[nodiscard]] inline WorkSize elements(std::size_t count, double effort = 1.0) {
  return {static_cast<double>(count), kElementsPerTask / effort};
}

/// The product of an (m, k) and a (k, n) matrix.
[[nodiscard]] inline WorkSize product(std::size_t m, std::size_t n, std::size_t k) {
  return {2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k), kOperationsPerTask};
}

}  // namespace gradus::internal
