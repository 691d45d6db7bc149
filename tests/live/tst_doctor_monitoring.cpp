// SPDX-License-Identifier: GPL-3.0-or-later
// "Grafana shows no data" and "alerts not firing", produced with a real Prometheus, real exporters and Alertmanagers.
#include "core/sources/http/http_client.h"
#include "tests/live/service_exporter.h"
#include "tests/live/tst_doctor_support.h"
#include "tests/support/stand_still.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

const char* const healthyRules =
    "groups:\n- name: g\n  interval: 1s\n  rules:\n"
    "  - {alert: RedisDown, expr: redis_up == 0, labels: {severity: critical}}\n"
    "  - {alert: Many, expr: pg_stat_activity_count > 1000, labels: {severity: warning}}\n";

/// A Prometheus of one test: its jobs, its rules, and where it sends alerts.
class Monitor {
 public:
  Monitor(const QString& jobs, const QByteArray& rules, const QString& alertmanager)
      : m_prometheus(QStringLiteral("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n") +
                         (rules.isEmpty() ? QString() : QStringLiteral("rule_files: ['@DIR@/rules.yml']\n")) +
                         (alertmanager.isEmpty() ? QString() : QStringLiteral("alerting: {alertmanagers: [{static_configs: [{targets: ['%1']}]}]}\n").arg(alertmanager)) +
                         QStringLiteral("scrape_configs:\n- job_name: self\n  static_configs: [{targets: ['127.0.0.1:@PORT@']}]\n") + jobs,
                     {QStringLiteral("--rules.alert.resend-delay=1s")}) {
    if (!rules.isEmpty()) m_prometheus.addFile(QStringLiteral("rules.yml"), rules);
  }
  QString start() { return m_prometheus.start(); }
  PrometheusServer& server() { return m_prometheus; }

 private:
  PrometheusServer m_prometheus;
};

QString job(const char* name, const QString& address, const char* more = "") { return QStringLiteral("- job_name: %1\n  static_configs: [{targets: ['%2']}]\n%3").arg(QLatin1String(name), address, QLatin1String(more)); }

int post(const QString& base, const QString& path, const QByteArray& body) {
  HttpSettings settings;
  settings.base = QUrl(base);
  HttpClient client(settings);
  const Result<HttpResponse> response = client.post(path, {}, body, "application/json", {});
  return response ? response->status : 0;
}

bool hasSeries(const QString& prometheus, const char* name) {
  HttpSettings settings;
  settings.base = QUrl(prometheus);
  const Result<HttpResponse> response = HttpClient(settings).get(QStringLiteral("/api/v1/query"), {{"query", QLatin1String(name)}}, {});
  return response && response->body.contains("\"value\"");
}

}  // namespace

class TestDoctorMonitoring : public QObject {
  Q_OBJECT
  RedisServer m_redis{{QStringLiteral("maxmemory 64mb"), QStringLiteral("maxmemory-policy allkeys-lru")}};
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"), QStringLiteral("max_connections = 40")}};
  AlertmanagerServer m_alertmanager{QStringLiteral("route: {receiver: team, group_wait: 1s, group_interval: 1s}\nreceivers:\n- name: team\n  webhook_configs: [{url: 'http://127.0.0.1:@PORT@/-/ready'}]\n")};
  std::unique_ptr<RedisExporter> m_redisExporter;
  std::unique_ptr<PostgresExporter> m_postgresExporter;

  QString jobs() const { return job("redis", m_redisExporter->address()) + job("postgres", m_postgresExporter->address()); }
  Urls urls(Monitor& monitor, bool all = true) {
    Urls urls{{QStringLiteral("prometheus"), monitor.server().url()}};
    if (all) {
      urls[QStringLiteral("redis")] = QStringLiteral("redis://") + m_redis.address();
      urls[QStringLiteral("postgres")] = QStringLiteral("postgres://postgres:%1@%2/postgres").arg(PostgresServer::password(), m_postgres.address());
      urls[QStringLiteral("alertmanager")] = m_alertmanager.url();
    }
    return urls;
  }

