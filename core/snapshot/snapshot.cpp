// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

namespace cachedeck::snapshot {

Snapshot beginOf(const SnapshotHead& head) { return {head, {}, {}, {}, {}}; }

QString newSnapshotId(qint64 nowMs) { return runs::newRunId(nowMs); }

const FactTable* findTable(const Snapshot& snapshot, QLatin1String id) {
  for (const FactTable& table : snapshot.facts)
    if (table.id == id) return &table;
  return nullptr;
}

const SeriesGroup::Column* findColumn(const Snapshot& snapshot, QByteArrayView metric, const SeriesGroup** group) {
  for (const SeriesGroup& one : snapshot.series)
    for (const SeriesGroup::Column& column : one.columns)
      if (QByteArrayView(column.metric) == metric) {
        if (group) *group = &one;
        return &column;
      }
  return nullptr;
}

}  // namespace cachedeck::snapshot
