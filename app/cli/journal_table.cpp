// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/journal_table.h"

#include "core/base/amounts.h"
#include "core/base/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QSet>

#include <array>
#include <cmath>

namespace cachedeck {

namespace {

constexpr qsizetype columns = 7;
constexpr qsizetype longestText = 2000;
using Row = std::array<QString, columns>;

QString text(const char* source) { return QCoreApplication::translate("JournalCommand", source); }

QString localTime(qint64 wallMs) {
  QDateTime time = QDateTime::fromMSecsSinceEpoch(wallMs);
  time.setOffsetFromUtc(time.offsetFromUtc());  // so that the offset is written too
  return time.toString(Qt::ISODate).replace(QLatin1Char('T'), QLatin1Char(' '));
}

QString numberText(double number) {
  QLocale locale = QLocale::c();
  locale.setNumberOptions(QLocale::DefaultNumberOptions);  // with separators of thousands
  const bool whole = std::floor(number) == number && std::fabs(number) < 9e15;
  return whole ? locale.toString(static_cast<qlonglong>(number)) : locale.toString(number, 'g', 6);
}

QString countText(const QJsonValue& value) {
  if (value.isDouble()) return numberText(value.toDouble());
  if (value.isString()) return printable(value.toString());
  const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
  return printable(QString::fromUtf8(json.mid(1, json.size() - 2)));
}

QString placeOf(const JournalEntry& entry) {
  QStringList parts{printable(entry.profile), printable(entry.where)};
  parts.removeAll(QString());
  return parts.join(QStringLiteral(" · "));
}

Row rowOf(const JournalEntry& entry, const QSet<QString>& ended) {
  QString outcome = printable(entry.outcome);
  if (entry.phase == QLatin1String("begin") && !ended.contains(entry.operation)) outcome = text("no end recorded");
  return {QString::number(entry.sequence), localTime(entry.wallMs), printable(entry.user), placeOf(entry),
          printable(entry.action) + QLatin1Char(' ') + printable(entry.phase), journalCounts(entry.counts), outcome};
}

QString lineOf(const Row& row, const std::array<qsizetype, columns>& widths) {
  QString line;
  for (size_t i = 0; i < row.size(); ++i) line += row[i].leftJustified(widths[i]) + QLatin1String("  ");
  while (line.endsWith(QLatin1Char(' '))) line.chop(1);
  return line + QLatin1Char('\n');
}

}  // namespace

QString journalCounts(const QJsonObject& counts) {
  QStringList parts;
  for (auto count = counts.begin(); count != counts.end(); ++count) parts.append(printable(count.key()) + QLatin1Char(' ') + countText(count.value()));
  return parts.join(QStringLiteral(", "));
}

QString journalTable(const QList<JournalEntry>& entries) {
  QSet<QString> ended;
  for (const JournalEntry& entry : entries)
    if (entry.phase == QLatin1String("end")) ended.insert(entry.operation);
  QList<Row> rows{{text("No."), text("Time"), text("Who"), text("Where"), text("Action"), text("Counts"), text("Outcome")}};
  for (const JournalEntry& entry : entries) rows.append(rowOf(entry, ended));
  std::array<qsizetype, columns> widths{};
  for (const Row& row : std::as_const(rows))
    for (size_t i = 0; i < columns; ++i) widths[i] = qMax(widths[i], row[i].size());
  QString table = lineOf(rows.first(), widths);
  for (qsizetype i = 0; i < entries.size(); ++i) {
    table += lineOf(rows[i + 1], widths);
    if (!entries[i].text.isEmpty()) table += QStringLiteral("    ") + printable(entries[i].text, longestText) + QLatin1Char('\n');
  }
  return table;
}

}  // namespace cachedeck
