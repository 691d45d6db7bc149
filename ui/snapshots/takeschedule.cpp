// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/takeschedule.h"

namespace cachedeck {

namespace {

constexpr qint64 beforeRunMs = 60'000;  // how it was without the load

}  // namespace

TakeSchedule::TakeSchedule(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  m_timer.setInterval(60'000);
  connect(&m_timer, &QTimer::timeout, this, &TakeSchedule::look);
  restart();
}

void TakeSchedule::setEvery(int seconds) {
  m_every = seconds;
  restart();
}

void TakeSchedule::restart() {
  m_lastMs = m_clock.now().wallMs;
  if (m_every > 0) m_timer.start();
  else m_timer.stop();
}

void TakeSchedule::look() {
  const qint64 now = m_clock.now().wallMs, passed = now - m_lastMs;
  if (m_every <= 0 || passed < qint64{m_every} * 1000) return;
  SnapshotRequest request{tr("Taken by itself"), {}, m_lastMs, now, true};
  m_lastMs = now;
  Q_EMIT due(request);
}

void TakeSchedule::runEnded(const runs::RunRecord& run) {
  if (!m_afterRuns) return;
  const qint64 end = run.figures.startedMs + run.figures.elapsedMs;
  Q_EMIT due({tr("Load run %1").arg(run.scenario), run.note, run.figures.startedMs - beforeRunMs, std::max(end, m_clock.now().wallMs), true});
}

}  // namespace cachedeck
