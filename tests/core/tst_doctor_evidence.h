// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"
#include "core/doctor/query_table.h"

namespace cachedeck::doctor::test {

/// INFO of a healthy cache, with lines in place of its own.
inline RedisInfo infoWith(const QByteArray& lines = {}) {
  return RedisInfo::parse(
      "# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\nuptime_in_seconds:200000\r\n# Clients\r\nconnected_clients:20\r\nmaxclients:10000\r\n"
      "# Memory\r\nused_memory:50000000\r\nmaxmemory:100000000\r\nmaxmemory_policy:allkeys-lru\r\ntotal_system_memory:8589934592\r\n"
      "# Persistence\r\nloading:0\r\nrdb_last_bgsave_status:ok\r\naof_last_write_status:ok\r\naof_last_bgrewrite_status:ok\r\nrdb_changes_since_last_save:7\r\n"
      "# Stats\r\nrejected_connections:0\r\nkeyspace_hits:90000\r\nkeyspace_misses:10000\r\nexpired_keys:1000\r\nevicted_keys:0\r\n"
      "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n# Commandstats\r\ncmdstat_set:calls=10000,usec=1\r\n"
      "# Keyspace\r\n" + (lines.contains("db0:") ? QByteArray() : QByteArray("db0:keys=5000,expires=5000,avg_ttl=200000\r\n")) + lines);
}

inline void setInfo(Evidence& evidence, const QByteArray& lines) { evidence.redis.first = evidence.redis.last = infoWith(lines); }

inline PromSeries series(const PromLabels& labels, double value) { return {labels, {{1000, value}}}; }

inline PromTarget target(const char* job, const char* health, const char* error = "") {
  PromTarget target;
  target.labels = {{QStringLiteral("job"), QLatin1String(job)}, {QStringLiteral("instance"), QStringLiteral("10.0.0.1:1")}};
  target.pool = QLatin1String(job);
  target.scrapeUrl = QStringLiteral("http://10.0.0.1:1/metrics");
  target.health = QLatin1String(health);
  target.lastError = QString::fromUtf8(error);
  return target;
}

inline PromRule rule(const char* name, const char* query) {
  PromRule rule;
  rule.type = QStringLiteral("alerting");
  rule.name = QLatin1String(name);
  rule.query = QLatin1String(query);
  rule.state = QStringLiteral("inactive");
  rule.health = QStringLiteral("ok");
  rule.holdSeconds = 300;
  return rule;
}

inline PromRule recording(const char* name, const char* query) {
  PromRule one = rule(name, query);
  one.type = QStringLiteral("recording");
  one.state.clear();
  return one;
}

inline Server reachedServer(const char* endpoint) { return {true, QLatin1String(endpoint), {}, 0.01, 0.05}; }

/// Everything reached, and nothing to say.
inline Evidence healthy() {
  Evidence evidence;
  evidence.redis.server = reachedServer("cache:6379");
  evidence.redis.host = QStringLiteral("cache");
  evidence.redis.account = QStringLiteral("watcher");
  setInfo(evidence, {});
  evidence.postgres.server = reachedServer("db:5432");
  evidence.postgres.caps.maxConnections = 100;
  evidence.postgres.caps.readsAllStats = true;
  evidence.postgres.caps.role = QStringLiteral("watcher");
  evidence.postgres.caps.database = QStringLiteral("app");
  evidence.postgres.caps.extensionVersion = 110;
  evidence.postgres.caps.statementsLoaded = true;
  evidence.postgres.backends = 15;
  evidence.postgres.reserved = 3;
  evidence.postgres.idleTimeout = QStringLiteral("0");

  PrometheusEvidence& prometheus = evidence.prometheus;
  prometheus.server = reachedServer("prom:9090");
  prometheus.nowMs = 1'000'000'000;
  prometheus.loadedMs = prometheus.nowMs - 3'600'000;
  prometheus.hasTargets = prometheus.hasRules = true;
  prometheus.targets = {target("redis", "up"), target("postgres", "up"), target("app", "up")};
  prometheus.groups = {{QStringLiteral("g"), QStringLiteral("/etc/alerts.yml"), 15, {rule("LowCacheHitRate", "rate(redis_keyspace_hits_total[5m]) < 75")}}};
  prometheus.evaluatedMs = {{QStringLiteral("/etc/alerts.yml;g"), prometheus.nowMs - 9000}};
  prometheus.alertmanagers = QStringList{QStringLiteral("http://am:9093/api/v2/alerts")};
  prometheus.reloaded = true;
  for (const NeededSeries& one : neededSeries()) {
    prometheus.asked += QLatin1String(one.name);
    prometheus.present[QLatin1String(one.name)] = {QLatin1String(one.kind)};
  }
  for (const RenamedSeries& one : renamedSeries()) {
    prometheus.asked += QLatin1String(one.now);
    prometheus.asked += QLatin1String(one.before);
    prometheus.present[QLatin1String(one.now)] = {QStringLiteral("postgres")};
  }
  prometheus.answers[QStringLiteral("redis_up")] = {series({}, 1)};
  prometheus.answers[QStringLiteral("pg_up")] = {series({}, 1)};
  prometheus.answers[QStringLiteral("hits")] = {series({}, 900)};
  prometheus.answers[QStringLiteral("misses")] = {series({}, 100)};
  prometheus.answers[QStringLiteral("evicted")] = {series({}, 0)};
  prometheus.answers[QStringLiteral("expired")] = {series({}, 5)};
  prometheus.answers[QStringLiteral("stores")] = {series({}, 70)};
  prometheus.answers[QStringLiteral("notify_failed")] = {series({{QStringLiteral("integration"), QStringLiteral("slack")}}, 0)};
  prometheus.answers[QStringLiteral("pool_max")] = {series({{QStringLiteral("job"), QStringLiteral("app")}}, 40)};
  prometheus.answers[QStringLiteral("pool_instances")] = {series({{QStringLiteral("job"), QStringLiteral("app")}}, 2)};

  evidence.alertmanager.server = reachedServer("am:9093");
  evidence.alertmanager.url = QStringLiteral("http://am:9093");
  evidence.alertmanager.receivers = QList<AlertReceiver>{{QStringLiteral("team"), {QStringLiteral("slack")}}, {QStringLiteral("nobody"), {}}};
  evidence.alertmanager.rootReceiver = QStringLiteral("team");
  evidence.pushgateway = reachedServer("push:9091");
  evidence.service.server = reachedServer("api:8080");
  evidence.service.status = 200;
  return evidence;
}

inline ManagedAlert alert(const char* name, const char* severity, const char* receiver) {
  ManagedAlert one;
  one.labels = {{QStringLiteral("alertname"), QLatin1String(name)}, {QStringLiteral("severity"), QLatin1String(severity)}};
  one.state = QStringLiteral("active");
  one.receivers = {QLatin1String(receiver)};
  return one;
}

}  // namespace cachedeck::doctor::test
