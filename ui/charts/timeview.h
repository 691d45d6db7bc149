// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/action_events.h"
#include "ui/charts/alertmarks.h"

#include <QObject>

#include <optional>

namespace cachedeck {

/// What stretch of time all panels show, what was done in it, and where the shared cursor stands. One for the window.
class TimeView : public QObject {
  Q_OBJECT
 public:
  /// The value of range() that follows what is known, up to 15 minutes.
  static constexpr int automatic = 0;

  explicit TimeView(QObject* parent = nullptr) : QObject(parent) {}

  /// Seconds, or `automatic`. Ends a zoom.
  void setRange(int seconds);
  int range() const { return m_range; }
  void setPaused(bool paused);
  bool isPaused() const { return m_paused; }
  /// Shows a fixed stretch until resetZoom(); shorter than two seconds is ignored.
  void zoom(qint64 fromMs, qint64 toMs);
  void resetZoom();
  bool isZoomed() const { return m_zoom.has_value(); }
  /// Everything is of this stretch, which a snapshot holds: a range is the last part of it, `automatic` all of it. None: live again.
  void setKept(std::optional<TimeSpan> span);
  bool isKept() const { return m_kept.has_value(); }
  /// True while the stretch moves with time; labels are relative to now then, and clock times otherwise.
  bool isFollowing() const { return !m_paused && !m_zoom && !m_kept; }

  /// Called with every frame: the present time, and the oldest and newest sample known (0 when none).
  void advance(qint64 nowMs, qint64 oldestMs, qint64 newestMs);
  TimeSpan span() const { return m_zoom ? *m_zoom : m_following; }

  /// The moment under the pointer of any panel, none when it is outside.
  void setCursor(std::optional<qint64> wallMs);
  std::optional<qint64> cursor() const { return m_cursor; }

  /// The actions that every panel marks, oldest first.
  void setActions(const QList<ActionEvent>& actions);
  const QList<ActionEvent>& actions() const { return m_actions; }
  /// When alerts were firing, for every panel.
  void setAlerts(const QList<ChartAlert>& alerts);
  const QList<ChartAlert>& alerts() const { return m_alerts; }
  /// Another number after each change of the actions or alerts.
  int marksRevision() const { return m_marksRevision; }

 Q_SIGNALS:
  /// The stretch, the actions or the alerts changed: panels draw anew at once.
  void changed();
  void rangeChanged(int seconds);
  void pausedChanged(bool paused);
  void cursorMoved();

 private:
  int effectiveRange(qint64 nowMs, qint64 oldestMs) const;

  int m_range = automatic;
  bool m_paused = false;
  TimeSpan m_following;
  std::optional<TimeSpan> m_kept;
  std::optional<TimeSpan> m_zoom;
  std::optional<qint64> m_cursor;
  QList<ActionEvent> m_actions;
  QList<ChartAlert> m_alerts;
  int m_marksRevision = 0;
};

}  // namespace cachedeck
