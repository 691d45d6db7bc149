// SPDX-License-Identifier: GPL-3.0-or-later
// The doctor's checks on made-up evidence: each finds what it is for, and is silent on what is healthy.
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/doctor/check.h"
#include "core/doctor/promql_names.h"
#include "core/doctor/report_json.h"
#include "tests/core/tst_doctor_evidence.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <functional>
#include <set>

using namespace cachedeck;
using namespace cachedeck::doctor;
using namespace cachedeck::doctor::test;

namespace {

using Kind = Error::Kind;

/// What is wrong with healthy evidence, and which finding it must give; `words` stand in one of its texts.
struct Case {
  const char* name;
  const char* check;
  Severity severity;
  const char* words;
  std::function<void(Evidence&)> spoil;
};

void refuse(Server& server, Kind kind, const char* message, const char* detail = "") { server.error = fail(kind, QLatin1String(message), QLatin1String(detail)); }

void lose(Evidence& evidence, const char* name) { evidence.prometheus.present.remove(QLatin1String(name)); }

void ratio(Evidence& evidence, double hits, double misses) {
  evidence.prometheus.answers[QStringLiteral("hits")] = {series({}, hits)};
  evidence.prometheus.answers[QStringLiteral("misses")] = {series({}, misses)};
}

void lately(Evidence& evidence, const char* question, double value) { evidence.prometheus.answers[QLatin1String(question)] = {series({}, value)}; }

void session(Evidence& evidence, const char* blockers, bool idle, double seconds) {
  evidence.postgres.sessions.append({QStringLiteral("71"), QStringLiteral("app"), QStringLiteral("api"), QLatin1String(blockers), idle, seconds});
}

void redisDown(Evidence& evidence, Kind kind, const char* message, const char* detail = "") {
  refuse(evidence.redis.server, kind, message, detail);
  evidence.redis.first = evidence.redis.last = {};
}

PromAlert firing(const char* name, const char* state, qint64 sinceMs) {
  PromAlert alert;
  alert.labels = {{QStringLiteral("alertname"), QLatin1String(name)}};
  alert.state = QLatin1String(state);
  alert.activeAtMs = 1'000'000'000 - sinceMs;
  return alert;
}

const std::vector<Case>& cases() {
  constexpr Severity info = Severity::Info, warning = Severity::Warning, critical = Severity::Critical;
  static const std::vector<Case> all{
      {"refused", "cache-connection", critical, "systemctl start redis-server", [](Evidence& e) { redisDown(e, Kind::Refused, "Nothing listens on cache:6379."); }},
      {"no such name", "cache-connection", critical, "getent hosts cache", [](Evidence& e) { redisDown(e, Kind::Unreachable, "The host name is not known."); }},
      {"no such socket", "cache-connection", critical, "There is no Redis at the socket", [](Evidence& e) { redisDown(e, Kind::Refused, "There is no Unix socket “/run/redis.sock”."); }},
      {"no CA file", "cache-connection", critical, "The connection to the cache fails", [](Evidence& e) { redisDown(e, Kind::NotFound, "The CA file “/no/such.crt” cannot be read."); }},
      {"wrong password", "cache-connection", critical, "ACL SETUSER watcher on >PASSWORD", [](Evidence& e) { redisDown(e, Kind::Auth, "does not accept this user", "WRONGPASS invalid username-password pair"); }},
      {"no password", "cache-connection", critical, "none is given", [](Evidence& e) { redisDown(e, Kind::Auth, "asks for a password", "NOAUTH Authentication required."); }},
      {"ACL", "cache-connection", critical, "(ACL)", [](Evidence& e) { redisDown(e, Kind::Permission, "may not run a command", "NOPERM this user has no permissions"); }},
      {"protected mode", "cache-connection", critical, "protected mode", [](Evidence& e) { redisDown(e, Kind::Permission, "is in protected mode", "DENIED Redis is running in protected mode"); }},
      {"certificate", "cache-connection", critical, "rediss://", [](Evidence& e) { redisDown(e, Kind::Tls, "The certificate has expired."); }},
      {"speaks TLS", "cache-connection", critical, "Use rediss://", [](Evidence& e) { redisDown(e, Kind::Protocol, "cache:6379 speaks TLS."); }},
      {"maxclients", "cache-connection", critical, "maxclients is reached", [](Evidence& e) { redisDown(e, Kind::Busy, "is full", "ERR max number of clients reached"); }},
      {"loading", "cache-connection", critical, "is loading", [](Evidence& e) { redisDown(e, Kind::Busy, "is loading its data", "LOADING Redis is loading the dataset in memory"); }},
      {"silent", "cache-connection", critical, "SLOWLOG", [](Evidence& e) { redisDown(e, Kind::Timeout, "did not answer within 2 s"); }},
      {"no INFO", "cache-rights", warning, "ACL SETUSER watcher +info", [](Evidence& e) { e.redis.first = e.redis.last = {}; e.redis.infoRefused = fail(Kind::Permission, QStringLiteral("NOPERM")); }},
      {"denied before", "cache-denials", info, "ACL LOG", [](Evidence& e) { setInfo(e, "errorstat_NOPERM:count=2\r\n"); }},
      {"denied now", "cache-denials", warning, "3 of them", [](Evidence& e) { e.redis.first = infoWith("errorstat_WRONGPASS:count=2\r\n"); e.redis.last = infoWith("errorstat_WRONGPASS:count=5\r\n"); }},
      {"rejected long ago", "cache-rejected", info, "has turned", [](Evidence& e) { setInfo(e, "rejected_connections:4\r\n"); }},
      {"rejected today", "cache-rejected", warning, "maxclients", [](Evidence& e) { setInfo(e, "rejected_connections:4\r\nuptime_in_seconds:4000\r\n"); }},
      {"rejected now", "cache-rejected", critical, "turns clients away", [](Evidence& e) { e.redis.last = infoWith("rejected_connections:4\r\n"); }},
      {"many clients", "cache-clients", warning, "8500 of 10000", [](Evidence& e) { setInfo(e, "connected_clients:8500\r\n"); }},
      {"full of clients", "cache-clients", critical, "9990 of 10000", [](Evidence& e) { setInfo(e, "connected_clients:9990\r\n"); }},

      {"poor for no reason", "cache-hit-rate", critical, "no single cause", [](Evidence& e) { ratio(e, 40, 60); }},
      {"below the target", "cache-hit-rate", warning, "70 % of 100 look-ups in five minutes", [](Evidence& e) { ratio(e, 70, 30); }},
      {"short lives", "cache-hit-rate", warning, "times to live are too short", [](Evidence& e) { ratio(e, 70, 30); lately(e, "expired", 20); }},
      {"evictions", "cache-hit-rate", warning, "the memory is too small", [](Evidence& e) { ratio(e, 70, 30); lately(e, "evicted", 9); }},
      {"random evictions", "cache-hit-rate", warning, "evicts at random", [](Evidence& e) { ratio(e, 70, 30); lately(e, "evicted", 2); setInfo(e, "maxmemory_policy:allkeys-random\r\n"); }},
      {"stores are refused", "cache-hit-rate", warning, "noeviction refuses", [](Evidence& e) { ratio(e, 70, 30); lately(e, "refused", 9); setInfo(e, "maxmemory_policy:noeviction\r\nused_memory:99000000\r\n"); }},
      {"flushed", "cache-hit-rate", warning, "emptied in five minutes (FLUSHALL, FLUSHDB: 3)", [](Evidence& e) { ratio(e, 70, 30); lately(e, "flushes", 2.7); }},
      {"nothing is stored", "cache-hit-rate", warning, "not put into the cache", [](Evidence& e) { ratio(e, 70, 30); lately(e, "stores", 1); }},
      {"keys without reads", "cache-hit-rate", critical, "most keys are never read", [](Evidence& e) { ratio(e, 1, 99); }},
      {"cold", "cache-hit-rate", info, "cold after a restart", [](Evidence& e) { ratio(e, 40, 60); setInfo(e, "uptime_in_seconds:30\r\n"); }},
      {"seen by two looks", "cache-hit-rate", critical, "while it was looked at", [](Evidence& e) { e.prometheus.answers.remove(QStringLiteral("hits")); e.redis.last = infoWith("keyspace_hits:90010\r\nkeyspace_misses:10090\r\n"); }},
      {"seen since the start", "cache-hit-rate", critical, "since the server started", [](Evidence& e) { e.prometheus.answers.remove(QStringLiteral("hits")); setInfo(e, "keyspace_hits:100\r\nkeyspace_misses:10000\r\n"); }},
      {"no limit", "cache-memory-limit", warning, "CONFIG SET maxmemory 4096mb", [](Evidence& e) { setInfo(e, "maxmemory:0\r\n"); }},
      {"noeviction", "cache-policy", warning, "allkeys-lru", [](Evidence& e) { setInfo(e, "maxmemory_policy:noeviction\r\n"); }},
      {"noeviction and full", "cache-policy", critical, "OOM", [](Evidence& e) { setInfo(e, "maxmemory_policy:noeviction\r\nused_memory:99000000\r\n"); }},
      {"volatile without TTL", "cache-policy", warning, "only evicts keys with a time to live", [](Evidence& e) { setInfo(e, "maxmemory_policy:volatile-lru\r\ndb0:keys=5000,expires=100\r\n"); }},
      {"random", "cache-policy", info, "at random", [](Evidence& e) { setInfo(e, "maxmemory_policy:allkeys-random\r\n"); }},
      {"full and evicting", "cache-memory-full", info, "keys are evicted, as its policy says. That is right", [](Evidence& e) { setInfo(e, "used_memory:95000000\r\nevicted_keys:7\r\n"); }},
      {"nearly full", "cache-memory-full", info, "no key was evicted so far", [](Evidence& e) { setInfo(e, "used_memory:95000000\r\n"); }},
      {"full and not evicting", "cache-memory-full", critical, "nothing is evicted", [](Evidence& e) { setInfo(e, "used_memory:95000000\r\nmaxmemory_policy:noeviction\r\n"); }},
      {"a few without TTL", "cache-keys-without-ttl", info, "3 of 5003", [](Evidence& e) { setInfo(e, "db0:keys=5003,expires=5000\r\n"); }},
      {"many without TTL", "cache-keys-without-ttl", warning, "session:* (7)", [](Evidence& e) { setInfo(e, "db0:keys=5000,expires=0\r\n"); e.redis.sampled = 7; e.redis.prefixes[QStringLiteral("session:*")] = 7; }},
      {"no snapshot", "cache-persistence", critical, "MISCONF", [](Evidence& e) { setInfo(e, "rdb_last_bgsave_status:err\r\n"); }},
      {"no snapshot, writes go on", "cache-persistence", warning, "df -h", [](Evidence& e) { setInfo(e, "rdb_last_bgsave_status:err\r\n"); e.redis.config["stop-writes-on-bgsave-error"] = "no"; }},
      {"no snapshot that was due", "cache-persistence", warning, "could not save", [](Evidence& e) { setInfo(e, "rdb_last_bgsave_status:err\r\n"); e.redis.config["save"] = ""; }},
      {"no AOF", "cache-persistence", critical, "append-only", [](Evidence& e) { setInfo(e, "aof_last_write_status:err\r\n"); }},
      {"no AOF rewrite", "cache-persistence", warning, "BGREWRITEAOF", [](Evidence& e) { setInfo(e, "aof_last_bgrewrite_status:err\r\n"); }},
      {"no master", "cache-replication", critical, "10.0.0.9:6379", [](Evidence& e) { setInfo(e, "role:slave\r\nmaster_host:10.0.0.9\r\nmaster_port:6379\r\nmaster_link_status:down\r\nmaster_link_down_since_seconds:40\r\n"); }},
      {"slow replica", "cache-replication", warning, "lag 60", [](Evidence& e) { setInfo(e, "connected_slaves:1\r\nslave0:ip=10.0.0.8,port=6379,state=online,offset=1,lag=60\r\n"); }},
      {"replica that copies", "cache-replication", warning, "wait_bgsave", [](Evidence& e) { setInfo(e, "connected_slaves:1\r\nslave0:ip=10.0.0.8,port=6379,state=wait_bgsave,offset=1,lag=0\r\n"); }},

      {"database refused", "database-connection", critical, "listen_addresses", [](Evidence& e) { refuse(e.postgres.server, Kind::Refused, "Nothing listens at db:5432."); }},
      {"database's name", "database-connection", critical, "getent hosts", [](Evidence& e) { refuse(e.postgres.server, Kind::Unreachable, "The host name “db” is not known."); }},
      {"database password", "database-connection", critical, "pg_hba.conf", [](Evidence& e) { refuse(e.postgres.server, Kind::Auth, "refused the password"); }},
      {"no extension", "database-statements", warning, "CREATE EXTENSION", [](Evidence& e) { for (const RenamedSeries& one : renamedSeries()) lose(e, one.now); e.postgres.caps.extensionVersion = 0; e.postgres.statements = StatementsAccess::Missing; }},
      {"no library either", "database-statements", warning, "shared_preload_libraries", [](Evidence& e) { for (const RenamedSeries& one : renamedSeries()) lose(e, one.now); e.postgres.caps.statementsLoaded = false; e.postgres.statements = StatementsAccess::Missing; }},
      {"not preloaded", "database-statements", warning, "not preloaded", [](Evidence& e) { e.postgres.statements = StatementsAccess::NotLoaded; }},
      {"may not read", "database-statements", warning, "GRANT pg_monitor TO watcher", [](Evidence& e) { e.postgres.statements = StatementsAccess::Denied; }},
      {"tracks nothing", "database-statements", warning, "pg_stat_statements.track", [](Evidence& e) { e.postgres.caps.tracksStatements = false; }},
      {"no pg_monitor", "database-rights", warning, "GRANT pg_monitor TO watcher", [](Evidence& e) { e.postgres.caps.readsAllStats = false; }},
      {"nearly full", "database-full", warning, "80 sessions", [](Evidence& e) { e.postgres.backends = 80; }},
      {"full", "database-full", critical, "PgBouncer", [](Evidence& e) { e.postgres.backends = 97; }},
      {"pools", "database-pool", warning, "at most 24 an instance", [](Evidence& e) { e.prometheus.answers[QStringLiteral("pool_max")] = {series({{QStringLiteral("job"), QStringLiteral("app")}}, 200)}; e.prometheus.answers[QStringLiteral("pool_instances")] = {series({{QStringLiteral("job"), QStringLiteral("app")}}, 4)}; }},
      {"blocked", "database-blocked", warning, "as superuser or a role with pg_signal_backend: SELECT pg_terminate_backend(99);", [](Evidence& e) { session(e, "99", false, 40); }},
      {"blocked by a prepared transaction", "database-blocked", warning, "ROLLBACK PREPARED", [](Evidence& e) { session(e, "0", false, 40); }},
      {"idle in transaction", "database-idle-in-transaction", warning, "pid 71 of role app (api) for 90 s", [](Evidence& e) { session(e, "", true, 90); }},
      {"idle for a while", "database-idle-in-transaction", info, "idle_in_transaction_session_timeout", [](Evidence& e) { session(e, "", true, 10); }},

      {"no Prometheus", "prometheus-connection", critical, "promtool check config", [](Evidence& e) { Server server = e.prometheus.server; e.prometheus = {}; e.prometheus.server = server; refuse(e.prometheus.server, Kind::Refused, "Nothing listens on prom:9090."); }},
      {"exporter down", "exporter-down", critical, "connection refused", [](Evidence& e) { e.prometheus.targets[0] = target("redis", "down", "dial tcp 10.0.0.1:1: connect: connection refused"); }},
      {"another target down", "exporter-down", warning, "app (10.0.0.1:1)", [](Evidence& e) { e.prometheus.targets[2] = target("app", "down", "EOF"); }},
      {"exporter without its server", "exporter-database", critical, "REDIS_PASSWORD", [](Evidence& e) { e.prometheus.answers[QStringLiteral("redis_up")] = {series({}, 0)}; }},
      {"exporter with errors", "exporter-database", warning, "last_scrape_error", [](Evidence& e) { e.prometheus.answers[QStringLiteral("pg_scrape_error")] = {series({}, 1)}; }},
      {"exporter that nobody scrapes", "exporter-not-scraped", warning, "targets: ['cache:9121']", [](Evidence& e) { e.prometheus.targets.erase(e.prometheus.targets.begin()); lose(e, "redis_up"); e.probes = {{QStringLiteral("redis"), QStringLiteral("cache:9121"), true}}; }},
      {"no exporter", "exporter-not-scraped", warning, "nothing answers as one", [](Evidence& e) { e.prometheus.targets.erase(e.prometheus.targets.begin() + 1); lose(e, "pg_up"); e.probes = {{QStringLiteral("postgres"), QStringLiteral("db:9187"), false}}; }},
      {"series gone", "series-missing", warning, "redis_memory_used_bytes", [](Evidence& e) { lose(e, "redis_memory_used_bytes"); }},
      {"older names", "series-renamed", warning, "names of another version", [](Evidence& e) { for (const RenamedSeries& one : renamedSeries()) { lose(e, one.now); e.prometheus.present[QLatin1String(one.before)] = {QStringLiteral("postgres")}; } }},
      {"no statements", "series-renamed", warning, "--collector.stat_statements", [](Evidence& e) { for (const RenamedSeries& one : renamedSeries()) lose(e, one.now); }},
      {"clock of Prometheus", "clock-skew", critical, "Grafana", [](Evidence& e) { e.prometheus.server.skewSeconds = -120; }},
      {"clock of Redis", "clock-skew", warning, "5 s ahead", [](Evidence& e) { e.redis.server.skewSeconds = 5; }},
      {"clock of the database", "clock-skew", warning, "PostgreSQL", [](Evidence& e) { e.postgres.server.skewSeconds = 7; }},

      {"bad configuration", "prometheus-config", critical, "promtool", [](Evidence& e) { e.prometheus.reloaded = false; }},
      {"no rules", "rules-none", critical, "rule_files", [](Evidence& e) { e.prometheus.groups.clear(); }},
      {"recording rules only", "rules-none", critical, "none with an alert", [](Evidence& e) { e.prometheus.groups[0].rules[0].type = QStringLiteral("recording"); }},
      {"broken rule", "rules-broken", critical, "many-to-many", [](Evidence& e) { e.prometheus.groups[0].rules[0].health = QStringLiteral("err"); e.prometheus.groups[0].rules[0].lastError = QStringLiteral("many-to-many matching not allowed"); }},
      {"stale rules", "rules-stale", critical, "120 s ago, due every 15 s", [](Evidence& e) { e.prometheus.evaluatedMs[QStringLiteral("/etc/alerts.yml;g")] = e.prometheus.nowMs - 120'000; }},
      {"rule of a name that is not there", "rules-without-series", warning, "redis_hits", [](Evidence& e) { e.prometheus.groups[0].rules[0].query = QStringLiteral("rate(redis_hits[5m]) < 1"); e.prometheus.asked += QStringLiteral("redis_hits"); }},
      {"rule of errors that never came", "rules-without-series", info, "http_errors_total", [](Evidence& e) { e.prometheus.groups[0].rules[0].query = QStringLiteral("http_errors_total > 1"); e.prometheus.asked += QStringLiteral("http_errors_total"); }},
      {"pending", "alerts-pending", info, "200 s of 300 s", [](Evidence& e) { e.prometheus.groups[0].rules[0].alerts = {firing("Low", "pending", 200'000)}; }},
      {"no Alertmanager in Prometheus", "alertmanager-none", critical, "targets: ['am:9093']", [](Evidence& e) { e.prometheus.alertmanagers = QStringList(); e.prometheus.namesAlertmanagers = false; }},
      {"no Alertmanager by its discovery", "alertmanager-none", critical, "its discovery finds none", [](Evidence& e) { e.prometheus.alertmanagers = QStringList(); e.prometheus.namesAlertmanagers = true; }},
      {"dead Alertmanager", "alertmanager-unreachable", critical, "amtool check-config", [](Evidence& e) { refuse(e.alertmanager.server, Kind::Refused, "Nothing listens on am:9093."); }},
      {"deliveries fail", "alertmanager-unreachable", critical, "in 15 minutes", [](Evidence& e) { e.prometheus.answers[QStringLiteral("send_errors")] = {series({}, 4)}; }},
      {"deliveries failed", "alertmanager-unreachable", warning, "since Prometheus started", [](Evidence& e) { e.prometheus.own = MetricsText::parse("prometheus_notifications_errors_total{alertmanager=\"http://am:9093/api/v2/alerts\"} 4\n", {"prometheus_"}); }},
      {"alert does not arrive", "alerts-not-arriving", critical, "Low", [](Evidence& e) { e.prometheus.alerts = {firing("Low", "firing", 60'000)}; }},
      {"no integration at all", "receiver-empty", critical, "webhook_configs", [](Evidence& e) { (*e.alertmanager.receivers)[0].integrations.clear(); }},
      {"alert to nobody", "receiver-empty", warning, "Low (warning) → nobody", [](Evidence& e) { e.alertmanager.alerts = {alert("Low", "warning", "nobody")}; }},
      {"the rest to nobody", "receiver-empty", info, "root route", [](Evidence& e) { e.alertmanager.rootReceiver = QStringLiteral("nobody"); }},
      {"silenced", "alerts-silenced", info, "silence 1f by ann until", [](Evidence& e) { e.alertmanager.alerts = {alert("Low", "warning", "team")}; e.alertmanager.alerts[0].silencedBy = {QStringLiteral("1f")}; e.alertmanager.silences[QStringLiteral("1f")] = {QStringLiteral("ann"), QStringLiteral("deploy"), QStringLiteral("2030-01-01T00:00:00Z")}; }},
      {"critical silenced", "alerts-silenced", warning, "amtool --alertmanager.url=http://am:9093 silence expire 1f", [](Evidence& e) { e.alertmanager.alerts = {alert("High", "critical", "team")}; e.alertmanager.alerts[0].silencedBy = {QStringLiteral("1f")}; }},
      {"inhibited", "alerts-inhibited", info, "inhibit_rules", [](Evidence& e) { e.alertmanager.alerts = {alert("Low", "warning", "team")}; e.alertmanager.alerts[0].inhibitedBy = {QStringLiteral("2f")}; }},
      {"webhook fails", "webhook-unreachable", critical, "slack: 3 attempts failed in 15 minutes", [](Evidence& e) { e.prometheus.answers[QStringLiteral("notify_failed")] = {series({{QStringLiteral("integration"), QStringLiteral("slack")}}, 2.4)}; }},
      {"deliveries failed and go well again", "alertmanager-unreachable", info, "since Prometheus started", [](Evidence& e) { e.prometheus.answers[QStringLiteral("send_errors")] = {series({}, 0)}; e.prometheus.own = MetricsText::parse("prometheus_notifications_errors_total{alertmanager=\"http://am:9093/api/v2/alerts\"} 4\n", {"prometheus_"}); }},
      {"webhook failed and goes well again", "webhook-unreachable", info, "could not deliver some", [](Evidence& e) { e.alertmanager.own = MetricsText::parse("alertmanager_notifications_failed_total{integration=\"slack\",reason=\"x\"} 2\nalertmanager_notifications_total{integration=\"slack\"} 5\n", {"alertmanager_"}); }},
      {"webhook failed", "webhook-unreachable", warning, "slack: 2 of 5", [](Evidence& e) { e.prometheus.answers.remove(QStringLiteral("notify_failed")); e.alertmanager.own = MetricsText::parse("alertmanager_notifications_failed_total{integration=\"slack\",reason=\"x\"} 2\nalertmanager_notifications_total{integration=\"slack\"} 5\n", {"alertmanager_"}); }},

      {"service down", "service-health", critical, "URL of the service", [](Evidence& e) { e.service = {}; e.service.server.wanted = true; refuse(e.service.server, Kind::Refused, "Nothing listens."); }},
      {"service ill", "service-health", critical, "answers 503", [](Evidence& e) { e.service.status = 503; }},
      {"service without cache", "service-health", critical, "every request goes to the database", [](Evidence& e) { e.service.health = {{QStringLiteral("cache"), QJsonObject{{QStringLiteral("available"), false}, {QStringLiteral("backend"), QStringLiteral("redis")}}}}; }},
      {"service without cache, by Prometheus", "service-health", critical, "cache_up is 0", [](Evidence& e) { e.prometheus.answers[QStringLiteral("cache_down")] = {series({}, 0)}; }},
      {"no Pushgateway", "pushgateway-connection", warning, "load runs", [](Evidence& e) { refuse(e.pushgateway, Kind::Refused, "Nothing listens."); }},
  };
  return all;
}

QByteArray shown(const Findings& findings) {
  QByteArray text;
  for (const Finding& one : findings) text += '\n' + one.check.toUtf8() + ' ' + severityName(one.severity).toUtf8() + ": " + one.finding.toUtf8() + " | " + one.evidence.toUtf8() + " | " + one.remedy.toUtf8();
  return text;
}

}  // namespace

class TestDoctor : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void isSilentOnWhatIsHealthy() {
    const Findings found = findingsOf(healthy());
    QVERIFY2(found.isEmpty(), shown(found).constData());
    QVERIFY(findingsOf(Evidence()).isEmpty());  // nothing was asked
  }

  void finds_data() {
    QTest::addColumn<size_t>("index");
    for (size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].name) << i;
  }
  void finds() {
    QFETCH(size_t, index);
    const Case& one = cases()[index];
    Evidence evidence = healthy();
    one.spoil(evidence);
    const Findings found = findingsOf(evidence);
    const auto match = std::find_if(found.begin(), found.end(), [&](const Finding& finding) { return finding.check == QLatin1String(one.check); });
    QVERIFY2(match != found.end(), shown(found).constData());
    QVERIFY2(match->severity == one.severity, shown(found).constData());
    QVERIFY2((match->finding + match->evidence + match->remedy).contains(QString::fromUtf8(one.words)), shown(found).constData());
    for (const Finding& finding : found) {
      QVERIFY2(!finding.finding.isEmpty() && !finding.remedy.isEmpty(), shown(found).constData());
      QVERIFY2(!(finding.finding + finding.evidence + finding.remedy).contains(QRegularExpression(QStringLiteral("%\\d"))), shown(found).constData());
    }
    // One cause is one finding, save for those that a full memory or a random policy explains too.
    const std::set<QString> kin{QStringLiteral("cache-policy"), QStringLiteral("cache-memory-full"), QStringLiteral("cache-keys-without-ttl"), QStringLiteral("cache-hit-rate")};
    for (const Finding& finding : found) QVERIFY2(finding.check == match->check || kin.contains(finding.check), shown(found).constData());
  }

  void everyCheckHasACase() {
    std::set<QString> tried;
    for (const Case& one : cases()) tried.insert(QLatin1String(one.check));
    std::set<QString> ids;
    for (const Check& check : checkTable()) {
      QVERIFY2(tried.contains(QLatin1String(check.id)), check.id);
      QVERIFY2(ids.insert(QLatin1String(check.id)).second, check.id);
      QVERIFY(qstrlen(check.title) > 0 && qstrlen(check.looksAt) > 0);
    }
  }

  void theSeverestComesFirst() {
    Evidence evidence = healthy();
    setInfo(evidence, "db0:keys=5003,expires=5000\r\nmaxmemory:0\r\n");
    refuse(evidence.postgres.server, Kind::Refused, "Nothing listens at db:5432.");
    const Findings found = findingsOf(evidence);
    QCOMPARE(found.size(), 3);
    QCOMPARE(found[0].severity, Severity::Critical);
    QCOMPARE(found[2].severity, Severity::Info);
    const QString text = reportText({found, {QStringLiteral("Redis")}, {}});
    QVERIFY(text.indexOf(QLatin1String("Critical")) < text.indexOf(QLatin1String("Warnings")) && text.indexOf(QLatin1String("Warnings")) < text.indexOf(QLatin1String("Good to know")));
  }

  void rulesOfAnExporterThatIsDownAreNotBlamed() {
    Evidence evidence = healthy();
    evidence.prometheus.targets[0] = target("redis", "down", "EOF");
    evidence.prometheus.answers.remove(QStringLiteral("redis_up"));
    for (const NeededSeries& one : neededSeries())
      if (QLatin1String(one.kind) == QLatin1String("redis")) lose(evidence, one.name);
    const Findings found = findingsOf(evidence);
    QVERIFY2(found.size() == 1 && found[0].check == QLatin1String("exporter-down"), shown(found).constData());
  }

  void manyOfOneKindAreFew() {
    Evidence evidence = healthy();
    for (int i = 0; i < 300; ++i) evidence.prometheus.targets.push_back(target("node", "down", "EOF"));
    const Findings found = findingsOf(evidence);
    QCOMPARE(found.size(), 21);
    QVERIFY2(found.last().finding.contains(QLatin1String("280 more")), shown(found).constData());
  }

  void whatServersSayIsPlainAndRedacted() {
    const Secret secret = Secret::fromString(QStringLiteral("hunter2-hunter2"));
    Evidence evidence = healthy();
    evidence.prometheus.targets[0] = target("redis", "down", "Get \"http://u:hunter2-hunter2@h/\": \x1b[31mrefused <b>\n%1 %2");
    evidence.prometheus.groups[0].rules[0].name = QStringLiteral("A\u202Eb%1");
    evidence.prometheus.groups[0].rules[0].health = QStringLiteral("err");
    evidence.alertmanager.alerts = {alert("%1%2\x07", "critical", "team")};
    evidence.alertmanager.alerts[0].silencedBy = {QStringLiteral("%3")};
    evidence.redis.sampled = 1;
    evidence.redis.prefixes[QStringLiteral("hunter2-hunter2:*")] = 1;
    setInfo(evidence, "db0:keys=500,expires=0\r\n");
    for (const Finding& finding : findingsOf(evidence))
      for (const QString& text : {finding.finding, finding.evidence, finding.remedy}) {
        QVERIFY2(!text.contains(QLatin1String("hunter2-hunter2")), qPrintable(text));
        for (const QChar c : text) QVERIFY2(c.category() != QChar::Other_Control && c.unicode() != 0x202E, qPrintable(text));
      }
  }

  void jsonHasTheAgreedForm() {
    Evidence evidence = healthy();
    setInfo(evidence, "maxmemory:0\r\n");
    const QJsonObject json = reportJson({findingsOf(evidence), {QStringLiteral("Redis 7")}, {QStringLiteral("x")}});
    const QJsonArray findings = json.value(QStringLiteral("findings")).toArray();
    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings[0].toObject().keys(), (QStringList{QStringLiteral("check"), QStringLiteral("evidence"), QStringLiteral("finding"), QStringLiteral("remedy"), QStringLiteral("severity")}));
    QCOMPARE(findings[0][QStringLiteral("check")].toString(), QStringLiteral("cache-memory-limit"));
    QCOMPARE(findings[0][QStringLiteral("severity")].toString(), QStringLiteral("warning"));
    QVERIFY(!(Report{findingsOf(evidence), {}, {}}).isHealthy());
  }

  void namesOfAnExpression() {
    QCOMPARE(metricNames(QStringLiteral("100 * sum by (instance, job) (rate(redis_hits_total{a=\"x y\", b!~\"or\"}[5m] offset 1h)) / on(instance) group_left(team) foo:bar > 75 and 1e3 < bool up")),
             (QStringList{QStringLiteral("redis_hits_total"), QStringLiteral("foo:bar"), QStringLiteral("up")}));
    QCOMPARE(metricNames(QStringLiteral("histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m]))) > Inf # note")), QStringList{QStringLiteral("x_bucket")});
    QCOMPARE(metricNames(QStringLiteral("vector(1)")), QStringList());
    QVERIFY(allowsForMissing(QStringLiteral("a or b")));
    QVERIFY(allowsForMissing(QStringLiteral("absent(a)")));
    QVERIFY(!allowsForMissing(QStringLiteral("a{b=\" or \"} > 1")));
  }

  void linesOfAMetricsPage() {
    const MetricsText text = MetricsText::parse("# HELP x_total h\nx_total{a=\"1,\\\"}\",b=\"\\\\\"} 3\nx_total{a=\"2\"} 4 1700000000\ny 1\nx_total{a=\"3\" 5\nx_total{broken\nx_total NaNsense\nx_other 2\n", {"x_"});
    QCOMPARE(text.lines().size(), size_t(3));
    QCOMPARE(text.sum("x_total"), 7.0);
    QCOMPARE(text.by("x_total", "a").value(QStringLiteral("1,\"}")), 3.0);
    QVERIFY(!text.has("y"));
  }

  void receiversOfAConfiguration() {
    const QString yaml = QStringLiteral("global:\n  resolve_timeout: 5m\nroute:\n  receiver: 'it''s'\n  routes:\n  - receiver: b\nreceivers:\n- name: it's\n- name: b\n  slack_configs:\n  - send_resolved: true\n    api_url: <secret>\n  webhook_configs:\n  - url: x\ntemplates:\n- name: no\n");
    const auto receivers = receiversOf(yaml);
    QVERIFY(receivers.has_value());
    QCOMPARE(receivers->size(), 2);
    QVERIFY((*receivers)[0].integrations.isEmpty());
    QCOMPARE((*receivers)[1].integrations, (QStringList{QStringLiteral("slack"), QStringLiteral("webhook")}));
    QCOMPARE(rootReceiverOf(yaml), QStringLiteral("it's"));
    QVERIFY(!receiversOf(QStringLiteral("receivers: [{name: a}]\n")));
    QVERIFY(!receiversOf(QString()));
  }
};

QTEST_GUILESS_MAIN(TestDoctor)
#include "tst_doctor.moc"
