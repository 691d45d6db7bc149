// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/judgement.h"

#include "core/metrics/format.h"
#include "core/runs/reports.h"
#include "core/keys/key_text.h"
#include "ui/load/loadtext.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

using Row = RowList::Row;
using Tone = RowList::Tone;

QString tr(const char* text) { return QCoreApplication::translate("Load", text); }

Row thresholdRow(const load::ThresholdVerdict& verdict) {
  const QString value = verdict.known ? runs::thresholdValue(verdict) : tr("no samples");
  const Tone tone = !verdict.known ? Tone::Quiet : verdict.passed ? Tone::Good : Tone::Critical;
  return {engineText(verdict.expression, 120), engineText(verdict.metric, 120), value, !verdict.known ? QStringLiteral("clock") : verdict.passed ? QStringLiteral("check") : QStringLiteral("cross"), tone};
}

Row checkRow(const load::CheckFigures& check) {
  const double all = static_cast<double>(check.passed + check.failed);
  const bool good = check.failed == 0;
  return {engineText(check.name, 160), good ? QString() : tr("%1 of %2 failed").arg(countText(static_cast<qint64>(check.failed)), countText(static_cast<qint64>(check.passed + check.failed))),
          all > 0 ? formatValue(100 * static_cast<double>(check.passed) / all, Unit::Percent) : QStringLiteral("–"), good ? QStringLiteral("check") : QStringLiteral("cross"),
          all == 0 ? Tone::Quiet : good ? Tone::Good : Tone::Warning};
}

/// How often it was seen first.
std::vector<std::pair<std::string, std::uint64_t>> examplesOf(const load::RunFigures& figures) {
  std::vector<std::pair<std::string, std::uint64_t>> examples(figures.failureExamples.begin(), figures.failureExamples.end());
  std::stable_sort(examples.begin(), examples.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return examples;
}

void addFailures(QList<Row>& rows, const load::RunFigures& figures) {
  rows.append(RowList::heading(tr("Failures"), figures.all.failed == 0 ? tr("none") : countText(static_cast<qint64>(figures.all.failed))));
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    if (const std::uint64_t count = figures.failures[kind]) rows.append({QString::fromLatin1(load::failureName(static_cast<load::FailureKind>(kind))), {}, countText(static_cast<qint64>(count)), QStringLiteral("failed"), Tone::Critical});
  for (const auto& [text, count] : examplesOf(figures)) rows.append({engineText(text, 400), {}, countText(static_cast<qint64>(count)), {}, Tone::Quiet});
}

}  // namespace

QList<Row> judgementRows(const load::RunFigures& figures) {
  QList<Row> rows;
  const auto failed = std::count_if(figures.thresholds.begin(), figures.thresholds.end(), [](const auto& verdict) { return !verdict.passed; });
  rows.append(RowList::heading(tr("Thresholds"), figures.thresholds.empty() ? tr("none") : failed == 0 ? tr("all hold") : tr("%1 crossed").arg(failed)));
  for (const auto& verdict : figures.thresholds) rows.append(thresholdRow(verdict));
  addFailures(rows, figures);
  if (!figures.checks.empty()) rows.append(RowList::heading(tr("Checks")));
  for (const auto& check : figures.checks) rows.append(checkRow(check));
  if (!figures.marks.empty()) rows.append(RowList::heading(tr("What happened")));
  for (auto mark = figures.marks.rbegin(); mark != figures.marks.rend(); ++mark) rows.append({engineText(mark->text, 200), {}, clockText(mark->atMs), {}, Tone::Quiet});
  return rows;
}

QString doubtsOf(const load::RunFigures& figures) {
  if (!figures.problem.empty()) return engineText(figures.problem, 600);
  return engineText(figures.limited, 600);
}

}  // namespace cachedeck
