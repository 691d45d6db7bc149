// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace cachedeck::test;

namespace {

struct Cached {
  const char* target;
  const char* key;  // as far as it is no digest
};

constexpr std::array cached{
    Cached{"/risks", "risk:list:page:1:sev:all:status:all"},
    Cached{"/risks?page=2&severity=low", "risk:list:page:2:sev:low:status:all"},
    Cached{"/risks?search=backup", "risk:search:"},
    Cached{"/risks/1", "risk:id:1"},
    Cached{"/risks/2", "risk:id:2"},
    Cached{"/risks/12", "risk:id:12"},
    Cached{"/stats", "dashboard:stats:30d"},
    Cached{"/stats/risk-matrix", "dashboard:matrix:all"},
    Cached{"/stats/trends?days=7", "dashboard:timeline:7"},
    Cached{"/marketplace/connectors", "connector:list:cat:all:status:all"},
    Cached{"/marketplace/connectors/1", "connector:id:1"},
    Cached{"/marketplace/connectors/11", "connector:id:11"},
    Cached{"/marketplace/apps/1", "marketplace:app:1"},
};

// How the keys that a change removes begin; "=" in front: the whole key.
using Gone = QStringList;

bool isGone(const Gone& gone, const QByteArray& key) {
  return std::any_of(gone.begin(), gone.end(), [&key](const QString& text) {
    const QByteArray pattern = text.toLatin1();
    return pattern.startsWith('=') ? key == pattern.mid(1) : key.startsWith(pattern);
  });
}

}  // namespace

