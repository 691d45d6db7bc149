// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"
#include "app/sample/service/credentials.h"
#include "app/sample/service/key_template.h"
#include "app/sample/service/task_pool.h"
#include "core/cacheaside/key.h"
#include "tests/live/sample_fixture.h"

#include <QJsonArray>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <atomic>

using namespace cachedeck;
using namespace cachedeck::sample;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

/// The program run to its end, or until it listens.
struct Run {
  explicit Run(const QStringList& arguments, const QStringList& environment = {}) {
    process.setEnvironment(QProcess::systemEnvironment() + environment);
    process.start(QStringLiteral(SAMPLE_PROGRAM), QStringList{QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--query-cost=0")} + arguments);
    QByteArray output;
    while (!output.contains("listening on") && process.waitForReadyRead(60000)) output += process.readAllStandardOutput();
    listens = output.contains("listening on");
    if (listens) process.kill();
    process.waitForFinished();
    errors = process.readAllStandardError();
    code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  }
  QProcess process;
  bool listens = false;
  QByteArray errors;
  int code = -1;
};

QString error(const HttpAnswer& answer) { return answer.json().value(QLatin1String("error")).toString(); }
QString culprit(const HttpAnswer& answer, const char* kind) { return answer.json().value(QLatin1String(kind)).toString(); }

}  // namespace

/// What people are told, and the parts behind it.
class TestSampleUsage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_where = QStringList{QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=postgres dbname=postgres").arg(m_postgres.port()),
                          QStringLiteral("--redis=redis://127.0.0.1:%1").arg(m_redis.port())};
    m_passwords = QStringList{QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=") + PostgresServer::password(), QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=Open-sesame")};
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void logins() {
    const auto login = [this](const QByteArray& body) { return httpRequest(m_service.port(), "POST", "/api/v1/auth/login", {}, body); };
    const HttpAnswer nobody = login("{}");
    QVERIFY2(nobody.status == 400, nobody.shown());
    QCOMPARE(culprit(nobody, "field"), QStringLiteral("username"));
    QCOMPARE(error(nobody), QStringLiteral("username (or email) is missing."));
    QCOMPARE(culprit(login("{\"email\":\"x\"}"), "field"), QStringLiteral("password"));
    QVERIFY(error(login("{\"user\":\"x\"}")).contains(QLatin1String("\"user\"")));
  }

  void unknownFields() {
    const HttpAnswer answer = m_service.call("POST", "/api/v1/risks", riskBody("x", ",\"titel\":\"y\""));
    QCOMPARE(answer.status, 400);
    QVERIFY2(error(answer).contains(QLatin1String("\"titel\"")), answer.shown());
    QVERIFY(m_service.call("POST", "/api/v1/risks", riskBody("x", ",\"" + QByteArray(5000, 't') + "\":1")).body.size() < 6000);
  }

  void otherMethods() {
    QVERIFY(error(m_service.get("/api/v1/auth/login")).endsWith(QLatin1String("Use POST.")));
    QVERIFY(error(m_service.call("PATCH", "/api/v1/risks/1")).endsWith(QLatin1String("Use GET, HEAD, PUT or DELETE.")));
  }

  void cascades() {
    const auto invalidate = [this](const QByteArray& query) { return m_service.call("POST", "/api/v1/cache/invalidate" + query); };
    for (const char* none : {"", "?cascade=", "?cascade"}) {
      const HttpAnswer answer = invalidate(none);
      QVERIFY2(answer.status == 400, answer.shown());
      QCOMPARE(error(answer), QStringLiteral("Name a cascade: all-risks, risk, dashboard, marketplace, connector."));
      QCOMPARE(culprit(answer, "parameter"), QStringLiteral("cascade"));
    }
    QCOMPARE(culprit(invalidate("?cascade=risks"), "parameter"), QStringLiteral("cascade"));
    for (const char* wrong : {"?cascade=risk", "?cascade=all-risks&id=3", "?cascade=dashboard&id=1", "?cascade=risk&id=*", "?cascade=connector&id=0"}) {
      const HttpAnswer answer = invalidate(wrong);
      QVERIFY2(answer.status == 400, answer.shown());
      QCOMPARE(culprit(answer, "parameter"), QStringLiteral("id"));
    }
    for (const char* right : {"?cascade=risk&id=3", "?cascade=all-risks", "?cascade=all-risks&id=", "?cascade=connector&id=5"})
      QCOMPARE(invalidate(right).status, 200);
  }

  void blanksBehindAToken() {
    const QByteArray authorization = m_service.authorization();
    for (const char* blanks : {"", " ", "  ", "\t", " \t "})
      QCOMPARE(httpRequest(m_service.port(), "GET", "/api/v1/risks/1", {authorization + blanks}).status, 200);
    QVERIFY(credentialOf("Bearer   ").scheme == Credential::Scheme::None);
    QCOMPARE(credentialOf("Basic eDp5 ").value, std::string_view("eDp5"));
  }

  void pagesBehindTheLast() {
    const auto keys = [this] { return m_redis.cli({QStringLiteral("keys"), QStringLiteral("*")}); };
    for (const char* target : {"/api/v1/risks?page=900", "/api/v1/risks?page=1000000", "/api/v1/risks?search=backup&page=77",
                               "/api/v1/marketplace/connectors?page=500"}) {
      m_redis.cli({QStringLiteral("flushall")});
      for (int i = 0; i < 2; ++i) {
        const HttpAnswer answer = m_service.get(target);
        QVERIFY2(answer.status == 200, answer.shown());
        QCOMPARE(answer.header("x-cache"), QByteArray("MISS"));
        QCOMPARE(answer.json().value(QLatin1String("items")).toArray().size(), 0);
      }
      QCOMPARE(keys(), QByteArray());
    }
    // Nothing to be found is an answer, too.
    for (const char* xCache : {"MISS", "HIT"}) QCOMPARE(m_service.get("/api/v1/risks?search=nowhere").header("x-cache"), QByteArray(xCache));
    for (const char* xCache : {"MISS", "HIT"}) QCOMPARE(m_service.get("/api/v1/risks?page=2").header("x-cache"), QByteArray(xCache));
  }

  void options_data() {
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* argument, const char* says) { QTest::newRow(argument) << QString::fromLatin1(argument) << QByteArray(says); };
    row("--user=a:b", "--user takes a name, without a colon.");
    row("--cache-timeout=soon", "--cache-timeout takes a time from 1 ms to a minute");
    row("--cache-timeout=0", "--cache-timeout");
    row("--cache-timeout=2min", "--cache-timeout");
    row("--ttl-jitter=0.6", "--ttl-jitter takes a share from 0 to 0.5");
    row("--ttl-jitter=-0.1", "--ttl-jitter");
    row("--ttl-jitter=nan", "--ttl-jitter");
    row("--ttl-jitter=much", "--ttl-jitter");
  }
  void options() {
    QFETCH(QString, argument);
    QFETCH(QByteArray, says);
    const Run run({argument});
    QCOMPARE(run.code, 2);
    QVERIFY2(run.errors.contains(says), run.errors);
  }

  void withoutJitter() {
    SampleService service(m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s"), QStringLiteral("--ttl-jitter=0"), QStringLiteral("--ttl=risk=1000h")});
    QCOMPARE(service.start(), QString());
    m_redis.cli({QStringLiteral("flushall")});
    for (int i = 1; i <= 30; ++i) {
      const QByteArray id = QByteArray::number(i);
      QCOMPARE(service.get("/api/v1/risks/" + id).status, 200);
      const int left = m_redis.cli({QStringLiteral("ttl"), QString::fromLatin1("risk:id:" + id)}).toInt();
      QVERIFY2(left <= 3600000 && left > 3600000 - 200, qPrintable(QString::number(left)));
    }
  }

  // The line comes at once, and says for what it waits.
  void waitingIsSaid() {
    const Run run({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=x dbname=x").arg(freePort()), QStringLiteral("--wait=1500ms")});
    QCOMPARE(run.code, 3);
    const QList<QByteArray> lines = run.errors.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines[0].contains("waiting up to 1.5 s for the database: PostgreSQL at 127.0.0.1:"), lines[0]);
    static const QRegularExpression stamp(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z cachedeck-sample: "));
    for (const QByteArray& line : lines) QVERIFY2(stamp.match(QString::fromUtf8(line)).hasMatch(), line);
  }

  void aDatabaseThatDoesNotExist() {
    const Run run({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=postgres dbname=nowhere").arg(m_postgres.port()), QStringLiteral("--wait=50min")}, m_passwords);
    QCOMPARE(run.code, 3);
    QVERIFY2(run.errors.contains("nowhere") && !run.errors.contains("waiting"), run.errors);
  }

  void aRedisThatIsNotThereIsSaidOnce() {
    const Run run({m_where[0], QStringLiteral("--redis=redis://127.0.0.1:%1").arg(freePort())}, m_passwords);
    QVERIFY(run.listens);
    QVERIFY2(run.errors.count("the cache is away: ") == 1, run.errors);
  }

  void shortPasswords() {
    const Run run({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=x dbname=x").arg(freePort()), QStringLiteral("--wait=0")},
                  {QStringLiteral("PGPASSWORD=o"), QStringLiteral("CACHEDECK_REDIS_PASSWORD=reach")});
    QCOMPARE(run.code, 3);
    QVERIFY2(run.errors.contains("cannot be reached"), run.errors);
    QVERIFY2(!run.errors.contains("***"), run.errors);
  }

  void redaction() {
    hideInLog("abc");
    hideInLog("seven");
    hideInLog("Xanadu");
    hideInLog("Xanadu-and-more");
    QCOMPARE(redacted("abc is too short").c_str(), "abc is too short");
    QCOMPARE(redacted("seven, seventeen, (seven) seven").c_str(), "***, seventeen, (***) ***");
    QCOMPARE(redacted("inXanaduis").c_str(), "in***is");
    QCOMPARE(redacted("Xanadu-and-more").c_str(), "***");
  }

  void keysOfRandomParameters() {
    QRandomGenerator random(20240607);
    const std::array<std::string_view, 7> choices{"all", "a", "%61ll", "b:c", "*", "x y", "All"};
    const std::array rules{ParameterRule{.name = "page", .most = INT64_MAX, .fallback = "1"},
                           ParameterRule{.name = "sev", .kind = ParameterRule::Kind::Choice, .choices = choices},
                           ParameterRule{.name = "text", .kind = ParameterRule::Kind::Text, .least = 0, .most = 1000}};
    const std::string text = "x:{page}:sev:{sev}:{text}:end";
    const KeyTemplate keys(text, rules);
    for (int i = 0; i < 5000; ++i) {
      Arguments arguments;
      if (random.bounded(4) > 0) arguments[0] = std::to_string(1 + (random.generate64() >> (1 + random.bounded(60))));
      if (random.bounded(4) > 0) arguments[1] = choices[static_cast<std::size_t>(random.bounded(int(choices.size())))];
      for (int length = random.bounded(12); length > 0; --length) arguments[2].push_back(static_cast<char>(random.bounded(256)));
      if (random.bounded(10) == 0) arguments[2] = "all";
      QCOMPARE(keys.key(arguments), cacheaside::filledKey(text, {{"page", arguments[0]}, {"sev", arguments[1]}, {"text", arguments[2]}}));
    }
  }

  void idleThreadsEnd() {
    TaskPool pool(40, 1000, {.idle = 50ms, .longestWait = 1h});
    std::atomic<bool> go = false;
    std::atomic<int> running = 0;
    const auto task = [&] {
      ++running;
      go.wait(false);
    };
    for (int i = 0; i < 40; ++i) QVERIFY(pool.post(task));
    QTRY_COMPARE_WITH_TIMEOUT(running.load(), 40, 60000);
    QCOMPARE(pool.threads(), 40u);
    go = true;
    go.notify_all();
    // What one thread can do keeps no others awake.
    std::atomic<int> done = 0;
    const auto little = [&] {
      if (!pool.post([&done] { ++done; })) return false;
      return pool.threads() == TaskPool::fewThreads;
    };
    QTRY_VERIFY_WITH_TIMEOUT(little(), 60000);
    for (int i = 0; i < 40; ++i) QVERIFY(pool.post([&done] { ++done; }));
    pool.stop();
    QVERIFY(done >= 41);
    QVERIFY(!pool.post([] {}));
  }

  void aTaskThatWaitsForLongKeepsOthersOut() {
    TaskPool pool(1, 1000, {.idle = 1h, .longestWait = 50ms});
    std::atomic<bool> go = false, begun = false;
    std::atomic<int> done = 0;
    QVERIFY(pool.post([&] {
      begun = true;
      go.wait(false);
    }));
    QTRY_VERIFY_WITH_TIMEOUT(begun.load(), 60000);  // itself it would be the one that waits for long
    QVERIFY(pool.post([&] { ++done; }));
    QTRY_VERIFY_WITH_TIMEOUT(!pool.post([&] { ++done; }), 60000);
    go = true;
    go.notify_all();
    QTRY_VERIFY_WITH_TIMEOUT(pool.post([] {}), 60000);
    pool.stop();
    QVERIFY(done >= 1);
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s")}};  // a busy machine is no outage
  QStringList m_where, m_passwords;
};

QTEST_GUILESS_MAIN(TestSampleUsage)
#include "tst_sample_usage.moc"
