// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>

namespace cachedeck::test {

/// Asks the event loop for a turn every 5 ms and remembers the longest wait beyond that: how long the window did not answer.
class StallProbe : public QObject {
 public:
  StallProbe() {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(5);
    connect(&m_timer, &QTimer::timeout, this, [this] {
      m_worst = std::max(m_worst, static_cast<double>(m_since.nsecsElapsed()) * 1e-6 - 5.0);
      m_since.start();
    });
  }
  void start() {
    m_worst = 0;
    m_since.start();
    m_timer.start();
  }
  void stop() { m_timer.stop(); }
  /// Milliseconds.
  double worst() const { return m_worst; }

 private:
  QTimer m_timer;
  QElapsedTimer m_since;
  double m_worst = 0;
};

}  // namespace cachedeck::test
