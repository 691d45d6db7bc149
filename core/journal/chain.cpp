// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/chain.h"

#include "core/journal/entry.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>

namespace cachedeck {

namespace {

const QString prevName = QStringLiteral("prev");
constexpr char macStart[] = ",\"mac\":\"";
constexpr char macEnd[] = "\"}";
constexpr qsizetype macSize = 64;
constexpr qsizetype tailSize = sizeof macStart - 1 + macSize + sizeof macEnd - 1;

QByteArray seal(const QByteArray& prev, const QByteArray& body, const Secret& key) {
  return QMessageAuthenticationCode::hash(prev + body, QByteArray::fromRawData(key.data(), key.size()), QCryptographicHash::Sha256).toHex();
}

}  // namespace

QByteArray sealedLine(const JournalEntry& entry, const ChainLink& after, const Secret& key) {
  QJsonObject fields = journalFields(entry);
  fields.insert(prevName, QLatin1String(after.mac));
  const QByteArray body = QJsonDocument(fields).toJson(QJsonDocument::Compact);
  return body.chopped(1) + macStart + seal(after.mac, body, key) + macEnd;
}

std::optional<SealedLine> takeApart(const QByteArray& line) {
  if (line.size() <= tailSize || line.size() > largestJournalLine) return std::nullopt;
  const QByteArray tail = line.right(tailSize);
  if (!tail.startsWith(macStart) || !tail.endsWith(macEnd)) return std::nullopt;
  SealedLine parts;
  parts.body = line.chopped(tailSize) + '}';
  parts.mac = tail.mid(sizeof macStart - 1, macSize);
  QJsonParseError error;
  const QJsonDocument document = QJsonDocument::fromJson(parts.body, &error);
  if (error.error != QJsonParseError::NoError || !document.isObject()) return std::nullopt;
  parts.fields = document.object();
  parts.prev = parts.fields.value(prevName).toString().toUtf8();
  return parts;
}

bool sealFits(const SealedLine& line, const Secret& key) { return seal(line.prev, line.body, key) == line.mac; }

QString follow(const QByteArray& line, const Secret& key, ChainLink& after) {
  const auto parts = takeApart(line);
  if (!parts) return QStringLiteral("It is not a line of the journal: it was changed or put in.");
  if (!sealFits(*parts, key)) {
    if (after.sequence == 0) return QStringLiteral("Its seal does not fit: it was changed, or the journal was written with another state.key.");
    return QStringLiteral("Its seal does not fit: it was changed.");
  }
  if (parts->prev != after.mac) {
    if (after.sequence == 0) return QStringLiteral("It is not a journal's first line: what stood before it was taken out.");
    return QStringLiteral("It does not follow the line before it: lines were taken out, repeated or put in another order.");
  }
  const auto entry = journalEntry(parts->fields);
  if (!entry || entry->sequence != after.sequence + 1) return QStringLiteral("Its number does not follow the one before it.");
  after = {parts->mac, entry->sequence};
  return {};
}

}  // namespace cachedeck
