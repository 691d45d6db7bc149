// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace cachedeck {

/// Waits for `span`, or until somebody asks to stop.
template <typename Rep, typename Period>
void restFor(std::chrono::duration<Rep, Period> span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, span, [] { return false; });
}

}  // namespace cachedeck
