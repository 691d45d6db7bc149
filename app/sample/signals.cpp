// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace cachedeck::sample {
namespace {

sigset_t stopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = stopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  m_thread = std::thread([this] { run(); });
}

StopSignals::~StopSignals() {
  m_over.request_stop();
  pthread_kill(m_thread.native_handle(), SIGTERM);
  m_thread.join();
}

void StopSignals::run() {
  const sigset_t set = stopSignals();
  for (int number = 0; sigwait(&set, &number) == 0 && !m_over.stop_requested();)
    if (!m_stop.request_stop()) _exit(128 + number);
}

void StopSignals::wait() const {
  std::mutex mutex;
  std::condition_variable_any signalled;
  std::unique_lock lock(mutex);
  signalled.wait(lock, m_stop.get_token(), [] { return false; });
}

}  // namespace cachedeck::sample
