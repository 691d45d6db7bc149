// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/runs/json_numbers.h"
#include "core/runs/report_parts.h"

namespace cachedeck::runs {

namespace {

QString factTable(const Facts& facts, const QString& first, const QString& second) {
  TextTable table({first, second});
  for (const auto& [name, text] : facts) table.add({name, text});
  return table.markdown();
}

QString section(const char* title, const TextTable& table) {
  return table.isEmpty() ? QString() : QStringLiteral("\n## %1\n\n").arg(QLatin1String(title)) + table.markdown();
}

TextTable thresholdTable(const load::RunFigures& figures) {
  TextTable table({QStringLiteral("threshold"), QStringLiteral("wanted"), QStringLiteral("value"), QStringLiteral("passed")});
  for (const auto& verdict : figures.thresholds)
    table.add({redact(textOf(verdict.metric)), redact(textOf(verdict.expression)), verdict.known ? thresholdValue(verdict) : QStringLiteral("no samples"),
               !verdict.passed ? QStringLiteral("no") : verdict.known ? QStringLiteral("yes") : QStringLiteral("–")});
  return table;
}

TextTable checkTable(const load::RunFigures& figures) {
  TextTable table({QStringLiteral("check"), QStringLiteral("passed"), QStringLiteral("failed")});
  for (const auto& check : figures.checks) table.add({redact(textOf(check.name)), QString::number(check.passed), QString::number(check.failed)});
  return table;
}

TextTable markTable(const load::RunFigures& figures) {
  TextTable table({QStringLiteral("event"), QStringLiteral("at")});
  for (const auto& mark : figures.marks) table.add({redact(textOf(mark.text)), QStringLiteral("%1 s").arg(static_cast<double>(mark.atMs) / 1000, 0, 'f', 1)});
  return table;
}

}  // namespace

QString markdownReport(const RunRecord& record) {
  QString text = QStringLiteral("# Load run: %1\n\n").arg(markdownText(titleOf(record)));
  const QString invalid = invalidReason(record), end = endText(record);
  if (!invalid.isEmpty()) text += QStringLiteral("> **Not valid.** %1\n\n").arg(markdownText(invalid));
  if (!end.isEmpty() && end != invalid) text += QStringLiteral("> %1\n\n").arg(markdownText(end));
  text += factTable(factsOf(record), QStringLiteral("run"), QStringLiteral("value"));
  text += section("Thresholds", thresholdTable(record.figures));
  text += QStringLiteral("\n## Figures\n\n") + factTable(figureFacts(record), QStringLiteral("figure"), QStringLiteral("value"));
  if (record.figures.steps.size() > 1) text += section("Steps", stepTable(record));
  text += section("Checks", checkTable(record.figures));
  text += section("Failures", failureTable(record));
  text += section("Events", markTable(record.figures));
  return text;
}

}  // namespace cachedeck::runs
