// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>

#include <initializer_list>
#include <optional>
#include <vector>

namespace cachedeck {

/// The text values of a result, in one block of memory. Rows and columns count from 0; what lies outside reads as null.
class PostgresRows {
 public:
  explicit PostgresRows(QByteArrayList columns = {}) : m_columns(std::move(columns)) {}

  int rows() const { return m_columns.isEmpty() ? 0 : static_cast<int>(m_ends.size() / static_cast<size_t>(m_columns.size())); }
  /// The position of a column, -1 when there is none of this name.
  int column(const char* name) const { return static_cast<int>(m_columns.indexOf(QByteArray(name))); }

  bool isNull(int row, int column) const;
  QByteArrayView bytes(int row, int column) const;
  QString text(int row, int column) const { return QString::fromUtf8(bytes(row, column)); }
  /// NaN for null and for what is no number.
  double number(int row, int column) const;
  std::optional<qint64> integer(int row, int column) const;
  bool flag(int row, int column) const { return bytes(row, column) == "t"; }

  /// Appends the next value of the row under way; std::nullopt is null.
  void add(std::optional<QByteArrayView> value);
  /// Bytes held, for limits.
  size_t size() const { return m_block.size() + m_ends.size() * sizeof(m_ends.front()); }

 private:
  struct End {
    quint32 offset : 31;
    quint32 null : 1;
  };
  const End* cell(int row, int column, quint32& start) const;

  QByteArrayList m_columns;
  std::vector<char> m_block;
  std::vector<End> m_ends;  ///< one a value, row by row: where it ends in the block
};

}  // namespace cachedeck
