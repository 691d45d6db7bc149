// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/plan.h"

#include "core/keys/spool.h"
#include "core/sources/redis/redis_info.h"

#include <QFile>
#include <QRandomGenerator>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds askDeadline{5000};
constexpr qint64 prefixBytes = qint64{64} << 20;

QString newId(qint64 wallMs) {
  const QString time = QDateTime::fromMSecsSinceEpoch(wallMs, Qt::UTC).toString(QStringLiteral("yyyyMMdd-HHmmss"));
  return QStringLiteral("%1-%2").arg(time, QString::number(QRandomGenerator::system()->generate(), 16).rightJustified(8, QLatin1Char('0')));
}

/// Every n-th name, n growing with the scan: at most `most` of them, spread over all of it.
class Samples {
 public:
  explicit Samples(qsizetype most) : m_most(most) {}
  void add(QByteArrayView name) {
    if (m_most <= 0 || m_count++ % m_every != 0) return;
    m_names.append(name.toByteArray());
    if (m_names.size() < 2 * m_most) return;
    for (qsizetype i = 1; i < m_names.size(); ++i) m_names.removeAt(i);  // each second one
    m_every *= 2;
  }
  QList<QByteArray> take() {
    while (m_names.size() > m_most) m_names.removeLast();
    return std::move(m_names);
  }

 private:
  const qsizetype m_most;
  QList<QByteArray> m_names;
  qint64 m_count = 0, m_every = 1;
};

}  // namespace

QString ServerMark::text() const { return QStringLiteral("%1 db %2").arg(endpoint).arg(database); }

Result<ServerMark> askServer(RedisConnection& connection, const std::stop_token& stop) {
  const std::vector<RedisCommand> questions{{"INFO", "server"}, {"INFO", "replication"}, {"TIME"}};
  const Result<std::vector<Reply>> replies = connection.pipeline(questions, Deadline(askDeadline), stop);
  if (!replies) return replies.error();
  for (const Reply& reply : *replies)
    if (reply.isError()) return connection.error(reply);
  ServerMark mark;
  mark.endpoint = connection.options().endpoint();
  mark.database = connection.options().database;
  const RedisInfo server = RedisInfo::parse((*replies)[0].text()), replication = RedisInfo::parse((*replies)[1].text());
  mark.runId = QString::fromLatin1(server.text("run_id"));
  mark.version = QString::fromLatin1(server.text("redis_version"));
  mark.primary = replication.text("role") != "slave";
  const Reply::Item time = (*replies)[2].root();
  if (time.size() == 2) {
    auto part = time.begin();
    const qint64 seconds = (*part).text().toByteArray().toLongLong(), micro = (*++part).text().toByteArray().toLongLong();
    mark.clockMs = seconds * 1000 + micro / 1000;
  }
  return mark;
}

Result<Plan> makePlan(RedisConnection& connection, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop) {
  const Instant begin = clock.now();
  Plan plan;
  plan.id = newId(begin.wallMs);
  plan.selector = selector;
  plan.createdMs = begin.wallMs;
  plan.detailed = options.detailed;
  Result<ServerMark> server = askServer(connection, stop);
  if (!server) return server.error();
  plan.server = *server;
  plan.spoolFile = options.folder + QLatin1Char('/') + plan.id + QStringLiteral(".names");
  auto spool = SpoolWriter::create(plan.spoolFile);
  if (!spool) return spool.error();

  PrefixStats prefixes(options.separator, prefixBytes);
  Samples samples(options.samples);
  ScanOptions scan;
  if (options.detailed) scan.facts = {true, true, true, false};
  const auto visit = [&](QByteArrayView name, const ScanFacts& facts) -> Result<bool> {
    samples.add(name);
    if (options.detailed) {
      prefixes.add(name, facts.bytes, facts.ttlMs);
      plan.bytes += facts.bytes.value_or(0);
      plan.largest = std::max(plan.largest, facts.bytes.value_or(0));
      if (facts.ttlMs) plan.ttls.add(*facts.ttlMs);
      if (!facts.type.isEmpty()) ++plan.types[facts.type];
    }
    if (const Result<void> added = (*spool)->add(name); !added) return added.error();
    return true;
  };
  const Result<ScanResult> result = scanKeys(connection, selector, scan, progress, stop, visit);
  if (!result) return result.error();
  const Result<QByteArray> digest = (*spool)->finish();
  if (!digest) return digest.error();
  (*spool)->keep();
  plan.digest = *digest;
  plan.scanned = result->scanned;
  plan.keys = result->matched;
  plan.own = result->own;
  plan.prefixes = prefixes.top(options.detailed ? 12 : 0);
  plan.samples = samples.take();
  plan.seconds = clock.now().secondsSince(begin);
  return plan;
}

void Plan::forget() const { QFile::remove(spoolFile); }

}  // namespace cachedeck::keys
