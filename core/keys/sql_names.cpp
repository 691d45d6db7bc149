// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/sql_names.h"

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds statementDeadline{60000};
constexpr int rowsAtOnce = 10000;

Error wrong(const QString& text, qsizetype at, const QString& what) {
  return fail(Error::Kind::Usage, QStringLiteral("The template “%1” is wrong at character %2: %3. Write for example product:{id}.").arg(text.left(80)).arg(at + 1).arg(what));
}

}  // namespace

Result<KeyTemplate> KeyTemplate::parse(const QString& text) {
  KeyTemplate form;
  QString piece;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    const bool brace = c == QLatin1Char('{') || c == QLatin1Char('}');
    if (brace && i + 1 < text.size() && text[i + 1] == c) {
      piece += c;
      ++i;
    } else if (c == QLatin1Char('}')) {
      return wrong(text, i, QStringLiteral("a } that nothing opens"));
    } else if (c == QLatin1Char('{')) {
      const qsizetype end = text.indexOf(QLatin1Char('}'), i);
      if (end < 0) return wrong(text, i, QStringLiteral("a { that is not closed"));
      if (end == i + 1) return wrong(text, i, QStringLiteral("no column in the braces"));
      form.m_texts.append(piece.toUtf8());
      form.m_columns.append(text.mid(i + 1, end - i - 1).toUtf8());
      piece.clear();
      i = end;
    } else {
      piece += c;
    }
  }
  form.m_texts.append(piece.toUtf8());
  if (form.m_columns.isEmpty()) return wrong(text, text.size(), QStringLiteral("no column in braces, so all rows would be the same key"));
  return form;
}

std::optional<QByteArray> KeyTemplate::expand(const PostgresRows& rows, int row, std::span<const int> columnOf) const {
  QByteArray name = m_texts.first();
  for (std::size_t i = 0; i < columnOf.size(); ++i) {
    if (rows.isNull(row, columnOf[i])) return {};
    const QByteArrayView value = rows.bytes(row, columnOf[i]);
    name.append(value.data(), value.size());
    name += m_texts[static_cast<qsizetype>(i) + 1];
  }
  return name;
}

Result<QList<QByteArray>> namesFromQuery(PostgresConnection& connection, const QString& sql, const KeyTemplate& form, qint64 most, const std::stop_token& stop) {
  const auto ask = [&](const QByteArray& statement) { return connection.query(statement, {}, Deadline(statementDeadline), stop); };
  // The cursor takes one statement and no more, and the transaction lets it only read: what was typed cannot change the database.
  for (const QByteArray& statement : {QByteArray("BEGIN READ ONLY"), "DECLARE cachedeck_names NO SCROLL CURSOR FOR " + sql.toUtf8()})
    if (const Result<PostgresRows> begun = ask(statement); !begun) return begun.error();
  QList<QByteArray> names;
  std::vector<int> columnOf;
  for (;;) {
    const Result<PostgresRows> rows = ask("FETCH " + QByteArray::number(rowsAtOnce) + " FROM cachedeck_names");
    if (!rows) return rows.error();
    if (columnOf.empty())
      for (const QByteArray& column : form.columns()) {
        columnOf.push_back(rows->column(column.constData()));
        if (columnOf.back() < 0) return fail(Error::Kind::Usage, QStringLiteral("The query has no column “%1”, which the template names.").arg(QString::fromUtf8(column).left(80)));
      }
    for (int row = 0; row < rows->rows(); ++row)
      if (std::optional<QByteArray> name = form.expand(*rows, row, columnOf)) names.append(std::move(*name));
    if (names.size() > most) return fail(Error::Kind::Usage, QStringLiteral("The query gives more than %1 rows. Narrow it.").arg(most));
    if (rows->rows() < rowsAtOnce) break;
  }
  if (const Result<PostgresRows> over = ask("ROLLBACK"); !over) return over.error();
  return names;
}

}  // namespace cachedeck::keys
