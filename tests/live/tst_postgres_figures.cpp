// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_postgres_support.h"

#include "core/metrics/metric.h"
#include "tests/support/wait.h"

#include <QRegularExpression>

using namespace cachedeck;
using namespace cachedeck::test;

/// The figures of the PostgreSQL source against what psql and the load itself say.
class TestPostgresFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void cleanup();
  void tellsWhoAnswers();
  void producesEveryMetricOfTheCatalog();
  void countsSessionsByState();
  void showsBlockedSessionsAndTheLongestQuery();
  void countsCallsWithoutItsOwn();
  void findsTheSlowestStatement();
  void countsTransactionsAndBufferHits();
  void marksAReset();
  void readsOlderExtensionVersions_data();
  void readsOlderExtensionVersions();
  void saysWhatAPlainRoleLacks();
  void seesMoreAfterAGrant();
  void saysThatTheExtensionIsMissing();
  void saysWhatTheRoleMayNotRead();
  void staysSmallBesideHugeStatements();
  void survivesALockedCatalog();
  void doesNotTrustTheSearchPath();

 private:
  Sample sampleOf(Source& source);
  std::map<QString, double> secondSample(Source& source, const std::function<void()>& meanwhile, Sample* whole = nullptr);
  QByteArray psql(const char* sql, const QString& database = QStringLiteral("postgres"));

  PostgresServer m_server{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"), QStringLiteral("max_connections = 60"),
                           QStringLiteral("autovacuum = off")}};
};

void TestPostgresFigures::initTestCase() {
  QCOMPARE(m_server.start(), QString());
  psql("CREATE EXTENSION pg_stat_statements");
  psql("CREATE ROLE console LOGIN PASSWORD 'Sesame-open'");
  psql("GRANT pg_monitor TO console");
  psql("CREATE ROLE \"Plain user\" LOGIN PASSWORD 'Sesame-open'");
  psql("CREATE DATABASE empty");
  psql("CREATE TABLE t (id int PRIMARY KEY, v int)");
  psql("INSERT INTO t SELECT g, 0 FROM generate_series(1, 1000) g");
}

void TestPostgresFigures::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

