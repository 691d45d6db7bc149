// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/manifest_json.h"

#include "core/base/instants.h"
#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/journal/entry.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"

#include <algorithm>
#include <limits>

namespace cachedeck::snapshot {

namespace {

constexpr qint64 anyCount = std::numeric_limits<qint64>::max() / 2;
QString whereText() { return QString::fromLatin1(manifestName); }

QJsonArray serversToJson(const QList<ServerFacts>& servers) {
  QJsonArray rows;
  for (const ServerFacts& server : servers)
    rows.append(QJsonObject{{QStringLiteral("source"), server.source}, {QStringLiteral("product"), server.product}, {QStringLiteral("version"), server.version},
                            {QStringLiteral("endpoint"), server.endpoint}, {QStringLiteral("role"), server.role}});
  return rows;
}

QJsonObject countsToJson(const Manifest::Counts& counts) {
  return {{QStringLiteral("metrics"), counts.metrics}, {QStringLiteral("rows"), counts.rows}, {QStringLiteral("facts"), counts.facts},
          {QStringLiteral("journal"), counts.journal}, {QStringLiteral("runs"), counts.runs}};
}

QJsonArray membersToJson(const QList<Manifest::Member>& members) {
  QJsonArray rows;
  for (const Manifest::Member& member : members)
    rows.append(QJsonObject{{QStringLiteral("name"), QString::fromLatin1(member.name)}, {QStringLiteral("size"), member.size}, {QStringLiteral("sha256"), QString::fromLatin1(member.sha256)}});
  return rows;
}

QStringList redacted(const QStringList& texts) {
  QStringList clean;
  for (const QString& text : texts) clean.append(redact(text));
  return clean;
}

bool isDigest(const QByteArray& text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Times twice: for people, and for programs.
void addTime(QJsonObject& json, const char* name, const char* nameMs, qint64 ms) {
  json[QLatin1String(name)] = isoUtc(ms);
  json[QLatin1String(nameMs)] = ms;
}

Result<void> checkVersion(const QJsonObject& json) {
  if (json[QLatin1String("format")] != QLatin1String(bundleFormat))
    return reason(QStringLiteral("it is another kind of file"), QStringLiteral("Choose a file that Cachedeck saved, *.cdsnap."));
  const double version = json[QLatin1String("version")].toDouble();
  const QString console = printable(json[QLatin1String("console")].toString(), 40);
  if (version > bundleVersion)
    return reason(QStringLiteral("it was written by Cachedeck %1 in version %2 of the format, and this one reads up to %3").arg(console.isEmpty() ? QStringLiteral("(newer)") : console, QString::number(version), QString::number(bundleVersion)),
                  QStringLiteral("Update Cachedeck to open it."));
  if (version != bundleVersion) return reason(QStringLiteral("it does not say the version of its format"));
  return {};
}

Result<QList<ServerFacts>> serversFrom(const QJsonArray& rows) {
  QList<ServerFacts> servers;
  for (const QJsonValue& row : rows) {
    Fields fields(row.toObject(), QStringLiteral("a server of ") + whereText());
    servers.append({fields.text("source"), fields.text("product"), fields.text("version"), fields.text("endpoint"), fields.text("role")});
    if (fields.problem()) return *fields.problem();
  }
  return servers;
}

Result<QList<Manifest::Member>> membersFrom(const QJsonArray& rows, const BundleLimits& limits) {
  QList<Manifest::Member> members;
  for (const QJsonValue& row : rows) {
    Fields fields(row.toObject(), QStringLiteral("a member of ") + whereText());
    Manifest::Member member{fields.text("name").toUtf8(), fields.whole("size", 0, limits.memberBytes), fields.text("sha256").toLatin1()};
    if (fields.problem()) return *fields.problem();
    if (auto good = checkMemberName(member.name); !good) return good.error();
    if (!isDigest(member.sha256)) return reason(QStringLiteral("the SHA-256 of %1 in %2 is not one").arg(QString::fromLatin1(member.name), whereText()));
    members.append(member);
  }
  return members;
}

void readAbout(Fields& fields, Manifest& manifest) {
  manifest.id = fields.text("id");
  manifest.title = fields.text("title");
  manifest.note = fields.text("note");
  manifest.takenMs = fields.time("taken_ms");
  manifest.fromMs = fields.time("from_ms");
  manifest.toMs = fields.time("to_ms");
  manifest.console = fields.text("console");
  manifest.profile = fields.text("profile");
  manifest.environment = fields.text("environment");
  manifest.missing = fields.texts("missing");
}

Manifest::Counts countsFrom(Fields& fields) {
  const auto count = [&fields](const char* name) { return fields.whole(name, 0, anyCount); };
  return {count("metrics"), count("rows"), count("facts"), count("journal"), count("runs")};
}

}  // namespace

Manifest::Counts countsOf(const Snapshot& snapshot) {
  Manifest::Counts counts;
  for (const SeriesGroup& group : snapshot.series) {
    counts.metrics += static_cast<qint64>(group.columns.size());
    counts.rows += static_cast<qint64>(group.timesMs.size());
  }
  counts.facts = snapshot.facts.size();
  counts.journal = snapshot.journal.size();
  counts.runs = snapshot.runs.size();
  return counts;
}

Manifest manifestOf(const Snapshot& snapshot) { return {snapshot, countsOf(snapshot), {}}; }

QByteArray manifestBytes(const Manifest& manifest) {
  QJsonObject json{{QStringLiteral("format"), QLatin1String(bundleFormat)},
                   {QStringLiteral("version"), bundleVersion},
                   {QStringLiteral("id"), manifest.id},
                   {QStringLiteral("title"), redact(manifest.title)},
                   {QStringLiteral("note"), redact(manifest.note)},
                   {QStringLiteral("console"), manifest.console},
                   {QStringLiteral("profile"), manifest.profile},
                   {QStringLiteral("environment"), manifest.environment},
                   {QStringLiteral("servers"), serversToJson(manifest.servers)},
                   {QStringLiteral("missing"), QJsonArray::fromStringList(redacted(manifest.missing))},
                   {QStringLiteral("counts"), countsToJson(manifest.counts)},
                   {QStringLiteral("members"), membersToJson(manifest.members)}};
  addTime(json, "taken", "taken_ms", manifest.takenMs);
  addTime(json, "from", "from_ms", manifest.fromMs);
  addTime(json, "to", "to_ms", manifest.toMs);
  return QJsonDocument(json).toJson(QJsonDocument::Indented);
}

Result<Manifest> manifestFromBytes(const QByteArray& bytes, const BundleLimits& limits) {
  JsonRoom left = limits.tables;
  const auto json = parsedObject(bytes, whereText(), left);
  if (!json) return json.error();
  if (auto fits = checkVersion(*json); !fits) return fits.error();
  Manifest manifest;
  Fields fields(*json, whereText());
  readAbout(fields, manifest);
  Fields counts(fields.object("counts"), QStringLiteral("the counts of ") + whereText());
  manifest.counts = countsFrom(counts);
  const QJsonArray servers = fields.array("servers"), members = fields.array("members");
  if (fields.problem()) return *fields.problem();
  if (counts.problem()) return *counts.problem();
  if (!runs::isRunId(manifest.id)) return reason(QStringLiteral("its id “%1” is none of a snapshot").arg(printable(manifest.id, 60)));
  if (manifest.fromMs > manifest.toMs) return reason(QStringLiteral("its range ends before it begins"));
  auto readServers = serversFrom(servers);
  if (!readServers) return readServers.error();
  auto readMembers = membersFrom(members, limits);
  if (!readMembers) return readMembers.error();
  manifest.servers = std::move(*readServers);
  manifest.members = std::move(*readMembers);
  return manifest;
}

}  // namespace cachedeck::snapshot
