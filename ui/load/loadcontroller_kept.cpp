// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs wants of a snapshot. Without m_work nothing reaches the disk or a server.
#include "ui/load/loadcontroller.h"

namespace cachedeck {

void LoadController::openKept(KeptRuns runs) {
  close();
  m_target = {};
  m_kept = std::make_unique<Kept>();
  m_kept->runs = std::move(runs);
  refreshRuns();
}

void LoadController::Kept::list(LoadController& controller) {
  worker.post(
      &controller, [runs = runs](std::stop_token) { return keptSummaries(runs); }, [&controller](const QList<runs::RunSummary>& list) { Q_EMIT controller.runsCame(list, {}); });
}

void LoadController::Kept::load(LoadController& controller, const QString& id) const {
  if (const RecordShot run = runs.find(id)) Q_EMIT controller.loaded(run);
}

void LoadController::Kept::compare(LoadController& controller, const QStringList& ids) {
  QList<RecordShot> records;
  for (const QString& id : ids)
    if (const RecordShot run = runs.find(id)) records.append(run);
  if (records.size() < 2) return;
  worker.post(
      &controller, [records](std::stop_token) { return compareKept(records); }, [&controller](const ComparedRuns& compared) { Q_EMIT controller.compared(compared); });
}

}  // namespace cachedeck
