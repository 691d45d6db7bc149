// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/runs/run_record.h"
#include "ui/snapshots/snapshottarget.h"

#include <QObject>
#include <QTimer>

namespace cachedeck {

/// When snapshots are taken by themselves: at times, and at the end of load runs.
class TakeSchedule : public QObject {
  Q_OBJECT
 public:
  /// The clock outlives this.
  explicit TakeSchedule(const Clock& clock, QObject* parent = nullptr);

  /// Seconds between two, each of the time since the one before; 0: none.
  void setEvery(int seconds);
  int every() const { return m_every; }
  void setAfterRuns(bool after) { m_afterRuns = after; }
  bool afterRuns() const { return m_afterRuns; }
  /// The time starts anew: another profile was opened.
  void restart();
  void runEnded(const runs::RunRecord& run);
  /// Whether it is time; a timer calls it at that moment, tests call it as well.
  void look();

 Q_SIGNALS:
  void due(const cachedeck::SnapshotRequest& request);

 private:
  void arm();
  const Clock& m_clock;
  int m_every = 0;
  bool m_afterRuns = false;
  qint64 m_lastMs = 0;
  QTimer m_timer;
};

}  // namespace cachedeck
