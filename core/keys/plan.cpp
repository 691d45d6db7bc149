// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/plan.h"

#include "core/base/instants.h"
#include "core/keys/servers.h"
#include "core/keys/slot_order.h"

#include <QFile>
#include <QRandomGenerator>

namespace cachedeck::keys {

namespace {

QString newId(qint64 wallMs) {
  const QString time = utc(wallMs).toString(QStringLiteral("yyyyMMdd-HHmmss"));
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

using ScanJob = std::function<Result<ScanResult>(const ScanOptions&, const Visit&)>;

Result<Plan> planOn(const ServerMark& server, const ScanJob& scanning, const Selector& selector, const PlanOptions& options, const Clock& clock) {
  const Instant begin = clock.now();
  Plan plan;
  plan.id = newId(begin.wallMs);
  plan.selector = selector;
  plan.server = server;
  plan.createdMs = begin.wallMs;
  plan.detailed = options.detailed;
  plan.spoolFile = options.folder + QLatin1Char('/') + plan.id + QStringLiteral(".names");
  auto spool = SpoolWriter::create(plan.spoolFile);
  if (!spool) return spool.error();

  SlotOrder order(**spool, server.kind == Topology::Kind::Cluster);
  PrefixStats prefixes(options.separator);
  Samples samples(options.samples);
  ScanOptions scan;
  if (options.detailed) scan.facts = {true, true, true, false};
  scan.budgetMs = options.budgetMs;
  scan.keysPerSecond = options.keysPerSecond;
  const auto visit = [&](QByteArrayView name, const ScanFacts& facts) -> Result<bool> {
    samples.add(name);
    if (options.detailed) {
      prefixes.add(name, facts.bytes, facts.ttlMs);
      plan.bytes += facts.bytes.value_or(0);
      plan.largest = std::max(plan.largest, facts.bytes.value_or(0));
      plan.unmeasured += !facts.bytes;
      plan.oversize += facts.bytes.value_or(0) > Plan::largestImage;
      if (facts.ttlMs) plan.ttls.add(*facts.ttlMs);
      if (!facts.type.isEmpty()) ++plan.types[facts.type];
    }
    if (const Result<void> added = order.add(name); !added) return added.error();
    return true;
  };
  const Result<ScanResult> result = scanning(scan, visit);
  if (!result) return result.error();
  if (const Result<void> written = order.flush(); !written) return written.error();
  plan.hold = (*spool)->hold();
  const Result<QByteArray> digest = (*spool)->finish();
  if (!digest) return digest.error();
  (*spool)->keep();
  plan.digest = *digest;
  plan.nameBytes = (*spool)->bytes();
  plan.scanned = result->scanned;
  plan.keys = result->matched;
  plan.own = result->own;
  plan.prefixes = prefixes.top(options.detailed ? 12 : 0);
  plan.samples = samples.take();
  plan.seconds = clock.now().secondsSince(begin);
  return plan;
}

}  // namespace

Result<Plan> makePlan(const RedisOptions& entry, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop) {
  Servers servers(entry);
  if (const Result<void> asked = servers.refresh(stop); !asked) return asked.error();
  const auto scanning = [&](const ScanOptions& scan, const Visit& visit) { return scanKeys(servers, selector, scan, progress, stop, visit); };
  return planOn(servers.mark(), scanning, selector, options, clock);
}

Result<Plan> makePlan(RedisConnection& connection, const Selector& selector, const PlanOptions& options, const Clock& clock, ScanProgress& progress, const std::stop_token& stop) {
  const Result<ServerMark> server = askOneServer(connection, stop);
  if (!server) return server.error();
  if (server->kind != Topology::Kind::Standalone) return makePlan(connection.options(), selector, options, clock, progress, stop);
  const auto scanning = [&](const ScanOptions& scan, const Visit& visit) { return scanKeys(connection, selector, scan, progress, stop, visit); };
  return planOn(*server, scanning, selector, options, clock);
}

void Plan::forget() const { QFile::remove(spoolFile); }

}  // namespace cachedeck::keys
