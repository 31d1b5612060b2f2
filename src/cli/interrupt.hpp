#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <stop_token>
#include <thread>

namespace gradus::cli {

/// Ctrl-C (SIGINT), SIGTERM and SIGHUP while it lives. Before `arm`, and at the second signal, the process ends at once with
/// 128 + the signal's number; the first signal after `arm` asks the training to stop.
///
/// The signals are blocked, and a thread of its own waits for them. So no code runs inside a signal handler, and the
/// callbacks may do what any code may do. Construct it before any other thread begins, since threads inherit the mask.
/// A signal that was ignored when the process began (a background job of a script, say) stays ignored.
class Interrupt {
 public:
  struct Callbacks {
    std::function<void()> on_request;    ///< the first signal after `arm`
    std::function<void()> before_abort;  ///< removes what must not be left behind
  };

  explicit Interrupt(Callbacks callbacks);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  void arm() { armed_ = true; }
  [[nodiscard]] std::stop_token token() const { return request_.get_token(); }
  /// The signal that asked to stop, or 0.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  void watch(const std::stop_token& finished);

  Callbacks callbacks_;
  std::stop_source request_;
  std::atomic<bool> armed_{false};
  std::atomic<int> signal_{0};
  sigset_t watched_{};
  sigset_t previous_mask_{};
  std::jthread watcher_;  // the last member: it uses all others
};

}  // namespace gradus::cli
