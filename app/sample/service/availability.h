// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <string>

namespace cachedeck::sample {

/// Whether something that the service uses is there; the log gets one line when it goes, and one when it is back.
class Availability {
 public:
  explicit Availability(const char* name) : m_name(name) {}
  void lost(const std::string& reason);
  void found() {
    if (away()) foundAgain();
  }
  bool away() const { return m_away.load(std::memory_order_relaxed); }

 private:
  void foundAgain();
  const char* const m_name;  // "the cache"
  std::atomic<bool> m_away{false};
  std::mutex m_mutex;
};

}  // namespace cachedeck::sample
