// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/takeschedule.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qint64 beforeRunMs = 60'000;  // how it was without the load
constexpr qint64 longestWaitMs = 60'000;  // a timer does not count the time that a computer sleeps, nor does it see its clock set

}  // namespace

TakeSchedule::TakeSchedule(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, &TakeSchedule::look);
  restart();
}

void TakeSchedule::setEvery(int seconds) {
  m_every = seconds;
  restart();
}

void TakeSchedule::restart() {
  m_lastMs = m_clock.now().wallMs;
  arm();
}

void TakeSchedule::arm() {
  m_timer.stop();
  if (m_every <= 0) return;
  const qint64 left = m_lastMs + qint64{m_every} * 1000 - m_clock.now().wallMs;
  m_timer.start(static_cast<int>(std::clamp<qint64>(left, 1, longestWaitMs)));
}

void TakeSchedule::look() {
  const qint64 now = m_clock.now().wallMs;
  m_lastMs = std::min(m_lastMs, now);  // the clock was set back
  if (m_every <= 0 || now - m_lastMs < qint64{m_every} * 1000) return arm();
  const SnapshotRequest request{tr("Taken by itself"), {}, m_lastMs, now, true};
  m_lastMs = now;
  arm();
  Q_EMIT due(request);
}

void TakeSchedule::runEnded(const runs::RunRecord& run) {
  if (!m_afterRuns) return;
  const qint64 end = run.figures.startedMs + run.figures.elapsedMs;
  Q_EMIT due({tr("Load run %1").arg(run.scenario), run.note, run.figures.startedMs - beforeRunMs, std::max(end, m_clock.now().wallMs), true});
}

}  // namespace cachedeck
