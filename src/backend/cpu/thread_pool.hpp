#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace gradus::internal {

/// A fixed team of threads. `run` gives task 0 to the caller and task i to worker i, so the same tasks always run on the
/// same threads. An idle worker watches for work for some microseconds before it sleeps: the next verb of a step comes soon.
class ThreadPool {
 public:
  /// `threads` counts the caller: 1 makes no worker. Throws OutOfMemory when the system gives no more threads.
  explicit ThreadPool(std::size_t threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  [[nodiscard]] std::size_t threads() const { return workers_.size() + 1; }

  /// Calls `task(i)` for i = 0 … tasks−1, at the same time, and returns when all have ended; `tasks` ≤ threads().
  /// Rethrows the first exception by task number.
  template <typename Task>
  void run(std::size_t tasks, Task&& task) {
    if (tasks <= 1) {
      if (tasks == 1) task(std::size_t{0});
      return;
    }
    run_all(
        tasks, [](void* context, std::size_t i) { (*static_cast<std::remove_reference_t<Task>*>(context))(i); }, &task);
  }

 private:
  using Invoke = void (*)(void* context, std::size_t task);

  struct Worker {
    // The pool writes invoke and context, then raises `assigned`; the worker runs, then raises `finished` to the same value.
    std::atomic<unsigned> assigned{0};
    std::atomic<unsigned> finished{0};
    Invoke invoke = nullptr;  // null: end
    void* context = nullptr;
    std::exception_ptr error;
    std::thread thread;
  };

  void end();
  void run_all(std::size_t tasks, Invoke invoke, void* context);
  static void assign(Worker& worker, Invoke invoke, void* context);
  static void serve(Worker& worker, std::size_t task);

  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace gradus::internal
