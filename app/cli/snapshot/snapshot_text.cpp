// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/snapshot_text.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "core/runs/text_table.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_text.h"

#include <QDateTime>
#include <QJsonArray>

#include <cmath>

namespace cachedeck {

namespace {

using snapshot::Figure;
using snapshot::Snapshot;

QString timeText(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd hh:mm:ss")); }
QJsonValue jsonNumber(double value) { return std::isfinite(value) ? QJsonValue(value) : QJsonValue(); }

QString headText(const Snapshot& taken) {
  QString text = QStringLiteral("Snapshot %1%2\n").arg(printable(taken.id), taken.title.isEmpty() ? QString() : QStringLiteral("  ") + printable(taken.title));
  text += QStringLiteral("  %1 to %2 (%3), by Cachedeck %4\n").arg(timeText(taken.fromMs), timeText(taken.toMs), formatDuration(static_cast<double>(taken.toMs - taken.fromMs) / 1000), printable(taken.console));
  if (!taken.profile.isEmpty()) text += QStringLiteral("  profile %1, %2\n").arg(printable(taken.profile), printable(taken.environment));
  for (const QString& line : snapshot::noteLines(taken)) text += QStringLiteral("  | ") + line + QLatin1Char('\n');
  return text;
}

QString serversText(const Snapshot& taken) {
  runs::TextTable table({QStringLiteral("server"), QStringLiteral("version"), QStringLiteral("endpoint"), QStringLiteral("role")});
  for (const snapshot::ServerFacts& server : taken.servers) table.add({server.product, server.version, server.endpoint, server.role});
  return table.isEmpty() ? QString() : QLatin1Char('\n') + table.aligned();
}

QString factsText(const Snapshot& taken) {
  runs::TextTable table({QStringLiteral("facts"), QStringLiteral("rows")});
  for (const snapshot::FactTable& fact : taken.facts) table.add({fact.id, QString::number(fact.rows.size())});
  QString text = table.isEmpty() ? QString() : QLatin1Char('\n') + table.aligned();
  text += QStringLiteral("\n  journal entries: %1, load runs: %2\n").arg(taken.journal.size()).arg(taken.runs.size());
  return text;
}

QString figuresText(const Snapshot& taken) {
  runs::TextTable table({QStringLiteral("series"), QStringLiteral("min"), QStringLiteral("mean"), QStringLiteral("max"), QStringLiteral("last"), QStringLiteral("samples")});
  for (const Figure& figure : snapshot::figuresOf(taken)) {
    const auto shown = [&figure](double value) { return formatValue(value, figure.metric->unit); };
    table.add({QString(figure.metric->id), shown(figure.min), shown(figure.mean), shown(figure.max), shown(figure.last), QString::number(figure.samples)});
  }
  return table.isEmpty() ? QString() : QLatin1Char('\n') + table.aligned();
}

}  // namespace

QString snapshotText(const Snapshot& taken) {
  QString text = headText(taken) + serversText(taken) + factsText(taken) + figuresText(taken);
  if (!taken.missing.isEmpty()) text += QStringLiteral("\n  What is missing:\n");
  for (const QString& sentence : taken.missing) text += QStringLiteral("  - %1\n").arg(printable(sentence, 2000));
  return text;
}

QJsonObject snapshotJson(const Snapshot& taken) {
  QJsonArray servers, facts;
  for (const snapshot::ServerFacts& server : taken.servers)
    servers.append(QJsonObject{{QStringLiteral("source"), server.source}, {QStringLiteral("product"), server.product}, {QStringLiteral("version"), server.version},
                               {QStringLiteral("endpoint"), server.endpoint}, {QStringLiteral("role"), server.role}});
  for (const snapshot::FactTable& fact : taken.facts)
    facts.append(QJsonObject{{QStringLiteral("id"), fact.id}, {QStringLiteral("title"), fact.title}, {QStringLiteral("rows"), fact.rows.size()}});
  QJsonObject series;
  for (const Figure& figure : snapshot::figuresOf(taken))
    series.insert(figure.metric->id, QJsonObject{{QStringLiteral("min"), jsonNumber(figure.min)}, {QStringLiteral("mean"), jsonNumber(figure.mean)}, {QStringLiteral("max"), jsonNumber(figure.max)},
                                                 {QStringLiteral("last"), jsonNumber(figure.last)}, {QStringLiteral("samples"), figure.samples}});
  return {{QStringLiteral("id"), taken.id}, {QStringLiteral("title"), taken.title}, {QStringLiteral("note"), taken.note}, {QStringLiteral("taken"), isoUtc(taken.takenMs)},
          {QStringLiteral("from"), isoUtc(taken.fromMs)}, {QStringLiteral("to"), isoUtc(taken.toMs)}, {QStringLiteral("console"), taken.console}, {QStringLiteral("profile"), taken.profile},
          {QStringLiteral("environment"), taken.environment}, {QStringLiteral("servers"), servers}, {QStringLiteral("facts"), facts}, {QStringLiteral("series"), series},
          {QStringLiteral("journal_entries"), taken.journal.size()}, {QStringLiteral("load_runs"), taken.runs.size()}, {QStringLiteral("missing"), QJsonArray::fromStringList(taken.missing)}};
}

}  // namespace cachedeck
