// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/flush.h"

#include "core/sources/redis/redis_info.h"

#include <numeric>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds deadline{20000};

/// "db0:keys=12,expires=3,avg_ttl=0" of INFO keyspace.
QMap<int, qint64> countsIn(QByteArrayView info) {
  QMap<int, qint64> counts;
  for (const QByteArray& line : info.toByteArray().split('\n')) {
    if (!line.startsWith("db")) continue;
    const qsizetype colon = line.indexOf(':'), keys = line.indexOf("keys=");
    bool good = false;
    const int database = line.mid(2, colon - 2).toInt(&good);
    if (good && colon > 0 && keys > 0) counts.insert(database, line.mid(keys + 5).split(',').first().toLongLong());
  }
  return counts;
}

Result<QMap<int, qint64>> askCounts(RedisConnection& connection, bool everyDatabase, const std::stop_token& stop) {
  const Result<Reply> reply = connection.command({"INFO", "keyspace"}, Deadline(deadline), stop);
  if (!reply) return reply.error();
  if (reply->isError()) return connection.error(*reply);
  QMap<int, qint64> counts = countsIn(reply->text());
  const int own = connection.options().database;
  if (!everyDatabase) counts = {{own, counts.value(own)}};
  return counts;
}

qint64 sum(const QMap<int, qint64>& counts) { return std::accumulate(counts.begin(), counts.end(), qint64{0}); }

JournalEntry entryOf(const FlushPlan& plan, const RunPlace& place, const WritePermit& permit, const QString& user, const RunReport& report, const char* phase) {
  JournalEntry entry;
  entry.action = plan.everyDatabase ? QStringLiteral("keys.flushall") : QStringLiteral("keys.flushdb");
  entry.phase = QString::fromLatin1(phase);
  entry.operation = plan.plan.id;
  entry.profile = place.profile;
  entry.where = whereText(place, plan.plan.server, user);
  entry.planDigest = QString::fromLatin1(plan.plan.digest);
  entry.counts = report.counts.toJson(true);
  if (plan.plan.bytes > 0) entry.counts[QLatin1String("bytes")] = plan.plan.bytes;
  entry.outcome = report.outcome;
  entry.text = plan.everyDatabase ? QStringLiteral("Empty every database") : QStringLiteral("Empty database %1").arg(plan.plan.server.database);
  if (!permit.reason().isEmpty()) entry.text += QStringLiteral(" (%1)").arg(permit.reason());
  if (!report.reason.isEmpty()) entry.text += QStringLiteral(": ") + report.reason;
  return entry;
}

}  // namespace

QJsonObject FlushPlan::toJson() const {
  QJsonObject databases;
  for (auto database = keys.begin(); database != keys.end(); ++database) databases[QString::number(database.key())] = database.value();
  return {{QStringLiteral("planned"), plan.keys}, {QStringLiteral("databases"), databases}, {QStringLiteral("used_memory"), usedMemory}, {QStringLiteral("endpoint"), plan.server.endpoint}};
}

Result<FlushPlan> planFlush(RedisConnection& connection, bool everyDatabase, const Clock& clock, const std::stop_token& stop) {
  FlushPlan plan;
  plan.everyDatabase = everyDatabase;
  const Result<ServerMark> server = askServer(connection, stop);
  if (!server) return server.error();
  if (server->kind != Topology::Kind::Standalone)
    return fail(Error::Kind::Usage, QStringLiteral("%1 belongs to a cluster or is a Sentinel; a database is emptied on one server alone. Delete every key by a plan instead: --match '*'.").arg(server->text()));
  Result<QMap<int, qint64>> counts = askCounts(connection, everyDatabase, stop);
  if (!counts) return counts.error();
  plan.keys = std::move(*counts);
  const Result<Reply> memory = connection.command({"INFO", "memory"}, Deadline(deadline), stop);
  if (!memory) return memory.error();
  plan.usedMemory = RedisInfo::parse(memory->text()).text("used_memory").toLongLong();
  plan.plan.id = QStringLiteral("flush-%1").arg(clock.now().wallMs);
  plan.plan.selector.patterns = {"*"};
  plan.plan.server = *server;
  plan.plan.createdMs = clock.now().wallMs;
  plan.plan.keys = plan.plan.scanned = sum(plan.keys);
  return plan;
}

Result<RunReport> runFlush(const FlushPlan& plan, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, const std::stop_token& stop) {
  if (!permit.covers(plan.plan.id)) return fail(Error::Kind::Permission, QStringLiteral("Emptying %1 was not confirmed.").arg(plan.plan.server.text()));
  const auto begin = std::chrono::steady_clock::now();
  RedisConnection connection(server, permit);
  if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
  const Result<ServerMark> now = askServer(connection, stop);
  if (!now) return now.error();
  if (!now->isSame(plan.plan.server)) return fail(Error::Kind::Permission, QStringLiteral("%1 has restarted or is another server since it was counted. Count again.").arg(plan.plan.server.text()));
  const Result<QMap<int, qint64>> counts = askCounts(connection, plan.everyDatabase, stop);
  if (!counts) return counts.error();
  RunReport report;
  report.id = plan.plan.id;
  report.counts.planned = plan.plan.keys;
  if (const qint64 live = sum(*counts); static_cast<double>(live) > 1.1 * static_cast<double>(plan.plan.keys))
    return fail(Error::Kind::Permission, QStringLiteral("%1 holds %2 keys now, over a tenth more than the %3 that were counted. Count again.").arg(plan.plan.server.text(), QString::number(live), QString::number(plan.plan.keys)));
  if (const Result<JournalEntry> begun = place.journal.append(entryOf(plan, place, permit, server.user, report, "begin")); !begun) return begun.error();
  const Result<Reply> reply = connection.command({plan.everyDatabase ? "FLUSHALL" : "FLUSHDB", "ASYNC"}, Deadline(deadline), stop);
  report.outcome = reply && !reply->isError() ? QStringLiteral("done") : QStringLiteral("failed");
  if (report.outcome == QLatin1String("done")) {
    report.counts.done = sum(*counts);
    report.counts.gone = std::max<qint64>(0, plan.plan.keys - report.counts.done);
  } else {
    report.reason = reply ? connection.error(*reply).message : reply.error().message;
    report.counts.refused = reply ? plan.plan.keys : 0;
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (const Result<JournalEntry> ended = place.journal.append(entryOf(plan, place, permit, server.user, report, "end")); !ended) return ended.error();
  return report;
}

}  // namespace cachedeck::keys
