// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace cachedeck::runs {

/// Rows of cells; the first is the heading. Texts of servers in cells are made printable here.
class TextTable {
 public:
  explicit TextTable(QStringList heading) : m_rows{std::move(heading)} {}
  void add(QStringList cells) { m_rows.append(std::move(cells)); }
  bool isEmpty() const { return m_rows.size() < 2; }

  /// Columns aligned, the first to the left, the others to the right; `indent` spaces before each line.
  QString aligned(int indent = 2) const;
  /// A table of GitHub's Markdown; whatever is markup in a cell is escaped.
  QString markdown() const;

 private:
  QList<QStringList> m_rows;
};

/// Text as plain text of Markdown: no markup, no HTML, one line.
QString markdownText(const QString& text);

}  // namespace cachedeck::runs
