// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/doctor/reportmarkdown.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/doctor/check.h"

#include <QCoreApplication>
#include <QSet>

namespace cachedeck {

using doctor::Finding;
using doctor::Severity;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("ReportMarkdown", text); }

/// As text of a line, whatever is in it.
QString escaped(const QString& text) {
  QString out;
  for (const QChar c : text.simplified()) {
    if (QStringLiteral("\\`*_{}[]<>#|~!&").contains(c)) out += QLatin1Char('\\');
    out += c;
  }
  return out;
}

QString listOf(const QString& title, const QStringList& texts) {
  if (texts.isEmpty()) return {};
  QString out = QStringLiteral("\n## %1\n\n").arg(title);
  for (const QString& text : texts) out += QStringLiteral("- %1\n").arg(escaped(text));
  return out;
}

}  // namespace

QString severityTitle(Severity severity) {
  switch (severity) {
    case Severity::Critical: return tr("Critical");
    case Severity::Warning: return tr("Warnings");
    case Severity::Info: break;
  }
  return tr("Good to know");
}

QStringList quietChecks(const doctor::Report& report) {
  QStringList titles;
  if (report.looked.isEmpty()) return titles;
  QSet<QString> loud;
  for (const Finding& one : report.findings) loud.insert(one.check);
  for (const doctor::Check& check : doctor::checkTable())
    if (!loud.contains(QLatin1String(check.id))) titles << QString::fromUtf8(check.title);
  return titles;
}

QString reportMarkdown(const doctor::Report& report, const QString& profile, qint64 examinedMs) {
  QString out = QStringLiteral("# %1\n\n").arg(tr("Examination of %1").arg(escaped(profile)));
  out += tr("Examined at %1").arg(instantText(examinedMs)) + QStringLiteral(".\n");
  for (const Severity severity : {Severity::Critical, Severity::Warning, Severity::Info}) {
    QString section;
    for (const Finding& one : report.findings) {
      if (one.severity != severity) continue;
      section += QStringLiteral("\n- **%1** (%2)\n").arg(escaped(one.finding), escaped(one.check));
      if (!one.evidence.isEmpty()) section += QStringLiteral("  - %1: %2\n").arg(tr("Seen"), escaped(one.evidence));
      if (!one.remedy.isEmpty()) section += QStringLiteral("  - %1: %2\n").arg(tr("To do"), escaped(one.remedy));
    }
    if (!section.isEmpty()) out += QStringLiteral("\n## %1\n").arg(severityTitle(severity)) + section;
  }
  if (report.findings.isEmpty() && !report.looked.isEmpty()) out += QLatin1Char('\n') + tr("Nothing was found.") + QLatin1Char('\n');
  return out + listOf(tr("Looked at"), report.looked) + listOf(tr("Could not be looked at"), report.missing);
}

}  // namespace cachedeck
