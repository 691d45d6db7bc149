// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_tables.h"

#include "core/base/instants.h"
#include "core/load/step_latency.h"
#include "core/metrics/format.h"
#include "core/runs/reports.h"
#include "core/runs/run_outcome.h"
#include "core/snapshot/chart_marks.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_text.h"

namespace cachedeck::snapshot {

namespace {

QStringList words(std::initializer_list<const char*> list) {
  QStringList out;
  for (const char* word : list) out.append(QString::fromUtf8(word));
  return out;
}

QString nsText(double ns) { return valueText(ns / 1e9, Unit::Seconds); }

/// 0: nobody knows.
QString clockText(qint64 ms) { return ms > 0 ? utc(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QStringLiteral("–"); }

QString stateText(ActionEvent::State state) {
  switch (state) {
    case ActionEvent::State::UnderWay: return QStringLiteral("under way");
    case ActionEvent::State::Done: return QStringLiteral("done");
    case ActionEvent::State::Cancelled: return QStringLiteral("cancelled");
    case ActionEvent::State::Failed: return QStringLiteral("failed");
    case ActionEvent::State::Interrupted: break;
  }
  return QStringLiteral("no end in this range");
}

QString runResult(const runs::RunRecord& run) {
  const QString reason = runs::invalidReason(run);
  return reason.isEmpty() ? runs::outcomeText(run) : runs::outcomeText(run) + QStringLiteral(": ") + reason;
}

QString scoreValue(const runs::ScoreRow& row, double value) { return std::isnan(value) ? QStringLiteral("not measured") : valueText(value, row.unit); }
QString orDash(const char* text) { return *text ? QString::fromUtf8(text) : QStringLiteral("–"); }

}  // namespace

ReportTable aboutTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("About"), words({"what", "value"}), {}, {}, -1, {}};
  const auto add = [&](const char* name, const QString& text) {
    if (!text.trimmed().isEmpty()) table.rows.append({QString::fromLatin1(name), plainText(text)});
  };
  add("range", rangeText(snapshot));
  add("taken", utcText(snapshot.takenMs));
  add("profile", snapshot.environment.isEmpty() ? snapshot.profile : QStringLiteral("%1 (%2)").arg(snapshot.profile, snapshot.environment));
  add("snapshot", snapshot.id);
  add("Cachedeck", snapshot.console);
  return table;
}

ReportTable serversTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("Servers"), words({"source", "product", "version", "endpoint", "role"}), {}, {}, -1, QStringLiteral("No server answered when the snapshot was taken.")};
  for (const ServerFacts& server : snapshot.servers)
    table.rows.append({plainText(server.source), plainText(server.product), plainText(server.version), plainText(server.endpoint), plainText(server.role)});
  return table;
}

ReportTable figuresTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("Figures"), words({"metric", "", "min", "mean", "p95", "max", "last", "samples", "band"}), {false, false, true, true, true, true, true, true}, {}, 8, QStringLiteral("Nothing was measured in this range.")};
  for (const Figure& figure : figuresOf(snapshot)) {
    if (!figure.measured()) continue;
    const auto value = [&](double number) { return valueText(number, figure.metric->unit); };
    table.rows.append({QString(figure.metric->id), QString::fromUtf8(figure.metric->name), value(figure.min), value(figure.mean), value(figure.p95), value(figure.max), value(figure.last),
                       QString::number(figure.samples), bandText(figure)});
  }
  return table;
}

ReportTable marksTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("Marks of the charts"), words({"mark", "from", "to (UTC)", "what", "state"}), {true}, {}, -1, {}};
  const QList<ActionEvent> events = markedEvents(snapshot);
  if (events.size() < 2) return table;
  for (const ActionEvent& event : events) table.rows.append({QString::number(table.rows.size() + 1), clockText(event.fromMs), clockText(event.toMs), plainText(event.label), stateText(event.state)});
  return table;
}

ReportTable actionsTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("Actions"), words({"from", "to", "action", "state", "detail"}), {}, {}, -1, QStringLiteral("The journal has no action in this range.")};
  for (const ActionEvent& event : actionsOf(snapshot)) table.rows.append({clockText(event.fromMs), clockText(event.toMs), plainText(event.label), stateText(event.state), plainText(event.detail)});
  return table;
}

