#include "backend/cpu/thread_pool.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "backend/cpu/partition.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

TEST(ThreadPool, RunsEveryTaskOnceOnAThreadOfItsOwn) {
  ThreadPool pool(4);
  for (std::size_t tasks = 0; tasks <= 4; ++tasks) {
    std::vector<int> runs(4, 0);
    std::vector<std::thread::id> threads(4);
    pool.run(tasks, [&](std::size_t task) {
      ++runs[task];
      threads[task] = std::this_thread::get_id();
    });
    for (std::size_t task = 0; task < 4; ++task) EXPECT_EQ(runs[task], task < tasks ? 1 : 0);
    for (std::size_t a = 0; a < tasks; ++a)
      for (std::size_t b = 0; b < a; ++b) EXPECT_NE(threads[a], threads[b]);
  }
}

TEST(ThreadPool, GivesResultsToTheCallerManyTimes) {
  ThreadPool pool(3);
  std::vector<long> sums(3);
  for (long round = 0; round < 5000; ++round) {
    pool.run(1 + static_cast<std::size_t>(round % 3), [&](std::size_t task) { sums[task] += round; });
  }
  long expected[3] = {0, 0, 0};
  for (long round = 0; round < 5000; ++round)
    for (long task = 0; task <= round % 3; ++task) expected[task] += round;
  for (std::size_t task = 0; task < 3; ++task) EXPECT_EQ(sums[task], expected[task]);
}

TEST(ThreadPool, WakesWorkersThatSleep) {
  ThreadPool pool(2);
  std::atomic<int> runs{0};
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // longer than a worker watches
    pool.run(2, [&](std::size_t) { ++runs; });
  }
  EXPECT_EQ(runs, 10);
}

TEST(ThreadPool, RethrowsAfterAllTasksHaveEnded) {
  ThreadPool pool(3);
  for (std::size_t failing = 0; failing < 3; ++failing) {
    std::atomic<int> ended{0};
    EXPECT_THROW(pool.run(3,
                          [&](std::size_t task) {
                            ++ended;
                            if (task == failing) throw std::runtime_error("planned");
                          }),
                 std::runtime_error);
    EXPECT_EQ(ended, 3);
    pool.run(3, [&](std::size_t) { ++ended; });
    EXPECT_EQ(ended, 6) << "the pool goes on after an error";
  }
}

/// Where the system gives no more threads: an error, not the end of the process.
TEST(ThreadPoolDeathTest, SaysWhenThereAreNoMoreThreads) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "skipped: sanitizers need more address space than the limit leaves";
#endif
  const auto try_many = [] {
    const rlimit limit{std::size_t{1} << 30, std::size_t{1} << 30};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
    try {
      const ThreadPool pool(4000);  // their stacks need 32 GB
    } catch (const OutOfMemory&) {
      std::_Exit(0);
    }
    std::_Exit(1);
  };
  EXPECT_EXIT(try_many(), testing::ExitedWithCode(0), "");
}

TEST(Partition, CoversEverythingOnce) {
  for (const std::size_t total : {0, 1, 2, 5, 15, 16, 17, 63, 64, 65, 100, 784, 1000, 1023}) {
    for (std::size_t parts = 1; parts <= 7; ++parts) {
      std::size_t next = 0;
      for (std::size_t i = 0; i < parts; ++i) {
        const Range range = part(total, parts, i);
        EXPECT_EQ(range.first, next);
        EXPECT_LE(range.first, range.last);
        if (total >= parts) {
          EXPECT_GT(range.size(), 0U) << total << " in " << parts;
        }
        next = range.last;
      }
      EXPECT_EQ(next, total);
    }
  }
}

TEST(Partition, SmallWorkStaysOnOneThread) {
  EXPECT_EQ(task_count(2.0 * 10 * 30 * 784, kOperationsPerTask, 10, 64), 1U);
  EXPECT_GT(task_count(2.0 * 256 * 1024 * 1024, kOperationsPerTask, 256, 64), 8U);
  EXPECT_EQ(task_count(1e12, kOperationsPerTask, 3, 64), 3U);
  EXPECT_EQ(task_count(1e300, kOperationsPerTask, 1000, 2), 2U);
}

}  // namespace
}  // namespace gradus::internal
