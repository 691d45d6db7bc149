// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/selector.h"

#include "core/base/text.h"

#include <QRegularExpression>
#include <QStringList>

namespace cachedeck {

QString promQuoted(const QString& text) {
  QString quoted = text;
  quoted.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
  quoted.replace(QLatin1Char('"'), QStringLiteral("\\\""));
  quoted.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
  return QLatin1Char('"') + quoted + QLatin1Char('"');
}

Result<QString> normalizedSelector(const QString& text) {
  static const QRegularExpression matcher(
      QStringLiteral("\\G\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*(=~|!~|!=|=)\\s*(\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')\\s*(,|\\z)"));
  QString inner = text.trimmed();
  if (inner.startsWith(QLatin1Char('{')) && inner.endsWith(QLatin1Char('}'))) inner = inner.mid(1, inner.size() - 2).trimmed();
  QStringList parts;
  for (qsizetype at = 0; at < inner.size();) {
    const QRegularExpressionMatch match = matcher.match(inner, at, QRegularExpression::NormalMatch);
    if (!match.hasMatch())
      return fail(Error::Kind::Usage, QStringLiteral("The selector “%1” is not a list of label matchers. An example is instance=\"10.0.0.5:9121\".").arg(printable(text, 120)));
    parts += match.captured(1) + match.captured(2) + match.captured(3);
    at = match.capturedEnd();
  }
  return parts.join(QLatin1Char(','));
}

QString filledPromql(const QString& promql, const QString& selector, qint64 windowSeconds) {
  QString filled = promql;
  // In this order: a selector's text may hold anything, and is not to be searched for the window.
  filled.replace(QLatin1String("$window"), QString::number(windowSeconds) + QLatin1Char('s'));
  if (selector.isEmpty()) filled.replace(QLatin1String("$selector,"), QString());
  return filled.replace(QLatin1String("$selector"), selector);
}

}  // namespace cachedeck
