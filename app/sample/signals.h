// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace cachedeck::sample {

/// SIGTERM and SIGINT as a stop token; a second one ends the process at once. To be made before any other thread, as
/// those inherit that the signals are blocked.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  std::stop_token token() const { return m_stop.get_token(); }
  /// Blocks until the first signal.
  void wait() const;

 private:
  void run();
  std::stop_source m_stop;
  std::stop_source m_over;
  std::thread m_thread;
};

}  // namespace cachedeck::sample
