// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <mutex>
#include <thread>

using namespace cachedeck::test;

namespace {

QString statusOf(SampleService& service) {
  return httpRequest(service.port(), "GET", "/health").json().value(QLatin1String("status")).toString();
}

bool hit(SampleService& service, const QByteArray& target) { return service.get(target).header("x-cache") == "HIT"; }

/// Clients that read without a pause, each on a connection of its own.
class Traffic {
 public:
  Traffic(SampleService& service, int clients) : m_port(service.port()), m_authorization(service.authorization()) {
    for (int i = 0; i < clients; ++i) m_threads.emplace_back([this, i] { run(i); });
  }
  ~Traffic() { end(); }
  void end() {
    m_stop = true;
    for (std::jthread& thread : m_threads) thread.join();
    m_threads.clear();
  }
  int answers() const { return m_answers; }
  int failures() const { return m_failures; }

 private:
  void run(int client) {
    HttpLink link(m_port);
    for (int i = 0; !m_stop; ++i) {
      const QByteArray id = QByteArray::number(1 + (client * 37 + i) % 40);
      const HttpAnswer answer = link.request("GET", i % 5 == 0 ? "/api/v1/risks?page=" + id : "/api/v1/risks/" + id, {m_authorization});
      ++m_answers;
      if (answer.status == 200) continue;
      ++m_failures;
      return;
    }
  }
  const quint16 m_port;
  const QByteArray m_authorization;
  std::atomic<bool> m_stop = false;
  std::atomic<int> m_answers = 0, m_failures = 0;
  std::vector<std::jthread> m_threads;
};

/// Clients that read, write and log in without a pause, each on a connection and on risks of its own. Whoever has written reads what he wrote.
class MixedTraffic {
 public:
  MixedTraffic(SampleService& service, int clients) : m_port(service.port()), m_titles(static_cast<std::size_t>(clients)) {
    const QByteArray authorization = service.authorization();
    for (int i = 0; i < clients; ++i) m_threads.emplace_back([this, i, authorization] { run(i, authorization); });
  }
  ~MixedTraffic() { end(); }
  void end() {
    m_stop = true;
    for (std::jthread& thread : m_threads) thread.join();
    m_threads.clear();
  }
  int rounds() const { return m_rounds; }
  /// Of all clients: what was not as it has to be.
  QByteArrayList failures() {
    const std::lock_guard lock(m_mutex);
    return m_failures;
  }
  /// By id: the title that was written last. After end().
  QMap<QByteArray, QByteArray> titles() const {
    QMap<QByteArray, QByteArray> all;
    for (const auto& titles : m_titles) all.insert(titles);
    return all;
  }

 private:
  void run(int client, QByteArray authorization) {
    HttpLink link(m_port);
    const auto call = [&](const char* method, const QByteArray& target, const QByteArray& body = {}) {
      return link.request(method, "/api/v1" + target, {authorization}, body);
    };
    const auto require = [&](const char* what, const HttpAnswer& answer, int status, const QByteArray& title = {}) {
      const bool right = answer.status == status && (title.isEmpty() || answer.json().value(QLatin1String("title")).toString().toLatin1() == title);
      if (right) return true;
      const std::lock_guard lock(m_mutex);
      m_failures += QByteArray(what) + ", expected " + QByteArray::number(status) + ' ' + title + ": " + answer.shown();
      return false;
    };
    const auto round = [&](int i) {
      const QByteArray id = QByteArray::number(100 + client * 10 + i % 10), path = "/risks/" + id;
      const QByteArray title = "title " + QByteArray::number(client) + '.' + QByteArray::number(i), body = riskBody(title);
      const QByteArray former = m_titles[static_cast<std::size_t>(client)].value(id);
      if (!require("read", call("GET", path), 200, former)) return false;
      if (!require("replace", call("PUT", path, body), 200, title)) return false;
      m_titles[static_cast<std::size_t>(client)].insert(id, title);
      for (int again = 0; again < 3; ++again)
        if (!require("read what was written", call("GET", path), 200, title)) return false;
      if (!require("list", call("GET", "/risks?page=" + QByteArray::number(1 + i % 5)), 200)) return false;
      const HttpAnswer made = call("POST", "/risks", body);
      if (!require("create", made, 201)) return false;
      const QByteArray created = made.header("location").mid(qstrlen("/api/v1"));
      if (!require("read what was created", call("GET", created), 200, title)) return false;
      if (!require("delete", call("DELETE", created), 204)) return false;
      if (!require("read what was deleted", call("GET", created), 404)) return false;
      const HttpAnswer token = call("POST", "/auth/login", "{\"username\":\"demo\",\"password\":\"" + SampleService::password() + "\"}");
      if (!require("log in", token, 200)) return false;
      authorization = "Authorization: Bearer " + token.json().value(QLatin1String("token")).toString().toLatin1();
      return true;
    };
    for (int i = 0; !m_stop && round(i); ++i) ++m_rounds;
  }

