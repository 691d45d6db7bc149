// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor once said wrongly: each test tells what was there, and what it made of it.
#include "core/base/result.h"
#include "core/doctor/check.h"
#include "tests/core/tst_doctor_evidence.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::doctor;
using namespace cachedeck::doctor::test;

namespace {

using Kind = Error::Kind;

QByteArray shown(const Findings& findings) {
  QByteArray text;
  for (const Finding& one : findings) text += '\n' + one.check.toUtf8() + ' ' + severityName(one.severity).toUtf8() + ": " + one.finding.toUtf8() + " | " + one.evidence.toUtf8() + " | " + one.remedy.toUtf8();
  return text;
}

PromSeries upSeries(const char* job, double value) { return series({{QStringLiteral("job"), QLatin1String(job)}, {QStringLiteral("instance"), QStringLiteral("10.0.0.1:1")}}, value); }

void ask(Evidence& evidence, const char* name, bool there) {
  evidence.prometheus.asked += QLatin1String(name);
  if (there) evidence.prometheus.present[QLatin1String(name)] = {QStringLiteral("app")};
}

PromRule severe(PromRule rule, const char* severity) {
  rule.labels[QStringLiteral("severity")] = QLatin1String(severity);
  return rule;
}

}  // namespace

#define VERIFY_HEALTHY(evidence) QVERIFY2(findingsOf(evidence).isEmpty(), shown(findingsOf(evidence)).constData())
#define VERIFY_ONLY(found, name, words)                                                                    \
  QVERIFY2((found).size() == 1 && (found)[0].check == QLatin1String(name), shown(found).constData());     \
  QVERIFY2(((found)[0].finding + (found)[0].evidence + (found)[0].remedy).contains(QString::fromUtf8(words)), shown(found).constData())

