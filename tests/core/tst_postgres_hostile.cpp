// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_source.h"
#include "tests/support/hostile_server.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = Error::Kind;

/// What answers at the port is not PostgreSQL, or a PostgreSQL that means harm.
class TestPostgresHostile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void namesTheStranger_data();
  void namesTheStranger();
  void givesUpOnSilence();
  void givesUpOnADrip();
  void stopsWhenAskedWhileConnecting();
  void survivesHostileReplies_data();
  void survivesHostileReplies();
};

namespace {

SourceSettings settingsFor(quint16 port, const QString& mode = QStringLiteral("disable")) {
  SourceSettings settings;
  settings.fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(port)},
                     {QStringLiteral("user"), QStringLiteral("me")}, {QStringLiteral("sslmode"), mode}};
  settings.secrets.insert(QStringLiteral("password"), Secret::fromString(QStringLiteral("canary-word")));
  return settings;
}

const SystemClock systemClock;

std::unique_ptr<Source> sourceAt(quint16 port, const QString& mode = QStringLiteral("disable")) {
  return postgresSourceInfo().create(settingsFor(port, mode), systemClock);
}

/// A message of the PostgreSQL protocol.
QByteArray message(char type, const QByteArray& body) {
  const auto size = static_cast<quint32>(body.size() + 4);
  QByteArray out(1, type);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xff);
  return out + body;
}

/// Authentication without a password, a version, and readiness.
QByteArray welcome(const QByteArray& version = "15.0") {
  return message('R', QByteArray(4, '\0')) + message('S', QByteArray("server_version\0", 15) + version + '\0') +
         message('K', QByteArray(8, '\1')) + message('Z', "I");
}

}  // namespace

void TestPostgresHostile::initTestCase() {
  static QTemporaryDir home;
  qputenv("HOME", home.path().toUtf8());
}

void TestPostgresHostile::namesTheStranger_data() {
  QTest::addColumn<QByteArray>("answer");
  QTest::addColumn<QString>("mode");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const QString off = QStringLiteral("disable"), prefer = QStringLiteral("prefer");
  const QByteArray http = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>";
  QTest::newRow("HTTP") << http << off << Kind::Protocol << QStringLiteral("is not PostgreSQL");
  QTest::newRow("HTTP, TLS asked for") << http << prefer << Kind::Protocol << QStringLiteral("is not PostgreSQL");
  QTest::newRow("Redis") << QByteArray("-ERR unknown command\r\n") << off << Kind::Protocol << QStringLiteral("is not PostgreSQL");
  QTest::newRow("TLS alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x28", 7) << prefer << Kind::Protocol << QStringLiteral("is not PostgreSQL");
  QTest::newRow("closes") << QByteArray() << off << Kind::Unreachable << QStringLiteral("closed the connection before it answered");
  QTest::newRow("hostile length") << QByteArray("R\x7f\xff\xff\xff\0\0\0\0", 9) << off << Kind::Protocol << QStringLiteral("is not PostgreSQL");
  QTest::newRow("old version") << welcome("9.6.24") << off << Kind::Usage << QStringLiteral("Version 13 or later");
}

void TestPostgresHostile::namesTheStranger() {
  QFETCH(QByteArray, answer);
  QFETCH(QString, mode);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  HostileServer server([answer](const QByteArray&, int turn) { return turn < 0 ? HostileAnswer{} : HostileAnswer{answer, answer.isEmpty()}; });
  const auto identity = sourceAt(server.port(), mode)->connect({});
  QVERIFY(!identity.ok());
  const Error& error = identity.error();
  QVERIFY2(error.message.contains(part), qPrintable(error.message + error.detail));
  QCOMPARE(kindName(error.kind), kindName(kind));
  QVERIFY(error.message.contains(QString::number(server.port())));
  QVERIFY(!(error.message + error.detail).contains(QStringLiteral("canary")));
}

