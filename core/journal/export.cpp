// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/entry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>

namespace cachedeck {

namespace {

QString countsColumn(const QString& name) { return QStringLiteral("counts.") + name; }

// A spreadsheet takes a cell that begins so for a formula; the wide forms count in some locales. An apostrophe of the text's own is
// doubled, so that taking one away always gives the text back.
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

QString textCell(QString text) {
  text.replace(QChar(0), QLatin1String("\\x00"));  // many readers end at it
  if (!text.isEmpty() && couldBeFormula(text.front())) text.prepend(QLatin1Char('\''));
  return quoted(text);
}

QString valueCell(const QJsonValue& value) {
  switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined: return {};
    case QJsonValue::String: return textCell(value.toString());
    case QJsonValue::Object: return textCell(QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact)));
    case QJsonValue::Array: return textCell(QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)));
    default: break;
  }
  const QByteArray one = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);  // as JSON writes a number or truth value
  return QString::fromUtf8(one.mid(1, one.size() - 2));
}

QStringList countNames(const QList<JournalEntry>& entries) {
  QSet<QString> names;
  for (const JournalEntry& entry : entries)
    for (const QString& name : entry.counts.keys()) names.insert(name);
  QStringList sorted(names.cbegin(), names.cend());
  sorted.sort();
  return sorted;
}

}  // namespace

QByteArray journalCsv(const QList<JournalEntry>& entries) {
  static const QStringList fields{QStringLiteral("sequence"),    QStringLiteral("time"),    QStringLiteral("action"), QStringLiteral("phase"),
                                  QStringLiteral("operation"),   QStringLiteral("user"),    QStringLiteral("profile"), QStringLiteral("where"),
                                  QStringLiteral("plan_digest"), QStringLiteral("outcome"), QStringLiteral("text")};
  const QStringList counts = countNames(entries);
  QStringList cells = fields;
  for (const QString& name : counts) cells.append(textCell(countsColumn(name)));
  QString csv = cells.join(QLatin1Char(',')) + QLatin1String("\r\n");
  for (const JournalEntry& entry : entries) {
    const QJsonObject object = journalFields(entry);
    cells.clear();
    for (const QString& name : fields) cells.append(valueCell(object.value(name)));
    for (const QString& name : counts) cells.append(valueCell(entry.counts.value(name)));
    csv += cells.join(QLatin1Char(',')) + QLatin1String("\r\n");
  }
  return csv.toUtf8();
}

QByteArray journalJson(const QList<JournalEntry>& entries) {
  QJsonArray array;
  for (const JournalEntry& entry : entries) array.append(journalFields(entry));
  return QJsonDocument(array).toJson(QJsonDocument::Indented);
}

}  // namespace cachedeck
