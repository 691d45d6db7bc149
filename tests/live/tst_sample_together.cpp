// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <memory>
#include <vector>

using namespace cachedeck::test;

/// Requests that come at the same time are looked up in Redis together; each gets its own answer.
class TestSampleTogether : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // First, before anything else has proved the password: the proof is made on another thread, and once the read that followed it was put among those of that
  // thread, which nobody looked up. The request had no answer for ever.
  void theFirstRequestWithAPassword() {
    const QByteArray basic = "Authorization: Basic " + ("demo:" + SampleService::password()).toBase64();
    const HttpAnswer answer = httpRequest(m_service.port(), "GET", "/api/v1/risks/42", {basic});
    QVERIFY2(answer.status == 200, answer.shown());
    QCOMPARE(answer.json().value(QLatin1String("id")).toInt(), 42);
  }

  void everyoneGetsTheirOwn() {
    std::vector<std::unique_ptr<HttpLink>> links;
    for (int i = 0; i < 64; ++i) links.push_back(std::make_unique<HttpLink>(m_service.port()));
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 64; ++i) QVERIFY(links[static_cast<std::size_t>(i)]->send(request(target(round, i))));
      for (int i = 0; i < 64; ++i) {
        const HttpAnswer answer = links[static_cast<std::size_t>(i)]->receive();
        const int id = idOf(round, i);
        if (i % 8 == 7) {
          QVERIFY2(answer.status == 404, answer.shown());
        } else {
          QVERIFY2(answer.status == 200, answer.shown());
          QCOMPARE(answer.json().value(QLatin1String("id")).toInt(), id);
        }
      }
    }
    const QMap<QByteArray, double> figures = m_service.figures();
    double hits = 0, misses = 0;
    for (const char* name : {"risk", "connector"}) {
      hits += figures.value("cache_requests_total{class=\"" + QByteArray(name) + "\",result=\"hit\"}");
      misses += figures.value("cache_requests_total{class=\"" + QByteArray(name) + "\",result=\"miss\"}");
    }
    QVERIFY2(hits > 0 && misses > 0, qPrintable(QStringLiteral("%1 hits, %2 misses").arg(hits).arg(misses)));
  }

  // A client that leaves between its request and its answer takes nobody else's answer away. In the end only the request for the figures is under way.
  void someLeave() {
    for (int round = 0; round < 30; ++round) {
      std::vector<std::unique_ptr<HttpLink>> links;
      for (int i = 0; i < 32; ++i) links.push_back(std::make_unique<HttpLink>(m_service.port()));
      for (auto& link : links) QVERIFY(link->send(request("/api/v1/risks/1")));
      for (std::size_t i = 0; i < links.size(); i += 2) links[i].reset();
      for (std::size_t i = 1; i < links.size(); i += 2) QCOMPARE(links[i]->receive().status, 200);
    }
    QVERIFY(becomes([&] { return m_service.figures().value("http_requests_in_flight") == 1.0; }));
  }

  void pipelined() {
    HttpLink link(m_service.port());
    QByteArray all;
    for (int id = 1; id <= 50; ++id) all += request("/api/v1/risks/" + QByteArray::number(id));
    QVERIFY(link.send(all));
    for (int id = 1; id <= 50; ++id) QCOMPARE(link.receive().json().value(QLatin1String("id")).toInt(), id);
  }

  // Redis stops in the middle: those who are looked up together are all answered by the database.
  void redisStops() {
    std::vector<std::unique_ptr<HttpLink>> links;
    for (int i = 0; i < 16; ++i) links.push_back(std::make_unique<HttpLink>(m_service.port()));
    m_redis.freeze();
    for (auto& link : links) QVERIFY(link->send(request("/api/v1/risks/1")));
    for (auto& link : links) QCOMPARE(link->receive().status, 200);
    m_redis.thaw();
  }

 private:
  QByteArray request(const QByteArray& target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\n\r\n"; }
  // Of two classes, hits and misses, and every eighth of nothing.
  static int idOf(int round, int i) { return i % 8 == 7 ? 90000000 + i : i % 2 ? 1 + i : 1 + (round + i) % 40; }
  static QByteArray target(int round, int i) {
    return (i % 2 || i % 8 == 7 ? "/api/v1/risks/" : "/api/v1/marketplace/connectors/") + QByteArray::number(idOf(round, i));
  }

  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port()};
};

QTEST_GUILESS_MAIN(TestSampleTogether)
#include "tst_sample_together.moc"
