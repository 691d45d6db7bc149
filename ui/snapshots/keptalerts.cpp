// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/keptalerts.h"

#include "core/base/text.h"
#include "core/snapshot/report_tables.h"

#include <QDateTime>
#include <QHash>

namespace cachedeck {

namespace {

constexpr QLatin1String rulesTable("prometheus-rules"), firedTable("prometheus-alerts-fired");
constexpr qint64 endsWithinMs = 15'000;  // of the step in which Prometheus was asked

/// A row's cells by the titles of their columns: a later version may have more of them.
class Cells {
 public:
  explicit Cells(const snapshot::FactTable& table) {
    for (int column = 0; column < table.columns.size(); ++column) m_columns.insert(table.columns[column].title, column);
  }
  QString of(const QStringList& row, const char* title) const { return row.value(m_columns.value(QLatin1String(title), -1)); }

 private:
  QHash<QString, int> m_columns;
};

qint64 msOf(const QString& time) {
  const QDateTime read = QDateTime::fromString(time, Qt::ISODateWithMs);
  return read.isValid() ? read.toMSecsSinceEpoch() : 0;
}

}  // namespace

QList<ChartAlert> keptAlerts(const snapshot::Snapshot& snapshot) {
  const snapshot::FactTable* const fired = findTable(snapshot, firedTable);
  if (!fired) return {};
  QHash<QString, QString> queries;
  if (const snapshot::FactTable* const rules = findTable(snapshot, rulesTable)) {
    const Cells cells(*rules);
    for (const QStringList& row : rules->rows) queries.insert(cells.of(row, "Name"), cells.of(row, "Expression"));
  }
  const Cells cells(*fired);
  QList<ChartAlert> alerts;
  for (const QStringList& row : fired->rows) {
    const qint64 fromMs = msOf(cells.of(row, "From")), toMs = msOf(cells.of(row, "To"));
    if (fromMs <= 0 || toMs < fromMs) continue;
    const QString name = cells.of(row, "Alert");
    alerts << ChartAlert{fromMs, toMs + endsWithinMs >= snapshot.toMs ? 0 : toMs, printable(name, 80), printable(cells.of(row, "Labels"), 200), queries.value(name),
                         cells.of(row, "Severity") == QLatin1String("critical") ? Level::Critical : Level::Warning};
  }
  return alerts;
}

QList<snapshot::FactTable> keptAlertTables(const snapshot::Snapshot& snapshot) {
  QList<snapshot::FactTable> tables;
  if (const snapshot::FactTable* const rules = findTable(snapshot, rulesTable)) tables << *rules;
  for (const snapshot::FactTable& table : snapshot.facts)
    if (isOfAlerts(table)) tables << table;
  return tables;
}

}  // namespace cachedeck