ReportTable runsTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("Load runs"), words({"begun (UTC)", "scenario", "length", "requests/s", "mean", "p95", "p99", "errors", "hit ratio", "result"}),
                    {false, false, true, true, true, true, true, true, true}, {}, -1, QStringLiteral("No load run touches this range.")};
  for (const runs::RunRecord& run : snapshot.runs) {
    const load::StepFigures& all = run.figures.all;
    const bool timed = load::isTimed(all);
    const auto latency = [&](double ns) { return timed ? nsText(ns) : QStringLiteral("–"); };
    table.rows.append({clockText(run.figures.startedMs), plainText(run.scenario), formatDuration(static_cast<double>(run.figures.elapsedMs) / 1000),
                       valueText(run.figures.perSecond(), Unit::PerSecond), latency(timed ? load::meanNs(all) : 0), latency(timed ? load::percentileNs(all, 95) : 0), latency(timed ? load::percentileNs(all, 99) : 0),
                       QString::number(all.failed), run.figures.hitRatio() < 0 ? QStringLiteral("–") : valueText(100 * run.figures.hitRatio(), Unit::Percent), plainText(runResult(run), 300)});
  }
  return table;
}

ReportTable missingTable(const Snapshot& snapshot) {
  ReportTable table{QStringLiteral("What is missing"), words({"what could not be had, and why"}), {}, {}, -1, QStringLiteral("Nothing that was asked for is missing.")};
  for (const QString& line : snapshot.missing) table.rows.append({plainText(line)});
  return table;
}

ReportTable scoreTable(const runs::Scorecard& card) {
  bool withBefore = false;
  for (const runs::ScoreLine& line : card.lines) withBefore |= !std::isnan(line.before);
  ReportTable table{QStringLiteral("Scorecard"), words({"metric", "reference before", "reference after", "target"}), {false, true, true, true}, {}, -1, {}};
  table.heading += withBefore ? words({"before", "after"}) : words({"measured"});
  table.heading += words({"met", "band"});
  table.right += withBefore ? QList<bool>{true, true} : QList<bool>{true};
  table.band = static_cast<int>(table.heading.size()) - 1;
  for (const runs::ScoreLine& line : card.lines) {
    QStringList cells{QString::fromUtf8(line.row->name), orDash(line.row->before), orDash(line.row->after), orDash(line.row->target)};
    if (withBefore) cells.append(scoreValue(*line.row, line.before));
    cells.append(scoreValue(*line.row, line.value));
    cells.append(!line.measured() ? QStringLiteral("–") : line.met ? QStringLiteral("yes") : QStringLiteral("no"));
    cells.append(line.banded ? levelWord(line.level) : QStringLiteral("–"));
    table.rows.append(cells);
  }
  return table;
}

ReportTable factsTable(const FactTable& facts) {
  ReportTable table{plainText(facts.title.isEmpty() ? facts.id : facts.title, 120), {}, {}, {}, -1, QStringLiteral("It had no rows.")};
  for (const FactTable::Column& column : facts.columns) {
    table.heading.append(plainText(column.unit.isEmpty() ? column.title : QStringLiteral("%1 (%2)").arg(column.title, column.unit), 120));
    table.right.append(column.isNumber);
  }
  if (facts.columns.isEmpty()) return table;
  for (const QStringList& row : facts.rows) {
    QStringList cells;
    for (qsizetype i = 0; i < facts.columns.size(); ++i) cells.append(plainText(row.value(i)));  // a damaged file's rows may be short or long
    table.rows.append(cells);
  }
  return table;
}

QString scoreSum(const runs::Scorecard& card) {
  return QStringLiteral("%1 of %2 measured targets met; %3 not measured.").arg(card.met).arg(card.measured).arg(card.lines.size() - card.measured);
}

QString worstOf(const QString& band) {
  static const QString worst = QStringLiteral(", worst "), then = QStringLiteral(" → ");
  QString level = band;
  for (const QString& part : {then, worst})
    if (const qsizetype at = level.lastIndexOf(part); at >= 0) level = level.mid(at + part.size());
  return level;
}

bool isOfAlerts(const FactTable& table) { return table.id.contains(QLatin1String("alert")); }

}  // namespace cachedeck::snapshot
