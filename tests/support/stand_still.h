// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace cachedeck::test {

/// Whether this machine stood still: then a server did not answer in time, which is a true finding, and no fault of what is tested.
class StandStill {
 public:
  /// In the last half minute, for more than half a second.
  bool isRecent() const { return m_last.load() > Clock::now() - std::chrono::seconds(30); }

 private:
  using Clock = std::chrono::steady_clock;
  std::atomic<Clock::time_point> m_last{Clock::time_point::min()};
  std::jthread m_thread{[this](const std::stop_token& stop) {
    for (auto before = Clock::now(); !stop.stop_requested();) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      const auto now = Clock::now();
      if (now - before > std::chrono::milliseconds(550)) m_last = now;
      before = now;
    }
  }};
};

}  // namespace cachedeck::test
