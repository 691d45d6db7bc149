// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"
#include "core/keys/plan.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace cachedeck::keys {

namespace {

constexpr std::array systemWords{"standalone", "cluster", "sentinel"};

Topology::Kind kindOf(const QString& word) {
  const auto found = std::ranges::find_if(systemWords, [&](const char* one) { return word == QLatin1String(one); });
  return found == systemWords.end() ? Topology::Kind::Standalone : static_cast<Topology::Kind>(found - systemWords.begin());
}

}  // namespace

QJsonObject Plan::toJson() const {
  QJsonObject json{{QStringLiteral("id"), id},
                   {QStringLiteral("selector"), selector.toJson()},
                   {QStringLiteral("selected"), selector.text()},
                   {QStringLiteral("endpoint"), server.endpoint},
                   {QStringLiteral("database"), server.database},
                   {QStringLiteral("run_id"), server.runId},
                   {QStringLiteral("system"), QString::fromLatin1(systemWords[static_cast<std::size_t>(server.kind)])},
                   {QStringLiteral("master"), server.masterName},
                   {QStringLiteral("members"), QJsonArray::fromStringList(server.members)},
                   {QStringLiteral("lineage"), server.lineage},
                   {QStringLiteral("created_ms"), createdMs},
                   {QStringLiteral("scanned"), scanned},
                   {QStringLiteral("planned"), keys},
                   {QStringLiteral("digest"), QString::fromLatin1(digest)},
                   {QStringLiteral("spool"), spoolFile},
                   {QStringLiteral("name_bytes"), nameBytes},
                   {QStringLiteral("seconds"), seconds}};
  QJsonArray names;
  for (const QByteArray& name : samples) names.append(escaped(name));
  json[QLatin1String("samples")] = names;
  if (!detailed) return json;
  QJsonObject counted;
  for (auto type = types.begin(); type != types.end(); ++type) counted[escaped(type.key())] = type.value();
  QJsonArray rows;
  for (const PrefixRow& row : prefixes) rows.append(QJsonObject{{QStringLiteral("prefix"), escaped(row.prefix)}, {QStringLiteral("keys"), row.keys}, {QStringLiteral("bytes"), row.bytes < 0 ? QJsonValue() : QJsonValue(row.bytes)}});
  json[QLatin1String("bytes")] = sizesKnown() ? QJsonValue(bytes) : QJsonValue();  // null: not known, so that nobody adds it up
  json[QLatin1String("largest_bytes")] = sizesKnown() ? QJsonValue(largest) : QJsonValue();
  json[QLatin1String("larger_than_an_image")] = sizesKnown() ? QJsonValue(oversize) : QJsonValue();
  json[QLatin1String("ttl")] = ttls.toJson();
  json[QLatin1String("types")] = counted;
  json[QLatin1String("prefixes")] = rows;
  return json;
}

Result<Plan> Plan::fromJson(const QJsonObject& json) {
  Plan plan;
  plan.id = json[QLatin1String("id")].toString();
  plan.server.endpoint = json[QLatin1String("endpoint")].toString();
  plan.server.database = json[QLatin1String("database")].toInt();
  plan.server.runId = json[QLatin1String("run_id")].toString();
  plan.server.kind = kindOf(json[QLatin1String("system")].toString());
  plan.server.masterName = json[QLatin1String("master")].toString();
  for (const QJsonValue& member : json[QLatin1String("members")].toArray()) plan.server.members += member.toString();
  plan.server.lineage = json[QLatin1String("lineage")].toString();
  plan.createdMs = json[QLatin1String("created_ms")].toInteger();
  plan.scanned = json[QLatin1String("scanned")].toInteger();
  plan.keys = json[QLatin1String("planned")].toInteger();
  plan.digest = json[QLatin1String("digest")].toString().toLatin1();
  plan.spoolFile = json[QLatin1String("spool")].toString();
  plan.nameBytes = json[QLatin1String("name_bytes")].toInteger();
  if (plan.id.isEmpty() || plan.server.endpoint.isEmpty() || plan.digest.size() != 64)
    return fail(Error::Kind::Protocol, QStringLiteral("The operation's plan cannot be read."));
  return plan;
}

}  // namespace cachedeck::keys
