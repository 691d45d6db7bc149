// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_pool_support.h"

#include <QTemporaryFile>

#include <thread>
#include <unistd.h>

using namespace cachedeck::test;

/// One connection of the cache-aside library: statements, their failures, deadlines and preparation.
class TestPgConnection : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void returnsRowsAsText();
  void countsWhatWasChanged();
  void carriesLargeValues();
  void preparesOnce();
  void boundsWhatItPrepares();
  void preparesAnewAfterSchemaChanges();
  void outdatedPlanInATransactionIsAnError();
  void survivesDiscardAll();
  void runsScriptsAsOneTransaction();
  void namesTheServersError_data();
  void namesTheServersError();
  void refusesWhatCannotBeSent();
  void cannotCopy();
  void cancelsAtTheDeadline();
  void sendsNothingAfterTheDeadline();
  void stopsWhenAsked();
  void goesOnAfterTheServersOwnTimeouts();
  void knowsOpenTransactions();
  void keepsNoticesToItself();
  void seesWhatComesUnasked();
  void seesTheEndWhileIdle();
  void seesTheEndWhileUsed();

 private:
  std::unique_ptr<PgConnection> open();
  QByteArray psql(const char* sql) { return m_server.psql(QString::fromUtf8(sql)); }
  QByteArray sleepers() { return psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(100)%' AND state = 'active' AND pid <> pg_backend_pid()"); }

  PostgresServer m_server;
};

void TestPgConnection::initTestCase() {
  QCOMPARE(m_server.start(), QString());
  QCOMPARE(psql("CREATE TABLE risks (id bigint PRIMARY KEY, title text)"), QByteArray());
}

void TestPgConnection::init() {
  QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
  psql("DROP TABLE IF EXISTS shape; CREATE TABLE shape (a int); INSERT INTO shape VALUES (1); TRUNCATE risks; INSERT INTO risks SELECT g, 'risk ' || g FROM generate_series(1, 10) g");
}

std::unique_ptr<PgConnection> TestPgConnection::open() {
  auto opened = PgConnection::open(conninfoOf(m_server), soon());
  if (!opened) qFatal("%s", opened.error().message.c_str());
  return *std::move(opened);
}

void TestPgConnection::returnsRowsAsText() {
  const auto connection = open();
  const std::vector<Parameter> parameters{"41", std::nullopt, "Gänsefüße \xF0\x9F\xA6\x86\n'\\", ""};
  const auto rows = connection->query("SELECT $1::int + 1, $2::text, $3::text, $4::text, true UNION ALL SELECT 0, 'b', 'c', 'd', false ORDER BY 1 DESC", parameters, soon());
  QVERIFY2(rows.ok(), qPrintable(complaint(rows)));
  using Row = std::vector<std::optional<std::string>>;
  QCOMPARE(rows->rows.size(), 2u);
  QVERIFY(rows->rows[0] == (Row{"42", std::nullopt, parameters[2], "", "t"}));
  QVERIFY(rows->rows[1] == (Row{"0", "b", "c", "d", "f"}));
  QCOMPARE(rows->affected, 0L);
  QVERIFY(connection->usable() && connection->idle() && connection->stillThere());
  QCOMPARE(ask(*connection, "SELECT pg_backend_pid()"), QString::number(connection->serverPid()));
  QCOMPARE(ask(*connection, "SELECT current_setting('application_name') || current_setting('client_encoding')"), QStringLiteral("cachedeck-appUTF8"));
}

void TestPgConnection::countsWhatWasChanged() {
  const auto connection = open();
  const auto affected = [&](const char* sql) { return connection->query(sql, {}, soon()).value().affected; };
  QCOMPARE(affected("INSERT INTO risks SELECT g, 'new' FROM generate_series(11, 15) g"), 5L);
  QCOMPARE(affected("UPDATE risks SET title = 'old' WHERE id > 12"), 3L);
  QCOMPARE(affected("DELETE FROM risks WHERE id > 10 RETURNING id"), 5L);
  QCOMPARE(affected("DELETE FROM risks WHERE id > 10"), 0L);
  QCOMPARE(affected("SELECT id FROM risks"), 0L);
  QCOMPARE(affected("CREATE TEMP TABLE gone ()"), 0L);
}

