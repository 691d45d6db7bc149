// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/frameclock.h"

namespace cachedeck {

FrameClock::FrameClock(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  m_timer.setTimerType(Qt::PreciseTimer);
  m_timer.setInterval(1000);
  m_extra.setSingleShot(true);
  m_extra.setInterval(0);
  const auto emitFrame = [this] { Q_EMIT frame(nowMs()); };
  connect(&m_timer, &QTimer::timeout, this, emitFrame);
  connect(&m_extra, &QTimer::timeout, this, emitFrame);
}

void FrameClock::start() { m_timer.start(); }

void FrameClock::stop() { m_timer.stop(); }

void FrameClock::request() {
  if (!m_extra.isActive()) m_extra.start();
}

}  // namespace cachedeck
