#pragma once

#include <boost/context/fiber.hpp>
#include <cstddef>

namespace cuda_emulation {

/// A stack on which a function runs until it leaves, to be resumed later; for the sanitizers a thread of its own. Switching
/// orders nothing: ThreadSanitizer sees an order only where `release` and `acquire` say so.
///
/// Contexts are made once, used again and again, and never destroyed.
class Context {
 public:
  using Function = void (*)(void*);

  Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// Runs function(argument) from its beginning, until it leaves or ends. Called from any other context.
  void start(Function function, void* argument);
  /// Runs on where `leave` was called.
  void resume();
  /// Back to whoever called `start` or `resume`. Called from inside.
  void leave();

  /// Whether the function has ended.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void enter();
  boost::context::fiber run(boost::context::fiber&& outside);

  boost::context::fiber inside_;
  boost::context::fiber outside_;
  Function function_ = nullptr;
  void* argument_ = nullptr;
  bool ended_ = true;

  // What the sanitizers know of the stacks on both sides.
  char* stack_ = nullptr;
  std::size_t stack_bytes_ = 0;
  void* fake_stack_ = nullptr;
  void* thread_ = nullptr;
  void* outside_fake_stack_ = nullptr;
  const void* outside_stack_ = nullptr;
  std::size_t outside_stack_bytes_ = 0;
  void* outside_thread_ = nullptr;
};

}  // namespace cuda_emulation