void TestPostgresFigures::cleanup() {
  // A statement under way outlives its client.
  psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  QVERIFY(becomes([&] { return psql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") == "1"; }));
}

QByteArray TestPostgresFigures::psql(const char* sql, const QString& database) {
  QString error;
  const QByteArray out = m_server.psql(QString::fromUtf8(sql), QStringLiteral("postgres"), database, &error);
  return error.isEmpty() ? out : error.toUtf8();
}

Sample TestPostgresFigures::sampleOf(Source& source) {
  auto sample = source.sample({});
  if (!sample) QTest::qFail(complaint(sample), __FILE__, __LINE__);
  return sample ? sample.value() : Sample();
}

std::map<QString, double> TestPostgresFigures::secondSample(Source& source, const std::function<void()>& meanwhile, Sample* whole) {
  for (int i = 0; i < 3; ++i) sampleOf(source);  // baseline, and our own statements are known
  meanwhile();
  const Sample sample = sampleOf(source);
  if (whole) *whole = sample;
  return valuesOf(sample);
}

void TestPostgresFigures::tellsWhoAnswers() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  const auto identity = source->connect({});
  QVERIFY2(identity.ok(), complaint(identity));
  QCOMPARE(identity.value().product, QStringLiteral("PostgreSQL"));
  QCOMPARE(identity.value().version, QString::fromUtf8(psql("SHOW server_version").split(' ').first()));
  QCOMPARE(identity.value().endpoint, m_server.address());
  QCOMPARE(identity.value().role, QStringLiteral("primary"));
  QCOMPARE(identity.value().serverId.toUtf8(), psql("SELECT system_identifier FROM pg_control_system()"));
  QCOMPARE(psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck' AND usename = 'console'"), "1");
}

void TestPostgresFigures::producesEveryMetricOfTheCatalog() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session session(settingsOf(m_server));
  Sample whole;
  const auto values = secondSample(*source, [&] { session.run("SELECT sum(v) FROM t, pg_sleep(0.01)"); session.run("SELECT pg_stat_force_next_flush()"); }, &whole);
  for (const MetricInfo& metric : metricCatalog())
    if (metric.id.startsWith(QLatin1String("postgres."))) QVERIFY2(values.contains(QString(metric.id)), metric.id.data());
  for (const auto& [id, value] : whole.values) QVERIFY2(findMetric(id), id.data());
  QCOMPARE(whole.notes, QStringList());
  QVERIFY(!whole.restarted);
}

void TestPostgresFigures::countsSessionsByState() {
  const auto settings = settingsOf(m_server);
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session idle1(settings), idle2(settings), inTransaction(settings), aborted(settings);
  QVERIFY(inTransaction.run("BEGIN"));
  QVERIFY(aborted.run("BEGIN"));
  QVERIFY(!aborted.run("SELECT 1/0"));
  RunningStatement running(settings, "SELECT 1", "SELECT pg_sleep(50)");
  QTRY_COMPARE_WITH_TIMEOUT(psql("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(50)'"), "1", 60000);
  // psql's session is there for a moment after it.
  std::map<QString, double> values;
  QVERIFY(becomes([&] {
    values = valuesOf(sampleOf(*source));
    return values.at(QStringLiteral("postgres.connections")) == 5;
  }));
  QCOMPARE(values.at(QStringLiteral("postgres.idle")), 2);
  QCOMPARE(values.at(QStringLiteral("postgres.idle_in_transaction")), 2);
  QCOMPARE(values.at(QStringLiteral("postgres.active")), 1);
  QCOMPARE(values.at(QStringLiteral("postgres.waiting")), 0);
  QCOMPARE(values.at(QStringLiteral("postgres.other")), 0);
  QCOMPARE(values.at(QStringLiteral("postgres.max_connections")), 60);
  // psql sees its own session and ours besides.
  QVERIFY(becomes([&] { return psql("SELECT count(*) - 2 FROM pg_stat_activity WHERE backend_type = 'client backend'") == "5"; }));
}

void TestPostgresFigures::showsBlockedSessionsAndTheLongestQuery() {
  const auto settings = settingsOf(m_server);
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session owner(settings);
  QVERIFY(owner.run("BEGIN"));
  QVERIFY(owner.run("UPDATE t SET v = 1 WHERE id = 1"));
  const RunningStatement first(settings, {}, "UPDATE t SET v = 2 WHERE id = 1");
  const RunningStatement second(settings, {}, "UPDATE t SET v = 3 WHERE id = 1");
  QTRY_COMPARE_WITH_TIMEOUT(psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), "2", 60000);
  const double asked = psql("SELECT extract(epoch FROM max(clock_timestamp() - query_start)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").toDouble();
  const auto values = valuesOf(sampleOf(*source));
  QCOMPARE(values.at(QStringLiteral("postgres.blocked")), 2);
  QCOMPARE(values.at(QStringLiteral("postgres.waiting")), 2);
  QCOMPARE(values.at(QStringLiteral("postgres.active")), 0);
  QVERIFY(values.at(QStringLiteral("postgres.longest_query")) >= asked);
  QVERIFY(owner.run("ROLLBACK"));
  QVERIFY(becomes([&] { return valuesOf(sampleOf(*source)).at(QStringLiteral("postgres.blocked")) == 0; }));
}

void TestPostgresFigures::countsCallsWithoutItsOwn() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  auto values = secondSample(*source, [] {});
  QCOMPARE(values.at(QStringLiteral("postgres.calls")), 0);
  QVERIFY(!values.contains(QStringLiteral("postgres.query_mean")));
  // 30 statements over a time that the server's own clock tells.
  Session session(settingsOf(m_server));
  // The server took its two looks within these: what one of them waited for the processor stands between the longest and the shortest time.
  const Instant first = systemClock.now();
  sampleOf(*source);
  const Instant begin = systemClock.now();
  for (int i = 0; i < 30; ++i) QVERIFY(session.run("SELECT v FROM t WHERE id = 7"));
  QTest::qWait(500);  // long against the time of a look
  const Instant end = systemClock.now();
  values = valuesOf(sampleOf(*source));
  const Instant last = systemClock.now();
  const double rate = values.at(QStringLiteral("postgres.calls")), atLeast = rate * end.secondsSince(begin), atMost = rate * last.secondsSince(first);
  QVERIFY2(atMost > 20 && atLeast < 45, qPrintable(QStringLiteral("%1 to %2").arg(atLeast).arg(atMost)));
  const double mean = values.at(QStringLiteral("postgres.query_mean"));
  QVERIFY2(mean > 0 && mean < 1, qPrintable(QString::number(mean)));
}

void TestPostgresFigures::findsTheSlowestStatement() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session session(settingsOf(m_server));
  auto values = secondSample(*source, [&] { session.run("SELECT count(*), pg_sleep(2) FROM (SELECT 1 FROM t LIMIT 1) one"); session.run("SELECT v FROM t WHERE id = 3"); });
  double slowest = values.at(QStringLiteral("postgres.query_max"));
  QVERIFY2(slowest >= 2 && slowest < 60, qPrintable(QString::number(slowest)));
  QVERIFY(values.at(QStringLiteral("postgres.query_mean")) < slowest);
  // The old maximum is not shown again when only fast statements ran.
  values = secondSample(*source, [&] { session.run("SELECT v FROM t WHERE id = 3"); });
  slowest = values.at(QStringLiteral("postgres.query_max"));
  QVERIFY2(slowest < 2, qPrintable(QString::number(slowest)));
}

