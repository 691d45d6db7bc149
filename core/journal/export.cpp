// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/csv.h"
#include "core/journal/entry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>

namespace cachedeck {

namespace {

QString countsColumn(const QString& name) { return QStringLiteral("counts.") + name; }

QString valueCell(const QJsonValue& value) {
  switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined: return {};
    case QJsonValue::String: return csvText(value.toString());
    case QJsonValue::Object: return csvText(QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact)));
    case QJsonValue::Array: return csvText(QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)));
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
  for (const QString& name : counts) cells.append(csvText(countsColumn(name)));
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