 private Q_SLOTS:
  void initTestCase() {
    QCOMPARE(startAll({&m_redis, &m_postgres, &m_alertmanager}), QString());
    m_postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    // Names as exporters of today have them, told by one of Debian 12.
    const QString queries = m_postgres.addFile(QStringLiteral("queries.yaml"),
                                               "pg_stat_statements:\n  query: \"SELECT 'app' AS datname, sum(calls) AS calls_total, sum(total_exec_time)/1000 AS seconds_total FROM pg_stat_statements\"\n  metrics:\n"
                                               "  - datname: {usage: LABEL, description: d}\n  - calls_total: {usage: COUNTER, description: c}\n  - seconds_total: {usage: COUNTER, description: s}\n");
    QVERIFY(QFile::setPermissions(queries, QFile::permissions(queries) | QFile::ReadGroup | QFile::ReadOther));
    m_redisExporter = std::make_unique<RedisExporter>(m_redis.port());
    m_postgresExporter = std::make_unique<PostgresExporter>(m_postgres.conninfo() + QStringLiteral(" sslmode=disable"), queries);
    QCOMPARE(startAll({m_redisExporter.get(), m_postgresExporter.get()}), QString());
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void whatIsWellIsNotDisturbed() {
    Monitor monitor(jobs(), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    doctor::Report report;
    QTRY_VERIFY2_WITH_TIMEOUT((report = examined(urls(monitor)), report.findings.isEmpty()), shown(report).constData(), 60000);
    QVERIFY2(report.missing.isEmpty(), shown(report).constData());
  }

  // Grafana shows no data.

  void anExporterThatIsDown() {
    Monitor monitor(jobs(), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    m_redisExporter->stop();
    TRY_FINDING(examined(urls(monitor)), "exporter-down", Critical, "connection refused");
    QCOMPARE(m_redisExporter->start(), QString());
  }

  void anExporterWithoutItsDatabase() {
    RedisServer redis;
    QCOMPARE(redis.start(), QString());
    RedisExporter exporter(redis.port());
    QCOMPARE(exporter.start(), QString());
    Monitor monitor(job("redis", exporter.address()), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    redis.stop();
    TRY_FINDING(examined(urls(monitor, false)), "exporter-database", Critical, "redis_up 0");
  }

  void anExporterThatNobodyScrapes() {
    Monitor monitor({}, healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    doctor::Options options = quickly();
    options.exporters = {{QStringLiteral("redis"), m_redisExporter->address()}, {QStringLiteral("postgres"), QStringLiteral("127.0.0.1:%1").arg(freePort())}};
    TRY_FINDING(examined(urls(monitor), options), "exporter-not-scraped", Warning, "redis_exporter runs, but Prometheus does not scrape it");
    VERIFY_FINDING(examined(urls(monitor), options), "exporter-not-scraped", Warning, "Prometheus scrapes no exporter of PostgreSQL");
  }

  // For five minutes after its job was taken out Prometheus goes on showing the series of an exporter, and the doctor was content.
  void aJobThatWasRemoved() {
    Monitor monitor(job("front", m_redisExporter->address()) + job("postgres", m_postgresExporter->address()), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(hasSeries(monitor.server().url(), "redis_up") && hasSeries(monitor.server().url(), "pg_up"), 60000);
    TRY_SILENT(examined(urls(monitor)), "exporter-not-scraped");
    QFile file(monitor.server().dir() + QStringLiteral("/prometheus.yml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QString config = QString::fromUtf8(file.readAll());
    config.remove(job("front", m_redisExporter->address()));
    monitor.server().addFile(QStringLiteral("prometheus.yml"), config.toUtf8());
    QCOMPARE(post(monitor.server().url(), QStringLiteral("/-/reload"), {}), 200);
    doctor::Options options = quickly();
    options.exporters = {{QStringLiteral("redis"), m_redisExporter->address()}};
    TRY_FINDING(examined(urls(monitor), options), "exporter-not-scraped", Warning, "redis_exporter runs, but Prometheus does not scrape it");
  }

  // A Redis that hung made its exporter look dead: "Start redis_exporter".
  void aServerThatHangs() {
    Monitor monitor(jobs(), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    const Urls all = urls(monitor);
    for (TestServer* server : {static_cast<TestServer*>(&m_redis), static_cast<TestServer*>(&m_postgres)}) {
      const bool isRedis = server == &m_redis;
      server->freeze();
      doctor::Report report;
      const char* const why = isRedis ? "because Redis does not answer" : "because PostgreSQL does not answer";
      const bool seen = QTest::qWaitFor([&] { return report = examined(all), has(report, "exporter-down", doctor::Severity::Warning, why); }, 60000);
      server->thaw();
      QVERIFY2(seen, shown(report).constData());
      VERIFY_FINDING(report, isRedis ? "cache-connection" : "database-connection", Critical, "");
    }
    doctor::Report report;
    // Nothing else is asked for: an alert that fired meanwhile may have failed to arrive, which is told for a quarter of an hour.
    const auto isOver = [&] { return !findingOf(report, "exporter-down") && !findingOf(report, "cache-connection") && !findingOf(report, "database-connection"); };
    QVERIFY2(QTest::qWaitFor([&] { return report = examined(all), isOver(); }, 60000), shown(report).constData());
  }

  void seriesThatAreDropped() {
    Monitor monitor(job("redis", m_redisExporter->address(), "  metric_relabel_configs: [{source_labels: [__name__], regex: redis_memory_used_bytes, action: drop}]\n"), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    doctor::Report report;
    QTRY_VERIFY2_WITH_TIMEOUT((report = examined(urls(monitor)), has(report, "series-missing", doctor::Severity::Warning, "there is no redis_memory_used_bytes")), shown(report).constData(), 60000);
  }

  void namesOfAnotherVersion() {
    const QString queries = m_postgres.addFile(QStringLiteral("old.yaml"),
                                               "pg_stat_statements:\n  query: \"SELECT 'app' AS datname, sum(calls) AS calls, sum(total_exec_time)/1000 AS total_time_seconds FROM pg_stat_statements\"\n  metrics:\n"
                                               "  - datname: {usage: LABEL, description: d}\n  - calls: {usage: COUNTER, description: c}\n  - total_time_seconds: {usage: COUNTER, description: s}\n");
    QVERIFY(QFile::setPermissions(queries, QFile::permissions(queries) | QFile::ReadGroup | QFile::ReadOther));
    PostgresExporter old(m_postgres.conninfo() + QStringLiteral(" sslmode=disable"), queries), plain(m_postgres.conninfo() + QStringLiteral(" sslmode=disable"));
    QCOMPARE(startAll({&old, &plain}), QString());
    Monitor monitor(job("postgres", old.address()), healthyRules, m_alertmanager.address()), without(job("postgres", plain.address()), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    QCOMPARE(without.start(), QString());
    TRY_FINDING(examined(urls(monitor)), "series-renamed", Warning, "names of another version");
    TRY_FINDING(examined(urls(without)), "series-renamed", Warning, "--collector.stat_statements");
  }

  void theClockOfPrometheus() {
    Monitor monitor(jobs(), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    ShiftedClock clock;
    clock.shiftMs = -300'000;
    VERIFY_FINDING(examined(urls(monitor, false), quickly(), clock), "clock-skew", Critical, "Grafana, which asks for times of the browser");
    VERIFY_SILENT(examined(urls(monitor, false)), "clock-skew");
  }

  void noPrometheusAtAll() {
    const doctor::Report report = examined({{QStringLiteral("prometheus"), QStringLiteral("http://127.0.0.1:%1").arg(freePort())}});
    VERIFY_FINDING(report, "prometheus-connection", Critical, "Grafana has no data");
    QVERIFY(report.looked.isEmpty());
  }

  // With a wrong address it said "does not answer … Start it".
  void anotherServerAtTheAddress() {
    const doctor::Report report = examined({{QStringLiteral("prometheus"), m_alertmanager.url()}, {QStringLiteral("alertmanager"), QStringLiteral("http://") + m_redisExporter->address()}});
    VERIFY_FINDING(report, "prometheus-connection", Critical, "Another server than Prometheus answers");
    VERIFY_FINDING(report, "alertmanager-unreachable", Critical, "Another server than Alertmanager answers");
    QVERIFY2(!shown(report).contains("systemctl start"), shown(report).constData());
    VERIFY_FINDING(examined({{QStringLiteral("prometheus"), QStringLiteral("http://no-such-host.invalid:9090")}}), "prometheus-connection", Critical, "getent hosts no-such-host.invalid)");
  }

  void poolsThatAreTooLarge() {
    ServiceExporter service;  // each instance may open 25
    ServiceExporter other;
    Monitor monitor(jobs() + QStringLiteral("- job_name: api\n  static_configs: [{targets: ['%1', '%2']}]\n").arg(service.address(), other.address()), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    TRY_FINDING(examined(urls(monitor)), "database-pool", Warning, "2 instances, 50 connections; max_connections 40 − 3 reserved = 37");
  }

  // Alerts not firing.

  void noRulesAndNoAlertmanager() {
    Monitor monitor(jobs(), {}, {});
    QCOMPARE(monitor.start(), QString());
    TRY_FINDING(examined(urls(monitor)), "rules-none", Critical, "rule_files");
    TRY_FINDING(examined(urls(monitor)), "alertmanager-none", Critical, m_alertmanager.address().toUtf8().constData());
  }

  void rulesThatCannotFire() {
    Monitor monitor(jobs(),
                    "groups:\n- name: g\n  interval: 1s\n  rules:\n"
                    "  - {alert: Broken, expr: redis_commands_total / on(instance) redis_commands_total}\n"
                    "  - {alert: Renamed, expr: redis_hit_rate < 75}\n"
                    "  - {alert: Later, expr: vector(1) > 0, for: 40s}\n"
                    "  - {alert: Errors, expr: job:errors:ratio > 1, labels: {severity: critical}}\n"
                    "  - {alert: Errors, expr: job:nothing:ratio > 1, labels: {severity: warning}}\n"
                    "  - {record: job:errors:ratio, expr: up / (up > 1)}\n"
                    "  - {record: job:nothing:ratio, expr: no_such_series}\n",
                    m_alertmanager.address());
    const auto began = std::chrono::steady_clock::now();
    QCOMPARE(monitor.start(), QString());
    TRY_FINDING(examined(urls(monitor)), "rules-broken", Critical, "many-to-many");
    const doctor::Report early = examined(urls(monitor));
    if (std::chrono::steady_clock::now() - began < std::chrono::seconds(19)) VERIFY_SILENT(early, "alerts-pending");  // told from half of its time on
    TRY_FINDING(examined(urls(monitor)), "rules-without-series", Warning, "redis_hit_rate");
    // What a rule records is there as soon as it has found something; one that asks for nothing that exists never does.
    const doctor::Report report = examined(urls(monitor));
    VERIFY_FINDING(report, "rules-without-series", Info, "“Errors” (warning) asks for series that are not there: it cannot fire.no no_such_series");
    QVERIFY2(!shown(report).contains("job:errors:ratio"), shown(report).constData());
    TRY_FINDING(examined(urls(monitor)), "alerts-pending", Info, "of 40 s");
  }

  // "The alert cannot fire. Correct the name", and "no Alertmanager", in the first seconds of a Prometheus and after each reload.
  void whatHasJustStartedIsWell() {
    Monitor monitor(jobs(), QByteArray(healthyRules) + "  - {alert: Slow, expr: job:scrapes:rate > 100}\n  - {record: job:scrapes:rate, expr: 'rate(redis_commands_processed_total[10s])'}\n", m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    const StandStill machine;
    for (int reload = 0; reload < 2; ++reload) {
      for (int time = 0; time < 12; ++time) {
        const doctor::Report report = examined(urls(monitor));
        if (!machine.isRecent()) for (const char* check : {"exporter-not-scraped", "series-missing", "series-renamed", "rules-none", "rules-stale", "rules-without-series", "alertmanager-none", "alerts-not-arriving"}) VERIFY_SILENT(report, check);
        QTest::qWait(600);
      }
      QCOMPARE(post(monitor.server().url(), QStringLiteral("/-/reload"), {}), 200);
    }
  }

  void aConfigurationThatWasNotTaken() {
    Monitor monitor(jobs(), healthyRules, m_alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    monitor.server().addFile(QStringLiteral("prometheus.yml"), "global: {scrape_interval: often}\n");
    post(monitor.server().url(), QStringLiteral("/-/reload"), {});
    TRY_FINDING(examined(urls(monitor)), "prometheus-config", Critical, "promtool check config");
  }

  void anAlertmanagerThatIsDead() {
    const QString nowhere = QStringLiteral("127.0.0.1:%1").arg(freePort());
    Monitor monitor(jobs(), "groups:\n- name: g\n  interval: 1s\n  rules:\n  - {alert: Always, expr: vector(1)}\n", nowhere);
    QCOMPARE(monitor.start(), QString());
    Urls there = urls(monitor);
    there[QStringLiteral("alertmanager")] = QStringLiteral("http://") + nowhere;
    TRY_FINDING(examined(there), "alertmanager-unreachable", Critical, "Prometheus cannot deliver alerts");
    VERIFY_FINDING(examined(there), "alertmanager-unreachable", Critical, "While it does not run, no alert reaches anybody");
  }

  void alertsThatGoElsewhere() {
    AlertmanagerServer other;
    QCOMPARE(other.start(), QString());
    Monitor monitor(jobs(), "groups:\n- name: g\n  interval: 1s\n  rules:\n  - {alert: Always, expr: vector(1)}\n", other.address());
    QCOMPARE(monitor.start(), QString());
    TRY_FINDING(examined(urls(monitor)), "alerts-not-arriving", Critical, "Always");
  }

  void whatAlertmanagerDoesWithAlerts() {
    AlertmanagerServer alertmanager(QStringLiteral("route: {receiver: team, group_by: [alertname], group_wait: 1s, group_interval: 1s, routes: [{matchers: ['team=\"none\"'], receiver: nobody}]}\n"
                                                   "inhibit_rules: [{source_matchers: ['severity=\"critical\"'], target_matchers: ['severity=\"warning\"'], equal: [host]}]\n"
                                                   "receivers:\n- name: nobody\n- name: team\n  webhook_configs: [{url: 'http://127.0.0.1:1/hook', max_alerts: 0}]\n"));
    QCOMPARE(alertmanager.start(), QString());
    Monitor monitor(jobs() + job("alertmanager", alertmanager.address()), healthyRules, alertmanager.address());
    QCOMPARE(monitor.start(), QString());
    Urls there = urls(monitor);
    there[QStringLiteral("alertmanager")] = alertmanager.url();
    QCOMPARE(post(alertmanager.url(), QStringLiteral("/api/v2/alerts"),
                  "[{\"labels\":{\"alertname\":\"Lost\",\"team\":\"none\"}},{\"labels\":{\"alertname\":\"Hushed\",\"severity\":\"critical\",\"host\":\"h2\"}},"
                  "{\"labels\":{\"alertname\":\"Big\",\"severity\":\"critical\",\"host\":\"h1\"}},{\"labels\":{\"alertname\":\"Small\",\"severity\":\"warning\",\"host\":\"h1\"}}]"), 200);
    const QByteArray until = QDateTime::currentDateTimeUtc().addSecs(3600).toString(Qt::ISODate).toUtf8(), from = QDateTime::currentDateTimeUtc().addSecs(-5).toString(Qt::ISODate).toUtf8();
    QCOMPARE(post(alertmanager.url(), QStringLiteral("/api/v2/silences"),
                  "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"Hushed\",\"isRegex\":false}],\"startsAt\":\"" + from + "\",\"endsAt\":\"" + until + "\",\"createdBy\":\"ann\",\"comment\":\"deploy\"}"), 200);
    TRY_FINDING(examined(there), "receiver-empty", Warning, "Lost → nobody");
    TRY_FINDING(examined(there), "alerts-silenced", Warning, "by ann until");
    // The remedies, as they stand there; the test's Alertmanager is not at amtool's own address.
    const auto shell = [](const QString& remedy) {
      const QString command = remedy.mid(remedy.indexOf(QLatin1String("amtool ")));
      QProcess process;
      process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
      return process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    };
    doctor::Report remedies;
    QTRY_VERIFY2_WITH_TIMEOUT((remedies = examined(there), findingOf(remedies, "receiver-empty") && findingOf(remedies, "alerts-silenced")), shown(remedies).constData(), 60000);
    QCOMPARE(shell(findingOf(remedies, "receiver-empty")->remedy), 0);
    TRY_FINDING(examined(there), "alerts-inhibited", Info, "Small");
    TRY_FINDING(examined(there), "webhook-unreachable", Critical, "webhook: ");
    QCOMPARE(shell(findingOf(remedies, "alerts-silenced")->remedy), 0);
    TRY_SILENT(examined(there), "alerts-silenced");
  }

  void receiversThatTellNobody() {
    AlertmanagerServer alertmanager;
    QCOMPARE(alertmanager.start(), QString());
    VERIFY_FINDING(examined({{QStringLiteral("alertmanager"), alertmanager.url()}}), "receiver-empty", Critical, "No receiver");
  }

  void serversThatTalkRubbish_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("text") << QByteArray("text/plain") << QByteArray("hello");
    QTest::newRow("empty object") << QByteArray("application/json") << QByteArray("{}");
    QTest::newRow("array") << QByteArray("application/json") << QByteArray("[1,[],{\"labels\":7,\"status\":[]}]");
    QTest::newRow("other types") << QByteArray("application/json")
                                 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"NaN\"]}],\"activeTargets\":[{\"labels\":3,\"health\":\"down\"}],"
                                               "\"groups\":[{\"name\":1,\"rules\":[{\"query\":\"a{\"},7]},null],\"alerts\":{},\"activeAlertmanagers\":\"x\",\"config\":{\"original\":\"receivers:\\n- \"}}}");
    QTest::newRow("cut") << QByteArray("application/json") << QByteArray("{\"status\":");
  }
  void serversThatTalkRubbish() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    const auto answer = [&](const QByteArray&) { return httpAnswer("200 OK", type, body); };
    ScriptedHttp prometheus(answer), alertmanager(answer), service(answer);
    const auto url = [](const ScriptedHttp& server) { return QStringLiteral("http://127.0.0.1:%1").arg(server.port()); };
    doctor::Options options = quickly();
    options.serviceUrl = url(service);
    const doctor::Report report = examined({{QStringLiteral("prometheus"), url(prometheus)}, {QStringLiteral("alertmanager"), url(alertmanager)}}, options);
    for (const doctor::Finding& one : report.findings) QVERIFY2(!one.finding.isEmpty() && !one.remedy.isEmpty(), shown(report).constData());
  }

  void theServiceItself() {
    QByteArray health = "{\"status\":\"degraded\",\"cache\":{\"backend\":\"redis\",\"available\":false}}";
    ScriptedHttp service([&health](const QByteArray&) { return httpAnswer("200 OK", "application/json", health); });
    doctor::Options options = quickly();
    options.serviceUrl = QStringLiteral("http://127.0.0.1:%1").arg(service.port());
    VERIFY_FINDING(examined({}, options), "service-health", Critical, "own connection to the cache");
    options.serviceUrl = QStringLiteral("http://127.0.0.1:%1").arg(freePort());
    VERIFY_FINDING(examined({}, options), "service-health", Critical, "the service is not running");
  }
};

QTEST_GUILESS_MAIN(TestDoctorMonitoring)
#include "tst_doctor_monitoring.moc"
