// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_journal.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/load/step_latency.h"
#include "core/metrics/format.h"

#include <cmath>

namespace cachedeck::runs {

namespace {

using load::RunFigures;

constexpr qsizetype longestProblem = 1000;

QString outcomeOf(const RunFigures& figures) {
  switch (figures.end) {
    case RunFigures::End::Completed: return QStringLiteral("done");
    case RunFigures::End::Stopped: return QStringLiteral("cancelled");
    case RunFigures::End::None:
    case RunFigures::End::ThresholdAborted:
    case RunFigures::End::Failed: break;
  }
  return QStringLiteral("failed");
}

QString p95Of(const RunFigures& figures) {
  const double seconds = load::isTimed(figures.all) ? load::percentileNs(figures.all, 95) / 1e9 : NAN;
  return std::isfinite(seconds) ? formatValue(seconds, Unit::Seconds) : QStringLiteral("–");
}

QString resultText(const RunRecord& record) {
  const RunFigures& figures = record.figures;
  if (!figures.problem.empty()) return printable(QByteArray::fromStdString(figures.problem), longestProblem);
  const QString counts = QStringLiteral("%1: %2 requests, %3 failed, p95 %4").arg(record.scenario, QString::number(figures.all.requests), QString::number(figures.all.failed), p95Of(figures));
  return figures.end == RunFigures::End::ThresholdAborted ? counts + QStringLiteral(", ended by a threshold") : counts;
}

JournalEntry endOf(const JournalEntry& begin, const QString& outcome, const QString& text) {
  JournalEntry end = begin;
  end.sequence = end.wallMs = 0;  // the journal sets its own
  end.phase = QStringLiteral("end");
  end.outcome = outcome;
  end.text = text;
  return end;
}

}  // namespace

JournalEntry loadBegin(const RunRecord& record, const QString& redis) {
  QStringList where{record.environment, record.url.isEmpty() ? QStringLiteral("cache-aside workload") : record.url, redis};
  where.removeAll(QString());
  JournalEntry entry;
  entry.action = QStringLiteral("load.run");
  entry.phase = QStringLiteral("begin");
  entry.operation = record.id;
  entry.profile = record.profile;
  entry.where = where.join(QLatin1Char(' '));
  entry.text = record.scenario;
  return entry;
}

JournalEntry loadEnd(const JournalEntry& begin, const RunRecord& record) { return endOf(begin, outcomeOf(record.figures), resultText(record)); }

JournalEntry loadNotStarted(const JournalEntry& begin, const QString& problem) { return endOf(begin, QStringLiteral("failed"), printable(problem, longestProblem)); }

std::optional<JournalEntry> writeEnd(Journal& journal, const JournalEntry& end) {
  if (Result<JournalEntry> written = journal.append(end)) return std::move(*written);
  else qCWarning(lcApp).noquote() << "How the load run" << end.operation << "ended was not written to the journal:" << written.error().message;
  return std::nullopt;
}

}  // namespace cachedeck::runs