  const quint16 m_port;
  std::atomic<bool> m_stop = false;
  std::atomic<int> m_rounds = 0;
  std::mutex m_mutex;
  QByteArrayList m_failures;
  std::vector<QMap<QByteArray, QByteArray>> m_titles;  // of each client
  std::vector<std::jthread> m_threads;
};

}  // namespace

/// Servers die, hang and come back while the service is used.
class TestSampleFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanup() {
    m_redis.thaw();
    m_postgres.thaw();
    QCOMPARE(m_redis.start(), QString());
    QCOMPARE(m_postgres.start(), QString());
    QVERIFY(becomes([&] { return statusOf(m_service) == QLatin1String("ok"); }));
  }

  void redisDiesInTheMiddleOfTraffic() {
    Traffic traffic(m_service, 8);
    const auto moreAnswers = [&traffic](int more) { return [&traffic, until = traffic.answers() + more] { return traffic.answers() >= until; }; };
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/1"); }));
    for (int round = 0; round < 3; ++round) {
      const auto whileAway = moreAnswers(200);
      m_redis.kill9();
      QTRY_VERIFY_WITH_TIMEOUT(whileAway() || traffic.failures() > 0, 60000);
      QVERIFY(becomes([&] { return statusOf(m_service) == QLatin1String("degraded"); }));
      QCOMPARE(m_redis.start(), QString());
      QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/1") || traffic.failures() > 0; }));
      const auto afterwards = moreAnswers(200);
      QTRY_VERIFY_WITH_TIMEOUT(afterwards() || traffic.failures() > 0, 60000);
    }
    traffic.end();
    QCOMPARE(traffic.failures(), 0);
  }

  // Killed, so that it loses its data, and frozen, so that it keeps what has become old: no request fails, and nobody reads what is old.
  void redisGoesInTheMiddleOfWritesAndLogins_data() {
    QTest::addColumn<bool>("keepsItsData");
    QTest::newRow("killed") << false;
    QTest::newRow("frozen") << true;
  }
  void redisGoesInTheMiddleOfWritesAndLogins() {
    QFETCH(const bool, keepsItsData);
    MixedTraffic traffic(m_service, 6);
    const auto moreRounds = [&traffic](int more) {
      return [&traffic, until = traffic.rounds() + more] { return traffic.rounds() >= until || !traffic.failures().isEmpty(); };
    };
    for (int time = 0; time < 3; ++time) {
      const auto before = moreRounds(30);
      QTRY_VERIFY_WITH_TIMEOUT(before(), 60000);
      keepsItsData ? m_redis.freeze() : m_redis.kill9();
      const auto whileAway = moreRounds(30);
      QTRY_VERIFY_WITH_TIMEOUT(whileAway(), 60000);
      QCOMPARE(m_service.figures().value("cache_up"), 0.0);
      if (keepsItsData)
        m_redis.thaw();
      else
        QCOMPARE(m_redis.start(), QString());
      QVERIFY(becomes([&] { return hit(m_service, "/api/v1/marketplace/apps/1") || !traffic.failures().isEmpty(); }));
      const auto afterwards = moreRounds(30);
      QTRY_VERIFY_WITH_TIMEOUT(afterwards(), 60000);
    }
    traffic.end();
    QCOMPARE(traffic.failures(), QByteArrayList());
    const QMap<QByteArray, QByteArray> titles = traffic.titles();
    QVERIFY(!titles.isEmpty());
    for (auto each = titles.begin(); each != titles.end(); ++each)
      for (int again = 0; again < 2; ++again)  // from the database, then from the cache
        QCOMPARE(m_service.get("/api/v1/risks/" + each.key()).json().value(QLatin1String("title")).toString().toLatin1(), each.value());
  }

  void redisHangsInTheMiddleOfTraffic() {
    Traffic traffic(m_service, 8);
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/1"); }));
    const int before = traffic.answers();
    m_redis.freeze();
    QTRY_VERIFY_WITH_TIMEOUT(traffic.answers() > before + 200 || traffic.failures() > 0, 60000);
    m_redis.thaw();
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/1"); }));
    traffic.end();
    QCOMPARE(traffic.failures(), 0);
  }

  // What was written while the cache hung is seen at once, and when the cache is back.
  void aWriteWhileRedisHangs() {
    QCOMPARE(m_service.call("PUT", "/api/v1/risks/3", riskBody("Before")).status, 200);
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/3"); }));
    m_redis.freeze();
    QCOMPARE(m_service.call("PUT", "/api/v1/risks/3", riskBody("After")).status, 200);
    const auto title = [this] { return m_service.get("/api/v1/risks/3").json().value(QLatin1String("title")).toString(); };
    QCOMPARE(title(), QStringLiteral("After"));
    m_redis.thaw();
    bool wasHit = false;
    QStringList wrong;
    QTRY_VERIFY_WITH_TIMEOUT((([&] {
                               const HttpAnswer answer = m_service.get("/api/v1/risks/3");
                               const QString now = answer.json().value(QLatin1String("title")).toString();
                               if (now != QLatin1String("After")) wrong << now;
                               return wasHit = answer.header("x-cache") == "HIT";
                             })()),
                             60000);
    QVERIFY(wasHit);
    QCOMPARE(wrong, QStringList());
    QCOMPARE(m_service.call("POST", "/api/v1/cache/invalidate?cascade=risk&id=3").status, 200);
  }

  void anInvalidationWhileRedisIsAway() {
    m_redis.kill9();
    QVERIFY(becomes([&] { return statusOf(m_service) == QLatin1String("degraded"); }));
    const HttpAnswer answer = m_service.call("POST", "/api/v1/cache/invalidate?cascade=all-risks");
    QVERIFY2(answer.status == 202, answer.shown());
    QVERIFY(answer.json().value(QLatin1String("removed")).isNull());
    QCOMPARE(m_service.figures().value("cache_up"), 0.0);
    const double bypassed = m_service.figures().value("cache_requests_total{class=\"risk\",result=\"bypass\"}");
    QCOMPARE(m_service.get("/api/v1/risks/8").status, 200);
    QCOMPARE(m_service.figures().value("cache_requests_total{class=\"risk\",result=\"bypass\"}"), bypassed + 1);
  }

  void postgresStopsAndComesBack() {
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/5"); }));
    m_postgres.stop();
    for (const auto& [method, target, body] : {std::tuple("GET", "/api/v1/risks/6", QByteArray()), std::tuple("PUT", "/api/v1/risks/5", riskBody("No")),
                                               std::tuple("POST", "/api/v1/auth/login", QByteArray("{\"username\":\"demo\",\"password\":\"x\"}"))}) {
      m_redis.cli({QStringLiteral("del"), QStringLiteral("risk:id:6")});
      const HttpAnswer answer = m_service.call(method, target, body);
      QVERIFY2(answer.status == 503, answer.shown());
      QCOMPARE(answer.header("retry-after"), QByteArray("1"));
      QVERIFY(!answer.json().value(QLatin1String("error")).toString().isEmpty());
    }
    QVERIFY(becomes([&] { return hit(m_service, "/api/v1/risks/5"); }));  // what is cached is still answered
    const HttpAnswer health = httpRequest(m_service.port(), "GET", "/health");
    QCOMPARE(health.status, 503);
    QCOMPARE(health.json().value(QLatin1String("status")).toString(), QStringLiteral("down"));
    QCOMPARE(m_postgres.start(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(m_service.get("/api/v1/risks/6").status, 200, 60000);
    QCOMPARE(m_service.call("PUT", "/api/v1/risks/5", riskBody("Yes")).status, 200);
  }

  void postgresIsKilledInTheMiddleOfTraffic() {
    Traffic traffic(m_service, 4);  // its clients leave at the first failure, which comes when a miss meets the outage
    QTRY_VERIFY_WITH_TIMEOUT(traffic.answers() > 100, 60000);
    m_postgres.kill9();
    m_redis.cli({QStringLiteral("flushall")});
    QTRY_COMPARE_WITH_TIMEOUT(traffic.failures(), 4, 60000);
    QCOMPARE(m_postgres.start(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(m_service.get("/api/v1/risks?page=2").status, 200, 60000);
    QVERIFY(m_service.running());
    QVERIFY(becomes([&] { return m_service.figures().value("http_requests_in_flight") == 1.0; }));
  }

  void postgresHangs() {
    m_postgres.freeze();
    m_redis.cli({QStringLiteral("flushall")});
    const HttpAnswer health = httpRequest(m_service.port(), "GET", "/health");
    QCOMPARE(health.status, 503);
    const HttpAnswer answer = m_service.get("/api/v1/risks/9");
    QVERIFY2(answer.status == 503 || answer.status == 504, answer.shown());
    m_postgres.thaw();
    QTRY_COMPARE_WITH_TIMEOUT(m_service.get("/api/v1/risks/9").status, 200, 60000);
  }

  void aStatementThatTakesTooLong() {
    std::jthread other([this] {
      m_postgres.psql(QStringLiteral("BEGIN; LOCK TABLE connectors IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(29); COMMIT"));
    });
    const QString locks = QStringLiteral("SELECT count(*) FROM pg_locks WHERE relation = 'connectors'::regclass AND mode = 'AccessExclusiveLock' AND granted");
    QTRY_COMPARE_WITH_TIMEOUT(m_postgres.psql(locks), QByteArray("1"), 60000);
    m_redis.cli({QStringLiteral("flushall")});
    const HttpAnswer answer = m_service.get("/api/v1/marketplace/connectors/3");
    m_postgres.psql(QStringLiteral("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));  // it has held the lock for long enough
    other.join();
    QVERIFY2(answer.status == 504, answer.shown());
    QCOMPARE(m_service.get("/api/v1/marketplace/connectors/3").status, 200);
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port()};
};

QTEST_GUILESS_MAIN(TestSampleFaults)
#include "tst_sample_faults.moc"
