// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/probe.h"
#include "core/sandbox/proc_info.h"
#include "tests/support/process.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

/// The servers that the live tests stand on: start, die, hang, come back on the same port, leave nothing.
class TestServers : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void redis();
  void redisWithPassword();
  void postgres();
  void postgresExporter();
  void prometheus();
  void alertmanager();
  void pushgateway();
  void redisExporter();
  void saysWhyItCannotStart();
};

void TestServers::redis() {
  pid_t last = 0;
  QString folder;
  {
    RedisServer server({QStringLiteral("maxmemory 32mb")});
    folder = server.dir();
    QCOMPARE(server.start(), QString());
    QCOMPARE(server.cli({QStringLiteral("config"), QStringLiteral("get"), QStringLiteral("maxmemory")}), QByteArray("maxmemory\n33554432"));
    const quint16 port = server.port();
    server.freeze();
    QVERIFY(!redisAnswers(port));
    server.thaw();
    QTRY_VERIFY_WITH_TIMEOUT(redisAnswers(port), 60000);
    const qint64 first = server.pid();
    server.kill9();
    QVERIFY(!server.running());
    QVERIFY(!acceptsTcp(port));
    QCOMPARE(server.start(), QString());
    QCOMPARE(server.port(), port);
    QVERIFY(server.pid() != first);
    QCOMPARE(server.restart(), QString());
    server.freeze();  // a stopped server ends too
    last = static_cast<pid_t>(server.pid());
  }
  QVERIFY(!processAlive(last));
  QVERIFY(!QDir(folder).exists());
}

void TestServers::redisWithPassword() {
  RedisServer server({QStringLiteral("requirepass secret")});
  QCOMPARE(server.start(), QString());
  QVERIFY(server.cli({QStringLiteral("ping")}).startsWith("NOAUTH"));
  QCOMPARE(server.cli({QStringLiteral("--pass"), QStringLiteral("secret"), QStringLiteral("ping")}), QByteArray("PONG"));
}

void TestServers::postgres() {
  std::vector<pid_t> family;
  {
    PostgresServer server({QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")});
    QCOMPARE(server.start(), QString());
    QString error;
    QCOMPARE(server.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements; SELECT 1 + 1"), QStringLiteral("postgres"),
                         QStringLiteral("postgres"), &error), QByteArray("2"));
    QCOMPARE(error, QString());
    server.psql(QStringLiteral("SELECT nonsense"), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
    QVERIFY(error.contains(QStringLiteral("nonsense")));
    server.kill9();
    QCOMPARE(server.start(), QString());
    QCOMPARE(server.psql(QStringLiteral("SELECT 3")), QByteArray("3"));
    server.freeze();
    QVERIFY(!postgresAnswers(server.port()));
    server.thaw();
    QCOMPARE(server.psql(QStringLiteral("SELECT 4")), QByteArray("4"));
    family = descendants(static_cast<pid_t>(server.pid()));
    family.push_back(static_cast<pid_t>(server.pid()));
    QVERIFY(family.size() > 3);
  }
  for (pid_t pid : family) QVERIFY(!processAlive(pid));
}

void TestServers::postgresExporter() {
  PostgresServer server;
  QCOMPARE(server.start(), QString());
  PostgresExporter exporter(server.conninfo());
  QCOMPARE(exporter.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(exporter.port(), "/metrics"), 200, 60000);
}

void TestServers::prometheus() {
  PrometheusServer plain;
  QCOMPARE(plain.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(plain.port(), "/api/v1/query?query=1"), 200, 60000);
  PrometheusServer prefixed({}, {}, "/prom");
  QCOMPARE(prefixed.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(prefixed.port(), "/prom/api/v1/query?query=1"), 200, 60000);
}

void TestServers::alertmanager() {
  AlertmanagerServer server;
  QCOMPARE(server.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(server.port(), "/api/v2/status"), 200, 60000);
}

void TestServers::pushgateway() {
  PushgatewayServer server;
  QCOMPARE(server.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(server.port(), "/metrics"), 200, 60000);
}

void TestServers::redisExporter() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  RedisExporter exporter(server.port());
  QCOMPARE(exporter.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(httpStatus(exporter.port(), "/metrics"), 200, 60000);
}

void TestServers::saysWhyItCannotStart() {
  RedisServer server({QStringLiteral("no-such-directive 1")});
  const QString reason = server.start();
  QVERIFY2(reason.contains(QStringLiteral("no-such-directive")), qPrintable(reason));
}

QTEST_GUILESS_MAIN(TestServers)
#include "tst_servers.moc"
