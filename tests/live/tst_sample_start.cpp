// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>

using namespace cachedeck::test;

namespace {

/// The program as a person starts it: on port 0, what it prints is read.
class Program {
 public:
  explicit Program(const QStringList& arguments, const QStringList& environment = {}) {
    m_process.setEnvironment(QProcess::systemEnvironment() + environment);
    m_process.start(QStringLiteral(SAMPLE_PROGRAM), QStringList{QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--query-cost=0"),
                                                                         QStringLiteral("--rows=100")} + arguments);
  }
  ~Program() {
    m_process.kill();
    m_process.waitForFinished();
  }

  /// The port once it listens; 0 when it ends before.
  quint16 port() {
    static const QRegularExpression line(QStringLiteral("(^|\n)listening on http://127\\.0\\.0\\.1:(\\d+)\n"));
    while (m_port == 0 && m_process.waitForReadyRead(60000)) {
      m_output += m_process.readAllStandardOutput();
      m_port = line.match(QString::fromUtf8(m_output)).captured(2).toUShort();
    }
    return m_port;
  }
  /// The exit code; -1 after a signal or when it does not end.
  int code() {
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(60000)) return -1;
    m_output += m_process.readAllStandardOutput();
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
  }
  void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
  QByteArray output() const { return m_output; }
  QByteArray errors() { return m_errors += m_process.readAllStandardError(); }
  qint64 pid() const { return m_process.processId(); }

 private:
  QProcess m_process;
  quint16 m_port = 0;
  QByteArray m_output, m_errors;
};

