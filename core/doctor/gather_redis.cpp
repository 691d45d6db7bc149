// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/gather.h"
#include "core/base/rest.h"
#include "core/doctor/words.h"
#include "core/sources/redis/dial.h"
#include "core/sources/redis/redis_notes.h"
#include "core/sources/redis/topology.h"

namespace cachedeck::doctor {

namespace {

// Enough to see which names there are; a page of SCAN costs the server a fraction of a millisecond.
constexpr int mostPages = 20;
constexpr qint64 mostNames = 2000;
constexpr std::chrono::milliseconds scanDeadline{1000};

constexpr const char* configNames[] = {"dir", "stop-writes-on-bgsave-error", "save", "maxmemory-policy"};

QString hostOf(const RedisOptions& options) { return options.socketPath.isEmpty() ? options.host : QStringLiteral("127.0.0.1"); }

QString prefixOf(QByteArrayView name) {
  const qsizetype colon = name.indexOf(':');
  return colon > 0 ? clean(name.first(colon).toByteArray(), 60) + QLatin1String(":*") : QStringLiteral("(names without a colon)");
}

}  // namespace

Result<void> RedisLooks::follow(const RedisOptions& primary) {
  m_redis = std::make_unique<RedisConnection>(primary);
  return m_redis->open(m_examination.stop);
}

Result<void> RedisLooks::open(const SourceSettings& settings, RedisEvidence& evidence) {
  const Result<RedisOptions> options = redisOptions(settings);
  if (!options) return options.error();
  evidence.server.endpoint = options->endpoint();
  evidence.host = hostOf(*options);
  evidence.account = options->user.isEmpty() ? QStringLiteral("default") : options->user;
  const Result<void> opened = follow(*options);
  if (!opened && opened.error().kind != Error::Kind::Auth && opened.error().kind != Error::Kind::Server) return opened;
  if (opened) {
    const Result<RedisInfo> seen = info();
    if (!seen || seen->text("redis_mode") != "sentinel") return opened;
  }
  // A Sentinel, or one that wants no password where its servers do: the figures are those of the primary.
  const Result<Topology> topology = discoverTopology(*options, options->masterName, m_examination.stop);
  if (!topology) return topology.error();
  if (topology->kind != Topology::Kind::Sentinel || topology->primaries().isEmpty()) return opened;
  const RedisOptions primary = topology->nodes[topology->primaries().first()].options;
  evidence.server.endpoint = primary.endpoint();
  evidence.host = hostOf(primary);
  return follow(primary);
}

Result<RedisInfo> RedisLooks::info() {
  const Deadline deadline(requestDeadline);
  // "everything" came with Redis 6; before it the default sections must do.
  for (const RedisCommand& question : {RedisCommand{"INFO", "everything"}, RedisCommand{"INFO"}}) {
    const Result<Reply> reply = m_redis->command(question, deadline, m_examination.stop);
    if (!reply) return reply.error();
    if (reply->isError()) return m_redis->error(*reply);
    if (const RedisInfo info = RedisInfo::parse(reply->text()); !info.isEmpty()) return info;
  }
  return fail(Error::Kind::Protocol, QStringLiteral("%1 answers INFO with nothing that is known.").arg(m_redis->options().endpoint()));
}

RedisEvidence RedisLooks::first(const SourceSettings& settings) {
  RedisEvidence evidence;
  evidence.server.wanted = true;
  evidence.warmUpSeconds = static_cast<double>(m_examination.options.warmUp.count());
  if (const Result<void> opened = open(settings, evidence); !opened) {
    evidence.server.error = opened.error();
    m_redis.reset();
    return evidence;
  }
  if (const Result<RedisInfo> seen = info()) {
    evidence.first = evidence.last = *seen;
  } else {
    evidence.infoRefused = seen.error();
  }
  m_lookedAt = m_examination.clock.now();
  askClock(evidence);
  askConfig(evidence);
  sampleNames(evidence);
  const Identity who = redisIdentity(evidence.first, m_redis->options());
  m_examination.looked += QStringLiteral("%1 %2 at %3").arg(who.product, clean(who.version, 40), evidence.server.endpoint).replace(QLatin1String("  "), QLatin1String(" "));
  if (evidence.first.text("redis_mode") == "cluster")
    m_examination.missing += QStringLiteral("Redis: only %1, one node of a cluster, was looked at. Name the others with --redis to look at them.").arg(evidence.server.endpoint);
  return evidence;
}

void RedisLooks::askClock(RedisEvidence& evidence) {
  if (!m_redis->isOpen()) return;
  const qint64 before = m_examination.nowMs();
  const RedisCommand questions[] = {{"TIME"}, {"ACL", "WHOAMI"}};
  const Result<std::vector<Reply>> replies = m_redis->pipeline(questions, Deadline(requestDeadline), m_examination.stop);
  const qint64 after = m_examination.nowMs();
  if (!replies) return;
  // Without this right the user is known from the profile.
  if (!isRefused((*replies)[1], evidence, nullptr, "") && (*replies)[1].type() == Reply::Type::Text) evidence.account = QString::fromUtf8((*replies)[1].text());
  if (isRefused((*replies)[0], evidence, "The clock of Redis", "+time")) return;
  const Reply::Item time = (*replies)[0].root();
  if (time.size() != 2) return;
  auto part = time.begin();
  const double seconds = (*part).text().toDouble();
  const double micros = (*++part).text().toDouble();
  evidence.server.skewSeconds = seconds + micros * 1e-6 - static_cast<double>(before + after) / 2000;
  evidence.server.skewWithin = static_cast<double>(after - before) / 2000;
}

void RedisLooks::askConfig(RedisEvidence& evidence) {
  if (!m_redis->isOpen()) return;
  // One after the other: an account that may not ask leaves one refusal in the server's log, not one for each name.
  for (const char* name : configNames) {
    const Result<Reply> reply = m_redis->command({"CONFIG", "GET", name}, Deadline(requestDeadline), m_examination.stop);
    if (!reply) return m_examination.miss(QStringLiteral("The configuration of Redis"), reply.error());
    if (isRefused(*reply, evidence, "The configuration of Redis", "+config|get")) return;
    if (reply->root().size() >= 2) evidence.config[name] = (*++reply->root().begin()).text().toByteArray();
  }
}

bool RedisLooks::isRefused(const Reply& reply, RedisEvidence& evidence, const char* what, const char* right) {
  if (!reply.isError()) return false;
  const QByteArray word = reply.text().toByteArray().split(' ').first();
  ++evidence.ownRefusals[word];
  if (!what) return true;
  if (word == "NOPERM")
    m_examination.missing += QStringLiteral("%1: user “%2” may not ask for it. In redis-cli: ACL SETUSER %2 %3").arg(QLatin1String(what), clean(evidence.account, 64), QLatin1String(right));
  else
    m_examination.miss(QLatin1String(what), m_redis->error(reply));
  return true;
}

void RedisLooks::sampleNames(RedisEvidence& evidence) {
  const RedisInfo::Keyspace keys = evidence.first.keyspace().value_or(RedisInfo::Keyspace{});
  if (!m_redis->isOpen() || keys.keys <= keys.expires) return;  // there is nothing to name
  const Deadline deadline(scanDeadline);
  QByteArray cursor = "0";
  for (int page = 0; page < mostPages && evidence.sampled < mostNames && !deadline.expired(); ++page) {
    const Result<Reply> reply = m_redis->command({"SCAN", cursor, "COUNT", "200"}, deadline, m_examination.stop);
    if (!reply) return m_examination.miss(QStringLiteral("Names of keys"), reply.error());
    if (isRefused(*reply, evidence, "Names of keys", "+scan")) return;
    if (reply->root().size() != 2) return;
    auto part = reply->root().begin();
    cursor = (*part).text().toByteArray();
    for (const Reply::Item name : *++part) {
      ++evidence.sampled;
      if (const QString prefix = prefixOf(name.text()); evidence.prefixes.size() < 100 || evidence.prefixes.contains(prefix)) ++evidence.prefixes[prefix];
    }
    if (cursor == "0") return;
  }
}

void RedisLooks::second(RedisEvidence& evidence) {
  if (!m_redis || !m_redis->isOpen() || evidence.infoRefused) return;
  const double passed = m_examination.clock.now().secondsSince(m_lookedAt);
  const auto rest = m_examination.options.watchFor - std::chrono::milliseconds(static_cast<qint64>(passed * 1000));
  if (rest.count() > 0) restFor(rest, m_examination.stop);
  if (m_examination.stop.stop_requested()) return;
  const Result<RedisInfo> seen = info();
  if (!seen) return m_examination.miss(QStringLiteral("The second look at Redis"), seen.error());
  // Another run's counters began anew.
  if (seen->text("run_id") != evidence.first.text("run_id")) evidence.first = *seen;
  evidence.last = *seen;
  evidence.seconds = m_examination.clock.now().secondsSince(m_lookedAt);
}

}  // namespace cachedeck::doctor
