// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/runs/json_numbers.h"
#include "core/runs/report_parts.h"

#include <algorithm>

namespace cachedeck::runs {

namespace {

/// Nothing has a tick that was never measured.
QString mark(bool passed, bool measured) { return !passed ? QStringLiteral("✗") : measured ? QStringLiteral("✓") : QStringLiteral("–"); }

QString dotted(const Facts& facts) {
  qsizetype width = 0;
  for (const auto& [name, text] : facts) width = std::max(width, name.size());
  QString lines;
  for (const auto& [name, text] : facts) lines += QStringLiteral("    %1: %2\n").arg(name.leftJustified(width + 3, QLatin1Char('.')), text);
  return lines;
}

QString section(const char* title, const QString& body) { return body.isEmpty() ? QString() : QStringLiteral("\n  %1\n").arg(QLatin1String(title)) + body; }

QString thresholdLines(const load::RunFigures& figures) {
  QString lines;
  for (const auto& verdict : figures.thresholds)
    lines += QStringLiteral("    %1 %2  %3  %4\n")
                 .arg(mark(verdict.passed, verdict.known), redact(printable(textOf(verdict.metric), 80)), redact(printable(textOf(verdict.expression), 80)),
                      verdict.known ? thresholdValue(verdict) : QStringLiteral("no samples"));
  return lines;
}

QString checkLines(const load::RunFigures& figures) {
  QString lines;
  for (const auto& check : figures.checks) {
    const bool measured = check.passed + check.failed > 0;
    lines += QStringLiteral("    %1 %2").arg(mark(check.failed == 0, measured), redact(printable(textOf(check.name), 80)));
    if (!measured) lines += QStringLiteral("  no samples");
    if (check.failed) lines += QStringLiteral("  %1 of %2 failed").arg(check.failed).arg(check.failed + check.passed);
    lines += QLatin1Char('\n');
  }
  return lines;
}

QString markLines(const load::RunFigures& figures) {
  QString lines;
  for (const auto& one : figures.marks) lines += QStringLiteral("    %1 s  %2\n").arg(static_cast<double>(one.atMs) / 1000, 8, 'f', 1).arg(redact(printable(textOf(one.text), 160)));
  return lines;
}

QString tableIfAny(const TextTable& table) { return table.isEmpty() ? QString() : table.aligned(4); }

}  // namespace

QString terminalSummary(const RunRecord& record) {
  QString text = QStringLiteral("\n  %1\n").arg(titleOf(record)) + dotted(factsOf(record));
  text += section("THRESHOLDS", thresholdLines(record.figures));
  text += section("CHECKS", checkLines(record.figures));
  text += section("FIGURES", dotted(figureFacts(record)));
  if (record.figures.steps.size() > 1) text += section("STEPS", stepTable(record).aligned(4));
  text += section("FAILURES", tableIfAny(failureTable(record)));
  text += section("EVENTS", markLines(record.figures));
  if (const QString end = endText(record); !end.isEmpty()) text += QStringLiteral("\n  ! ") + end + QLatin1Char('\n');
  if (!record.figures.limited.empty()) text += QStringLiteral("\n  ! This result is not valid: %1\n").arg(invalidReason(record));
  return text;
}

}  // namespace cachedeck::runs
