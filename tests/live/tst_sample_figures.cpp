// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <atomic>
#include <thread>

using namespace cachedeck::test;

/// A busy machine is no outage of the cache.
static const QString patient = QStringLiteral("--cache-timeout=20s");

/// /metrics says what was asked, no more and no less; one computation serves all who ask for the same.
class TestSampleFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_redis.cli({QStringLiteral("flushall")});
  }

  void everyNameIsThere() {
    SampleService service(m_postgres, m_redis.port(), {patient, QStringLiteral("--pool-mode=staging")});
    QCOMPARE(service.start(), QString());
    service.get("/api/v1/risks/1");
    const HttpAnswer answer = httpRequest(service.port(), "GET", "/metrics");
    QVERIFY(answer.header("content-type").startsWith("text/plain; version=0.0.4"));
    static const QRegularExpression line(
        QStringLiteral("^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{([a-z_]+=\"[^\"\\\\]*\",?)+\\})? [-+0-9.eInf]+)$"));
    QSet<QByteArray> names;
    const QList<QByteArray> lines = answer.body.trimmed().split('\n');
    for (const QByteArray& text : lines) {
      QVERIFY2(line.match(QString::fromUtf8(text)).hasMatch(), text);
      if (text.startsWith("# TYPE ")) {
        QVERIFY2(!names.contains(text.split(' ')[2]), text);
        names.insert(text.split(' ')[2]);
      }
    }
    const QSet<QByteArray> expected{
        "http_requests_total", "http_request_errors_total", "http_request_duration_seconds", "http_requests_in_flight", "cache_requests_total",
        "cache_shared_total", "cache_computed_total", "cache_stored_total", "cache_invalidated_keys_total", "cache_lookup_duration_seconds",
        "cache_compute_duration_seconds", "cache_up", "db_pool_max_open_connections", "db_pool_open_connections", "db_pool_in_use_connections",
        "db_pool_idle_connections", "db_pool_waiting_requests", "db_pool_waits_total", "db_pool_wait_seconds_total", "db_pool_timeouts_total",
        "db_pool_closed_total", "db_pool_opened_total", "db_pool_open_failures_total", "db_pool_warning_connections", "db_pool_critical_connections",
        "db_pool_level", "process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds", "cachedeck_sample_info"};
    QCOMPARE(names, expected);
    const QMap<QByteArray, double> figures = service.figures();
    QCOMPARE(figures.value("db_pool_max_open_connections"), 50.0);
    QCOMPARE(figures.value("db_pool_warning_connections"), 40.0);
    QCOMPARE(figures.value("db_pool_critical_connections"), 48.0);
    QCOMPARE(figures.value("db_pool_level", -1), 0.0);
    QCOMPARE(figures.value("db_pool_open_failures_total", -1), 0.0);
    QVERIFY(figures.value("db_pool_opened_total") >= figures.value("db_pool_open_connections"));
    QCOMPARE(figures.value("cache_up"), 1.0);
    QCOMPARE(figures.value("cachedeck_sample_info{version=\"" CACHEDECK_VERSION "\",cache=\"redis\",pool_mode=\"staging\"}"), 1.0);
    QVERIFY(figures.value("process_resident_memory_bytes") > 1e6);
    QVERIFY(figures.value("process_start_time_seconds") > 1.6e9);
    QVERIFY(figures.contains("http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/risks/{id}\",le=\"0.25\"}"));
    for (const char* reason : {"max_idle", "lifetime", "idle_time", "broken"})
      QVERIFY(figures.contains(QByteArray("db_pool_closed_total{reason=\"") + reason + "\"}"));
  }

  // Series that begin with 0 let the first request be seen as an increase.
  void figuresBeginWithZero() {
    SampleService service(m_postgres, m_redis.port(), {patient});
    QCOMPARE(service.start(), QString());
    const QMap<QByteArray, double> figures = service.figures();
    for (const char* route : {"/api/v1/risks", "/api/v1/risks?search", "/api/v1/risks/{id}", "/api/v1/stats", "/api/v1/marketplace/apps/{id}"}) {
      const QByteArray labels = QByteArray("{method=\"GET\",route=\"") + route + "\"";
      QCOMPARE(figures.value("http_request_errors_total" + labels + "}", -1), 0.0);
      QCOMPARE(figures.value("http_request_duration_seconds_count" + labels + "}", -1), 0.0);
      QCOMPARE(figures.value("http_requests_total{code=\"200\",method=\"GET\",route=\"" + QByteArray(route) + "\"}", -1), 0.0);
    }
  }

  void theyAreWhatWasSent() {
    SampleService service(m_postgres, m_redis.port(), {patient});
    QCOMPARE(service.start(), QString());
    for (int i = 0; i < 5; ++i) QCOMPARE(service.get("/api/v1/risks/1").status, 200);
    for (int i = 0; i < 3; ++i) QCOMPARE(service.get("/api/v1/risks/99999").status, 404);
    QCOMPARE(service.get("/api/v1/risks/x").status, 400);
    QCOMPARE(httpRequest(service.port(), "GET", "/api/v1/risks/1").status, 401);
    QCOMPARE(service.get("/api/v1/risks?search=backup").status, 200);
    QCOMPARE(service.get("/api/v1/risks").status, 200);
    QCOMPARE(service.call("POST", "/api/v1/risks", riskBody("One")).status, 201);
    QCOMPARE(service.call("DELETE", "/api/v1/risks/5").status, 204);
    for (const char* path : {"/no/such", "/api/v1/risks/1/2/3", "/%7Bid%7D"}) QCOMPARE(service.get(path).status, 404);
    QCOMPARE(service.call("BREW", "/api/v1/risks").status, 405);

    QMap<QByteArray, double> figures;
    QVERIFY(becomes([&] {
      figures = service.figures();
      return figures.value("http_requests_in_flight") == 1.0;  // the one that asks, once the last answer is away
    }));
    const auto requests = [&figures](const char* method, const char* route, int code) {
      return figures.value(QByteArray("http_requests_total{code=\"") + QByteArray::number(code) + "\",method=\"" + method + "\",route=\"" + route + "\"}");
    };
    QCOMPARE(requests("GET", "/api/v1/risks/{id}", 200), 5.0);
    QCOMPARE(requests("GET", "/api/v1/risks/{id}", 404), 3.0);
    QCOMPARE(requests("GET", "/api/v1/risks/{id}", 400), 1.0);
    QCOMPARE(requests("GET", "/api/v1/risks/{id}", 401), 1.0);
    QCOMPARE(requests("GET", "/api/v1/risks?search", 200), 1.0);
    QCOMPARE(requests("GET", "/api/v1/risks", 200), 1.0);
    QCOMPARE(requests("POST", "/api/v1/risks", 201), 1.0);
    QCOMPARE(requests("DELETE", "/api/v1/risks/{id}", 204), 1.0);
    QCOMPARE(requests("GET", "other", 404), 3.0);
    QCOMPARE(requests("other", "/api/v1/risks", 405), 1.0);
    QCOMPARE(requests("POST", "/api/v1/auth/login", 200), 1.0);
    QCOMPARE(figures.value("http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/risks/{id}\"}"), 10.0);
    QCOMPARE(figures.value("http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/risks/{id}\",le=\"+Inf\"}"), 10.0);
    QCOMPARE(figures.value("http_request_errors_total{method=\"GET\",route=\"/api/v1/risks/{id}\"}"), 0.0);

    const auto cache = [&figures](const char* result) { return figures.value(QByteArray("cache_requests_total{class=\"risk\",result=\"") + result + "\"}"); };
    QCOMPARE(cache("hit"), 4.0);
    QCOMPARE(cache("miss"), 6.0);  // one risk, three that are not there, a search, a list
    QCOMPARE(cache("bypass"), 0.0);
    QCOMPARE(figures.value("cache_computed_total{class=\"risk\"}"), 6.0);
    QCOMPARE(figures.value("cache_stored_total{class=\"risk\"}"), 3.0);
    QCOMPARE(figures.value("cache_lookup_duration_seconds_count{class=\"risk\"}"), 10.0);
    QCOMPARE(figures.value("cache_compute_duration_seconds_count{class=\"risk\"}"), 6.0);
    QVERIFY(figures.value("cache_invalidated_keys_total{class=\"risk\"}") >= 2);
    QVERIFY(figures.value("db_pool_open_connections") >= 1);
    QCOMPARE(figures.value("db_pool_open_connections"), figures.value("db_pool_idle_connections") + figures.value("db_pool_in_use_connections"));
  }

  void fiftyAtOnceComputeOnce() {
    SampleService service(m_postgres, m_redis.port(), {patient, QStringLiteral("--query-cost=500ms")});
    QCOMPARE(service.start(), QString());
    const QByteArray authorization = service.authorization();
    std::atomic<int> good = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i)
      threads.emplace_back([&] { good += httpRequest(service.port(), "GET", "/api/v1/stats?period=7d", {authorization}).status == 200; });
    for (std::jthread& thread : threads) thread.join();
    QCOMPARE(good, 50);
    const QMap<QByteArray, double> figures = service.figures();
    const auto dashboard = [&figures](const QByteArray& name, const QByteArray& more = {}) {
      return figures.value(name + "{class=\"dashboard\"" + more + "}");
    };
    QCOMPARE(dashboard("cache_computed_total"), 1.0);
    QCOMPARE(dashboard("cache_shared_total") + dashboard("cache_requests_total", ",result=\"hit\""), 49.0);
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT sum(calls) FROM pg_stat_statements WHERE query LIKE '%sum(score)%'")), QByteArray("1"));
  }

  void hitsDoNotWaitForSlowStatements() {
    SampleService service(m_postgres, m_redis.port(), {patient, QStringLiteral("--query-cost=3s"), QStringLiteral("--threads=1")});
    QCOMPARE(service.start(), QString());
    const QByteArray authorization = service.authorization();
    m_redis.cli({QStringLiteral("set"), QStringLiteral("risk:id:77"), QStringLiteral("{\"cached\":true}")});
    int page = 0, hits = 0, slowByThen = 0;
    const auto hitsMeanwhile = [&] {  // once more where a machine that stood still let the statements end first
      std::atomic<int> slow = 0;
      std::vector<std::jthread> threads;
      for (int i = 1; i <= 6; ++i)
        threads.emplace_back([&, target = "/api/v1/risks?page=" + QByteArray::number(++page)] {
          httpRequest(service.port(), "GET", target, {authorization});
          ++slow;
        });
      while (slow == 0 && service.figures().value("db_pool_in_use_connections") < 6) std::this_thread::yield();
      HttpLink link(service.port());
      hits = 0;
      for (int i = 0; i < 100; ++i) hits += link.request("GET", "/api/v1/risks/77", {authorization}).header("x-cache") == "HIT";
      slowByThen = slow;
      for (std::jthread& thread : threads) thread.join();
      return hits == 100 && slowByThen == 0;
    };
    QVERIFY2(becomes(hitsMeanwhile), qPrintable(QStringLiteral("%1 hits, %2 slow ones before them").arg(hits).arg(slowByThen)));
  }

  // One connection, statements of 3 s, nobody waits longer than 5 s for it.
  void aPoolThatIsUsedUp() {
    SampleService service(m_postgres, m_redis.port(), {patient, QStringLiteral("--query-cost=3s"), QStringLiteral("--pool=max_open=1"),
                           QStringLiteral("--pool=max_idle=1")});
    QCOMPARE(service.start(), QString());
    const QByteArray authorization = service.authorization();
    std::atomic<int> good = 0, busy = 0;
    std::vector<std::jthread> threads;
    for (int i = 1; i <= 4; ++i)
      threads.emplace_back([&, i] {
        const HttpAnswer answer = httpRequest(service.port(), "GET", "/api/v1/risks?page=" + QByteArray::number(i), {authorization});
        good += answer.status == 200;
        busy += answer.status == 503 && answer.header("retry-after") == "1" && !answer.json().isEmpty();
      });
    for (std::jthread& thread : threads) thread.join();
    QCOMPARE(good + busy, 4);
    QVERIFY(good >= 1 && busy >= 1);
    const QMap<QByteArray, double> figures = service.figures();
    QCOMPARE(figures.value("db_pool_timeouts_total"), double(busy));
    QCOMPARE(figures.value("db_pool_level"), 2.0);  // all that may be is open
    QCOMPARE(figures.value("http_request_errors_total{method=\"GET\",route=\"/api/v1/risks\"}"), double(busy));
  }

 private:
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}};
  RedisServer m_redis;
};

QTEST_GUILESS_MAIN(TestSampleFigures)
#include "tst_sample_figures.moc"
