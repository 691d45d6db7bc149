// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/hold_back.h"

#include "core/base/rest.h"
#include "core/base/text.h"
#include "core/sources/redis/redis_info.h"

#include <cmath>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;

constexpr auto askedEvery = 250ms;
constexpr std::chrono::milliseconds askDeadline{5000};
constexpr auto saidEvery = 1200ms;  // a replica tells its offset once a second

double ratio(qint64 hits, qint64 misses) { return 100 * static_cast<double>(hits) / static_cast<double>(hits + misses); }

}  // namespace

std::optional<QString> LagWatch::look(const QString& primary, QByteArrayView infoReplication, Time now, const Bounds& bounds) {
  std::deque<std::pair<Time, qint64>>& offsets = m_offsets[primary];
  const qint64 offset = RedisInfo::parse(infoReplication).text("master_repl_offset").toLongLong();
  if (!offsets.empty() && offset < offsets.back().second) offsets.clear();
  offsets.emplace_back(now, offset);
  while (offsets.size() > 1 && now - offsets[1].first >= saidEvery) offsets.pop_front();
  const ReplicaLag lag = replicaLag(infoReplication);
  if (lag.replicas == 0) return std::nullopt;
  const bool known = now - offsets.front().first >= saidEvery;
  const qint64 behind = known ? lag.bytes - (offset - offsets.front().second) : 0;
  if (bounds.bytes > 0 && behind > bounds.bytes)
    return QStringLiteral("the replica %1 is %2 MB behind").arg(lag.replica).arg(static_cast<double>(behind) / 1048576, 0, 'f', 1);
  if (bounds.silence.count() > 0 && lag.seconds > bounds.silence.count()) return QStringLiteral("a replica has not been heard of for %1 s").arg(lag.seconds);
  return std::nullopt;
}

std::optional<QString> HitRatioWatch::look(qint64 hits, qint64 misses, Time now) {
  if (!m_samples.empty() && (hits < m_samples.back().hits || misses < m_samples.back().misses)) m_samples.clear();
  m_samples.push_back({now, hits, misses});
  while (m_samples.size() > 2 && now - m_samples[1].at >= window) m_samples.pop_front();
  const Sample& first = m_samples.front();
  const qint64 hit = hits - first.hits, missed = misses - first.misses;
  if (static_cast<double>(hit + missed) < leastLookups) return std::nullopt;
  const double percent = ratio(hit, missed);
  if (std::isnan(m_before)) {
    m_before = percent;
    m_samples = {m_samples.back()};
    return std::nullopt;
  }
  if (m_before - percent <= m_drop) return std::nullopt;
  return QStringLiteral("the hit ratio is %1 %, %2 points below the %3 % at the beginning").arg(percent, 0, 'f', 1).arg(m_before - percent, 0, 'f', 1).arg(m_before, 0, 'f', 1);
}

Result<std::optional<QString>> HoldBack::look(const OwnLookups& own, const std::stop_token& stop) {
  if (m_owner)
    if (std::optional<QString> reason = m_owner()) return reason;
  const bool asks = m_bounds.bytes > 0 || m_bounds.silence.count() > 0 || m_asksRatio;
  if (!asks || std::chrono::steady_clock::now() - m_asked < askedEvery) return std::optional<QString>();
  return ask(own, stop);
}

Result<std::optional<QString>> HoldBack::ask(const OwnLookups& own, const std::stop_token& stop) {
  static const std::vector<RedisCommand> questions{{"INFO", "replication"}, {"INFO", "stats"}};
  const auto now = m_asked = std::chrono::steady_clock::now();
  std::optional<QString> reason;
  qint64 hits = 0, misses = 0;
  for (std::size_t i = 0; i < m_servers.primaries().size(); ++i) {
    const Result<RedisConnection*> connection = m_servers.connectionTo(i, stop);
    if (!connection) return connection.error();
    const Result<std::vector<Reply>> replies = (*connection)->pipeline(std::span(questions).first(m_asksRatio ? 2 : 1), Deadline(askDeadline), stop);
    if (!replies) return replies.error();
    if (replies->front().isError()) return std::optional<QString>(printable(replies->front().text().toByteArray()));
    const std::optional<QString> lags = m_lag.look((*connection)->options().endpoint(), replies->front().text(), now, m_bounds);
    if (!reason) reason = lags;
    if (!m_asksRatio) continue;
    const RedisInfo stats = RedisInfo::parse(replies->back().text());
    hits += stats.text("keyspace_hits").toLongLong();
    misses += stats.text("keyspace_misses").toLongLong();
  }
  if (!m_asksRatio) return reason;
  const std::optional<QString> falls = m_ratio.look(std::max<qint64>(0, hits - own.hits), std::max<qint64>(0, misses - own.misses), now);
  return reason ? reason : falls;
}

Result<void> HoldBack::begin(const std::stop_token& stop) {
  if (!m_asksRatio) return {};
  for (int i = 0; i < 9 && std::isnan(m_ratio.before()) && !stop.stop_requested(); ++i) {
    if (i > 0) restFor(askedEvery, stop);
    if (const auto asked = ask({}, stop); !asked) return asked.error();
  }
  return {};
}

}  // namespace cachedeck::keys
