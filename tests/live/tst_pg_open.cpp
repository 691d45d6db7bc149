// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_pool_support.h"

#include "tests/support/fault_proxy.h"

#include <QDir>

#include <thread>

using namespace cachedeck::test;

/// Opening a connection of the cache-aside library: each cause of failure, and links that break anywhere.
class TestPgOpen : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void leavesNothingOpen();  // first: a cancel request that other tests leave behind holds a socket for a while
  void namesTheCause_data();
  void namesTheCause();
  void refusesBadStrings_data();
  void refusesBadStrings();
  void takesPasswordsFromElsewhere();
  void takesUrisNamesAndSeveralHosts();
  void keepsWhatTheStringSets();
  void givesUpOnASilentServer();
  void givesUpOnAFrozenServer();
  void stopsWhenAsked();
  void saysWhenTheServerIsFull();
  void readsAnswersInSmallPieces();
  void survivesLinksThatBreakAnywhere_data();
  void survivesLinksThatBreakAnywhere();
  void refusesBytesThatDoNotBelong();

 private:
  std::string through(const FaultProxy& proxy) { return conninfoOf(m_server) + " port=" + std::to_string(proxy.port()); }
  std::string at() { return "host=127.0.0.1 dbname=postgres user=postgres port=" + std::to_string(m_server.port()); }

  PostgresServer m_server{{QStringLiteral("max_connections = 40"), QStringLiteral("max_wal_senders = 0")}};
};

void TestPgOpen::initTestCase() {
  static QTemporaryDir home;  // the person's own .pgpass must not matter
  qputenv("HOME", home.path().toUtf8());
  QCOMPARE(m_server.start(), QString());
  m_server.psql(QStringLiteral("CREATE ROLE app LOGIN PASSWORD 'Sesame-open'"));
}

void TestPgOpen::namesTheCause_data() {
  QTest::addColumn<QString>("more");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* name, const QString& more, Kind kind, const char* part) { QTest::newRow(name) << more << kind << QString::fromUtf8(part); };
  row("wrong password", QStringLiteral("password=Sesame-wrong"), Kind::Auth, "refused the login (SQLSTATE 28P01): password authentication failed for user \"postgres\".");
  row("no password", QStringLiteral("password=''"), Kind::Auth, "asks for a password, and none is given");
  row("unknown user", QStringLiteral("user=nobody"), Kind::Auth, "(SQLSTATE 28P01): password authentication failed for user \"nobody\".");
  row("unknown database", QStringLiteral("dbname=nowhere"), Kind::Usage, "does not have this database (SQLSTATE 3D000): database \"nowhere\" does not exist.");
  row("refused", QStringLiteral("port=%1").arg(freePort()), Kind::Unavailable, "cannot be reached: Connection refused.");
  row("refused on each host", QStringLiteral("host=127.0.0.1,127.0.0.1 port=%1,%2").arg(freePort()).arg(freePort()), Kind::Unavailable, "cannot be reached: Connection refused.");
  row("no socket", QStringLiteral("host=/nowhere port=5432"), Kind::Unavailable, "PostgreSQL at /nowhere/.s.PGSQL.5432 cannot be reached: No such file or directory.");
  row("unknown name", QStringLiteral("host=no..name"), Kind::Unavailable, "The host name “no..name” is not known");
  row("no TLS there", QStringLiteral("sslmode=require"), Kind::Unavailable, "server does not support SSL");
}

void TestPgOpen::namesTheCause() {
  QFETCH(QString, more);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  const auto opened = PgConnection::open(conninfoOf(m_server) + " " + more.toStdString(), soon());
  QVERIFY(failedAs(opened, kind, qUtf8Printable(part)));
}

void TestPgOpen::refusesBadStrings_data() {
  QTest::addColumn<QString>("conninfo");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* conninfo, const char* part) { QTest::newRow(conninfo) << QString::fromUtf8(conninfo) << QString::fromUtf8(part); };
  row("password=my Sesame", "cannot be read");
  row("postgresql://user:Sesame%zz@127.0.0.1/x", "cannot be read");
  row("Sesame", "cannot be read");
  row("password='Sesame", "cannot be read");
  row("password=my Sesame=open", "cannot be read");
  row("sslmode=Sesame", "libpq does not accept the value of “sslmode”");
  row("host=a,b hostaddr=127.0.0.1", "numbers of PostgreSQL hosts");
  row("service=Sesame", "The service that the connection string or PGSERVICE names is not defined");
}