// Requests that are not answered yet, without the one that asks.
int underWay(quint16 port) {
  static const QRegularExpression line(QStringLiteral("\nhttp_requests_in_flight (\\d+)\n"));
  return line.match(QString::fromUtf8(httpRequest(port, "GET", "/metrics").body)).captured(1).toInt() - 1;
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

/// How the service is started, what it refuses, and how it ends.
class TestSampleStart : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_where = QStringList{QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=postgres dbname=postgres").arg(m_postgres.port()),
                          QStringLiteral("--redis=redis://127.0.0.1:%1").arg(m_redis.port())};
    m_passwords = QStringList{QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=") + PostgresServer::password(),
                              QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=Open-sesame")};
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void badOptions_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* argument, const char* says) { QTest::newRow(argument) << QStringList{QString::fromLatin1(argument)} << QByteArray(says); };
    row("--nonsense", "--nonsense");
    row("left-over", "left-over");
    row("--listen=8080", "--listen");
    row("--listen=127.0.0.1:70000", "--listen");
    row("--listen=:80", "--listen");
    row("--listen=127.0.0.1:8o80", "--listen");
    row("--cache=memcached", "--cache");
    row("--pool-mode=test", "prod");
    row("--pool=max_open", "FIELD=VALUE");
    row("--pool=max_open=0", "max_open");
    row("--pool=max_idle=11", "max_idle");
    row("--pool=max_opem=5", "max_opem");
    row("--pool=max_lifetime=-1s", "max_lifetime");
    row("--ttl=risk", "risk");
    row("--ttl=risks=5", "marketplace");
    row("--ttl=risk=0", "risk");
    row("--rows=0", "--rows");
    row("--rows=many", "--rows");
    row("--query-cost=20", "--query-cost");
    row("--query-cost=20 m", "--query-cost");
    row("--query-cost=-1ms", "--query-cost");
    row("--threads=0", "--threads");
    row("--wait=soon", "--wait");
    row("--user=", "--user");
    row("--redis=http://127.0.0.1", "redis");
    row("--redis=redis://:se%cret@127.0.0.1:port", "Redis");
  }
  void badOptions() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    Program program(arguments);
    QCOMPARE(program.code(), 2);
    const QByteArray errors = program.errors();
    QVERIFY2(errors.contains(says), errors);
    QVERIFY2(!errors.contains("cret"), errors);
    QCOMPARE(errors.count('\n'), 1);
    QVERIFY(program.output().isEmpty());
  }

  void helpAndVersion() {
    Program help({QStringLiteral("--help")}), version({QStringLiteral("--version")});
    QCOMPARE(help.code(), 0);
    for (const char* option : {"--listen", "--postgres", "--redis", "--cache", "--cache-timeout", "--pool-mode", "--pool", "--ttl", "--rows", "--query-cost", "--threads",
                               "--reseed", "--wait", "CACHEDECK_SAMPLE_PASSWORD"})
      QVERIFY2(help.output().contains(option), option);
    QCOMPARE(version.code(), 0);
    QCOMPARE(version.output(), QByteArray("cachedeck-sample " CACHEDECK_VERSION "\n"));
  }

  void thePortIsTaken() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Program program(m_where + QStringList{QStringLiteral("--listen=127.0.0.1:%1").arg(other.serverPort())}, m_passwords);
    QCOMPARE(program.code(), 1);
    QVERIFY2(program.errors().contains(QByteArray::number(other.serverPort())), program.errors());
  }

  void noDatabase() {
    Program program({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=x dbname=x").arg(freePort()), QStringLiteral("--wait=300ms")});
    QCOMPARE(program.code(), 3);
    QVERIFY2(program.errors().contains("127.0.0.1"), program.errors());
  }

  void wrongDatabasePassword() {
    Program program(m_where, {QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=not-the-one")});
    QCOMPARE(program.code(), 3);
    QVERIFY2(!program.errors().contains("not-the-one"), program.errors());
  }

  void waitsForADatabaseThatComesLater() {
    m_postgres.stop();
    Program program(m_where + QStringList{QStringLiteral("--wait=60s")}, m_passwords);
    QVERIFY(program.pid() > 0);
    QCOMPARE(m_postgres.start(), QString());
    QVERIFY2(program.port() != 0, program.errors());
  }

  void aSignalEndsTheWait() {
    Program program({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=x dbname=x").arg(freePort()), QStringLiteral("--wait=600s")});
    // Signals are taken care of once it has blocked them.
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(QStringLiteral("/proc/%1/status").arg(program.pid())).contains("SigBlk:\t0000000000004002"), 60000);
    program.signal(SIGTERM);
    QCOMPARE(program.code(), 0);
  }

  void aPasswordIsMadeUp() {
    Program program(m_where, {m_passwords[0], QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=")});
    QVERIFY2(program.port() != 0, program.errors());
    static const QRegularExpression line(QStringLiteral("login: demo / (\\S{20,})\n"));
    const QByteArray password = line.match(QString::fromUtf8(program.output())).captured(1).toUtf8();
    QVERIFY2(!password.isEmpty(), program.output());
    QCOMPARE(httpRequest(program.port(), "GET", "/api/v1/risks/1", {"Authorization: Basic " + ("demo:" + password).toBase64()}).status, 200);
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT left(password, 4) FROM users WHERE name = 'demo'")), QByteArray("$2a$"));
  }

  void anotherUser() {
    Program program(m_where + QStringList{QStringLiteral("--user=o'brien")}, m_passwords);
    QVERIFY2(program.port() != 0, program.errors());
    QCOMPARE(httpRequest(program.port(), "GET", "/api/v1/risks/1", {"Authorization: Basic " + QByteArray("o'brien:Open-sesame").toBase64()}).status, 200);
  }

  void passwordsOnTheCommandLineAreHidden() {
    const QByteArray secret = PostgresServer::password().toLatin1();
    Program program({QStringLiteral("--postgres=postgresql://postgres:%1@127.0.0.1:%2/postgres").arg(PostgresServer::password()).arg(m_postgres.port()),
                     QStringLiteral("--redis=redis://:never-used@127.0.0.1:%1").arg(m_redis.port())},
                    {m_passwords[1]});
    QVERIFY2(program.port() != 0, program.errors());
    const QByteArray line = contentOf(QStringLiteral("/proc/%1/cmdline").arg(program.pid()));
    QVERIFY(line.contains("postgresql://postgres:*"));
    QVERIFY2(!line.contains(secret) && !line.contains("never-used"), line);
    httpRequest(program.port(), "GET", "/api/v1/risks/1", {"Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64()});
    program.signal(SIGTERM);
    QCOMPARE(program.code(), 0);
    const QByteArray all = program.errors() + program.output();
    QVERIFY2(all.contains("password on the command line"), all);
    QVERIFY2(!all.contains(secret) && !all.contains("never-used") && !all.contains("Open-sesame"), all);
  }

  void theDataIsMadeOnceAndAnewOnDemand() {
    const auto run = [this](const QStringList& more) {
      Program program(m_where + more, m_passwords);
      QVERIFY2(program.port() != 0, program.errors());
      program.signal(SIGTERM);
      QCOMPARE(program.code(), 0);
    };
    const auto rows = [this] { return m_postgres.psql(QStringLiteral("SELECT count(*) || ':' || count(*) FILTER (WHERE title = 'mine') FROM risks")); };
    run({QStringLiteral("--reseed"), QStringLiteral("--rows=300")});
    QCOMPARE(rows(), QByteArray("300:0"));
    const QString digest = QStringLiteral("SELECT md5(string_agg(concat(id, title, severity, status, likelihood, impact, owner), ',' ORDER BY id)) FROM risks");
    const QByteArray before = m_postgres.psql(digest);
    m_postgres.psql(QStringLiteral("UPDATE risks SET title = 'mine' WHERE id = 5"));
    m_redis.cli({QStringLiteral("set"), QStringLiteral("risk:id:5"), QStringLiteral("old")});
    run({QStringLiteral("--rows=1000")});
    QCOMPARE(rows(), QByteArray("300:1"));
    QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("risk:id:5")}), QByteArray("1"));
    run({QStringLiteral("--reseed"), QStringLiteral("--rows=300")});
    QCOMPARE(m_postgres.psql(digest), before);
    QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("risk:id:5")}), QByteArray("0"));  // it was an answer of other data
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT (SELECT count(*) FROM connectors), (SELECT count(*) FROM marketplace_apps)")), QByteArray("200|500"));
  }

  // It asked for the right to create tables that were there already.
  void anAccountThatMayCreateNothing() {
    {
      Program first(m_where, m_passwords);
      QVERIFY2(first.port() != 0, first.errors());
    }
    m_postgres.psql(QStringLiteral("CREATE ROLE plain LOGIN PASSWORD 'plain'; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO plain; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO plain"));
    QStringList where = m_where;
    where.first().replace(QLatin1String("user=postgres"), QLatin1String("user=plain"));
    Program program(where, {QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=plain"), m_passwords.last()});
    QVERIFY2(program.port() != 0, program.errors());
    m_postgres.psql(QStringLiteral("DROP OWNED BY plain; DROP ROLE plain"));
  }

  void severalStartAtOnce() {
    m_postgres.psql(QStringLiteral("DROP TABLE marketplace_apps, connectors, risks, users; DROP EXTENSION pgcrypto; DROP EXTENSION pg_trgm"));
    Program one(m_where, m_passwords), two(m_where, m_passwords), three(m_where, m_passwords);
    for (Program* program : {&one, &two, &three}) QVERIFY2(program->port() != 0, program->errors());
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT count(*) FROM risks")), QByteArray("100"));
  }

  // The owner of a database needs no more rights.
  void asAnOrdinaryOwner() {
    m_postgres.psql(QStringLiteral("CREATE ROLE app LOGIN PASSWORD 'Sesame-open'"));
    m_postgres.psql(QStringLiteral("CREATE DATABASE app OWNER app"));
    Program program({QStringLiteral("--postgres=host=127.0.0.1 port=%1 user=app dbname=app").arg(m_postgres.port()), m_where[1]}, m_passwords);
    QVERIFY2(program.port() != 0, program.errors());
    QVERIFY(m_postgres.psql(QStringLiteral("SELECT indexname FROM pg_indexes WHERE tablename = 'risks'"), QStringLiteral("postgres"), QStringLiteral("app"))
                .contains("risks_by_title"));
  }

  void withoutRedisAtTheStart() {
    const quint16 nobody = freePort();
    Program program({m_where[0], QStringLiteral("--redis=redis://127.0.0.1:%1").arg(nobody)}, m_passwords);
    QVERIFY2(program.port() != 0, program.errors());
    const QByteArray authorization = "Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64();
    QCOMPARE(httpRequest(program.port(), "GET", "/api/v1/risks/1", {authorization}).status, 200);
    QCOMPARE(httpRequest(program.port(), "GET", "/health").json().value(QLatin1String("status")).toString(), QStringLiteral("degraded"));
  }

  void redisWithAPassword() {
    RedisServer redis({QStringLiteral("requirepass Ali-Baba")});
    QCOMPARE(redis.start(), QString());
    const QStringList where{m_where[0], QStringLiteral("--redis=redis://127.0.0.1:%1/2").arg(redis.port())};
    Program program(where + QStringList{QStringLiteral("--cache-timeout=20s")}, m_passwords + QStringList{QStringLiteral("CACHEDECK_REDIS_PASSWORD=Ali-Baba")});
    QVERIFY2(program.port() != 0, program.errors());
    const QByteArray authorization = "Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64();
    httpRequest(program.port(), "GET", "/api/v1/risks/1", {authorization});
    QCOMPARE(httpRequest(program.port(), "GET", "/api/v1/risks/1", {authorization}).header("x-cache"), QByteArray("HIT"));
    QCOMPARE(redis.cli({QStringLiteral("-a"), QStringLiteral("Ali-Baba"), QStringLiteral("-n"), QStringLiteral("2"),
                        QStringLiteral("keys"), QStringLiteral("*")}),
             QByteArray("risk:id:1"));
  }

  void drains_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
  }
  void drains() {
    QFETCH(int, signal);
    m_redis.cli({QStringLiteral("flushall")});
    Program program(m_where + QStringList{QStringLiteral("--query-cost=2s")}, m_passwords);
    QVERIFY2(program.port() != 0, program.errors());
    const quint16 port = program.port();
    const QByteArray authorization = "Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64();
    std::atomic<int> good = 0, closing = 0;
    std::vector<std::jthread> threads;
    for (int i = 1; i <= 8; ++i)
      threads.emplace_back([&, i] {
        const HttpAnswer answer = httpRequest(port, "GET", "/api/v1/risks?page=" + QByteArray::number(i), {authorization});
        good += answer.status == 200;
        closing += answer.header("connection").toLower() == "close";
      });
    HttpLink idle(port);
    QVERIFY(becomes([&] { return underWay(port) == 8; }));  // asked no second time: the question itself may be counted for a moment after its answer
    for (int i = 1; i <= 3; ++i)  // these leave before their answer
      QVERIFY(HttpLink(port).send("GET /api/v1/risks?page=1 HTTP/1.1\r\nHost: a\r\n" + authorization + "\r\n\r\n"));
    program.signal(signal);
    for (std::jthread& thread : threads) thread.join();
    QCOMPARE(program.code(), 0);
    const QByteArray errors = program.errors();
    QVERIFY2(!errors.contains("ended with requests under way"), errors);
    QCOMPARE(good, 8);
    QCOMPARE(closing, 8);
    QVERIFY(idle.closed());
    QVERIFY(!HttpLink(port).connected());
  }

  void aSecondSignalEndsAtOnce() {
    Program program(m_where + QStringList{QStringLiteral("--query-cost=3s")}, m_passwords);
    QVERIFY2(program.port() != 0, program.errors());
    const quint16 port = program.port();
    const QByteArray authorization = "Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64();
    m_redis.cli({QStringLiteral("flushall")});
    std::atomic<int> status = -1;
    std::jthread slow([&] { status = httpRequest(port, "GET", "/api/v1/risks?page=3", {authorization}).status; });
    QVERIFY(becomes([&] { return underWay(port) == 1 || status >= 0; }));
    program.signal(SIGTERM);
    QTRY_VERIFY_WITH_TIMEOUT(!HttpLink(port).connected(), 60000);
    program.signal(SIGTERM);
    slow.join();
    QCOMPARE(program.code(), 128 + SIGTERM);
    QCOMPARE(status, 0);
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  QStringList m_where, m_passwords;
};

QTEST_GUILESS_MAIN(TestSampleStart)
#include "tst_sample_start.moc"
