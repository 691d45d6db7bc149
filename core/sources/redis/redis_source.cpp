// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_source.h"

#include "core/sources/redis/redis_connection.h"
#include "core/sources/redis/redis_metrics.h"
#include "core/sources/redis/redis_notes.h"
#include "core/sources/redis/redis_url.h"

namespace cachedeck {

namespace {

// Differences over less than this say more about the moment of asking than about the server.
constexpr double shortestStepSeconds = 0.2;

/// What a server said, and when.
struct Reading {
  RedisInfo info;
  Instant at;
  LookupCounts own;  // that are in it
};

LookupCounts operator-(const LookupCounts& a, const LookupCounts& b) { return {a.hits - b.hits, a.misses - b.misses}; }

class RedisSource : public Source {
 public:
  RedisSource(const SourceSettings& settings, const Clock& clock) : m_options(redisOptions(settings)), m_clock(clock) {}

  Result<Identity> connect(std::stop_token stop) override;
  Result<Sample> sample(std::stop_token stop) override;
  void disconnect() override { m_connection.reset(); }

 private:
  Result<RedisInfo> readInfo(const Deadline& deadline, const std::stop_token& stop);
  Result<RedisInfo> readOldInfo(const Deadline& deadline, const std::stop_token& stop);
  Result<Sample> sampleWithoutInfo(const Deadline& deadline, const std::stop_token& stop);
  Sample derive(Reading reading, double roundTripSeconds);
  Error dropped(const Error& error);
  ServerLookups* ownLookups() const { return m_options && m_options->ownLookups ? &m_options->ownLookups->of(m_options->endpoint()) : nullptr; }

  const Result<RedisOptions> m_options;
  const Clock& m_clock;
  std::unique_ptr<RedisConnection> m_connection;
  std::optional<Reading> m_previous;  // kept over a reconnect, so that a restart is noticed
  LookupCounts m_forgotten;           // own look-ups that the server does not count any more, since it has restarted
  bool m_hasEverything = true;        // INFO everything came with Redis 6
};

/// The contract of Source: after an error other than Busy there is no connection.
Error RedisSource::dropped(const Error& error) {
  if (error.kind != Error::Kind::Busy || !m_connection || !m_connection->isOpen()) disconnect();
  return error;
}

Result<Identity> RedisSource::connect(std::stop_token stop) {
  disconnect();
  if (!m_options) return m_options.error();
  m_hasEverything = true;
  m_connection = std::make_unique<RedisConnection>(*m_options);
  Result<void> opened = m_connection->open(stop);
  Result<RedisInfo> info = opened ? readInfo(Deadline(requestDeadline), stop) : Result<RedisInfo>(opened.error());
  if (!info && info.error().kind == Error::Kind::Permission && m_connection->isOpen()) info = RedisInfo();
  if (!info) {
    disconnect();
    return info.error();
  }
  return redisIdentity(*info, *m_options);
}

Result<RedisInfo> RedisSource::readInfo(const Deadline& deadline, const std::stop_token& stop) {
  if (!m_hasEverything) return readOldInfo(deadline, stop);
  const Result<Reply> reply = m_connection->command({"INFO", "everything"}, deadline, stop);
  if (!reply) return reply.error();
  if (reply->isError()) {
    const Error error = m_connection->error(*reply);
    if (error.kind != Error::Kind::Server) return error;
  } else if (RedisInfo info = RedisInfo::parse(reply->text()); !info.isEmpty()) {
    return info;
  }
  m_hasEverything = false;
  return readOldInfo(deadline, stop);
}

Result<RedisInfo> RedisSource::readOldInfo(const Deadline& deadline, const std::stop_token& stop) {
  const RedisCommand questions[] = {{"INFO"}, {"INFO", "commandstats"}};
  const Result<std::vector<Reply>> replies = m_connection->pipeline(questions, deadline, stop);
  if (!replies) return replies.error();
  QByteArray text;
  for (const Reply& reply : *replies) {
    if (reply.isError()) return m_connection->error(reply);
    text += reply.text().toByteArray() + '\n';
  }
  RedisInfo info = RedisInfo::parse(text);
  if (!info.isEmpty()) return info;
  return fail(Error::Kind::Protocol, QStringLiteral("%1 answers INFO with nothing that is known. Is this Redis?").arg(m_options->endpoint()));
}

Result<Sample> RedisSource::sample(std::stop_token stop) {
  if (!m_connection || !m_connection->isOpen())
    return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to Redis."));
  std::optional<ServerLookups::Stillness> still(std::in_place, ownLookups());
  const Deadline deadline(requestDeadline);
  const Instant asked = m_clock.now();
  Result<RedisInfo> info = readInfo(deadline, stop);
  const LookupCounts own = still->counts;
  still.reset();
  if (!info && info.error().kind == Error::Kind::Permission && m_connection->isOpen()) return sampleWithoutInfo(deadline, stop);
  if (!info) return dropped(info.error());
  const Instant answered = m_clock.now();
  // The server took its figures somewhere between both: the middle is the best guess on a slow link.
  const Instant middle{asked.steadyNs + (answered.steadyNs - asked.steadyNs) / 2, asked.wallMs + (answered.wallMs - asked.wallMs) / 2};
  return derive({std::move(*info), middle, own}, answered.secondsSince(asked));
}

Result<Sample> RedisSource::sampleWithoutInfo(const Deadline& deadline, const std::stop_token& stop) {
  Sample sample;
  sample.at = m_clock.now();
  const Result<Reply> pong = m_connection->command({"PING"}, deadline, stop);
  if (!pong) return dropped(pong.error());
  sample.roundTripSeconds = m_clock.now().secondsSince(sample.at);
  sample.values.emplace_back(QLatin1String("redis.round_trip"), sample.roundTripSeconds);
  sample.notes += noInfoNote(*m_options);
  return sample;
}

Sample RedisSource::derive(Reading reading, double roundTripSeconds) {
  Sample sample;
  sample.at = reading.at;
  sample.roundTripSeconds = roundTripSeconds;
  const double elapsed = m_previous ? reading.at.secondsSince(m_previous->at) : 0;
  const bool tooSoon = m_previous && elapsed < shortestStepSeconds;
  const OwnShare own{reading.own - m_forgotten, m_previous ? reading.own - m_previous->own : LookupCounts()};
  RedisFigures figures = deriveSample(m_previous ? &m_previous->info : nullptr, reading.info, tooSoon ? 0 : elapsed, own);
  sample.values = std::move(figures.values);
  sample.restarted = figures.restarted;
  if (figures.restarted) m_forgotten = reading.own;
  sample.values.emplace_back(QLatin1String("redis.round_trip"), roundTripSeconds);
  sample.notes = redisNotes(reading.info);
  if (!tooSoon || sample.restarted) m_previous = std::move(reading);
  return sample;
}

std::unique_ptr<Source> create(const SourceSettings& settings, const Clock& clock) {
  return std::make_unique<RedisSource>(settings, clock);
}

}  // namespace

SourceInfo redisSourceInfo() { return {"redis", "Redis", redisFields(), 1000, &create, &redisSettingsFromUrl}; }

}  // namespace cachedeck
