// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_connection.h"

#include <QByteArray>
#include <QList>

namespace cachedeck::keys {

/// "product:{id}:{lang}": text with the columns of a query in it. {{ and }} are braces themselves.
class KeyTemplate {
 public:
  /// Usage error with the position of what is wrong; one column at least.
  static Result<KeyTemplate> parse(const QString& text);
  const QByteArrayList& columns() const { return m_columns; }
  /// The name of a key; nothing where one of the columns is NULL. `columnOf`: where each of columns() stands in the rows.
  std::optional<QByteArray> expand(const PostgresRows& rows, int row, std::span<const int> columnOf) const;

 private:
  QByteArrayList m_texts;  // before, between and after the columns
  QByteArrayList m_columns;
};

/// The keys that a query's rows stand for, read through a cursor in a transaction that only reads. Usage error when the query lacks a column of the template, or gives more than `most` rows.
Result<QList<QByteArray>> namesFromQuery(PostgresConnection& connection, const QString& sql, const KeyTemplate& form, qint64 most, const std::stop_token& stop);

}  // namespace cachedeck::keys
