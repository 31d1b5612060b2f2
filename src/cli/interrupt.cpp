#include "cli/interrupt.hpp"

#include <unistd.h>
#include <utility>

#include "cli/exit_codes.hpp"

namespace gradus::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupt::Interrupt(Callbacks callbacks) : callbacks_(std::move(callbacks)) {
  sigemptyset(&watched_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal)) sigaddset(&watched_, signal);
  // Also the signal by which the destructor wakes the watcher.
  sigset_t blocked = watched_;
  sigaddset(&blocked, SIGURG);
  pthread_sigmask(SIG_BLOCK, &blocked, &previous_mask_);
  watcher_ = std::jthread([this](const std::stop_token& finished) { watch(finished); });
}

Interrupt::~Interrupt() {
  watcher_.request_stop();
  pthread_kill(watcher_.native_handle(), SIGURG);
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void Interrupt::watch(const std::stop_token& finished) {
  sigset_t awaited = watched_;
  sigaddset(&awaited, SIGURG);
  while (!finished.stop_requested()) {
    int signal = 0;
    if (sigwait(&awaited, &signal) != 0 || signal == SIGURG) continue;
    if (!armed_ || signal_ != 0) {
      callbacks_.before_abort();
      ::_exit(kSignalOffset + signal);
    }
    signal_ = signal;
    request_.request_stop();
    callbacks_.on_request();
  }
}

}  // namespace gradus::cli
