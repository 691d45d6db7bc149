// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/journal_json.h"

#include "core/journal/entry.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"

namespace cachedeck::snapshot {

namespace {

/// The name of a field that the reader of the journal passed over since its type is another; empty when there is none.
QString strayField(const JournalEntry& entry, const QJsonObject& json) {
  const QJsonObject fields = journalFields(entry);
  for (auto field = fields.begin(); field != fields.end(); ++field)
    if (json[field.key()] != field.value()) return field.key();
  return {};
}

}  // namespace

QByteArray journalBytes(const QList<JournalEntry>& entries) {
  QJsonArray json;
  for (const JournalEntry& entry : entries) json.append(journalFields(entry));
  return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

Result<QList<JournalEntry>> journalFromBytes(const QByteArray& bytes, JsonRoom& left) {
  const QString member = QString::fromLatin1(journalName);
  const auto json = parsedArray(bytes, member, left);
  if (!json) return json.error();
  QList<JournalEntry> entries;
  entries.reserve(json->size());
  for (const QJsonValue& value : *json) {
    const QString where = QStringLiteral("entry %1 of %2").arg(entries.size() + 1).arg(member);
    auto entry = journalEntry(value.toObject());
    if (!entry) return reason(QStringLiteral("%1 has no sequence number or no action").arg(where));
    if (!isTime(entry->wallMs)) return reason(QStringLiteral("the time of %1 is not from 1970 to 9999").arg(where));
    if (const QString stray = strayField(*entry, value.toObject()); !stray.isEmpty()) return reason(QStringLiteral("“%1” of %2 is missing or of another type").arg(stray, where));
    entries.append(std::move(*entry));
  }
  return entries;
}

}  // namespace cachedeck::snapshot
