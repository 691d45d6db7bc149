// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/report_json.h"

#include <QJsonArray>

namespace cachedeck::doctor {

namespace {

QString titleOf(Severity severity) {
  switch (severity) {
    case Severity::Info: return QStringLiteral("Good to know");
    case Severity::Warning: return QStringLiteral("Warnings");
    case Severity::Critical: break;
  }
  return QStringLiteral("Critical");
}

QString section(const Findings& findings, Severity severity) {
  QString text;
  for (const Finding& one : findings) {
    if (one.severity != severity) continue;
    text += QStringLiteral("\n  %1  [%2]\n      seen:    %3\n      to do:   %4\n").arg(one.finding, one.check, one.evidence.isEmpty() ? QStringLiteral("–") : one.evidence, one.remedy);
  }
  return text.isEmpty() ? text : titleOf(severity) + QLatin1Char('\n') + text + QLatin1Char('\n');
}

}  // namespace

QJsonObject reportJson(const Report& report) {
  QJsonArray findings;
  for (const Finding& one : report.findings)
    findings.append(QJsonObject{{QStringLiteral("check"), one.check}, {QStringLiteral("severity"), severityName(one.severity)}, {QStringLiteral("finding"), one.finding}, {QStringLiteral("evidence"), one.evidence}, {QStringLiteral("remedy"), one.remedy}});
  return {{QStringLiteral("findings"), findings}, {QStringLiteral("looked"), QJsonArray::fromStringList(report.looked)}, {QStringLiteral("missing"), QJsonArray::fromStringList(report.missing)}};
}

QString reportText(const Report& report) {
  QString text;
  for (const Severity severity : {Severity::Critical, Severity::Warning, Severity::Info}) text += section(report.findings, severity);
  if (report.findings.isEmpty()) text += QStringLiteral("Nothing was found.\n\n");
  text += report.looked.isEmpty() ? QStringLiteral("No server could be reached.\n") : QStringLiteral("Looked at: %1.\n").arg(report.looked.join(QLatin1String("; ")));
  for (const QString& sentence : report.missing) text += QStringLiteral("Not looked at: %1\n").arg(sentence);
  return text;
}

}  // namespace cachedeck::doctor
