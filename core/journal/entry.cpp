// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/entry.h"

#include "core/base/instants.h"
#include "core/base/redactor.h"

#include <QJsonArray>
#include <QSysInfo>

#include <array>
#include <pwd.h>
#include <unistd.h>

namespace cachedeck {

namespace {

const QString sequenceName = QStringLiteral("sequence");
const QString wallName = QStringLiteral("wall_ms");
const QString countsName = QStringLiteral("counts");

struct TextField {
  const char* name;
  QString JournalEntry::*member;
};
constexpr TextField textFields[] = {
    {"action", &JournalEntry::action},   {"phase", &JournalEntry::phase}, {"operation", &JournalEntry::operation},
    {"user", &JournalEntry::user},       {"profile", &JournalEntry::profile}, {"where", &JournalEntry::where},
    {"plan_digest", &JournalEntry::planDigest}, {"outcome", &JournalEntry::outcome}, {"text", &JournalEntry::text},
};

QString thisUser() {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, space.data(), space.size(), &found);
  const QString name = found != nullptr ? QString::fromLocal8Bit(found->pw_name) : QStringLiteral("uid %1").arg(geteuid());
  return name + QLatin1Char('@') + QSysInfo::machineHostName();
}

QJsonValue redacted(const QJsonValue& value) {
  if (value.isString()) return redact(value.toString());
  if (value.isArray()) {
    QJsonArray array = value.toArray();
    for (QJsonValueRef element : array) element = redacted(element);
    return array;
  }
  if (!value.isObject()) return value;
  QJsonObject object = value.toObject();
  for (auto member = object.begin(); member != object.end(); ++member) *member = redacted(*member);
  return object;
}

}  // namespace

QJsonObject journalFields(const JournalEntry& entry) {
  QJsonObject fields{{sequenceName, entry.sequence},
                     {wallName, entry.wallMs},
                     {QStringLiteral("time"), isoUtc(entry.wallMs)},
                     {countsName, entry.counts}};
  for (const TextField& field : textFields) fields.insert(QLatin1String(field.name), entry.*field.member);
  return fields;
}

std::optional<JournalEntry> journalEntry(const QJsonObject& fields) {
  JournalEntry entry;
  entry.sequence = fields.value(sequenceName).toInteger();
  entry.wallMs = fields.value(wallName).toInteger();
  entry.counts = fields.value(countsName).toObject();
  for (const TextField& field : textFields) entry.*field.member = fields.value(QLatin1String(field.name)).toString();
  if (entry.sequence < 1 || entry.action.isEmpty()) return std::nullopt;
  return entry;
}

JournalEntry completed(JournalEntry entry, qint64 nowMs) {
  if (entry.wallMs == 0) entry.wallMs = nowMs;
  if (entry.user.isEmpty()) entry.user = thisUser();
  // Names that the program gives (action, phase, outcome, digest) are left: a secret that reads "done" must not blank them.
  for (QString JournalEntry::*field : {&JournalEntry::profile, &JournalEntry::where, &JournalEntry::text}) entry.*field = redact(entry.*field);
  entry.counts = redacted(entry.counts).toObject();
  return entry;
}

}  // namespace cachedeck
