// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/facts_json.h"

#include "core/base/text.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

/// [a-z0-9-], at most 64.
bool isFactsId(const QString& id) {
  return !id.isEmpty() && id.size() <= 64 && id[0] != QLatin1Char('-') &&
         std::ranges::all_of(id, [](QChar c) { return (c >= QLatin1Char('a') && c <= QLatin1Char('z')) || (c >= QLatin1Char('0') && c <= QLatin1Char('9')) || c == QLatin1Char('-'); });
}

/// A finite number in C locale, or empty: such a cell may stand in a spreadsheet as it is.
bool isNumberCell(const QString& cell) {
  if (cell.isEmpty()) return true;
  const QByteArray text = cell.toLatin1();
  double number = 0;
  const auto [after, code] = std::from_chars(text.constData(), text.constData() + text.size(), number);
  return code == std::errc() && after == text.constData() + text.size() && std::isfinite(number);
}

bool isNumberColumn(const FactTable& table, qsizetype column) {
  return table.columns[column].isNumber && std::ranges::all_of(table.rows, [column](const QStringList& row) { return isNumberCell(row[column]); });
}

QJsonArray columnsToJson(const FactTable& table) {
  QJsonArray columns;
  for (qsizetype i = 0; i < table.columns.size(); ++i)
    columns.append(QJsonObject{{QStringLiteral("title"), table.columns[i].title}, {QStringLiteral("number"), isNumberColumn(table, i)}, {QStringLiteral("unit"), table.columns[i].unit}});
  return columns;
}

Result<QList<FactTable::Column>> columnsFrom(const QJsonArray& json, const QString& where) {
  QList<FactTable::Column> columns;
  for (const QJsonValue& value : json) {
    Fields fields(value.toObject(), QStringLiteral("a column of ") + where);
    columns.append({fields.text("title"), fields.flag("number"), fields.text("unit")});
    if (fields.problem()) return *fields.problem();
  }
  return columns;
}

Result<QStringList> rowFrom(const QJsonArray& cells, const FactTable& table, const QString& where) {
  if (cells.size() != table.columns.size()) return reason(QStringLiteral("%1 has %2 cells for %3 columns").arg(where).arg(cells.size()).arg(table.columns.size()));
  QStringList row;
  row.reserve(cells.size());
  for (qsizetype i = 0; i < cells.size(); ++i) {
    const QJsonValue cell = cells[i];
    if (!cell.isString()) return reason(QStringLiteral("%1, column %2 is not a text").arg(where).arg(i + 1));
    if (table.columns[i].isNumber && !isNumberCell(cell.toString())) return reason(QStringLiteral("%1, column %2: “%3” is no number").arg(where, QString::number(i + 1), printable(cell.toString(), 40)));
    row.append(cell.toString());
  }
  return row;
}

}  // namespace

QString factsFault(const FactTable& table) {
  if (!isFactsId(table.id)) return QStringLiteral("“%1” is no id of a table").arg(printable(table.id, 60));
  if (table.keys < 0 || table.keys > table.columns.size()) return QStringLiteral("it has %1 columns, and %2 of them name a row").arg(table.columns.size()).arg(table.keys);
  for (qsizetype i = 0; i < table.rows.size(); ++i)
    if (table.rows[i].size() != table.columns.size()) return QStringLiteral("row %1 has %2 cells for %3 columns").arg(i + 1).arg(table.rows[i].size()).arg(table.columns.size());
  return {};
}

QByteArray factsBytes(const FactTable& table) {
  QJsonArray rows;
  for (const QStringList& row : table.rows) rows.append(QJsonArray::fromStringList(row));
  const QJsonObject json{{QStringLiteral("id"), table.id}, {QStringLiteral("title"), table.title}, {QStringLiteral("keys"), table.keys},
                         {QStringLiteral("columns"), columnsToJson(table)}, {QStringLiteral("rows"), rows}};
  return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

Result<FactTable> factsFromBytes(const QByteArray& bytes, const QByteArray& id, JsonRoom& left) {
  const QString member = QString::fromLatin1(memberIn(factsFolder, id));
  const auto json = parsedObject(bytes, member, left);
  if (!json) return json.error();
  Fields fields(*json, member);
  FactTable table{fields.text("id"), fields.text("title"), 0, {}, {}};
  const QJsonArray columns = fields.array("columns"), rows = fields.array("rows");
  table.keys = static_cast<int>(fields.whole("keys", 0, columns.size()));
  if (fields.problem()) return *fields.problem();
  if (table.id != QLatin1String(id) || !isFactsId(table.id)) return reason(QStringLiteral("the id in %1 is “%2”").arg(member, printable(table.id, 60)));
  auto readColumns = columnsFrom(columns, member);
  if (!readColumns) return readColumns.error();
  table.columns = std::move(*readColumns);
  table.rows.reserve(rows.size());
  for (qsizetype i = 0; i < rows.size(); ++i) {
    auto row = rowFrom(rows[i].toArray(), table, QStringLiteral("%1, row %2").arg(member).arg(i + 1));
    if (!row) return row.error();
    table.rows.append(std::move(*row));
  }
  return table;
}

}  // namespace cachedeck::snapshot