void TestPgOpen::refusesBadStrings() {
  QFETCH(QString, conninfo);
  QFETCH(QString, part);
  QVERIFY(failedAs(PgConnection::open(conninfo.toStdString(), soon()), Kind::Usage, qUtf8Printable(part)));
  QVERIFY(failedAs(Pool::make(conninfo.toStdString(), PoolOptions()), Kind::Usage, qUtf8Printable(part)));
}

void TestPgOpen::takesPasswordsFromElsewhere() {
  QVERIFY(failedAs(PgConnection::open(at(), soon()), Kind::Auth, "none is given"));
  qputenv("PGPASSWORD", PostgresServer::password().toUtf8());
  const auto byEnvironment = PgConnection::open(at(), soon());
  qunsetenv("PGPASSWORD");
  QVERIFY2(byEnvironment.ok(), qPrintable(complaint(byEnvironment)));
  const QString file = m_server.addFile(QStringLiteral("passwords"), "*:*:*:*:" + PostgresServer::password().toUtf8() + "\n");
  const auto byFile = PgConnection::open(at() + " passfile=" + file.toStdString(), soon());
  QVERIFY2(byFile.ok(), qPrintable(complaint(byFile)));
}

void TestPgOpen::takesUrisNamesAndSeveralHosts() {
  const std::string port = std::to_string(m_server.port()), login = "postgres:Sesame-open", closed = std::to_string(freePort());
  for (const std::string& conninfo : {"postgresql://" + login + "@127.0.0.1:" + port + "/postgres", "postgres://" + login + "@localhost:" + port + "/postgres?connect_timeout=2",
                                      "postgresql://" + login + "@localhost:" + closed + ",localhost:" + port + "/postgres",
                                      "postgresql://" + login + "@no..name,127.0.0.1/postgres?port=" + port,
                                      "host=ignored.invalid hostaddr=127.0.0.1 user=postgres password=Sesame-open port=" + port}) {
    const auto opened = PgConnection::open(conninfo, soon());
    QVERIFY2(opened.ok(), qPrintable(QString::fromStdString(conninfo) + QLatin1Char('\n') + complaint(opened)));
    QCOMPARE(ask(**opened, "SELECT 1"), QStringLiteral("1"));
  }
}

void TestPgOpen::keepsWhatTheStringSets() {
  qputenv("PGAPPNAME", "from environment");
  const auto opened = PgConnection::open(conninfoOf(m_server) + " client_encoding=LATIN1 options='-c work_mem=1234kB'", soon());
  qunsetenv("PGAPPNAME");
  QVERIFY2(opened.ok(), qPrintable(complaint(opened)));
  QCOMPARE(ask(**opened, "SELECT concat_ws(' ', current_setting('application_name'), current_setting('client_encoding'), current_setting('work_mem'))"),
           QStringLiteral("from environment LATIN1 1234kB"));
}

void TestPgOpen::givesUpOnASilentServer() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.silent = true;
  proxy.set(faults);
  QVERIFY(failedAs(PgConnection::open(through(proxy), in(200ms)), Kind::Timeout, "took the connection but did not complete the login within"));
  QVERIFY(failedAs(PgConnection::open(through(proxy), Time::min()), Kind::Timeout, "within 0 ms"));
}

void TestPgOpen::givesUpOnAFrozenServer() {
  auto used = PgConnection::open(conninfoOf(m_server), soon());
  QVERIFY(used.ok());
  m_server.freeze();
  const auto rows = (*used)->query("SELECT 1", {}, later());
  const auto opened = PgConnection::open(conninfoOf(m_server), later());
  m_server.thaw();
  QVERIFY(failedAs(rows, Kind::Timeout, "did not answer the statement within"));
  QVERIFY(failedAs(opened, Kind::Timeout, "did not complete the login within"));
}

