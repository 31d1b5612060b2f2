#include "backend/planning.hpp"
#include "backend_under_test.hpp"

namespace gradus::internal {

const std::vector<BackendUnderTest>& backends() {
  static const std::vector<BackendUnderTest> all {
#if !defined(__SANITIZE_THREAD__)  // one thread has no races
    {"cpu_one_thread", [] { return make_backend(Device::cpu(), Precision::fp32, 1); }, 2e-6},
#endif
        {"cpu_three_threads", [] { return make_backend(Device::cpu(), Precision::fp32, 3); }, 2e-6},
  };
  return all;
}

std::unique_ptr<Backend> make_tested_backend(std::size_t threads) {
  return make_backend(Device::cpu(), Precision::fp32, threads);
}

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{{0, 3, 2},     {1, 1, 1},       {1, 5, 3},      {3, 1, 4},
                                      {10, 784, 30}, {31, 33, 17},    {33, 31, 1},    {128, 64, 16},
                                      {65, 1000, 7}, {1000, 33, 129}, {257, 300, 301}};
  return all;
}

}  // namespace gradus::internal
