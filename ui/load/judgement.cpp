// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/judgement.h"

#include "core/base/amounts.h"
#include "core/metrics/format.h"
#include "core/runs/reports.h"
#include "ui/load/loadtext.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

using Row = RowList::Row;
using Tone = RowList::Tone;

QString tr(const char* text) { return QCoreApplication::translate("Load", text); }

/// Whether what it looks at was measured. Without a request a count of errors is 0 all the same, which says nothing of the service.
bool isMeasured(const load::ThresholdVerdict& verdict, const load::RunFigures& figures) {
  return verdict.known && (figures.all.requests > 0 || (!verdict.passed && figures.end != load::RunFigures::End::Failed));
}

Row thresholdRow(const load::ThresholdVerdict& verdict, bool measured) {
  const QString value = measured ? runs::thresholdValue(verdict) : tr("no samples");
  const Tone tone = !measured ? Tone::Quiet : verdict.passed ? Tone::Good : Tone::Critical;
  return {engineText(verdict.expression, 120), engineText(verdict.metric, 120), value, !measured ? QStringLiteral("clock") : verdict.passed ? QStringLiteral("check") : QStringLiteral("cross"), tone};
}

Row checkRow(const load::CheckFigures& check) {
  const std::uint64_t all = check.passed + check.failed;
  if (all == 0) return {engineText(check.name, 160), {}, tr("no samples"), QStringLiteral("clock"), Tone::Quiet};
  const bool good = check.failed == 0;
  return {engineText(check.name, 160), good ? QString() : tr("%1 of %2 failed").arg(countText(static_cast<qint64>(check.failed)), countText(static_cast<qint64>(all))),
          formatValue(100 * static_cast<double>(check.passed) / static_cast<double>(all), Unit::Percent), good ? QStringLiteral("check") : QStringLiteral("cross"), good ? Tone::Good : Tone::Warning};
}

/// How often it was seen first.
std::vector<std::pair<std::string, std::uint64_t>> examplesOf(const load::RunFigures& figures) {
  std::vector<std::pair<std::string, std::uint64_t>> examples(figures.failureExamples.begin(), figures.failureExamples.end());
  std::stable_sort(examples.begin(), examples.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return examples;
}

void addFailures(QList<Row>& rows, const load::RunFigures& figures) {
  rows.append(RowList::heading(tr("Failures"), figures.all.requests == 0 && figures.end != load::RunFigures::End::None ? tr("no requests") : figures.all.failed == 0 ? tr("none") : countText(static_cast<qint64>(figures.all.failed))));
  for (std::size_t kind = 0; kind < load::failureKindCount; ++kind)
    if (const std::uint64_t count = figures.failures[kind]) rows.append({QString::fromLatin1(load::failureName(static_cast<load::FailureKind>(kind))), {}, countText(static_cast<qint64>(count)), QStringLiteral("failed"), Tone::Critical});
  for (const auto& [text, count] : examplesOf(figures)) rows.append({engineText(text, 400), {}, countText(static_cast<qint64>(count)), {}, Tone::Quiet});
}

}  // namespace

QString thresholdsText(const load::RunFigures& figures) {
  int crossed = 0, unknown = 0;
  for (const auto& verdict : figures.thresholds) {
    const bool measured = isMeasured(verdict, figures);
    crossed += measured && !verdict.passed ? 1 : 0;
    unknown += measured ? 0 : 1;
  }
  const int all = static_cast<int>(figures.thresholds.size());
  if (all == 0) return tr("none");
  if (crossed > 0) return tr("%1 crossed").arg(crossed);
  if (unknown == all) return tr("not measured");
  if (figures.end == load::RunFigures::End::Stopped) return tr("none crossed so far");
  return unknown == 0 ? tr("all hold") : tr("%1 of %2 hold").arg(all - unknown).arg(all);
}

QList<Row> judgementRows(const load::RunFigures& figures) {
  QList<Row> rows{RowList::heading(tr("Thresholds"), thresholdsText(figures))};
  for (const auto& verdict : figures.thresholds) rows.append(thresholdRow(verdict, isMeasured(verdict, figures)));
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
