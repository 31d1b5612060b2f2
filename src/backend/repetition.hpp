#pragma once

#include <cstddef>
#include <functional>

namespace gradus::internal {

/// Work that is repeated, always the same. It must be destroyed before the backend.
class Repetition {
 public:
  Repetition() = default;
  Repetition(const Repetition&) = delete;
  Repetition& operator=(const Repetition&) = delete;
  virtual ~Repetition() = default;

  /// Does `work` this many times, which is always the same: it calls the verbs of one backend with the same arguments. A GPU
  /// remembers them when the work is done the second time, and from then on repeats them without calling it. Nothing that
  /// the work uses may be given back while this object is there.
  virtual void run(std::size_t times, const std::function<void()>& work) = 0;
};

}  // namespace gradus::internal
