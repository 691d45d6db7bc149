// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QObject>
#include <QTimer>

namespace cachedeck {

/// The one rhythm of a window: pages draw what is visible and changed with its frames, and at no other time.
class FrameClock : public QObject {
  Q_OBJECT
 public:
  explicit FrameClock(const Clock& clock, QObject* parent = nullptr);

  void start();
  void stop();
  /// One extra frame as soon as events are done (a range was chosen, a series toggled); several requests make one.
  void request();
  qint64 nowMs() const { return m_clock.now().wallMs; }

 Q_SIGNALS:
  void frame(qint64 nowMs);

 private:
  const Clock& m_clock;
  QTimer m_timer;
  QTimer m_extra;
};

}  // namespace cachedeck
