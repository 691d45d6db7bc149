// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"
#include "core/metrics/history.h"
#include "core/runs/run_record.h"
#include "ui/charts/panelinfo.h"

#include <span>

namespace cachedeck {

/// The panels of a run: its own curves, then those of the servers under it. A further one is one more row.
std::span<const PanelInfo> loadPanels();

/// The samples of one run, its own and the servers', in a History of their own: a run that is shown again looks as it did while it ran.
class RunCurves {
 public:
  const History& history() const { return m_history; }
  /// Nothing is known any more; a run begins at about `startedMs`, made by `engine` (RunRecord::engine).
  void begin(qint64 startedMs, const QString& engine = {});
  /// The rows that were not there the last time.
  void add(const load::RunFigures& figures);
  /// What the servers said since the last time, out of the console's History.
  void follow(const History& live);
  /// Everything of a run from the disk.
  void show(const runs::RunRecord& record);
  /// The servers' samples between two wall times, for the record.
  QList<runs::ServerSeries> series(qint64 fromMs, qint64 toMs) const;

 private:
  History m_history;
  qint64 m_startedMs = 0;
  std::size_t m_seconds = 0;
  bool m_byK6 = false;
};

/// Adds the rows of a run to a group of a History, from row `first` on. k6 does not tell who is in an iteration. `group` and the names live as long as the History.
struct SecondNames {
  QLatin1String requests, failed, dropped, mean, p50, p95, p99, max, hitRatio, users, busy;
};
extern const SecondNames loadNames;
void appendSeconds(History& history, QLatin1String group, const SecondNames& names, qint64 startedMs, const std::vector<load::SecondFigures>& seconds, std::size_t first, bool byK6);

}  // namespace cachedeck
