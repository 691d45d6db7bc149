// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/csv.h"

#include <algorithm>

namespace cachedeck {

namespace {

// A spreadsheet takes a cell that begins so for a formula; the wide forms count in some locales. An apostrophe of the text's own is doubled.
bool couldBeFormula(QChar first) {
  static const QString starts = QStringLiteral("=+-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20");
  return starts.contains(first);
}

QString quoted(QString cell) {
  static const QString special = QStringLiteral(",\"\r\n");
  const bool needed = std::any_of(cell.cbegin(), cell.cend(), [](QChar c) { return special.contains(c); });
  if (!needed) return cell;
  cell.replace(QLatin1Char('"'), QLatin1String("\"\""));
  return QLatin1Char('"') + cell + QLatin1Char('"');
}

}  // namespace

QString csvText(QString text) {
  text.replace(QChar(0), QLatin1String("\\x00"));  // many readers end at it
  if (!text.isEmpty() && couldBeFormula(text.front())) text.prepend(QLatin1Char('\''));
  return quoted(text);
}

}  // namespace cachedeck
