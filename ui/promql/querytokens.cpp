// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/querytokens.h"

namespace cachedeck {

namespace {

/// Behind the other quote, or at the end of the line, which only a raw text goes beyond.
int endOfText(const QString& query, int from, bool* isClosed) {
  const QChar quote = query[from];
  const bool isRaw = quote == QLatin1Char('`');
  const int size = static_cast<int>(query.size());
  for (int i = from + 1; i < size; ++i) {
    if (query[i] == quote) return i + 1;
    if (isRaw) continue;
    if (query[i] == QLatin1Char('\n')) return *isClosed = false, i;
    if (query[i] == QLatin1Char('\\')) ++i;
  }
  *isClosed = false;
  return size;
}

bool isTwoSigns(const QString& query, int at) {
  for (const char* pair : {"=~", "!~", "!=", "==", ">=", "<="})
    if (QStringView(query).mid(at, 2) == QLatin1String(pair)) return true;
  return false;
}

}  // namespace

bool isQueryWordPart(QChar c) { return (c.unicode() < 128 && c.isLetterOrNumber()) || c == QLatin1Char('_') || c == QLatin1Char(':'); }

std::vector<QueryToken> queryTokens(const QString& query) {
  using Kind = QueryToken::Kind;
  std::vector<QueryToken> tokens;
  const int size = static_cast<int>(query.size());
  for (int at = 0; at < size;) {
    const QChar c = query[at];
    QueryToken token{Kind::Sign, at, at + 1};
    if (c.isSpace()) {
      ++at;
      continue;
    }
    if (c == QLatin1Char('#')) {
      const qsizetype end = query.indexOf(QLatin1Char('\n'), at);
      token.kind = Kind::Comment;
      token.to = end < 0 ? size : static_cast<int>(end);
    } else if (c == QLatin1Char('"') || c == QLatin1Char('\'') || c == QLatin1Char('`')) {
      token.kind = Kind::Text;
      token.to = endOfText(query, at, &token.isClosed);
    } else if (isQueryWordPart(c)) {
      token.kind = c.isDigit() ? Kind::Number : Kind::Word;
      while (token.to < size && isQueryWordPart(query[token.to])) ++token.to;
    } else if (isTwoSigns(query, at)) {
      token.to = at + 2;
    }
    at = token.to;
    tokens.push_back(token);
  }
  return tokens;
}

}  // namespace cachedeck
