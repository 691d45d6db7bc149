// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/promql_names.h"

#include <QRegularExpression>
#include <QSet>

namespace cachedeck::doctor {

namespace {

/// Without strings, label matchers, ranges and label lists, in which words are no metrics.
QString bare(QString promql) {
  static const QRegularExpression strings(QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`"));
  static const QRegularExpression comments(QStringLiteral("#[^\\n]*"));
  static const QRegularExpression braces(QStringLiteral("\\{[^{}]*\\}|\\[[^\\[\\]]*\\]"));
  static const QRegularExpression labels(QStringLiteral("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^()]*\\)"), QRegularExpression::CaseInsensitiveOption);
  return promql.replace(strings, QStringLiteral(" ")).replace(comments, QStringLiteral(" ")).replace(braces, QStringLiteral(" ")).replace(labels, QStringLiteral(" "));
}

}  // namespace

QStringList metricNames(const QString& promql) {
  // Not after a digit, which makes it a duration, and not before a parenthesis, which makes it a function.
  static const QRegularExpression word(QStringLiteral("(?<![A-Za-z0-9_:.])[A-Za-z_:][A-Za-z0-9_:]*(?![A-Za-z0-9_:]*\\s*\\()"));
  static const QSet<QString> operators{QStringLiteral("and"),  QStringLiteral("or"),  QStringLiteral("unless"),     QStringLiteral("bool"),        QStringLiteral("offset"), QStringLiteral("by"),
                                       QStringLiteral("on"),   QStringLiteral("inf"), QStringLiteral("nan"),        QStringLiteral("atan2"),       QStringLiteral("without"), QStringLiteral("ignoring"),
                                       QStringLiteral("group_left"), QStringLiteral("group_right")};
  QStringList names;
  QRegularExpressionMatchIterator matches = word.globalMatch(bare(promql));
  while (matches.hasNext()) {
    const QString name = matches.next().captured();
    if (!operators.contains(name.toLower()) && !names.contains(name)) names += name;
  }
  return names;
}

bool allowsForMissing(const QString& promql) {
  static const QRegularExpression way(QStringLiteral("\\b(or|unless|absent|absent_over_time)\\b"), QRegularExpression::CaseInsensitiveOption);
  return way.match(bare(promql)).hasMatch();
}

}  // namespace cachedeck::doctor
