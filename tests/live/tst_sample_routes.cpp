// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/key.h"
#include "tests/live/sample_fixture.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::test;

namespace {

QByteArray hashKey(const char* text) { return "risk:search:" + QByteArray::fromStdString(cachedeck::cacheaside::textHash(text)); }

}  // namespace

/// Every route: status, shape, keys and times as the reference has them.
class TestSampleRoutes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_redis.cli({QStringLiteral("flushall")});
  }

  void cachedAnswers_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QStringList>("members");
    const QStringList list{QStringLiteral("items"), QStringLiteral("limit"), QStringLiteral("page"), QStringLiteral("total")};
    const QStringList risk{QStringLiteral("created_at"), QStringLiteral("description"), QStringLiteral("id"),     QStringLiteral("impact"),
                           QStringLiteral("likelihood"), QStringLiteral("owner"),       QStringLiteral("score"),  QStringLiteral("severity"),
                           QStringLiteral("status"),     QStringLiteral("title"),       QStringLiteral("updated_at")};
    const auto row = [](const char* target, const QByteArray& key, int seconds, const QStringList& members) {
      QTest::newRow(target) << QByteArray("/api/v1") + target << key << seconds << members;
    };
    row("/risks", "risk:list:page:1:sev:all:status:all", 300, list);
    row("/risks?page=2&severity=medium&status=open", "risk:list:page:2:sev:medium:status:open", 300, list);
    row("/risks?status=closed&severity=low&page=002", "risk:list:page:2:sev:low:status:closed", 300, list);
    row("/risks?severity=&unknown=7", "risk:list:page:1:sev:all:status:all", 300, list);
    row("/risks?limit=20", "risk:list:page:1:sev:all:status:all", 300, list);
    row("/risks?limit=50&page=2", "risk:list:page:2:sev:all:status:all:limit:50", 300, list);
    row("/risks?search=backup", hashKey("backup"), 300, list);
    row("/risks?search=two+words%21", hashKey("two words!"), 300, list);
    row("/risks/42", "risk:id:42", 300, risk);
    row("/risks/0042", "risk:id:42", 300, risk);
    const QStringList stats{QStringLiteral("period"), QStringLiteral("score_mean"), QStringLiteral("severity"), QStringLiteral("status"), QStringLiteral("total")};
    row("/stats", "dashboard:stats:30d", 600, stats);
    row("/stats?period=365d", "dashboard:stats:365d", 600, stats);
    row("/stats/risk-matrix", "dashboard:matrix:all", 600, {QStringLiteral("cells")});
    row("/stats/trends", "dashboard:timeline:30", 600, {QStringLiteral("days"), QStringLiteral("points")});
    row("/stats/trends?days=7", "dashboard:timeline:7", 600, {QStringLiteral("days"), QStringLiteral("points")});
    row("/marketplace/connectors", "connector:list:cat:all:status:all", 900, list);
    row("/marketplace/connectors?category=siem&status=active", "connector:list:cat:siem:status:active", 900, list);
    row("/marketplace/connectors?page=2", "connector:list:cat:all:status:all:page:2", 900, list);
    row("/marketplace/connectors/7", "connector:id:7", 900,
        {QStringLiteral("category"), QStringLiteral("config"), QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("status")});
    row("/marketplace/apps/9", "marketplace:app:9", 1200,
        {QStringLiteral("connector"), QStringLiteral("connector_id"), QStringLiteral("id"), QStringLiteral("installs"), QStringLiteral("name"),
         QStringLiteral("summary")});
  }
  void cachedAnswers() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, key);
    QFETCH(int, seconds);
    QFETCH(QStringList, members);
    const HttpAnswer first = m_service.get(target);
    QVERIFY2(first.status == 200, first.shown());
    QCOMPARE(first.header("x-cache"), QByteArray("MISS"));
    QCOMPARE(first.header("content-type"), QByteArray("application/json"));
    QCOMPARE(first.json().keys(), members);
    QCOMPARE(m_redis.cli({QStringLiteral("keys"), QStringLiteral("*")}), key);
    const int left = m_redis.cli({QStringLiteral("pttl"), QString::fromLatin1(key)}).toInt();
    QVERIFY2(left > seconds * 850 && left <= seconds * 1100, QByteArray::number(left));  // ± 10 %, and what the test itself took

    const HttpAnswer second = m_service.get(target);
    QCOMPARE(second.header("x-cache"), QByteArray("HIT"));
    QCOMPARE(second.status, 200);
    QCOMPARE(second.body, first.body);
  }

  void listsArePagedAndFiltered() {
    const QJsonObject first = m_service.get("/api/v1/risks?limit=30").json();
    QCOMPARE(first.value(QLatin1String("total")).toInt(), 500);
    QCOMPARE(first.value(QLatin1String("limit")).toInt(), 30);
    QCOMPARE(first.value(QLatin1String("items")).toArray().size(), 30);
    const QJsonObject last = m_service.get("/api/v1/risks?limit=30&page=17").json();
    QCOMPARE(last.value(QLatin1String("items")).toArray().size(), 20);
    const QJsonObject beyond = m_service.get("/api/v1/risks?page=999").json();
    QCOMPARE(beyond.value(QLatin1String("items")).toArray().size(), 0);

    const QJsonArray high = m_service.get("/api/v1/risks?severity=high&limit=100").json().value(QLatin1String("items")).toArray();
    QVERIFY(!high.isEmpty());
    for (const QJsonValue& risk : high) QCOMPARE(risk[QLatin1String("severity")].toString(), QStringLiteral("high"));
    const QJsonObject siem = m_service.get("/api/v1/marketplace/connectors?category=siem&status=disabled").json();
    QCOMPARE(siem.value(QLatin1String("total")).toInt(), 10);
  }

  void searchesFindWordsAndTakeWildcardsLiterally() {
    QCOMPARE(m_service.get("/api/v1/risks?search=BACKUP").json().value(QLatin1String("total")).toInt(), 100);
    QCOMPARE(m_service.get("/api/v1/risks?search=risk%20499").json().value(QLatin1String("total")).toInt(), 1);
    for (const char* wildcard : {"%25", "_", "%5C", "a%25b"})
      QCOMPARE(m_service.get(QByteArray("/api/v1/risks?search=") + wildcard).json().value(QLatin1String("total")).toInt(), 0);
    // Other pages of a search are other entries.
    const QJsonObject second = m_service.get("/api/v1/risks?search=backup&page=2&limit=60").json();
    QCOMPARE(second.value(QLatin1String("items")).toArray().size(), 40);
    QCOMPARE(m_service.get("/api/v1/risks?search=backup").header("x-cache"), QByteArray("MISS"));
  }

  void dashboardsCountAllRisks() {
    int sum = 0;
    const QJsonArray cells = m_service.get("/api/v1/stats/risk-matrix").json().value(QLatin1String("cells")).toArray();
    QCOMPARE(cells.size(), 25);
    for (const QJsonValue& cell : cells) sum += cell[QLatin1String("count")].toInt();
    QCOMPARE(QByteArray::number(sum), m_postgres.psql(QStringLiteral("SELECT count(*) FROM risks WHERE status <> 'closed'")));

    const QJsonObject stats = m_service.get("/api/v1/stats?period=90d").json();
    QCOMPARE(stats.value(QLatin1String("period")).toString(), QStringLiteral("90d"));
    const QJsonObject severity = stats.value(QLatin1String("severity")).toObject();
    int bySeverity = 0;
    for (const QString& name : severity.keys()) bySeverity += severity.value(name).toInt();
    QCOMPARE(bySeverity, stats.value(QLatin1String("total")).toInt());
    QCOMPARE(QByteArray::number(bySeverity), m_postgres.psql(QStringLiteral("SELECT count(*) FROM risks WHERE created_at > now() - interval '90 days'")));
    QCOMPARE(m_service.get("/api/v1/stats/trends?days=14").json().value(QLatin1String("points")).toArray().size(), 14);
  }

  void whatDoesNotExistIsNotCached() {
    for (const char* target : {"/api/v1/risks/999999", "/api/v1/marketplace/connectors/201", "/api/v1/marketplace/apps/9223372036854775807"}) {
      for (int i = 0; i < 2; ++i) {
        const HttpAnswer answer = m_service.get(target);
        QVERIFY2(answer.status == 404, answer.shown());
        QCOMPARE(answer.header("x-cache"), QByteArray("MISS"));
      }
    }
    QCOMPARE(m_redis.cli({QStringLiteral("dbsize")}), QByteArray("0"));
  }

  void aRiskLives() {
    const HttpAnswer made = m_service.call("POST", "/api/v1/risks", riskBody("Fire in the data centre \\u2603", ",\"description\":\"\\u00e4\""));
    QVERIFY2(made.status == 201, made.shown());
    const QByteArray place = made.header("location");
    const int id = made.json().value(QLatin1String("id")).toInt();
    QCOMPARE(place, "/api/v1/risks/" + QByteArray::number(id));
    QCOMPARE(made.json().value(QLatin1String("score")).toInt(), 12);
    QCOMPARE(m_service.get(place).json(), made.json());

    const HttpAnswer replaced = m_service.call("PUT", place, riskBody("Water", ",\"description\":\"wet\""));
    QVERIFY2(replaced.status == 200, replaced.shown());
    const HttpAnswer read = m_service.get(place);
    QCOMPARE(read.header("x-cache"), QByteArray("MISS"));
    QCOMPARE(read.json(), replaced.json());
    QCOMPARE(read.json().value(QLatin1String("title")).toString(), QStringLiteral("Water"));

    const HttpAnswer deleted = m_service.call("DELETE", place);
    QCOMPARE(deleted.status, 204);
    QVERIFY(deleted.body.isEmpty());
    QCOMPARE(m_service.get(place).status, 404);
    QCOMPARE(m_service.call("DELETE", place).status, 404);
    QCOMPARE(m_service.call("PUT", place, riskBody("Gone")).status, 404);
  }

  void headIsGetWithoutABody() {
    HttpLink link(m_service.port());
    const HttpAnswer head = link.request("HEAD", "/api/v1/risks/5", {m_service.authorization()});
    QCOMPARE(head.status, 200);
    const HttpAnswer get = link.request("GET", "/api/v1/risks/5", {m_service.authorization()});
    QCOMPARE(get.header("x-cache"), QByteArray("HIT"));
    QCOMPARE(QByteArray::number(get.body.size()), head.header("content-length"));
  }

  void health() {
    for (const char* target : {"/health", "/api/v1/health"}) {
      const HttpAnswer answer = httpRequest(m_service.port(), "GET", target);
      QCOMPARE(answer.status, 200);
      QCOMPARE(answer.json().value(QLatin1String("status")).toString(), QStringLiteral("ok"));
      QCOMPARE(answer.json()[QLatin1String("cache")][QLatin1String("backend")].toString(), QStringLiteral("redis"));
      QCOMPARE(answer.json()[QLatin1String("pool")][QLatin1String("max_open")].toInt(), 10);
    }
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s")}};  // a busy machine is no outage
};

QTEST_GUILESS_MAIN(TestSampleRoutes)
#include "tst_sample_routes.moc"