void TestPostgresFigures::countsTransactionsAndBufferHits() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session session(settingsOf(m_server));
  for (int i = 0; i < 3; ++i) sampleOf(*source);
  sampleOf(*source);
  for (int i = 0; i < 50; ++i) QVERIFY(session.run("SELECT sum(v) FROM t"));
  for (int i = 0; i < 5; ++i) QVERIFY(!session.run("SELECT 1/0 FROM t"));
  QVERIFY(session.run("SELECT pg_stat_force_next_flush()"));
  const auto values = valuesOf(sampleOf(*source));
  // 5 of 56 and a few of our own.
  const double share = values.at(QStringLiteral("postgres.rollbacks")) / values.at(QStringLiteral("postgres.transactions"));
  QVERIFY2(share > 0.06 && share < 0.095, qPrintable(QString::number(share)));
  QVERIFY(values.at(QStringLiteral("postgres.buffer_hit_ratio")) > 50);
  QVERIFY(values.at(QStringLiteral("postgres.buffer_hit_ratio")) <= 100);
}

void TestPostgresFigures::marksAReset() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Sample whole;
  const auto values = secondSample(*source, [&] { psql("SELECT pg_stat_statements_reset()"); }, &whole);
  QVERIFY(whole.restarted);
  QVERIFY(!values.contains(QStringLiteral("postgres.calls")));
  QVERIFY(!sampleOf(*source).restarted);
  const auto next = secondSample(*source, [&] { psql("SELECT pg_stat_reset()"); }, &whole);
  QVERIFY(whole.restarted);
  QVERIFY(!next.contains(QStringLiteral("postgres.transactions")));
}

void TestPostgresFigures::readsOlderExtensionVersions_data() {
  QTest::addColumn<QByteArray>("version");
  for (const char* version : {"1.4", "1.7", "1.8", "1.9", "1.10"}) QTest::newRow(version) << QByteArray(version);
}

void TestPostgresFigures::readsOlderExtensionVersions() {
  QFETCH(QByteArray, version);
  psql("DROP DATABASE IF EXISTS older");
  psql("CREATE DATABASE older");
  const QString older = QStringLiteral("older");
  psql("CREATE SCHEMA \"Odd schema\"", older);
  const QByteArray made = psql(QByteArray("CREATE EXTENSION pg_stat_statements SCHEMA \"Odd schema\" VERSION '" + version + "'").constData(), older);
  QCOMPARE(made, QByteArray());
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console"), older));
  QVERIFY(source->connect({}).ok());
  const QStringList notes = sampleOf(*source).notes;
  QVERIFY(notes.size() == 1 && notes.first().contains(QStringLiteral("GRANT USAGE ON SCHEMA \"Odd schema\" TO console;")));
  psql("GRANT USAGE ON SCHEMA \"Odd schema\" TO console", older);
  QVERIFY(source->connect({}).ok());
  Session session(settingsOf(m_server));
  Sample whole;
  const auto values = secondSample(*source, [&] { session.run("SELECT pg_sleep(0.05)"); }, &whole);
  QCOMPARE(whole.notes, QStringList());
  QVERIFY(values.at(QStringLiteral("postgres.calls")) > 0);
  QVERIFY(values.at(QStringLiteral("postgres.query_max")) >= 0.05);
}

void TestPostgresFigures::saysWhatAPlainRoleLacks() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("Plain user")));
  QVERIFY(source->connect({}).ok());
  Session other(settingsOf(m_server)), own(settingsOf(m_server, QStringLiteral("Plain user")));
  QVERIFY(becomes([&] { return valuesOf(sampleOf(*source)).at(QStringLiteral("postgres.connections")) == 2; }));  // psql's of before has gone
  Sample whole;
  const auto values = secondSample(*source, [&] { other.run("SELECT pg_sleep(0.05)"); }, &whole);
  QCOMPARE(values.at(QStringLiteral("postgres.connections")), 2);
  QCOMPARE(values.at(QStringLiteral("postgres.other")), 1);
  QCOMPARE(values.at(QStringLiteral("postgres.idle")), 1);
  QVERIFY(!values.contains(QStringLiteral("postgres.blocked")));
  QVERIFY(!values.contains(QStringLiteral("postgres.longest_query")));
  QVERIFY(values.at(QStringLiteral("postgres.calls")) > 0);
  QVERIFY(values.at(QStringLiteral("postgres.query_mean")) > 0);
  QVERIFY(!values.contains(QStringLiteral("postgres.query_max")));
  QCOMPARE(whole.notes.size(), 1);
  QVERIFY2(whole.notes.first().contains(QStringLiteral("GRANT pg_monitor TO \"Plain user\";")), qPrintable(whole.notes.first()));
}