class TestDoctorIncidents : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // A sandbox that had just been started had "a low hit rate".
  void aCacheThatHasJustStartedIsWell() {
    Evidence evidence = healthy();
    evidence.prometheus.answers[QStringLiteral("hits")] = {series({}, 40)};
    evidence.prometheus.answers[QStringLiteral("misses")] = {series({}, 60)};
    setInfo(evidence, "uptime_in_seconds:29\r\n");
    VERIFY_HEALTHY(evidence);
    setInfo(evidence, "uptime_in_seconds:31\r\n");
    VERIFY_ONLY(findingsOf(evidence), "cache-hit-rate", "cold after a restart");
  }

  // Two editors of one row took turns for a second, and the doctor told how to end one of them.
  void transactionsThatTakeTurnsAreWell() {
    Evidence evidence = healthy();
    evidence.postgres.sessions.append({QStringLiteral("71"), QStringLiteral("app"), QStringLiteral("editor"), QStringLiteral("99"), false, 4});
    VERIFY_HEALTHY(evidence);
    evidence.postgres.sessions.append({QStringLiteral("72"), QStringLiteral("app"), QStringLiteral("editor"), QStringLiteral("99"), false, 11});
    const Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "database-blocked", "pid 72");
    QVERIFY2(found[0].finding.startsWith(QLatin1String("A session")), shown(found).constData());
  }

  // The session to end was one that only waited in line.
  void theSessionToEndIsTheOneThatHoldsTheLock() {
    Evidence evidence = healthy();
    evidence.postgres.sessions.append({QStringLiteral("73"), QStringLiteral("app"), QString(), QStringLiteral("72,99"), false, 40});
    evidence.postgres.sessions.append({QStringLiteral("72"), QStringLiteral("app"), QString(), QStringLiteral("99"), false, 39});
    VERIFY_ONLY(findingsOf(evidence), "database-blocked", "pg_terminate_backend(99)");
  }

  // Prometheus had started seconds ago, and "HighErrorRate … cannot fire. Correct the name" stood there for what its own recording rules make.
  void whatARuleRecordsIsNoWrongName() {
    Evidence evidence = healthy();
    evidence.prometheus.groups.push_back({QStringLiteral("r"), QStringLiteral("/etc/recording.yml"), 15, {recording("instance:errors:ratio", "rate(http_errors_total[5m]) / (rate(http_requests_total[5m]) > 0)")}});
    evidence.prometheus.groups[0].rules.push_back(rule("HighErrorRate", "instance:errors:ratio > 0.01"));
    ask(evidence, "instance:errors:ratio", false);
    ask(evidence, "http_errors_total", true);
    ask(evidence, "http_requests_total", true);
    VERIFY_HEALTHY(evidence);
  }
  void whatARuleRecordsFromNothingIsMissing() {
    Evidence evidence = healthy();
    evidence.prometheus.groups.push_back({QStringLiteral("r"), QStringLiteral("/etc/recording.yml"), 15, {recording("a:b", "c:d"), recording("c:d", "rate(http_request_total[5m]) + c:d")}});
    evidence.prometheus.groups[0].rules.push_back(rule("HighErrorRate", "a:b > 0.01"));
    for (const char* name : {"a:b", "c:d", "http_request_total"}) ask(evidence, name, false);
    VERIFY_ONLY(findingsOf(evidence), "rules-without-series", "no http_request_total");
  }
  void aYoungPrometheusHasNotScrapedYet() {
    Evidence evidence = healthy();
    PrometheusEvidence& prometheus = evidence.prometheus;
    prometheus.groups[0].rules.push_back(rule("Requests", "http_requests_total < 1"));
    ask(evidence, "http_requests_total", false);
    prometheus.present.remove(QStringLiteral("redis_memory_used_bytes"));
    for (const RenamedSeries& one : renamedSeries()) prometheus.present.remove(QLatin1String(one.now));
    prometheus.targets.front() = target("front", "unknown");
    prometheus.answers.remove(QStringLiteral("redis_up"));
    prometheus.loadedMs = prometheus.nowMs - 20'000;  // rules are evaluated every 15 s
    VERIFY_HEALTHY(evidence);
    prometheus.loadedMs = prometheus.nowMs - 60'000;
    QVERIFY2(findingsOf(evidence).size() >= 3, shown(findingsOf(evidence)).constData());
  }

  // HighErrorRate is there as critical and as warning: the same sentence stood there twice.
  void rulesOfOneNameAreOneFinding() {
    Evidence evidence = healthy();
    for (const char* severity : {"critical", "warning"}) evidence.prometheus.groups[0].rules.push_back(severe(rule("HighErrorRate", "http_errors > 1"), severity));
    ask(evidence, "http_errors", false);
    VERIFY_ONLY(findingsOf(evidence), "rules-without-series", "“HighErrorRate” (critical), “HighErrorRate” (warning)");
    evidence = healthy();
    for (const char* severity : {"critical", "warning"}) {
      evidence.prometheus.groups[0].rules.push_back(severe(rule("HighErrorRate", "up > 1"), severity));
      evidence.prometheus.groups[0].rules.back().health = QStringLiteral("err");
    }
    const Findings found = findingsOf(evidence);
    QVERIFY2(found.size() == 2 && found[0].finding != found[1].finding, shown(found).constData());
  }

  // A condition that holds for a moment is what "for" is there for.
  void anAlertThatIsJustPendingIsWell() {
    Evidence evidence = healthy();
    PromAlert alert;
    alert.labels = {{QStringLiteral("alertname"), QStringLiteral("BlockedSessions")}};
    alert.state = QStringLiteral("pending");
    alert.activeAtMs = evidence.prometheus.nowMs - 30'000;
    evidence.prometheus.groups[0].rules[0].alerts = {alert};
    VERIFY_HEALTHY(evidence);
  }

  // The job of redis_exporter was taken out, and nothing was said for five minutes: Prometheus went on showing the series' last samples.
  void aJobThatWasRemovedIsMissedAtOnce() {
    Evidence evidence = healthy();
    PrometheusEvidence& prometheus = evidence.prometheus;
    prometheus.targets.erase(prometheus.targets.begin());
    prometheus.answers[QStringLiteral("redis_up")] = {upSeries("redis", 1)};
    prometheus.answers[QStringLiteral("redis_up_sent")] = {series({}, static_cast<double>(prometheus.nowMs) / 1000 - 30)};
    prometheus.loadedMs = prometheus.nowMs - 10'000;
    prometheus.jobs = QStringList{QStringLiteral("postgres"), QStringLiteral("app")};
    VERIFY_ONLY(findingsOf(evidence), "exporter-not-scraped", "Prometheus scrapes no exporter of Redis");
    // Federation and remote write bring series of targets that this Prometheus does not have.
    prometheus.answers[QStringLiteral("redis_up_sent")] = {series({}, static_cast<double>(prometheus.nowMs) / 1000 - 3)};
    VERIFY_HEALTHY(evidence);
    // A job that was just added has no target until the discovery reports.
    prometheus.answers[QStringLiteral("redis_up_sent")] = {};
    prometheus.jobs->append(QStringLiteral("redis"));
    VERIFY_HEALTHY(evidence);
    prometheus.loadedMs = prometheus.nowMs - 20'000;
    QVERIFY(!findingsOf(evidence).isEmpty());
  }
  void anExporterUnderAnotherNameIsOne() {
    Evidence evidence = healthy();
    evidence.prometheus.targets.front() = target("front", "up");
    QVERIFY(!findingsOf(evidence).isEmpty());
    evidence.prometheus.answers[QStringLiteral("redis_up")] = {upSeries("front", 1)};
    VERIFY_HEALTHY(evidence);
  }

  // With the console's rights of the shipped stack the doctor warned of "clients" that were refused: itself.
  void ownRefusalsAreNotBlamed() {
    Evidence evidence = healthy();
    evidence.redis.first = infoWith("errorstat_NOPERM:count=40\r\n");
    evidence.redis.last = infoWith("errorstat_NOPERM:count=42\r\n");
    evidence.redis.ownRefusals["NOPERM"] = 2;
    VERIFY_HEALTHY(evidence);
    evidence.redis.last = infoWith("errorstat_NOPERM:count=45\r\n");
    VERIFY_ONLY(findingsOf(evidence), "cache-denials", ": 45, 3 of them while");
  }

  // Whatever kept the console from Prometheus, it was told to start Prometheus.
  void aServerThatIsNotReachedHasItsCause_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("remedy");
    const auto row = [](const char* name, Kind kind, const char* message, const char* finding, const char* remedy) { QTest::newRow(name) << static_cast<int>(kind) << QString::fromUtf8(message) << QString::fromUtf8(finding) << QString::fromUtf8(remedy); };
    row("refused", Kind::Refused, "Nothing listens on prom:9090.", "While it does not run, Grafana has no data", "systemctl start prometheus");
    row("unknown host", Kind::Unreachable, "The host name “prom” is not known.", "DNS", "getent hosts prom)");
    row("another server", Kind::NotFound, "prom:9090 answers, but has no /api/v1/query (HTTP 404).", "Another server than Prometheus answers at prom:9090", "Grafana's data source");
    row("web page", Kind::Protocol, "prom:9090 answered with a web page instead of data.", "Another server than Prometheus answers", "ss -ltnp");
    row("no certificate file", Kind::NotFound, "There is no file ca.pem.", "is not there", "Do what the message says");
    row("password", Kind::Auth, "prom:9090 rejected the credentials (HTTP 401).", "refuses the user", "--web.config.file");
    row("forbidden", Kind::Permission, "prom:9090 forbids the request (HTTP 403).", "forbids this account", "another account");
    row("wants TLS", Kind::Tls, "prom:9090 wants TLS. Write https:// instead of http://.", "speaks TLS, and this connection does not", "https:// instead of http://");
    row("speaks no TLS", Kind::Tls, "prom:9090 does not speak TLS.", "does not speak TLS", "http:// instead of https://");
    row("certificate", Kind::Tls, "The TLS handshake with prom:9090 failed: expired.", "handshake", "openssl s_client -connect prom:9090");
    row("silent", Kind::Timeout, "No answer from prom:9090 within 5 s.", "does not answer in time", "systemctl restart prometheus");
    row("starting", Kind::Busy, "prom:9090 is not ready (HTTP 503).", "is not ready", "Wait");
    row("ill", Kind::Server, "prom:9090 failed (HTTP 500).", "error of its own", "Read its log");
    row("network", Kind::Unreachable, "prom:9090 cannot be reached.", "cannot be reached", "firewall");
  }
  void aServerThatIsNotReachedHasItsCause() {
    QFETCH(int, kind);
    QFETCH(QString, message);
    QFETCH(QString, finding);
    QFETCH(QString, remedy);
    Evidence evidence = healthy();
    evidence.prometheus = {};
    evidence.prometheus.server = reachedServer("prom:9090");
    evidence.prometheus.server.error = fail(static_cast<Kind>(kind), message);
    const Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "prometheus-connection", message.toUtf8().constData());
    QVERIFY2(found[0].finding.contains(finding) && found[0].remedy.contains(remedy), shown(found).constData());
    QVERIFY2(static_cast<Kind>(kind) == Kind::Refused || !shown(found).contains("systemctl start "), shown(found).constData());
    QVERIFY2(!(found[0].finding + found[0].remedy).contains(QRegularExpression(QStringLiteral("\\b(ADDRESS|HOST|TITLE|CONSEQUENCE|START|RESTART|WHERE)\\b"))), shown(found).constData());
  }

  // "amtool silence expire ID" asked localhost:9093, where no Alertmanager was.
  void commandsNameTheirServer() {
    Evidence evidence = healthy();
    evidence.alertmanager.url = QStringLiteral("https://am:9093/alerts");
    for (const char* id : {"1f", "2e", "1f"}) {
      evidence.alertmanager.alerts += alert("Low", "warning", "team");
      evidence.alertmanager.alerts.last().silencedBy = {QLatin1String(id)};
    }
    VERIFY_ONLY(findingsOf(evidence), "alerts-silenced", "amtool --alertmanager.url=https://am:9093/alerts silence expire 1f 2e");
    evidence.alertmanager.alerts = {alert("It's", "warning", "nobody")};
    VERIFY_ONLY(findingsOf(evidence), "receiver-empty", "amtool --alertmanager.url=https://am:9093/alerts config routes test 'alertname=It'\\''s' 'severity=warning'");
    evidence = healthy();
    evidence.alertmanager.url = QStringLiteral("https://am:9093/alerts");
    evidence.prometheus.alertmanagers = QStringList();
    evidence.prometheus.namesAlertmanagers = false;
    VERIFY_ONLY(findingsOf(evidence), "alertmanager-none", "alerting: {alertmanagers: [{scheme: https, path_prefix: '/alerts', static_configs: [{targets: ['am:9093']}]}]}");
    evidence = healthy();
    evidence.prometheus.reloaded = false;
    evidence.prometheus.configFile = QStringLiteral("/srv/prom.yml");
    VERIFY_ONLY(findingsOf(evidence), "prometheus-config", "promtool check config /srv/prom.yml");
  }
  void namesInStatementsAreQuoted() {
    Evidence evidence = healthy();
    evidence.postgres.caps.readsAllStats = false;
    evidence.postgres.caps.role = QStringLiteral("our-\"watcher\"");
    VERIFY_ONLY(findingsOf(evidence), "database-rights", "GRANT pg_monitor TO \"our-\"\"watcher\"\"\";");
  }
  void statementsSayWhoMayRunThem() {
    Evidence evidence = healthy();
    evidence.postgres.caps.tracksStatements = false;
    VERIFY_ONLY(findingsOf(evidence), "database-statements", "As superuser: ALTER SYSTEM");
    evidence = healthy();
    evidence.postgres.sessions.append({QStringLiteral("71"), QStringLiteral("app"), QString(), QString(), true, 90});
    VERIFY_ONLY(findingsOf(evidence), "database-idle-in-transaction", "as superuser: ALTER SYSTEM");
  }

  // For some seconds after each reload Prometheus knows no Alertmanager, and the doctor said that nobody is told.
  void aReloadIsNoLossOfAlertmanagers() {
    Evidence evidence = healthy();
    PrometheusEvidence& prometheus = evidence.prometheus;
    prometheus.alertmanagers = QStringList();
    prometheus.namesAlertmanagers = true;
    prometheus.loadedMs = prometheus.nowMs - 4000;
    PromAlert alert;
    alert.labels = {{QStringLiteral("alertname"), QStringLiteral("Low")}};
    alert.state = QStringLiteral("firing");
    alert.activeAtMs = prometheus.nowMs - 600'000;
    prometheus.alerts = {alert};
    VERIFY_HEALTHY(evidence);
    prometheus.namesAlertmanagers = false;
    VERIFY_ONLY(findingsOf(evidence), "alertmanager-none", "alerting: {");
    // What it sent in these seconds reached nobody; it is sent once more after a minute.
    prometheus.alertmanagers = QStringList{QStringLiteral("http://am:9093/api/v2/alerts")};
    prometheus.loadedMs = prometheus.nowMs - 60'000;
    VERIFY_HEALTHY(evidence);
    prometheus.loadedMs = prometheus.nowMs - 100'000;
    VERIFY_ONLY(findingsOf(evidence), "alerts-not-arriving", "Low");
  }

  // A FLUSHALL of last month was named as the cause of today's misses.
  void whatWasLongAgoIsNoCause() {
    Evidence evidence = healthy();
    evidence.prometheus.answers[QStringLiteral("hits")] = {series({}, 70)};
    evidence.prometheus.answers[QStringLiteral("misses")] = {series({}, 30)};
    setInfo(evidence, "cmdstat_flushall:calls=1,usec=1\r\nevicted_keys:90000\r\nexpired_keys:90000\r\nerrorstat_OOM:count=9\r\n");
    Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-hit-rate", "no single cause");
    QCOMPARE(found[0].finding, QStringLiteral("The hit rate is low."));
    // One that Prometheus has not seen yet is.
    evidence.redis.last = infoWith("cmdstat_flushall:calls=2,usec=1\r\nevicted_keys:90000\r\nexpired_keys:90000\r\nerrorstat_OOM:count=9\r\n");
    VERIFY_ONLY(findingsOf(evidence), "cache-hit-rate", "emptied in five minutes (FLUSHALL, FLUSHDB: 1)");
    // Without Prometheus, and with no look-ups meanwhile, nobody knows when it was.
    evidence.prometheus.answers.remove(QStringLiteral("hits"));
    setInfo(evidence, "cmdstat_flushall:calls=1,usec=1\r\nkeyspace_hits:100\r\nkeyspace_misses:1000\r\n");
    found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-hit-rate", "which may be long over: the cache was emptied");
    QVERIFY2(!found[0].finding.contains(QLatin1String("emptied")) && !found[0].remedy.contains(QLatin1String("flushall")), shown(found).constData());
    // Two looks tell what happens now.
    evidence.redis.last = infoWith("cmdstat_flushall:calls=2,usec=1\r\nkeyspace_hits:120\r\nkeyspace_misses:1080\r\ncmdstat_set:calls=10080,usec=1\r\n");
    found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-hit-rate", "the cache was emptied while it was looked at (FLUSHALL, FLUSHDB: 1)");
  }

  // "… -flushall -flushdb Raise the limit (CONFIG SET …": where the command ended could not be seen.
  void severalRemediesCanBeToldApart() {
    Evidence evidence = healthy();
    evidence.prometheus.answers[QStringLiteral("hits")] = {series({}, 70)};
    evidence.prometheus.answers[QStringLiteral("misses")] = {series({}, 30)};
    evidence.prometheus.answers[QStringLiteral("flushes")] = {series({}, 1)};
    evidence.prometheus.answers[QStringLiteral("evicted")] = {series({}, 9)};
    VERIFY_ONLY(findingsOf(evidence), "cache-hit-rate", "(1) Find who empties it (deployments, tests, SLOWLOG GET) and take the right away: ACL SETUSER NAME -flushall -flushdb; (2) Raise the limit");
  }

  // An empty Redis was "full and refuses to store", since it had been full once.
  void aRedisThatWasFullOnceIsNotFull() {
    Evidence evidence = healthy();
    setInfo(evidence, "maxmemory_policy:noeviction\r\nerrorstat_OOM:count=9\r\nused_memory:1000000\r\n");
    Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-policy", "once the memory is full");
    QVERIFY2(found[0].severity == Severity::Warning && !shown(found).contains("refuses to store"), shown(found).constData());
    evidence.redis.last = infoWith("maxmemory_policy:noeviction\r\nerrorstat_OOM:count=11\r\nused_memory:1000000\r\n");
    found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-policy", "was full a moment ago");
    QVERIFY(found[0].severity == Severity::Critical);
  }

  // With evicted_keys 0: "keys are evicted, as its policy says".
  void aNearlyFullRedisHasEvictedNothingYet() {
    Evidence evidence = healthy();
    setInfo(evidence, "used_memory:90000000\r\n");
    const Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "cache-memory-full", "no key was evicted so far");
    QVERIFY2(!shown(found).contains("is full and keys are evicted"), shown(found).constData());
  }

  // A service with 50 connections and its workers with 30, of 60 that PostgreSQL takes, were no finding.
  void poolsOfSeveralJobsAddUp() {
    Evidence evidence = healthy();
    const auto of = [](const char* job, double value) { return series({{QStringLiteral("job"), QLatin1String(job)}}, value); };
    evidence.postgres.caps.maxConnections = 60;
    evidence.prometheus.answers[QStringLiteral("pool_max")] = {of("worker", 30), of("app", 50)};
    evidence.prometheus.answers[QStringLiteral("pool_instances")] = {of("worker", 3), of("app", 1)};
    VERIFY_ONLY(findingsOf(evidence), "database-pool", "The pools of “app”, “worker” may open more connections than PostgreSQL takes, if all of them use this database: ");
    VERIFY_ONLY(findingsOf(evidence), "database-pool", "app: 1 instance, 50 connections, worker: 3 instances, 30 connections: 80 together; max_connections 60 − 3 reserved = 57");
    VERIFY_ONLY(findingsOf(evidence), "database-pool", "at most 14 an instance");
    evidence.postgres.caps.maxConnections = 40;
    QVERIFY2(!shown(findingsOf(evidence)).contains("if all of them"), shown(findingsOf(evidence)).constData());
  }

  // The profile named another database than the exporter, whose panels were full: "SlowDatabaseQueries cannot fire, and its panels stay empty".
  void statementsThatTheExporterHasElsewhere() {
    Evidence evidence = healthy();
    evidence.postgres.caps.extensionVersion = 0;
    evidence.postgres.statements = StatementsAccess::Missing;
    Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "database-statements", "The exporter reads them elsewhere");
    QVERIFY2(found[0].severity == Severity::Info && !shown(found).contains("stay empty"), shown(found).constData());
    // Without Prometheus nobody knows what the exporter has; and without series of it, that is one finding.
    for (const RenamedSeries& one : renamedSeries()) evidence.prometheus.present.remove(QLatin1String(one.now));
    VERIFY_ONLY(findingsOf(evidence), "database-statements", "cannot fire, and its panels stay empty");
    evidence.prometheus = {};
    found = findingsOf(evidence);
    VERIFY_ONLY(found, "database-statements", "if the exporter reads this one");
  }

  // PostgreSQL was away: its exporter "does not reach it", and also "part of what it asks fails".
  void anExporterWithoutItsServerIsOneFinding() {
    Evidence evidence = healthy();
    evidence.prometheus.answers[QStringLiteral("pg_up")] = {upSeries("postgres", 0)};
    evidence.prometheus.answers[QStringLiteral("pg_scrape_error")] = {upSeries("postgres", 1)};
    VERIFY_ONLY(findingsOf(evidence), "exporter-database", "does not reach its PostgreSQL");
    evidence.prometheus.answers[QStringLiteral("pg_scrape_error")] = {upSeries("replica", 1)};
    QCOMPARE(findingsOf(evidence).size(), 2);
  }

  // A collector of postgres_exporter that failed was seen by nobody: newer ones have it in a series of its own.
  void aCollectorThatStoppedWorking() {
    Evidence evidence = healthy();
    evidence.prometheus.answers[QStringLiteral("pg_collector_failed")] = {series({{QStringLiteral("collector"), QStringLiteral("stat_statements")}, {QStringLiteral("instance"), QStringLiteral("db:9187")}}, 0)};
    VERIFY_ONLY(findingsOf(evidence), "exporter-database", "pg_scrape_collector_success 0 (db:9187): stat_statements");
    QVERIFY(findingsOf(evidence)[0].severity == Severity::Info);  // it may have found nothing, which looks the same
  }

  // The webhook worked again, and "cannot deliver notifications" stayed for 15 minutes. When it is over, the question answers 0: tst_doctor_questions.
  void aWebhookThatWorksAgainIsNoAlarm() {
    Evidence evidence = healthy();
    evidence.alertmanager.own = MetricsText::parse("alertmanager_notifications_failed_total{integration=\"slack\"} 2\nalertmanager_notifications_total{integration=\"slack\"} 5\n", {"alertmanager_"});
    VERIFY_ONLY(findingsOf(evidence), "webhook-unreachable", "later ones went well");
    QVERIFY(findingsOf(evidence)[0].severity == Severity::Info);
    // Where nobody scrapes Alertmanager, its counters do not say when it was.
    evidence.prometheus.answers.remove(QStringLiteral("notify_failed"));
    const Findings found = findingsOf(evidence);
    VERIFY_ONLY(found, "webhook-unreachable", "2 of 5");
    QVERIFY2(found[0].severity == Severity::Warning && !found[0].finding.contains(QLatin1String("cannot deliver")), shown(found).constData());
  }

  // Redis hung, and the doctor said "start redis_exporter", which ran and waited for it.
  void anExporterThatWaitsForItsServerIsNotBlamed() {
    Evidence evidence = healthy();
    evidence.redis.server.error = fail(Kind::Timeout, QStringLiteral("cache:6379 did not answer within 2 s."));
    evidence.redis.first = evidence.redis.last = {};
    evidence.prometheus.targets[0] = target("redis", "down", "Get \"http://10.0.0.1:1/metrics\": context deadline exceeded");
    Findings found = findingsOf(evidence);
    QVERIFY2(found.size() == 2 && found[0].check == QLatin1String("cache-connection") && found[1].check == QLatin1String("exporter-down"), shown(found).constData());
    QVERIFY2(found[1].severity == Severity::Warning && found[1].finding.contains(QLatin1String("because Redis does not answer")) && found[1].remedy.contains(QLatin1String("cache-connection")), shown(found).constData());
    // The service and an exporter that answers wait for the same Redis.
    evidence.prometheus.answers[QStringLiteral("redis_up")] = {upSeries("redis", 0)};
    evidence.prometheus.answers[QStringLiteral("cache_down")] = {series({}, 0)};
    found = findingsOf(evidence);
    QCOMPARE(shown(found).count("Mend Redis first (cache-connection)"), 3);
    evidence.prometheus.answers[QStringLiteral("redis_up")].clear();
    evidence.prometheus.answers[QStringLiteral("cache_down")].clear();
    evidence.prometheus.targets[0].lastError = QStringLiteral("dial tcp 10.0.0.1:1: connect: connection refused");
    found = findingsOf(evidence);
    QVERIFY2(found.size() == 2 && found[1].remedy.startsWith(QLatin1String("Start redis_exporter")), shown(found).constData());
    evidence = healthy();
    evidence.prometheus.targets[1] = target("postgres", "down", "context deadline exceeded");
    VERIFY_ONLY(findingsOf(evidence), "exporter-down", "does not answer in time");
  }
};

QTEST_GUILESS_MAIN(TestDoctorIncidents)
#include "tst_doctor_incidents.moc"
