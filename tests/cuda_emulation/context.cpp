#include "cuda_emulation/context.hpp"

#include <sys/mman.h>
#include <utility>

#include "cuda_emulation/failure.hpp"
#include "cuda_emulation/sanitizers.hpp"

/// ThreadSanitizer asks for its options here. Contexts count as threads that still run when the process ends; it would give
/// them a second to finish.
extern "C" const char* __tsan_default_options();  // NOLINT(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" const char* __tsan_default_options() {
  return "atexit_sleep_ms=0";
}

namespace cuda_emulation {

namespace {

constexpr std::size_t kPage = 4096;

/// Stacks below a page that nobody may touch, so that an overflow is a fault at the place where it happens.
struct GuardedStack {
  std::size_t bytes;

  [[nodiscard]] boost::context::stack_context allocate() const {
    void* const memory =
        mmap(nullptr, bytes + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, kPage, PROT_NONE) != 0) fail("no memory for the stack of a thread");
    // Stacks that all begin at the same place of a page fight for the same lines of the cache.
    static std::size_t count = 0;
    boost::context::stack_context stack;
    stack.size = bytes - count++ % 32 * 320;
    stack.sp = static_cast<char*>(memory) + kPage + stack.size;
    return stack;
  }

  static void deallocate(boost::context::stack_context& /*stack*/) {}
};

/// Sanitizers make frames several times larger.
std::size_t stack_bytes() {
  return (has_address_sanitizer() || has_thread_sanitizer() ? std::size_t{256} : std::size_t{64}) << 10;
}

}  // namespace

Context::Context() {
  const GuardedStack allocator{stack_bytes()};
  const boost::context::stack_context stack = allocator.allocate();
  stack_ = static_cast<char*>(stack.sp) - stack.size;
  stack_bytes_ = stack.size;
  if (has_thread_sanitizer()) thread_ = __tsan_create_fiber(0);
  inside_ = boost::context::fiber(std::allocator_arg, boost::context::preallocated(stack.sp, stack.size, stack), allocator,
                                  [this](boost::context::fiber&& outside) { return run(std::move(outside)); });
}

void Context::start(Function function, void* argument) {
  function_ = function;
  argument_ = argument;
  ended_ = false;
  enter();
}

void Context::resume() {
  enter();
}

void Context::enter() {
  if (has_thread_sanitizer()) {
    outside_thread_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(thread_, 1);  // 1: no order between the two
  }
  if (has_address_sanitizer()) __sanitizer_start_switch_fiber(&outside_fake_stack_, stack_, stack_bytes_);
  inside_ = std::move(inside_).resume();
  if (has_address_sanitizer()) __sanitizer_finish_switch_fiber(outside_fake_stack_, nullptr, nullptr);
}

void Context::leave() {
  if (has_thread_sanitizer()) __tsan_switch_to_fiber(outside_thread_, 1);
  if (has_address_sanitizer()) __sanitizer_start_switch_fiber(&fake_stack_, outside_stack_, outside_stack_bytes_);
  outside_ = std::move(outside_).resume();
  if (has_address_sanitizer()) __sanitizer_finish_switch_fiber(fake_stack_, &outside_stack_, &outside_stack_bytes_);
}

boost::context::fiber Context::run(boost::context::fiber&& outside) {
  outside_ = std::move(outside);
  if (has_address_sanitizer()) __sanitizer_finish_switch_fiber(nullptr, &outside_stack_, &outside_stack_bytes_);
  for (;;) {
    function_(argument_);
    ended_ = true;
    leave();
  }
}

}  // namespace cuda_emulation
