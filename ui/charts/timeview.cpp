// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timeview.h"

#include <algorithm>

namespace cachedeck {

namespace {

// A console that was just opened shows its first samples over the whole width.
constexpr int automaticSteps[] = {10, 20, 30, 60, 120, 300, 600, 900};
constexpr qint64 shortestZoomMs = 2000;
// The axis ends at the newest sample, so that a line reaches the edge, unless nothing came for a while.
constexpr qint64 freshMs = 3000;

}  // namespace

void TimeView::setRange(int seconds) {
  if (seconds == m_range && !m_zoom) return;
  m_range = seconds;
  m_zoom.reset();
  Q_EMIT rangeChanged(seconds);
  Q_EMIT changed();
}

void TimeView::setPaused(bool paused) {
  if (paused == m_paused) return;
  m_paused = paused;
  Q_EMIT pausedChanged(paused);
  Q_EMIT changed();
}

void TimeView::zoom(qint64 fromMs, qint64 toMs) {
  if (fromMs > toMs) std::swap(fromMs, toMs);
  if (toMs - fromMs < shortestZoomMs) return;
  m_zoom = TimeSpan{fromMs, toMs};
  Q_EMIT changed();
}

void TimeView::resetZoom() {
  if (!m_zoom) return;
  m_zoom.reset();
  Q_EMIT changed();
}

void TimeView::setKept(std::optional<TimeSpan> span) {
  m_kept = span;
  m_zoom.reset();
  m_cursor.reset();
  m_following = {};
  Q_EMIT changed();
}

void TimeView::setCursor(std::optional<qint64> wallMs) {
  if (wallMs == m_cursor) return;
  m_cursor = wallMs;
  Q_EMIT cursorMoved();
}

void TimeView::setActions(const QList<ActionEvent>& actions) {
  if (actions == m_actions) return;
  m_actions = actions;
  ++m_marksRevision;
  Q_EMIT changed();
}

void TimeView::setAlerts(const QList<ChartAlert>& alerts) {
  if (alerts == m_alerts) return;
  m_alerts = alerts;
  ++m_marksRevision;
  Q_EMIT changed();
}

int TimeView::effectiveRange(qint64 nowMs, qint64 oldestMs) const {
  if (m_range != automatic) return m_range;
  const double known = oldestMs > 0 ? static_cast<double>(nowMs - oldestMs) * 1e-3 : 0;
  int range = automaticSteps[0];
  for (const int step : automaticSteps)
    if (step <= known + 1) range = step;  // a second of grace: the first sample is never exactly at the start
  return range;
}

void TimeView::advance(qint64 nowMs, qint64 oldestMs, qint64 newestMs) {
  if (m_kept) {
    m_following = *m_kept;
    if (m_range != automatic) m_following.fromMs = std::max(m_kept->fromMs, m_kept->toMs - qint64{m_range} * 1000);
    return;
  }
  const bool first = m_following.toMs == 0;
  const qint64 end = newestMs > 0 && nowMs - newestMs < freshMs ? std::min(newestMs, nowMs) : nowMs;
  const qint64 reach = static_cast<qint64>(effectiveRange(end, oldestMs)) * 1000;
  if (m_paused && !first) m_following.fromMs = m_following.toMs - reach;  // the range may be changed while paused
  else m_following = TimeSpan{end - reach, end};
}

}  // namespace cachedeck
