// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/wait.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <memory>
#include <thread>
#include <vector>

using namespace cachedeck::test;

namespace {

using Links = std::vector<std::unique_ptr<HttpLink>>;

/// Sends the request on so many connections, and waits for no answer.
void ask(Links& links, SampleService& service, int count, const QByteArray& target) {
  for (int i = 0; i < count; ++i) {
    links.push_back(std::make_unique<HttpLink>(service.port()));
    links.back()->send("GET " + QByteArray(target).replace("{n}", QByteArray::number(i + 1)) + " HTTP/1.1\r\nHost: a\r\n" + service.authorization() + "\r\n\r\n");
  }
}

/// What a machine under load may add to a time that is promised. Where it stands still for longer it does so once, not each time.
constexpr qint64 tolerance = 2000;

template <typename Request>
qint64 millisecondsOf(Request request) {
  QElapsedTimer timer;
  timer.start();
  request();
  return timer.elapsed();
}

qsizetype lines(const TestServer& server, const QString& text) { return server.log().count(text); }

}  // namespace

/// What does not wait while servers hang, what is refused then, and what is true afterwards.
class TestSampleOutages : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanup() {
    m_redis.thaw();
    m_postgres.thaw();
    QCOMPARE(m_redis.start(), QString());
    QCOMPARE(m_postgres.start(), QString());
    m_redis.cli({QStringLiteral("flushall")});
  }

  // The checks of health wait for a database that hangs, by one connection; figures do not wait for them.
  void figuresWaitForNothing() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QVERIFY(!service.authorization().isEmpty());
    m_postgres.freeze();
    m_redis.freeze();
    QMap<QByteArray, double> figures;
    int right = 0;
    const auto duringACheck = [&] {  // which lasts 3 s: again where the machine missed them
      Links links;
      ask(links, service, 12, "/health");
      bool during = false;
      do {
        figures = service.figures();
        during = figures.value("http_requests_in_flight") == 13 && figures.value("db_pool_in_use_connections") > 0;
      } while (!during && figures.value("http_requests_in_flight") > 1);
      right = 0;
      for (const auto& link : links) right += link->receive().status == 503;
      return during;
    };
    QVERIFY(becomes(duringACheck));
    QCOMPARE(figures.value("db_pool_in_use_connections"), 1.0);
    QCOMPARE(figures.value("cache_up"), 0.0);
    QCOMPARE(right, 12);
  }

  // Once the answer took the time of both checks, and the more of it the cache's.
  void healthWhileBothHang() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    m_postgres.freeze();
    m_redis.freeze();
    int late = 0;
    for (int i = 0; i < 2 + late; ++i) {
      HttpAnswer health;
      const qint64 took = millisecondsOf([&] { health = httpRequest(service.port(), "GET", "/health"); });
      if (took >= 3000 + tolerance) QVERIFY2(++late < 3, QByteArray::number(took));
      QVERIFY2(health.status == 503, health.shown());
      QCOMPARE(health.json().value(QLatin1String("status")).toString(), QStringLiteral("down"));
      QCOMPARE(health.json().value(QLatin1String("cache")).toObject().value(QLatin1String("available")).toBool(), false);
    }
  }

  // One connection, and a statement of 6 s has it. Once that was reported as a database that is away; now it is only where the database is, too.
  void healthOfAPoolThatIsUsedUp() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--query-cost=3s"), QStringLiteral("--pool=max_open=1"), QStringLiteral("--pool=max_idle=1")});
    QCOMPARE(service.start(), QString());
    service.authorization();
    const auto whileUsedUp = [&](const QByteArray& target, const auto& whenHung) {
      Links links;
      ask(links, service, 1, target);
      const auto inUse = [&] { return service.figures().value("db_pool_in_use_connections") == 1; };
      if (!becomes(inUse)) return HttpAnswer();
      whenHung();
      HttpAnswer health;
      const qint64 took = millisecondsOf([&] { health = httpRequest(service.port(), "GET", "/health"); });
      m_postgres.thaw();
      links.front()->receive();
      return took < 3000 + tolerance ? health : HttpAnswer();
    };
    HttpAnswer busy;
    const auto isDegraded = [&] {  // once more where a machine that stood still let the statement end first
      m_redis.cli({QStringLiteral("flushall")});
      busy = whileUsedUp("/api/v1/stats?period=7d", [] {});
      return busy.status == 200 && busy.json().value(QLatin1String("status")).toString() == QLatin1String("degraded");
    };
    QVERIFY2(becomes(isDegraded), busy.shown());
    const QJsonObject database = busy.json().value(QLatin1String("database")).toObject(), pool = busy.json().value(QLatin1String("pool")).toObject();
    QCOMPARE(database.value(QLatin1String("answers")).toBool(), true);
    QVERIFY(database.value(QLatin1String("problem")).toString().startsWith(QLatin1String("No database connection came free within ")));
    QCOMPARE(pool.value(QLatin1String("level")).toString(), QStringLiteral("critical"));
    QCOMPARE(pool.value(QLatin1String("in_use")).toInt(), 1);
    QCOMPARE(lines(service, QStringLiteral("the database is away")), 0);
    QVERIFY(becomes([&] { return httpRequest(service.port(), "GET", "/health").json().value(QLatin1String("status")).toString() == QLatin1String("ok"); }));

    HttpAnswer down;
    QVERIFY2(becomes([&] {
               m_redis.cli({QStringLiteral("flushall")});
               down = whileUsedUp("/api/v1/stats/trends?days={n}", [this] { m_postgres.freeze(); });
               return down.status == 503;
             }),
             down.shown());
    QCOMPARE(down.json().value(QLatin1String("status")).toString(), QStringLiteral("down"));
  }

  // What a cache that hangs costs: a read 0.25 s, a write 1 s, and only the first of them (docs/SAMPLE_SERVICE.md).
  void requestsWhileTheCacheHangs() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.get("/api/v1/risks/1").status, 200);
    m_redis.freeze();
    const double bypassed = service.figures().value("cache_requests_total{class=\"risk\",result=\"bypass\"}");
    int late = 0;
    for (int i = 1; i <= 30; ++i) {
      HttpAnswer answer;
      const QByteArray target = "/api/v1/risks/" + QByteArray::number(1 + i % 7);
      const qint64 took = millisecondsOf([&] { answer = i % 10 == 0 ? service.call("PUT", target, riskBody("While it hangs")) : service.get(target); });
      QVERIFY2(answer.status == 200, answer.shown());
      if (took >= (i % 10 == 0 ? 1000 : 250) + tolerance) QVERIFY2(++late < 3, QByteArray::number(took));
    }
    QCOMPARE(service.figures().value("cache_requests_total{class=\"risk\",result=\"bypass\"}"), bypassed + 27);
    QCOMPARE(service.figures().value("cache_up"), 0.0);
  }

  // A cascade has many keys to look through, and Redis is far away. Once a change was answered when all was removed, up to 30 s after it was made.
  void aCascadeThatTakesLongerThanItsRequest() {
    m_redis.cli({QStringLiteral("eval"), QStringLiteral("for i = 1, 120000 do redis.call('set', 'filler:' .. i, 'x') end"), QStringLiteral("0")});
    FaultProxy proxy(m_redis.port());
    SampleService service(m_postgres, proxy.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.call("PUT", "/api/v1/risks/9", riskBody("Before")).status, 200);
    const auto title = [&service] { return service.get("/api/v1/risks/9").json().value(QLatin1String("title")).toString(); };
    QCOMPARE(title(), QStringLiteral("Before"));
    Faults faults;
    faults.latencyMs = 90;  // for each of some 250 pages: more than 20 s
    proxy.set(faults);
    HttpAnswer changed, removed;
    qint64 took = 0;
    {
      std::jthread other([&] { removed = service.call("POST", "/api/v1/cache/invalidate?cascade=marketplace"); });
      took = millisecondsOf([&] { changed = service.call("PUT", "/api/v1/risks/9", riskBody("After")); });
    }
    QVERIFY2(changed.status == 200, changed.shown());
    QVERIFY2(took < 20000, QByteArray::number(took));  // 10 s are promised, and all pages take longer than this
    QVERIFY2(removed.status == 202, removed.shown());
    QCOMPARE(title(), QStringLiteral("After"));
    proxy.clear();
    const auto hitsAgain = [&service] { return service.get("/api/v1/risks/9").header("x-cache") == "HIT"; };
    QVERIFY(becomes(hitsAgain));
    QCOMPARE(title(), QStringLiteral("After"));
  }

  void anIdleServiceNoticesThatTheCacheIsGone() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.figures().value("cache_up"), 1.0);
    const QString away = QStringLiteral("the cache is away: "), back = QStringLiteral("the cache is back");
    for (int round = 1; round <= 2; ++round) {
      const qsizetype wasAway = lines(service, away), wasBack = lines(service, back);  // a busy machine may have made it so as well
      m_redis.kill9();
      QVERIFY(becomes([&] { return service.figures().value("cache_up") == 0 && lines(service, away) > wasAway; }));
      QCOMPARE(service.get("/api/v1/risks/1").status, 200);
      QCOMPARE(m_redis.start(), QString());
      QVERIFY(becomes([&] { return lines(service, back) > wasBack && service.figures().value("cache_up") == 1; }));
    }
    // No key of ours is needed to find out.
    QVERIFY(!m_redis.cli({QStringLiteral("info"), QStringLiteral("commandstats")}).contains("cmdstat_unlink"));
  }

  void theDatabaseGoesAndComesBack() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.get("/api/v1/risks/1").status, 200);
    m_postgres.stop();
    for (int i = 0; i < 20; ++i) QCOMPARE(service.get("/api/v1/risks?page=" + QByteArray::number(i + 1)).status, 503);
    QCOMPARE(lines(service, QStringLiteral("the database is away: ")), 1);
    QCOMPARE(m_postgres.start(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(lines(service, QStringLiteral("the database is back")), 1, 60000);  // though nobody asked for it
    QVERIFY2(!service.log().contains(QStringLiteral("database: ")), qPrintable(service.log()));
  }

  // More than there is room for, and nobody is left without an answer: the time in the queue counts.
  void aQueueOfRequestsWhileTheDatabaseHangs() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--pool=max_open=1"), QStringLiteral("--pool=max_idle=1")});
    QCOMPARE(service.start(), QString());
    service.authorization();
    m_postgres.freeze();
    Links links;
    ask(links, service, 1100, "/api/v1/risks?page={n}");
    int refused = 0;
    for (const auto& link : links) {
      const HttpAnswer answer = link->receive();
      QVERIFY2(answer.status == 503 || answer.status == 504, answer.shown());
      refused += answer.json().value(QLatin1String("error")).toString().startsWith(QLatin1String("Too many"));
      if (answer.status == 503) QCOMPARE(answer.header("retry-after"), QByteArray("1"));
    }
    QVERIFY(refused >= 50);
    const QMap<QByteArray, double> figures = service.figures();
    QVERIFY2(figures.value("cache_computed_total{class=\"risk\"}") <= 1100 - refused, QByteArray::number(refused));
    m_postgres.thaw();
    QTRY_COMPARE_WITH_TIMEOUT(service.get("/api/v1/risks/2").status, 200, 60000);
  }

  // A change that PostgreSQL makes after the client's answer: what was cached in between goes.
  void aCommitThatComesLate() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.call("PUT", "/api/v1/risks/7", riskBody("Before")).status, 200);
    // It swallows the end of its time and a cancellation, each of which ends one of the waits; two are left.
    QString error;
    m_postgres.psql(QStringLiteral("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                                   "FOR i IN 1..5 LOOP BEGIN PERFORM pg_sleep(6); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; RETURN NULL; END $$; "
                                   "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON risks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()"),
                    QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    const HttpAnswer answer = service.call("PUT", "/api/v1/risks/7", riskBody("After"));
    const auto title = [&service] { return service.get("/api/v1/risks/7").json().value(QLatin1String("title")).toString(); };
    const QString meanwhile = title();
    m_postgres.psql(QStringLiteral("ALTER TABLE risks DISABLE TRIGGER late"), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);  // waits for it
    QVERIFY2(answer.status == 504, answer.shown());
    QVERIFY2(answer.json().value(QLatin1String("error")).toString().contains(QLatin1String("may have been made")), answer.shown());
    QCOMPARE(meanwhile, QStringLiteral("Before"));
    QTRY_COMPARE_WITH_TIMEOUT(title(), QStringLiteral("After"), 60000);
    m_postgres.psql(QStringLiteral("DROP TRIGGER late ON risks; DROP FUNCTION dawdle()"));
  }

  // One that waits for a lock until its time is over is not made afterwards.
  void aChangeThatTimedOut() {
    SampleService service(m_postgres, m_redis.port());
    QCOMPARE(service.start(), QString());
    QCOMPARE(service.call("PUT", "/api/v1/risks/8", riskBody("Before")).status, 200);
    std::jthread other([this] { m_postgres.psql(QStringLiteral("BEGIN; SELECT 1 FROM risks WHERE id = 8 FOR UPDATE; SELECT pg_sleep(29); COMMIT")); });
    QTRY_COMPARE_WITH_TIMEOUT(m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%FOR UPDATE; SELECT pg_sleep%' "
                                                             "AND wait_event = 'PgSleep'")),
                              QByteArray("1"), 60000);
    const HttpAnswer answer = service.call("PUT", "/api/v1/risks/8", riskBody("After"));
    m_postgres.psql(QStringLiteral("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));  // it has held the lock for long enough
    other.join();
    QVERIFY2(answer.status == 504, answer.shown());
    QTRY_COMPARE_WITH_TIMEOUT(m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'UPDATE risks%' AND state <> 'idle'")),
                              QByteArray("0"), 60000);
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT title FROM risks WHERE id = 8")), QByteArray("Before"));
    QCOMPARE(service.get("/api/v1/risks/8").json().value(QLatin1String("title")).toString(), QStringLiteral("Before"));
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
};

QTEST_GUILESS_MAIN(TestSampleOutages)
#include "tst_sample_outages.moc"
