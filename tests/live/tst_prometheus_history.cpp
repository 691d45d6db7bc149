// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metric.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

double infoOf(const RedisServer& redis, const char* field) {
  const QList<QByteArray> lines = redis.cli({QStringLiteral("info"), QStringLiteral("everything")}).split('\n');
  const QByteArray start = QByteArray(field) + ':';
  for (const QByteArray& line : lines)
    if (line.startsWith(start)) return line.mid(start.size()).trimmed().toDouble();
  return NAN;
}

/// The newest value of a metric, NaN when no row has it.
double newest(const std::vector<BackfillRow>& rows, const char* id) {
  for (auto row = rows.rbegin(); row != rows.rend(); ++row)
    for (const auto& [metric, value] : row->values)
      if (metric == QLatin1String(id)) return value;
  return NAN;
}

}  // namespace

/// Exporters, scraped once a second, under steady traffic: what Prometheus tells of the past against the servers' own words.
class TestPrometheusHistory : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    start(m_redis);
    start(m_postgres);
    QString error;
    m_postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    const QString shipped = QFINDTESTDATA("../../monitoring/postgres-exporter/queries.yaml");
    QVERIFY(!shipped.isEmpty());
    m_redisExporter = std::make_unique<RedisExporter>(m_redis.port());
    m_postgresExporter = std::make_unique<PostgresExporter>(m_postgres.conninfo(), shipped);
    start(*m_redisExporter);
    start(*m_postgresExporter);
    m_prometheus = std::make_unique<PrometheusServer>(
        QStringLiteral("global: {scrape_interval: 1s}\nscrape_configs:\n"
                       "- job_name: redis\n  static_configs: [{targets: ['%1']}]\n"
                       "- job_name: postgres\n  static_configs: [{targets: ['%2']}]\n")
            .arg(m_redisExporter->address(), m_postgresExporter->address()));
    start(*m_prometheus);
    m_client = std::make_unique<PrometheusClient>(httpSettings(prometheusSourceInfo().fromUrl(m_prometheus->url()).value(), prometheusFields()).value());
    m_redis.cli({QStringLiteral("set"), QStringLiteral("known"), QStringLiteral("value")});
    m_redis.cli({QStringLiteral("setex"), QStringLiteral("mortal"), QStringLiteral("1000"), QStringLiteral("value")});
    // A full window of a minute, so that the figures stand on whole rates.
    const auto full = [this] { return traffic(); };
    QVERIFY(becomes(full) || becomes(full));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void redisFigures() {
    const auto rows = history("redis", QString());
    QVERIFY2(rows.ok(), rows.ok() ? "" : qPrintable(rows.error().message));
    QVERIFY(rows->size() >= 3);
    for (size_t i = 1; i < rows->size(); ++i) QVERIFY((*rows)[i].wallMs == (*rows)[i - 1].wallMs + 15000);
    QVERIFY(std::abs(newest(*rows, "redis.hit_ratio") - 75) < 5);  // three hits and a miss each time
    QVERIFY(std::abs(newest(*rows, "redis.hit_ratio_lifetime") - 75) < 5);
    QVERIFY(newest(*rows, "redis.ops") > 4);
    QVERIFY(std::abs(newest(*rows, "redis.hits") / newest(*rows, "redis.misses") - 3) < 0.5);
    const double used = infoOf(m_redis, "used_memory");
    QVERIFY(std::abs(newest(*rows, "redis.memory_used") - used) < 0.5 * used);
    QCOMPARE(newest(*rows, "redis.memory_limit"), 64.0 * 1024 * 1024);
    QVERIFY(std::abs(newest(*rows, "redis.memory_used_percent") - 100 * used / (64.0 * 1024 * 1024)) < 5);
    QVERIFY(newest(*rows, "redis.memory_rss") > 1e6);
    QCOMPARE(newest(*rows, "redis.keys"), 2.0);
    QCOMPARE(newest(*rows, "redis.keys_with_ttl"), 1.0);
    QVERIFY(newest(*rows, "redis.clients") >= 1);
    QCOMPARE(newest(*rows, "redis.evicted"), 0.0);
    everyExpressionAnswered(*rows, "redis.");
  }

  void postgresFigures() {
    const auto rows = history("postgres", QString());
    QVERIFY2(rows.ok(), rows.ok() ? "" : qPrintable(rows.error().message));
    QCOMPARE(newest(*rows, "postgres.max_connections"), m_postgres.psql(QStringLiteral("SHOW max_connections")).toDouble());
    const double connections = newest(*rows, "postgres.connections");
    QVERIFY(connections >= 1 && connections < 10);
    QVERIFY(newest(*rows, "postgres.active") >= 1);  // the exporter itself
    QVERIFY(newest(*rows, "postgres.calls") > 1);
    QVERIFY(newest(*rows, "postgres.transactions") > 1);
    const double mean = newest(*rows, "postgres.query_mean");
    QVERIFY(mean > 0 && mean < 1);
    QVERIFY(newest(*rows, "postgres.query_max") >= mean);
    const double ratio = newest(*rows, "postgres.buffer_hit_ratio");
    QVERIFY(ratio > 50 && ratio <= 100);
    everyExpressionAnswered(*rows, "postgres.");
  }

  void selectors() {
    const QString right = QStringLiteral("{instance=\"%1\"}").arg(m_redisExporter->address());
    QVERIFY(history("redis", right).ok());
    const auto wrong = history("redis", QStringLiteral("instance=\"elsewhere:9121\""));
    QCOMPARE(wrong.error().kind, Error::Kind::NotFound);
    const auto broken = history("redis", QStringLiteral("instance=~\"(\""));
    QCOMPARE(broken.error().kind, Error::Kind::Usage);  // well-formed for us, said to be wrong by Prometheus
    QVERIFY2(broken.error().message.contains(QLatin1String("refused the query")), qPrintable(broken.error().message));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(fetchHistory(*m_client, QStringLiteral("redis"), QString(), now() - 60000, now(), 0, stop.get_token()).error().isCancelled());
  }

  // An exporter that is down now has a past all the same.
  void exporterThatDied() {
    m_redisExporter->kill9();
    QVERIFY(becomes([&] {
      const auto up = m_client->query(QStringLiteral("redis_up"), {});
      return up.ok() && up->series.empty();
    }));
    const auto rows = history("redis", QString());
    QVERIFY2(rows.ok(), rows.ok() ? "" : qPrintable(rows.error().message));
    QVERIFY(newest(*rows, "redis.ops") > 0);
  }

  void severalServers() {
    PrometheusServer second(QStringLiteral("global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: postgres\n  static_configs: [{targets: ['%1', 'localhost:%2']}]\n")
                                .arg(m_postgresExporter->address()).arg(m_postgresExporter->port()));
    start(second);
    PrometheusClient client(httpSettings(prometheusSourceInfo().fromUrl(second.url()).value(), prometheusFields()).value());
    QVERIFY(becomes([&] {
      const auto up = client.query(QStringLiteral("pg_up"), {});
      return up.ok() && up->series.size() == 2;
    }));
    const auto rows = fetchHistory(client, QStringLiteral("postgres"), QString(), now() - 60000, now(), 0, {});
    QVERIFY(!rows.ok());
    QCOMPARE(rows.error().kind, Error::Kind::Usage);
    QVERIFY2(rows.error().message.contains(QStringLiteral("job=\"postgres\",instance=\"localhost:%1\"").arg(m_postgresExporter->port())), qPrintable(rows.error().message));
    QVERIFY(rows.error().message.contains(QLatin1String("PostgreSQL selector")));
  }

  void cleanupTestCase() { m_client.reset(); }

 private:
  static qint64 now() { return SystemClock().now().wallMs; }
  static void start(TestServer& server) {
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  Result<std::vector<BackfillRow>> history(const char* source, const QString& selector) {
    return fetchHistory(*m_client, QLatin1String(source), selector, now() - 3600'000, now(), 1000, {});
  }
  /// A little traffic; true once there are five rows of rates, a whole window of a minute.
  bool traffic() {
    const QString script = QStringLiteral("for i = 1, 5 do redis.call('get', 'known') redis.call('get', 'known') redis.call('get', 'known') redis.call('get', 'unknown') end");
    for (int i = 0; i < 5; ++i) {
      m_redis.cli({QStringLiteral("eval"), script, QStringLiteral("0")});
      m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_class"));
    }
    const auto rows = history("redis", QString());
    int rates = 0;
    if (rows)
      for (const BackfillRow& row : *rows)
        for (const auto& [metric, value] : row.values) rates += metric == QLatin1String("redis.ops");
    return rates >= 5;
  }
  static void everyExpressionAnswered(const std::vector<BackfillRow>& rows, const char* prefix) {
    std::set<std::string> seen;
    for (const BackfillRow& row : rows)
      for (const auto& [metric, value] : row.values) seen.insert(std::string(metric.data(), static_cast<size_t>(metric.size())));
    for (const MetricInfo& metric : metricCatalog())
      if (*metric.promql != '\0' && metric.id.startsWith(QLatin1String(prefix))) QVERIFY2(seen.contains(metric.id.data()), metric.id.data());
  }

  RedisServer m_redis{{QStringLiteral("maxmemory 64mb"), QStringLiteral("maxmemory-policy allkeys-lru")}};
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}};
  std::unique_ptr<RedisExporter> m_redisExporter;
  std::unique_ptr<PostgresExporter> m_postgresExporter;
  std::unique_ptr<PrometheusServer> m_prometheus;
  std::unique_ptr<PrometheusClient> m_client;
};

QTEST_GUILESS_MAIN(TestPrometheusHistory)
#include "tst_prometheus_history.moc"