void TestPgOpen::stopsWhenAsked() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.silent = true;
  proxy.set(faults);
  std::stop_source stop;
  const std::jthread asker([&] {
    while (proxy.connections() == 0) std::this_thread::sleep_for(10ms);
    stop.request_stop();
  });
  QVERIFY(failedAs(PgConnection::open(through(proxy), Time::max(), stop.get_token()), Kind::Closed, "Stopped while waiting"));
}

void TestPgOpen::saysWhenTheServerIsFull() {
  std::vector<std::unique_ptr<PgConnection>> many;
  for (;;) {
    auto opened = PgConnection::open(conninfoOf(m_server), soon());
    if (!opened) {
      QVERIFY(failedAs(opened, Kind::Unavailable, "takes no more connections (SQLSTATE 53300)"));
      break;
    }
    many.push_back(*std::move(opened));
    QVERIFY(many.size() <= 40);
  }
  many.clear();
  QTRY_VERIFY_WITH_TIMEOUT(PgConnection::open(conninfoOf(m_server), soon()).ok(), 60000);
}

void TestPgOpen::readsAnswersInSmallPieces() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.slice = 1;
  proxy.set(faults);
  const auto opened = PgConnection::open(through(proxy), soon());
  QVERIFY2(opened.ok(), qPrintable(complaint(opened)));
  QCOMPARE(ask(**opened, "SELECT repeat('x', 500)"), QString(500, QLatin1Char('x')));
}

void TestPgOpen::survivesLinksThatBreakAnywhere_data() {
  QTest::addColumn<bool>("reset");
  QTest::newRow("closed") << false;
  QTest::newRow("reset") << true;
}

void TestPgOpen::survivesLinksThatBreakAnywhere() {
  QFETCH(bool, reset);
  FaultProxy proxy(m_server.port());
  int failures = 0;
  for (qint64 after = 0; after < 1500; after += 37) {
    Faults faults;
    (reset ? faults.resetAfter : faults.dropAfter) = after;
    proxy.set(faults);
    const auto opened = PgConnection::open(through(proxy), soon());
    const auto rows = opened ? (*opened)->query("SELECT repeat('x', 500)", {}, soon()) : Outcome<Rows>(opened.error());
    if (rows.ok()) continue;
    ++failures;
    QVERIFY(failedAs(rows, Kind::Unavailable, "127.0.0.1"));
    QVERIFY(!opened || !(*opened)->usable());
  }
  QVERIFY(failures > 10);
}

void TestPgOpen::refusesBytesThatDoNotBelong() {
  FaultProxy proxy(m_server.port());
  for (const QByteArray& bytes : {QByteArray("HTTP/1.1 200 OK\r\n\r\n"), QByteArray("D\x7f\xff\xff\xff\0\1", 7), QByteArray("T\0\0\0\6\xff\xff", 7), QByteArray(40, '\0')}) {
    proxy.clear();
    const auto opened = PgConnection::open(through(proxy), soon());
    QVERIFY2(opened.ok(), qPrintable(complaint(opened)));
    QCOMPARE(ask(**opened, "SELECT 1"), QStringLiteral("1"));
    Faults faults;
    faults.injectAt = 0;
    faults.inject = bytes;
    proxy.set(faults);
    const auto rows = PgConnection::open(through(proxy), later());
    QVERIFY(!rows.ok());
    QVERIFY2(rows.error().kind == Kind::Unavailable || rows.error().kind == Kind::Timeout, qPrintable(complaint(rows)));
  }
}

void TestPgOpen::leavesNothingOpen() {
  const auto descriptors = [] { return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System).size(); };
  std::stop_source stop;
  const auto useOnce = [&](const char* more) {
    const auto opened = PgConnection::open(conninfoOf(m_server) + more, soon(), stop.get_token());
    if (opened) QCOMPARE(cell((*opened)->query("SELECT 1", {}, soon(), stop.get_token())), QStringLiteral("1"));
  };
  useOnce("");
  const auto before = descriptors();
  for (int i = 0; i < 20; ++i) useOnce(i % 2 ? "" : " dbname=nowhere");
  QCOMPARE(descriptors(), before);
  QTRY_COMPARE_WITH_TIMEOUT(m_server.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck-app'")), "0", 60000);
}

QTEST_GUILESS_MAIN(TestPgOpen)
#include "tst_pg_open.moc"
