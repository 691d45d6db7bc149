// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/journal/journal.h"
#include "core/metrics/series.h"
#include "core/runs/run_record.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <vector>

namespace cachedeck::snapshot {

using cachedeck::SeriesGroup;

/// A table of facts as a server told them: INFO, settings, statements, the slow log, alerts, rules, targets. All cells are plain text that has passed the Redactor.
struct FactTable {
  struct Column {
    QString title;
    bool isNumber = false;  ///< cells are numbers in C locale, or empty
    QString unit;           ///< of a number: "ms", "bytes", or empty
    bool operator==(const Column&) const = default;
  };
  QString id;     ///< "redis-info": the name of its file in the bundle; [a-z0-9-]
  QString title;  ///< "Redis INFO"
  int keys = 1;   ///< the first so many columns name a row: comparisons go by them
  QList<Column> columns;
  QList<QStringList> rows;
  bool operator==(const FactTable&) const = default;
};

/// A server as it answered when the snapshot was taken.
struct ServerFacts {
  QString source, product, version, endpoint, role;  ///< source: id in the registry
  bool operator==(const ServerFacts&) const = default;
};

/// What a snapshot says of itself, without what it holds: all that a list of files shows.
struct SnapshotHead {
  QString id;                    ///< newSnapshotId()
  QString title, note;           ///< of the person
  qint64 takenMs = 0;            ///< wall clock
  qint64 fromMs = 0, toMs = 0;   ///< the range
  QString console;               ///< version of Cachedeck that took it
  QString profile, environment;  ///< names; empty: by URL
  QList<ServerFacts> servers;
  QStringList missing;           ///< what could not be had, and why: a sentence each
  bool operator==(const SnapshotHead&) const = default;
};

/// Everything that is known of a stretch of time. Holds no secret: what makes one passes every text through the Redactor, and keeps no connection settings.
struct Snapshot : SnapshotHead {
  std::vector<SeriesGroup> series;
  QList<FactTable> facts;
  QList<JournalEntry> journal;    ///< of the range
  QList<runs::RunRecord> runs;    ///< that touch the range, without their histograms' cells where the file would grow by them
};

/// One with this head that holds nothing yet.
Snapshot beginOf(const SnapshotHead& head);

/// "20261129-032512123-4f3a9c", as of load runs.
QString newSnapshotId(qint64 nowMs);

/// The table of this id, or nullptr.
const FactTable* findTable(const Snapshot& snapshot, QLatin1String id);
/// The column of a metric, or nullptr.
const SeriesGroup::Column* findColumn(const Snapshot& snapshot, QByteArrayView metric, const SeriesGroup** group = nullptr);

}  // namespace cachedeck::snapshot
