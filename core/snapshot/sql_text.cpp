// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/sql_text.h"

#include <QRegularExpression>

namespace cachedeck::snapshot {

namespace {

bool isWord(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_'); }

/// Behind the quote that ends a literal or a quoted name which begins at `at`.
qsizetype endOfQuoted(const QString& sql, qsizetype at, bool backslashes) {
  const QChar quote = sql[at++];
  for (; at < sql.size(); ++at) {
    if (backslashes && sql[at] == QLatin1Char('\\'))
      ++at;
    else if (sql[at] == quote && (at + 1 >= sql.size() || sql[at + 1] != quote))
      return at + 1;
    else if (sql[at] == quote)
      ++at;
  }
  return sql.size();
}

qsizetype endOfComment(const QString& sql, qsizetype at) {
  if (sql[at] == QLatin1Char('-')) {
    const qsizetype line = sql.indexOf(QLatin1Char('\n'), at);
    return line < 0 ? sql.size() : line;
  }
  int depth = 0;  // PostgreSQL nests them
  for (; at + 1 < sql.size(); ++at) {
    if (sql[at] == QLatin1Char('/') && sql[at + 1] == QLatin1Char('*')) ++depth, ++at;
    else if (sql[at] == QLatin1Char('*') && sql[at + 1] == QLatin1Char('/') && (++at, --depth == 0)) return at + 1;
  }
  return sql.size();
}

/// The opening "$tag$" at `at`, or empty; $1 is a parameter.
QString dollarTag(const QString& sql, qsizetype at) {
  static const QRegularExpression form(QStringLiteral("\\G\\$(?:[^\\W\\d]\\w*)?\\$"));
  return form.match(sql, at).captured();
}

bool beginsComment(const QString& sql, qsizetype at) {
  const QStringView two = QStringView(sql).mid(at, 2);
  return two == QLatin1String("--") || two == QLatin1String("/*");
}

}  // namespace

QString withoutLiterals(const QString& sql) {
  const QString hidden = QStringLiteral("'…'");
  QString out;
  for (qsizetype at = 0; at < sql.size();) {
    const QChar c = sql[at];
    const QChar before = at > 0 ? sql[at - 1] : QChar();
    if (c == QLatin1Char('\'')) {
      const bool escapes = (before == QLatin1Char('E') || before == QLatin1Char('e')) && (at < 2 || !isWord(sql[at - 2]));
      at = endOfQuoted(sql, at, escapes);
      out += hidden;
    } else if (c == QLatin1Char('"')) {
      const qsizetype end = endOfQuoted(sql, at, false);
      out += QStringView(sql).mid(at, end - at);
      at = end;
    } else if (beginsComment(sql, at)) {
      at = endOfComment(sql, at);
      out += QLatin1Char(' ');
    } else if (const QString tag = c == QLatin1Char('$') && !isWord(before) ? dollarTag(sql, at) : QString(); !tag.isEmpty()) {
      const qsizetype end = sql.indexOf(tag, at + tag.size());
      at = end < 0 ? sql.size() : end + tag.size();
      out += hidden;
    } else {
      out += c;
      ++at;
    }
  }
  return out.simplified();
}

}  // namespace cachedeck::snapshot
