// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/scorecard.h"
#include "core/snapshot/snapshot.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace cachedeck::snapshot {

/// A table as documents show it; cells are plain texts that each format escapes.
struct ReportTable {
  QString title;
  QStringList heading;
  QList<bool> right;         ///< columns of numbers; shorter: the others are not
  QList<QStringList> rows;
  int band = -1;             ///< the column whose first word is a level
  QString empty;             ///< what stands there instead when it has no rows
  int level = -1;            ///< one more column of levels
};

ReportTable aboutTable(const Snapshot& snapshot);
ReportTable serversTable(const Snapshot& snapshot);
ReportTable figuresTable(const Snapshot& snapshot);
/// What charts mark, by number; without rows where there are not several.
ReportTable marksTable(const Snapshot& snapshot);
ReportTable actionsTable(const Snapshot& snapshot);
ReportTable runsTable(const Snapshot& snapshot);
ReportTable missingTable(const Snapshot& snapshot);
ReportTable scoreTable(const runs::Scorecard& card);
ReportTable factsTable(const FactTable& table);
/// "6 of 9 measured targets met; 2 not measured."
QString scoreSum(const runs::Scorecard& card);

/// What colours a cell of such a column: "critical" of "good, worst critical", "warning" of "good, worst critical → warning", else the cell itself.
QString worstOf(const QString& band);

/// The facts that tell of alerts, and the others.
bool isOfAlerts(const FactTable& table);

}  // namespace cachedeck::snapshot
