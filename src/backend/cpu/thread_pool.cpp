#include "backend/cpu/thread_pool.hpp"

#include <functional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// Some tens of microseconds: longer than the gap between two verbs, shorter than what anybody notices on a shared core.
constexpr int kSpins = 2000;

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Returns when `value` is no longer `old`: watches for a while, then sleeps.
void wait_for_change(const std::atomic<unsigned>& value, unsigned old) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
  workers_.reserve(threads);
  for (std::size_t i = 1; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    try {
      worker->thread = std::thread(serve, std::ref(*worker), i);
    } catch (const std::system_error& error) {
      end();
      throw OutOfMemory(
          fmt::format("the system gives no more than {} of {} threads ({}); use fewer threads", i, threads, error.what()));
    }
    workers_.push_back(std::move(worker));
  }
}

ThreadPool::~ThreadPool() {
  end();
}

void ThreadPool::end() {
  for (auto& worker : workers_) assign(*worker, nullptr, nullptr);
  for (auto& worker : workers_) worker->thread.join();
  workers_.clear();
}

void ThreadPool::assign(Worker& worker, Invoke invoke, void* context) {
  worker.invoke = invoke;
  worker.context = context;
  worker.assigned.fetch_add(1, std::memory_order_release);
  worker.assigned.notify_one();
}

void ThreadPool::serve(Worker& worker, std::size_t task) {
  for (unsigned done = 0;; ++done) {
    wait_for_change(worker.assigned, done);
    if (worker.invoke == nullptr) return;
    try {
      worker.invoke(worker.context, task);
    } catch (...) {
      worker.error = std::current_exception();
    }
    worker.finished.fetch_add(1, std::memory_order_release);
    worker.finished.notify_one();
  }
}

void ThreadPool::run_all(std::size_t tasks, Invoke invoke, void* context) {
  for (std::size_t i = 1; i < tasks; ++i) assign(*workers_[i - 1], invoke, context);
  std::exception_ptr error;
  try {
    invoke(context, 0);
  } catch (...) {
    error = std::current_exception();
  }
  // Every task must have ended before the context goes, also after an error.
  for (std::size_t i = 1; i < tasks; ++i) {
    Worker& worker = *workers_[i - 1];
    const unsigned assigned = worker.assigned.load(std::memory_order_relaxed);
    wait_for_change(worker.finished, assigned - 1);
    std::exception_ptr failed = std::exchange(worker.error, nullptr);
    if (!error) error = std::move(failed);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace gradus::internal