/// What has to go from the cache when something changes, and what has to stay.
class TestSampleCascades : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void cascades_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Gone>("gone");
    const auto row = [](const char* name, const char* method, const char* target, const QByteArray& body, const Gone& gone) {
      QTest::newRow(name) << QByteArray(method) << QByteArray("/api/v1") + target << body << gone;
    };
    const Gone aroundRisk{QStringLiteral("risk:list:"), QStringLiteral("risk:search:"), QStringLiteral("report:"), QStringLiteral("dashboard:")};
    row("create a risk", "POST", "/risks", riskBody("New"), aroundRisk);
    row("replace a risk", "PUT", "/risks/1", riskBody("Changed"), aroundRisk + Gone{QStringLiteral("=risk:id:1")});
    row("delete a risk", "DELETE", "/risks/2", {}, aroundRisk + Gone{QStringLiteral("=risk:id:2")});
    row("a risk that is not there", "DELETE", "/risks/987654", {}, {});
    row("bad body", "PUT", "/risks/1", "{\"title\":\"only\"}", {});
    row("all-risks", "POST", "/cache/invalidate?cascade=all-risks", {}, {QStringLiteral("risk:"), QStringLiteral("report:"), QStringLiteral("dashboard:")});
    row("risk", "POST", "/cache/invalidate?cascade=risk&id=12", {}, aroundRisk + Gone{QStringLiteral("=risk:id:12")});
    row("dashboard", "POST", "/cache/invalidate?cascade=dashboard", {}, {QStringLiteral("dashboard:")});
    row("marketplace", "POST", "/cache/invalidate?cascade=marketplace", {}, {QStringLiteral("connector:"), QStringLiteral("marketplace:app:")});
    row("connector", "POST", "/cache/invalidate?cascade=connector&id=1", {}, {QStringLiteral("=connector:id:1"), QStringLiteral("connector:list:")});
    row("no cascade of that name", "POST", "/cache/invalidate?cascade=everything", {}, {});
    row("no id", "POST", "/cache/invalidate?cascade=risk", {}, {});
    row("an id that is a pattern", "POST", "/cache/invalidate?cascade=risk&id=*", {}, {});
  }
  void cascades() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(Gone, gone);
    fill(m_service);
    // Keys of other programs on the same Redis.
    m_redis.cli({QStringLiteral("mset"), QStringLiteral("report:weekly"), QStringLiteral("x"), QStringLiteral("session:1"), QStringLiteral("y")});
    const QList<QByteArray> before = keys();
    QCOMPARE(before.size(), qsizetype(cached.size()) + 2);
    for (const Cached& one : cached)
      QVERIFY2(std::any_of(before.begin(), before.end(), [&one](const QByteArray& key) { return key.startsWith(one.key); }), one.key);

    const HttpAnswer answer = m_service.call(method, target, body);
    QVERIFY2(answer.status != 0, answer.shown());
    QList<QByteArray> expected;
    std::copy_if(before.begin(), before.end(), std::back_inserter(expected), [&gone](const QByteArray& key) { return !isGone(gone, key); });
    QCOMPARE(keys(), expected);
    if (target.contains("invalidate") && !gone.isEmpty()) {
      QCOMPARE(answer.status, 200);
      QCOMPARE(answer.json().value(QLatin1String("removed")).toInt(), before.size() - expected.size());
      QVERIFY(!answer.json().value(QLatin1String("patterns")).toArray().isEmpty());
    }
  }

  void ofTheMemoryCache() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--cache=memory")});
    const QString reason = service.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_redis.cli({QStringLiteral("flushall")});
    fill(service);
    for (const Cached& one : cached) QCOMPARE(read(service, one).header("x-cache"), QByteArray("HIT"));
    QCOMPARE(service.call("PUT", "/api/v1/risks/1", riskBody("Once more")).status, 200);
    const Gone gone{QStringLiteral("risk:list:"), QStringLiteral("risk:search:"), QStringLiteral("dashboard:"), QStringLiteral("=risk:id:1")};
    for (const Cached& one : cached)
      QVERIFY2(read(service, one).header("x-cache") == (isGone(gone, one.key) ? "MISS" : "HIT"), one.target);
    QCOMPARE(service.get("/api/v1/risks/1").json().value(QLatin1String("title")).toString(), QStringLiteral("Once more"));
    QCOMPARE(m_redis.cli({QStringLiteral("dbsize")}), QByteArray("0"));
  }

  void withoutACache() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--cache=none")});
    const QString reason = service.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    for (int i = 0; i < 2; ++i)
      for (const Cached& one : cached) QCOMPARE(read(service, one).header("x-cache"), QByteArray("MISS"));
    QCOMPARE(service.call("POST", "/api/v1/cache/invalidate?cascade=all-risks").json().value(QLatin1String("removed")).toInt(-1), 0);
    const QMap<QByteArray, double> figures = service.figures();
    QCOMPARE(figures.value("cache_requests_total{class=\"dashboard\",result=\"bypass\"}"), 6.0);
    QCOMPARE(figures.value("cache_requests_total{class=\"dashboard\",result=\"miss\"}"), 0.0);
    QCOMPARE(figures.value("cache_up"), 0.0);
    QCOMPARE(service.get("/health").json().value(QLatin1String("status")).toString(), QStringLiteral("ok"));
  }

  void timesFromTheCommandLine() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s"), QStringLiteral("--ttl"), QStringLiteral("risk=30"), QStringLiteral("--ttl=dashboard=100")});
    const QString reason = service.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_redis.cli({QStringLiteral("flushall")});
    fill(service);
    const auto left = [this](const char* key) { return m_redis.cli({QStringLiteral("pttl"), QString::fromLatin1(key)}).toInt(); };
    QVERIFY(left("risk:id:1") > 0 && left("risk:id:1") <= 33000);
    QVERIFY(left("dashboard:matrix:all") > 33000 && left("dashboard:matrix:all") <= 110000);
    QVERIFY(left("connector:id:1") > 600000);
  }

 private:
  static HttpAnswer read(SampleService& service, const Cached& one) { return service.get(QByteArray("/api/v1") + one.target); }

  // A risk that a row before has deleted comes back, so that each row finds the same.
  void fill(SampleService& service) {
    m_postgres.psql(QStringLiteral("INSERT INTO risks (id, title, description, severity, status, likelihood, impact, owner) "
                                   "VALUES (2, 'Backup', '', 'low', 'open', 1, 1, 'x') ON CONFLICT (id) DO NOTHING"));
    for (const Cached& one : cached) QCOMPARE(read(service, one).status, 200);
  }

  QList<QByteArray> keys() {
    QList<QByteArray> all = m_redis.cli({QStringLiteral("keys"), QStringLiteral("*")}).split('\n');
    std::sort(all.begin(), all.end());
    return all;
  }

  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s")}};  // a busy machine is no outage
};

QTEST_GUILESS_MAIN(TestSampleCascades)
#include "tst_sample_cascades.moc"
