// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace cachedeck {

/// A word, number, quoted text, comment or sign of a query.
struct QueryToken {
  enum class Kind { Word, Number, Text, Comment, Sign };
  Kind kind;
  int from, to;
  bool isClosed = true;  ///< a text: it has both quotes

  QString of(const QString& query) const { return query.mid(from, to - from); }
  bool isWord() const { return kind == Kind::Word; }
};

/// Of any text, also of one that is no query yet.
std::vector<QueryToken> queryTokens(const QString& query);
/// A letter, digit, "_" or ":".
bool isQueryWordPart(QChar c);

}  // namespace cachedeck