void TestPostgresFigures::seesMoreAfterAGrant() {
  psql("CREATE ROLE later LOGIN PASSWORD 'Sesame-open'");
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("later")));
  QVERIFY(source->connect({}).ok());
  QCOMPARE(sampleOf(*source).notes.size(), 1);
  psql("GRANT pg_monitor TO later");
  Sample last;
  for (int i = 0; i < 12; ++i) last = sampleOf(*source);
  QCOMPARE(last.notes, QStringList());
  QVERIFY(valuesOf(last).contains(QStringLiteral("postgres.blocked")));
}

void TestPostgresFigures::saysThatTheExtensionIsMissing() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console"), QStringLiteral("empty")));
  QVERIFY(source->connect({}).ok());
  Sample whole;
  const auto values = secondSample(*source, [] {}, &whole);
  QCOMPARE(whole.notes.size(), 1);
  QVERIFY2(whole.notes.first().contains(QStringLiteral("“empty”")) && whole.notes.first().contains(QStringLiteral("CREATE EXTENSION pg_stat_statements;")), qPrintable(whole.notes.first()));
  QVERIFY(!whole.notes.first().contains(QStringLiteral("shared_preload_libraries")));
  QVERIFY(!values.contains(QStringLiteral("postgres.calls")));
  QVERIFY(values.contains(QStringLiteral("postgres.transactions")));
}

void TestPostgresFigures::saysWhatTheRoleMayNotRead() {
  psql("REVOKE EXECUTE ON FUNCTION pg_stat_statements(boolean) FROM public");
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  const Sample sample = sampleOf(*source);
  psql("GRANT EXECUTE ON FUNCTION pg_stat_statements(boolean) TO public");
  QCOMPARE(sample.notes.size(), 1);
  QVERIFY2(sample.notes.first().contains(QStringLiteral("GRANT EXECUTE ON FUNCTION public.pg_stat_statements(boolean) TO console;")), qPrintable(sample.notes.first()));
  Sample last;
  for (int i = 0; i < 12; ++i) last = sampleOf(*source);
  QCOMPARE(last.notes, QStringList());
}

void TestPostgresFigures::staysSmallBesideHugeStatements() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  Session session(settingsOf(m_server));
  const auto values = secondSample(*source, [&] {
    QByteArray huge = "SELECT 1 AS a";
    for (int i = 0; i < 1600; ++i) huge += ", " + QByteArray::number(i) + " AS column_" + QByteArray(i % 60, 'x') + QByteArray::number(i);
    QVERIFY(session.run(huge));
    session.run("SELECT length('" + QByteArray(20'000'000, 'y') + "')");
  });
  QVERIFY(values.at(QStringLiteral("postgres.calls")) > 0);
  const auto again = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(again->connect({}).ok());
  QVERIFY(valuesOf(sampleOf(*again)).contains(QStringLiteral("postgres.active")));
}

void TestPostgresFigures::survivesALockedCatalog() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  sampleOf(*source);
  Session owner(settingsOf(m_server));
  QVERIFY(owner.run("BEGIN"));
  QVERIFY(owner.run("LOCK TABLE pg_catalog.pg_stat_database IN ACCESS EXCLUSIVE MODE"));
  const auto locked = source->sample({});
  QVERIFY(!locked.ok());
  QCOMPARE(locked.error().kind, Error::Kind::Busy);
  QVERIFY2(locked.error().message.contains(QStringLiteral("lock")), qPrintable(locked.error().message));
  QVERIFY(owner.run("ROLLBACK"));
  // The same session goes on.
  QVERIFY(!valuesOf(sampleOf(*source)).empty());
}

void TestPostgresFigures::doesNotTrustTheSearchPath() {
  psql("CREATE DATABASE hostile");
  const QString hostile = QStringLiteral("hostile");
  psql("CREATE FUNCTION public.pg_backend_pid() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$", hostile);
  psql("CREATE VIEW public.pg_stat_activity AS SELECT 1/0 AS pid", hostile);
  psql("ALTER DATABASE hostile SET search_path = public, pg_catalog");
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console"), hostile));
  const auto identity = source->connect({});
  QVERIFY2(identity.ok(), complaint(identity));
  QVERIFY(!valuesOf(sampleOf(*source)).empty());
}

QTEST_GUILESS_MAIN(TestPostgresFigures)
#include "tst_postgres_figures.moc"
