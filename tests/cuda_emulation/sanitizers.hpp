#pragma once

#include <cstddef>

// The sanitizers' run-time libraries, if they are linked: the emulator itself is compiled without sanitizers, once for all
// configurations, and finds out through weak symbols. Declarations as in sanitizer/common_interface_defs.h, asan_interface.h
// and tsan_interface.h, which cannot be included for weak use.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming): the names are theirs
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void** fake_stack, const void* stack, std::size_t bytes);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void* fake_stack, const void** old_stack, std::size_t* old_bytes);
[[gnu::weak]] void __asan_poison_memory_region(const volatile void* address, std::size_t bytes);
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void* address, std::size_t bytes);
[[gnu::weak]] void* __tsan_create_fiber(unsigned flags);
[[gnu::weak]] void __tsan_destroy_fiber(void* fiber);
[[gnu::weak]] void* __tsan_get_current_fiber();
[[gnu::weak]] void __tsan_switch_to_fiber(void* fiber, unsigned flags);
[[gnu::weak]] void __tsan_acquire(void* address);
[[gnu::weak]] void __tsan_release(void* address);
[[gnu::weak]] void AnnotateIgnoreReadsBegin(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreReadsEnd(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreWritesBegin(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreWritesEnd(const char* file, int line);
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace cuda_emulation {

inline bool has_address_sanitizer() {
  return __asan_poison_memory_region != nullptr;
}
inline bool has_thread_sanitizer() {
  return __tsan_create_fiber != nullptr;
}

/// Between sanitizer contexts: what came before a `release` of an address happened before what follows an `acquire` of it.
inline void acquire(void* address) {
  if (has_thread_sanitizer()) __tsan_acquire(address);
}
inline void release(void* address) {
  if (has_thread_sanitizer()) __tsan_release(address);
}

/// While it lives, ThreadSanitizer does not see what this context reads, writes, allocates and frees: the emulator's own
/// bookkeeping, which does not belong to the program under test.
class Unseen {
 public:
  Unseen() {
    if (!has_thread_sanitizer()) return;
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~Unseen() {
    if (!has_thread_sanitizer()) return;
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
};

}  // namespace cuda_emulation
