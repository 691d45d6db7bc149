// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/figures_json.h"
#include "core/runs/json_numbers.h"
#include "core/runs/step_json.h"

#include <QJsonArray>

namespace cachedeck::runs {

using load::SecondFigures;

namespace {

constexpr qsizetype mostRows = 100'000;  // the recorder keeps 7,200

#define COLUMN(name, member)                                                    \
  SecondColumn {                                                                \
    name, [](const SecondFigures& row) { return static_cast<double>(row.member); }, \
        [](SecondFigures& row, double value) { row.member = fitted<decltype(row.member)>(value); } \
  }
const SecondColumn columns[] = {
    COLUMN("from_ms", fromMs), COLUMN("width_ms", widthMs), COLUMN("requests", requests), COLUMN("failed", failed),
    COLUMN("hits", hits), COLUMN("misses", misses), COLUMN("dropped", dropped), COLUMN("iterations", iterations),
    COLUMN("bytes_in", bytesIn), COLUMN("bytes_out", bytesOut), COLUMN("mean_ms", meanMs), COLUMN("p50_ms", p50Ms),
    COLUMN("p95_ms", p95Ms), COLUMN("p99_ms", p99Ms), COLUMN("max_ms", maxMs), COLUMN("users", users),
    COLUMN("busy", busy), COLUMN("late_ms", lateMs), COLUMN("cpu_percent", cpuPercent)};
#undef COLUMN

const SecondColumn* columnOf(const QString& name) {
  for (const SecondColumn& column : columns)
    if (name == QLatin1String(column.name)) return &column;
  return nullptr;
}

}  // namespace

std::span<const SecondColumn> secondColumns() { return columns; }

QJsonObject secondsToJson(const std::vector<SecondFigures>& seconds) {
  QJsonArray names, rows;
  for (const SecondColumn& column : columns) names.append(QString::fromLatin1(column.name));
  for (const SecondFigures& second : seconds) {
    QJsonArray row;
    for (const SecondColumn& column : columns) row.append(numberValue(column.get(second)));
    rows.append(row);
  }
  return {{QStringLiteral("columns"), names}, {QStringLiteral("rows"), rows}};
}

Result<std::vector<SecondFigures>> secondsFromJson(const QJsonObject& json) {
  QList<const SecondColumn*> order;
  for (const QJsonValue& name : json[QLatin1String("columns")].toArray()) order.append(columnOf(name.toString()));
  const QJsonArray rows = json[QLatin1String("rows")].toArray();
  if (rows.size() > mostRows) return fail(Error::Kind::Protocol, QStringLiteral("it has %1 rows of seconds; at most %2 are read").arg(rows.size()).arg(mostRows));
  std::vector<SecondFigures> seconds;
  seconds.reserve(static_cast<std::size_t>(rows.size()));
  for (const QJsonValue& value : rows) {
    const QJsonArray row = value.toArray();
    SecondFigures second;
    for (qsizetype i = 0; i < std::min(order.size(), row.size()); ++i)
      if (order[i]) order[i]->set(second, row[i].toDouble());
    if (second.widthMs < 1) second.widthMs = 1;
    seconds.push_back(second);
  }
  return seconds;
}

}  // namespace cachedeck::runs