void TestPostgresHostile::givesUpOnSilence() {
  HostileServer server([](const QByteArray&, int) { return HostileAnswer{}; });
  SourceSettings settings = settingsFor(server.port());
  settings.fields[QStringLiteral("parameters")] = QStringLiteral("connect_timeout=1");
  const auto identity = postgresSourceInfo().create(settings, systemClock)->connect({});
  QCOMPARE(identity.error().kind, Kind::Timeout);
  QVERIFY2(identity.error().message.contains(QStringLiteral("said nothing for 1 s")), qPrintable(identity.error().message));
}

void TestPostgresHostile::givesUpOnADrip() {
  // Every statement gets one more notice, so that there is always something to read.
  const QByteArray notice = message('N', QByteArray("SNOTICE\0C00000\0Mdrip\0\0", 22));
  HostileServer server([notice](const QByteArray& received, int turn) {
    if (turn < 0) return HostileAnswer{};
    return HostileAnswer{turn == 0 ? welcome() : received.isEmpty() ? QByteArray() : notice};
  });
  const auto identity = sourceAt(server.port())->connect({});
  QCOMPARE(identity.error().kind, Kind::Timeout);
  QVERIFY2(identity.error().message.contains(QStringLiteral("did not answer a statement")), qPrintable(identity.error().message));
}

void TestPostgresHostile::stopsWhenAskedWhileConnecting() {
  HostileServer server([](const QByteArray&, int) { return HostileAnswer{}; });
  std::stop_source stop;
  const std::jthread asker([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop.request_stop();
  });
  QCOMPARE(sourceAt(server.port())->connect(stop.get_token()).error().kind, Kind::Cancelled);
}

void TestPostgresHostile::survivesHostileReplies_data() {
  QTest::addColumn<QByteArray>("reply");
  const QByteArray ready = message('Z', "I");
  const QByteArray oneColumn = message('T', QByteArray("\0\1x\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0", 22));
  QTest::newRow("nothing but ready") << ready;
  QTest::newRow("empty query") << message('I', {}) + ready;
  QTest::newRow("command without rows") << message('1', {}) + message('2', {}) + message('n', {}) + message('C', QByteArray("SELECT 0\0", 9)) + ready;
  QTest::newRow("copy out") << message('1', {}) + message('2', {}) + message('H', QByteArray("\0\0\0", 3)) + ready;
  QTest::newRow("no rows") << message('1', {}) + message('2', {}) + oneColumn + message('C', QByteArray("SELECT 0\0", 9)) + ready;
  QTest::newRow("row with a negative length") << message('1', {}) + message('2', {}) + oneColumn + message('D', QByteArray("\0\1\x80\0\0\0", 6)) + ready;
  QTest::newRow("row with too many columns") << message('1', {}) + message('2', {}) + oneColumn + message('D', QByteArray("\x7f\xff", 2)) + ready;
  QTest::newRow("columns without end") << message('1', {}) + message('2', {}) + message('T', QByteArray("\x7f\xffx", 3)) + ready;
  QTest::newRow("length of 2 GiB") << QByteArray("D\x7f\xff\xff\xff\0\1", 7);
  QTest::newRow("zero length") << QByteArray("D\0\0\0\0", 5);
  QTest::newRow("unknown type") << message('?', "x") + ready;
  QTest::newRow("error of control characters") << message('E', QByteArray("SERROR\0CXX000\0M\x1b[2J\xe2\x80\xae<img src=/dev/zero>\0\0", 42)) + ready;
  QTest::newRow("HTML") << QByteArray("<html><body>hello</body></html>");
}

void TestPostgresHostile::survivesHostileReplies() {
  QFETCH(QByteArray, reply);
  HostileServer server([reply](const QByteArray&, int turn) {
    return turn < 0 ? HostileAnswer{} : turn == 0 ? HostileAnswer{welcome()} : HostileAnswer{reply};
  });
  const auto identity = sourceAt(server.port())->connect({});
  QVERIFY(!identity.ok());
  QVERIFY(!identity.error().message.isEmpty());
  QVERIFY(!identity.error().detail.contains(QChar(0x202e)) && !identity.error().detail.contains(QChar(0x1b)));
}

QTEST_GUILESS_MAIN(TestPostgresHostile)
#include "tst_postgres_hostile.moc"
