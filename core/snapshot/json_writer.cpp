// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/journal/entry.h"
#include "core/runs/json_numbers.h"
#include "core/runs/reports.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_json.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace cachedeck::snapshot {

namespace {

using runs::numberValue;

QJsonObject columnJson(const SeriesGroup::Column& column) {
  const MetricInfo* metric = findMetric(QLatin1String(column.metric.constData(), column.metric.size()));
  QJsonArray values;
  for (const float value : column.values) values.append(numberValue(shortestDouble(value)));
  return {{QStringLiteral("metric"), safe(QString::fromUtf8(column.metric))},
          {QStringLiteral("unit"), metric ? QJsonValue(QString(unitWord(metric->unit))) : QJsonValue(QJsonValue::Null)},
          {QStringLiteral("values"), values}};
}

QJsonArray seriesJson(const Snapshot& snapshot) {
  QJsonArray groups;
  for (const SeriesGroup& group : snapshot.series) {
    QJsonArray times, columns;
    for (const qint64 ms : group.timesMs) times.append(ms);
    for (const SeriesGroup::Column& column : group.columns) columns.append(columnJson(column));
    groups.append(QJsonObject{{QStringLiteral("source"), safe(QString::fromUtf8(group.name))}, {QStringLiteral("times_ms"), times}, {QStringLiteral("columns"), columns}});
  }
  return groups;
}

QJsonArray serversJson(const Snapshot& snapshot) {
  QJsonArray servers;
  for (const ServerFacts& server : snapshot.servers)
    servers.append(QJsonObject{{QStringLiteral("source"), safe(server.source)}, {QStringLiteral("product"), safe(server.product)}, {QStringLiteral("version"), safe(server.version)},
                               {QStringLiteral("endpoint"), safe(server.endpoint)}, {QStringLiteral("role"), safe(server.role)}});
  return servers;
}

QJsonObject entryJson(const JournalEntry& entry) {
  QJsonObject json = journalFields(entry);
  for (auto member = json.begin(); member != json.end(); ++member)
    if (member->isString()) *member = safe(member->toString());
  return json;
}

template <typename List, typename Make>
QJsonArray arrayOf(const List& list, Make make) {
  QJsonArray array;
  for (const auto& one : list) array.append(make(one));
  return array;
}

}  // namespace

QString safe(const QString& text) {
  QString clean = redact(text);
  for (qsizetype i = 0; i < clean.size(); ++i) {  // half a surrogate pair has no UTF-8
    if (clean[i].isHighSurrogate() && i + 1 < clean.size() && clean[i + 1].isLowSurrogate()) ++i;
    else if (clean[i].isSurrogate()) clean[i] = QChar(0xFFFD);
  }
  return clean;
}

QJsonObject toJson(const Figure& figure) {
  return {{QStringLiteral("metric"), QString(figure.metric->id)},
          {QStringLiteral("name"), QString::fromUtf8(figure.metric->name)},
          {QStringLiteral("unit"), QString(unitWord(figure.metric->unit))},
          {QStringLiteral("samples"), figure.samples},
          {QStringLiteral("min"), numberValue(figure.min)},
          {QStringLiteral("mean"), numberValue(figure.mean)},
          {QStringLiteral("p95"), numberValue(figure.p95)},
          {QStringLiteral("max"), numberValue(figure.max)},
          {QStringLiteral("last"), numberValue(figure.last)},
          {QStringLiteral("level"), figure.judged ? QJsonValue(levelWord(figure.level)) : QJsonValue(QJsonValue::Null)},
          {QStringLiteral("worst"), figure.judged ? QJsonValue(levelWord(figure.worst)) : QJsonValue(QJsonValue::Null)}};
}

QJsonObject headJson(const Snapshot& snapshot) {
  return {{QStringLiteral("id"), safe(snapshot.id)},           {QStringLiteral("title"), safe(snapshot.title)},
          {QStringLiteral("note"), safe(snapshot.note)},       {QStringLiteral("taken"), isoUtc(snapshot.takenMs)},
          {QStringLiteral("taken_ms"), snapshot.takenMs},      {QStringLiteral("from"), isoUtc(snapshot.fromMs)},
          {QStringLiteral("from_ms"), snapshot.fromMs},        {QStringLiteral("to"), isoUtc(snapshot.toMs)},
          {QStringLiteral("to_ms"), snapshot.toMs},            {QStringLiteral("console"), safe(snapshot.console)},
          {QStringLiteral("profile"), safe(snapshot.profile)}, {QStringLiteral("environment"), safe(snapshot.environment)}};
}

QJsonObject toJson(const FactTable& table) {
  const QJsonArray columns = arrayOf(table.columns, [](const FactTable::Column& column) {
    return QJsonObject{{QStringLiteral("title"), safe(column.title)}, {QStringLiteral("number"), column.isNumber}, {QStringLiteral("unit"), safe(column.unit)}};
  });
  const QJsonArray rows = arrayOf(table.rows, [](const QStringList& row) { return arrayOf(row, [](const QString& cell) { return safe(cell); }); });
  return {{QStringLiteral("id"), safe(table.id)}, {QStringLiteral("title"), safe(table.title)}, {QStringLiteral("keys"), table.keys}, {QStringLiteral("columns"), columns}, {QStringLiteral("rows"), rows}};
}

QByteArray snapshotJson(const Snapshot& snapshot) {
  const ScoreSubject subject = scoreSubject(snapshot);
  QJsonObject card = runs::toJson(scorecardOf(snapshot));
  card[QLatin1String("subject")] = subject.what;
  const QJsonObject json{{QStringLiteral("format"), QStringLiteral("cachedeck-snapshot-export")},
                         {QStringLiteral("version"), 1},
                         {QStringLiteral("snapshot"), headJson(snapshot)},
                         {QStringLiteral("servers"), serversJson(snapshot)},
                         {QStringLiteral("figures"), arrayOf(figuresOf(snapshot), [](const Figure& figure) { return toJson(figure); })},
                         {QStringLiteral("series"), seriesJson(snapshot)},
                         {QStringLiteral("facts"), arrayOf(snapshot.facts, [](const FactTable& table) { return toJson(table); })},
                         {QStringLiteral("journal"), arrayOf(snapshot.journal, [](const JournalEntry& entry) { return entryJson(entry); })},
                         {QStringLiteral("runs"), arrayOf(snapshot.runs, [](const runs::RunRecord& run) { return runs::resultJson(run); })},
                         {QStringLiteral("scorecard"), card},
                         {QStringLiteral("missing"), arrayOf(snapshot.missing, [](const QString& line) { return safe(line); })}};
  return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';  // a day has millions of values: indented, each would be a line
}

}  // namespace cachedeck::snapshot
