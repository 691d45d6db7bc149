// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace cachedeck::keys {

/// Ends an exchange that is still under way a second after the person asked to stop: a page that is nearly done comes to its end, a server that hangs does not hold the person up.
class LastCall {
 public:
  explicit LastCall(std::stop_token asked) : m_thread([this, asked = std::move(asked)](const std::stop_token& over) { wait(asked, over); }) {}
  std::stop_token token() const { return m_now.get_token(); }

 private:
  void wait(const std::stop_token& asked, const std::stop_token& over) {
    std::mutex mutex;
    std::condition_variable_any woken;
    // The lock ends before the callback does, which waits for a call that is under way and needs the mutex.
    const std::stop_callback wake(asked, [&] { const std::scoped_lock held(mutex); woken.notify_all(); });
    std::unique_lock lock(mutex);
    woken.wait(lock, over, [&] { return asked.stop_requested(); });
    if (!over.stop_requested()) woken.wait_for(lock, over, std::chrono::seconds(1), [] { return false; });
    if (!over.stop_requested()) m_now.request_stop();
  }
  std::stop_source m_now;
  std::jthread m_thread;
};

}  // namespace cachedeck::keys