void TestPgConnection::carriesLargeValues() {
  const auto connection = open();
  const std::vector<Parameter> parameters{std::string(20'000'000, 'x')};
  const auto rows = connection->query("SELECT $1::text, length($1::text)", parameters, soon());
  QVERIFY2(rows.ok(), qPrintable(complaint(rows)));
  QVERIFY(rows->rows[0][0] == parameters[0]);
  QCOMPARE(QString::fromStdString(*rows->rows[0][1]), QStringLiteral("20000000"));
}

void TestPgConnection::preparesOnce() {
  const auto connection = open();
  for (int i = 0; i < 5; ++i) {
    const std::vector<Parameter> parameters{std::to_string(i + 1)};
    QCOMPARE(cell(connection->query("SELECT title FROM risks WHERE id = $1", parameters, soon())), QStringLiteral("risk %1").arg(i + 1));
  }
  QCOMPARE(ask(*connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT title%'"), QStringLiteral("1"));
}

void TestPgConnection::boundsWhatItPrepares() {
  const auto connection = open();
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 300; ++i) QCOMPARE(ask(*connection, ("SELECT " + std::to_string(i)).c_str()), QString::number(i));
  QCOMPARE(ask(*connection, "SELECT count(*) FROM pg_prepared_statements"), QStringLiteral("256"));
}

void TestPgConnection::preparesAnewAfterSchemaChanges() {
  const auto connection = open();
  const char* sql = "SELECT * FROM shape";
  for (std::size_t columns = 1; columns < 5; ++columns) {
    const auto rows = connection->query(sql, {}, soon());
    QVERIFY2(rows.ok(), qPrintable(complaint(rows)));
    QCOMPARE(rows->rows[0].size(), columns);
    psql(("ALTER TABLE shape ADD COLUMN c" + std::to_string(columns) + " int").c_str());
  }
}

void TestPgConnection::outdatedPlanInATransactionIsAnError() {
  const auto connection = open();
  QVERIFY(connection->query("SELECT * FROM shape", {}, soon()).ok());
  psql("ALTER TABLE shape ADD COLUMN b int");
  QVERIFY(connection->script("BEGIN", soon()).ok());
  QVERIFY(failedAs(connection->query("SELECT * FROM shape", {}, soon()), Kind::Query, "SQLSTATE 0A000"));
  QVERIFY(connection->script("ROLLBACK; BEGIN", soon()).ok());
  QCOMPARE(connection->query("SELECT * FROM shape", {}, soon()).value().rows[0].size(), 2u);
}

void TestPgConnection::survivesDiscardAll() {
  const auto connection = open();
  QCOMPARE(ask(*connection, "SELECT 1"), QStringLiteral("1"));
  QVERIFY(connection->script("DISCARD ALL", soon()).ok());
  QCOMPARE(ask(*connection, "SELECT 1"), QStringLiteral("1"));
  QVERIFY(failedAs(connection->query("EXECUTE nothing", {}, soon()), Kind::Query, "SQLSTATE 26000"));
  QCOMPARE(ask(*connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 1'"), QStringLiteral("1"));
}

void TestPgConnection::runsScriptsAsOneTransaction() {
  const auto connection = open();
  QVERIFY(connection->script("INSERT INTO risks VALUES (100, 'a'); INSERT INTO risks VALUES (101, 'b'); SELECT 1;", soon()).ok());
  QCOMPARE(psql("SELECT count(*) FROM risks"), "12");
  QVERIFY(failedAs(connection->script("INSERT INTO risks VALUES (102, 'c'); INSERT INTO risks VALUES (1, 'twice'); INSERT INTO risks VALUES (103, 'd')", soon()), Kind::Query, "SQLSTATE 23505"));
  QCOMPARE(psql("SELECT count(*) FROM risks"), "12");
  QVERIFY(connection->usable() && connection->idle());
}

void TestPgConnection::namesTheServersError_data() {
  QTest::addColumn<QString>("sql");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* name, const char* sql, const char* part) { QTest::newRow(name) << QString::fromUtf8(sql) << QString::fromUtf8(part); };
  row("no table", "SELECT * FROM nowhere", "refused the statement (SQLSTATE 42P01): relation \"nowhere\" does not exist.");
  row("syntax", "SELEC 1", "(SQLSTATE 42601): syntax error at or near \"SELEC\".");
  row("two statements", "SELECT 1; SELECT 2", "(SQLSTATE 42601): cannot insert multiple commands into a prepared statement.");
  row("at run time", "SELECT 1 / (id - 5) FROM risks", "(SQLSTATE 22012): division by zero.");
  row("missing parameter", "SELECT $1::int", "SQLSTATE 08P01");
  row("hostile text", "DO $$ BEGIN RAISE EXCEPTION E'\\x1b[31mred\\nsecond line'; END $$", "(SQLSTATE P0001): ?[31mred.");
}

void TestPgConnection::namesTheServersError() {
  QFETCH(QString, sql);
  QFETCH(QString, part);
  const auto connection = open();
  const auto rows = connection->query(sql.toStdString(), {}, soon());
  QVERIFY2(complaint(rows).contains(part), qPrintable(complaint(rows)));
  QVERIFY(complaint(rows).startsWith(QStringLiteral("PostgreSQL at ") + m_server.address()));
  QCOMPARE(rows.error().kind, Kind::Query);
  QVERIFY(connection->usable() && connection->idle());
  QCOMPARE(ask(*connection, "SELECT 1"), QStringLiteral("1"));
}

void TestPgConnection::refusesWhatCannotBeSent() {
  using namespace std::string_literals;
  const auto connection = open();
  QVERIFY(failedAs(connection->query("", {}, soon()), Kind::Usage, "no statement"));
  QVERIFY(failedAs(connection->query("SELECT 1\0 + 1"s, {}, soon()), Kind::Usage, "NUL"));
  QVERIFY(failedAs(connection->script("SELECT 1;\0"s, soon()), Kind::Usage, "NUL"));
  const std::vector<Parameter> nul{"a", "b\0c"s};
  QVERIFY(failedAs(connection->query("SELECT $1::text, $2::text", nul, soon()), Kind::Usage, "Parameter $2"));
  const std::vector<Parameter> many(65536, "1");
  QVERIFY(failedAs(connection->query("SELECT 1", many, soon()), Kind::Usage, "65535"));
  const std::vector<Parameter> latin{"\xE4"};
  QVERIFY(failedAs(connection->query("SELECT $1::text", latin, soon()), Kind::Query, "SQLSTATE 22021"));
  QVERIFY(connection->query("  -- nothing", {}, soon()).ok());
  QCOMPARE(ask(*connection, "SELECT 1"), QStringLiteral("1"));
}

void TestPgConnection::cannotCopy() {
  for (const char* sql : {"COPY risks TO STDOUT", "COPY risks FROM STDIN"}) {
    const auto connection = open();
    QVERIFY(failedAs(connection->script(sql, soon()), Kind::Usage, "COPY"));
    QVERIFY(!connection->usable());
  }
}

void TestPgConnection::cancelsAtTheDeadline() {
  const auto connection = open();
  QVERIFY(failedAs(connection->query("SELECT pg_sleep(100)", {}, later()), Kind::Timeout, ", so it was cancelled. Look for locks"));
  QVERIFY(!connection->usable() && !connection->stillThere());
  QTRY_COMPARE_WITH_TIMEOUT(sleepers(), "0", 60000);
  QVERIFY(failedAs(connection->query("SELECT 1", {}, soon()), Kind::Unavailable, "no longer usable"));
  QVERIFY(failedAs(connection->script("SELECT 1", soon()), Kind::Unavailable, "no longer usable"));
}

void TestPgConnection::sendsNothingAfterTheDeadline() {
  const auto connection = open();
  QVERIFY(failedAs(connection->query("DELETE FROM risks", {}, in(-1s)), Kind::Timeout, "before the statement was sent"));
  QVERIFY(failedAs(connection->query("DELETE FROM risks", {}, Time::min()), Kind::Timeout, "before the statement was sent"));
  std::stop_source stop;
  stop.request_stop();
  QVERIFY(failedAs(connection->query("DELETE FROM risks", {}, soon(), stop.get_token()), Kind::Closed, "before the statement was sent"));
  QVERIFY(connection->usable());
  QCOMPARE(cell(connection->query("SELECT count(*) FROM risks", {}, Time::max())), QStringLiteral("10"));
}

void TestPgConnection::stopsWhenAsked() {
  const auto connection = open();
  std::stop_source stop;
  QVERIFY(connection->query("SELECT 1", {}, Time::max(), stop.get_token()).ok());
  const std::jthread asker([&] {
    while (sleepers() != "1") std::this_thread::sleep_for(10ms);
    stop.request_stop();
  });
  QVERIFY(failedAs(connection->query("SELECT pg_sleep(100)", {}, Time::max(), stop.get_token()), Kind::Closed, "Stopped while waiting"));
  QVERIFY(!connection->usable());
  QTRY_COMPARE_WITH_TIMEOUT(sleepers(), "0", 60000);
}

void TestPgConnection::goesOnAfterTheServersOwnTimeouts() {
  const auto connection = open();
  QVERIFY(connection->script("SET statement_timeout = 2000", soon()).ok());  // which holds for the next SET, too
  QVERIFY(failedAs(connection->query("SELECT pg_sleep(100)", {}, soon()), Kind::Timeout, "SQLSTATE 57014"));
  QVERIFY(connection->script("SET statement_timeout = 0; SET lock_timeout = 100", soon()).ok());
  const auto other = open();
  QVERIFY(other->script("BEGIN; LOCK TABLE risks", soon()).ok());
  QVERIFY(failedAs(connection->query("SELECT count(*) FROM risks", {}, soon()), Kind::Timeout, "SQLSTATE 55P03"));
  QVERIFY(other->script("COMMIT", soon()).ok());
  QVERIFY(connection->usable() && connection->idle());
  QCOMPARE(ask(*connection, "SELECT count(*) FROM risks"), QStringLiteral("10"));
}

void TestPgConnection::knowsOpenTransactions() {
  const auto connection = open();
  QVERIFY(connection->idle());
  QVERIFY(connection->query("BEGIN", {}, soon()).ok());
  QVERIFY(!connection->idle());
  QVERIFY(!connection->query("SELECT 1 / 0", {}, soon()).ok());
  QVERIFY(!connection->idle() && connection->usable());
  QVERIFY(connection->query("ROLLBACK", {}, soon()).ok());
  QVERIFY(connection->idle());
}

void TestPgConnection::keepsNoticesToItself() {
  const auto connection = open();
  QTemporaryFile caught;
  QVERIFY(caught.open());
  const int before = dup(STDERR_FILENO);
  dup2(caught.handle(), STDERR_FILENO);
  const auto done = connection->script("DROP TABLE IF EXISTS nowhere; DO $$ BEGIN RAISE WARNING 'loud'; END $$", soon());
  dup2(before, STDERR_FILENO);
  ::close(before);
  QVERIFY(done.ok());
  QFile written(caught.fileName());
  QVERIFY(written.open(QIODevice::ReadOnly));
  QCOMPARE(written.readAll(), QByteArray());
}

void TestPgConnection::seesWhatComesUnasked() {
  const auto connection = open();
  QVERIFY(connection->query("LISTEN news", {}, soon()).ok());
  psql("NOTIFY news, 'something'");
  QTRY_COMPARE_WITH_TIMEOUT(psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientRead' AND query = 'LISTEN news'"), "1", 60000);
  QVERIFY(connection->stillThere());
  QCOMPARE(ask(*connection, "SELECT 1"), QStringLiteral("1"));
}

void TestPgConnection::seesTheEndWhileIdle() {
  const auto connection = open();
  QVERIFY(connection->stillThere());
  QCOMPARE(psql(("SELECT pg_terminate_backend(" + std::to_string(connection->serverPid()) + ", 60000)").c_str()), "t");
  QTRY_VERIFY_WITH_TIMEOUT(!connection->stillThere(), 60000);
  QVERIFY(!connection->usable());
}

void TestPgConnection::seesTheEndWhileUsed() {
  const auto connection = open();
  const std::jthread killer([&] {
    while (sleepers() != "1") std::this_thread::sleep_for(10ms);
    psql(("SELECT pg_terminate_backend(" + std::to_string(connection->serverPid()) + ")").c_str());
  });
  QVERIFY(failedAs(connection->query("SELECT pg_sleep(100)", {}, soon()), Kind::Unavailable, "ended the session (SQLSTATE 57P01): terminating connection due to administrator command"));
  QVERIFY(!connection->usable());

  const auto unaware = open();  // learns of its end from the answer to the next statement
  QCOMPARE(psql(("SELECT pg_terminate_backend(" + std::to_string(unaware->serverPid()) + ", 60000)").c_str()), "t");
  const auto rows = unaware->query("SELECT 1", {}, soon());
  QVERIFY2(!rows && rows.error().kind == Kind::Unavailable, qPrintable(complaint(rows)));
  QVERIFY(!unaware->usable());
}

QTEST_GUILESS_MAIN(TestPgConnection)
#include "tst_pg_connection.moc"
