// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/csv.h"
#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_text.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

QString headerOf(const SeriesGroup::Column& column) {
  const MetricInfo* metric = findMetric(QLatin1String(column.metric.constData(), column.metric.size()));
  const QLatin1String unit = metric ? unitWord(metric->unit) : QLatin1String();
  const QString name = redact(QString::fromUtf8(column.metric));
  return csvText(unit.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, unit));
}

QByteArray timeText(qint64 ms) { return isoUtc(ms).toLatin1(); }

/// One source's place on the way through the times of all.
struct Cursor {
  const SeriesGroup* group;
  size_t row = 0;
  bool isAt(qint64 ms) const { return row < group->timesMs.size() && group->timesMs[row] == ms; }
};

}  // namespace

QByteArray snapshotCsv(const Snapshot& snapshot) {
  std::vector<Cursor> cursors;
  std::vector<qint64> times;
  QByteArray csv = "time";
  for (const SeriesGroup& group : snapshot.series) {
    cursors.push_back({&group});
    times.insert(times.end(), group.timesMs.begin(), group.timesMs.end());
    for (const SeriesGroup::Column& column : group.columns) csv += ',' + headerOf(column).toUtf8();
  }
  csv += "\r\n";
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  for (const qint64 ms : times) {
    csv += timeText(ms);
    for (Cursor& cursor : cursors) {
      const bool here = cursor.isAt(ms);
      for (const SeriesGroup::Column& column : cursor.group->columns) csv += here && cursor.row < column.values.size() ? ',' + shortest(column.values[cursor.row]) : QByteArray(",");
      while (cursor.isAt(ms)) ++cursor.row;
    }
    csv += "\r\n";
  }
  return csv;
}

}  // namespace cachedeck::snapshot
