// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_notes.h"
#include "core/sources/postgres/postgres_statements.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace cachedeck;

/// From replayed rows to figures: differences, resets, evictions, hidden entries.
class TestPostgresDerive : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void holdsRows();
  void readsActivity();
  void tellsRates();
  void noticesWhenSumsCannotBeCompared();
  void measuresStepsOnTheServersClock();
  void readsStatements();
  void differsEntryByEntry();
  void staysQuietWhenIdle();
  void marksResets();
  void survivesEvictions();
  void comparesSumsWhereEntriesAreHidden();
  void neverGivesNegativeRates();
  void writesStatementsForEveryVersion_data();
  void writesStatementsForEveryVersion();
  void namesTheRemedy();
};

namespace {

using Row = std::initializer_list<const char*>;

PostgresRows rowsOf(const QByteArrayList& columns, std::initializer_list<Row> rows) {
  PostgresRows out(columns);
  for (const Row& row : rows)
    for (const char* value : row) out.add(value ? std::optional<QByteArrayView>(value) : std::nullopt);
  return out;
}

double valueOf(const PostgresValues& values, const char* id) {
  for (const auto& [name, value] : values)
    if (name == QLatin1String(id)) return value;
  return NAN;
}

PostgresActivity activity(double t, double commits, double hits, double reads) {
  PostgresActivity look;
  look.serverSeconds = t;
  look.startedSeconds = 1000;
  look.totals = {5, 2000, commits, commits / 10, hits, reads, 1, 4096};
  return look;
}

struct Entry {
  qint64 query;
  double calls, totalMs, maxMs;
};

PostgresStatements statements(std::initializer_list<Entry> entries, double evictions = 0, double reset = 50) {
  PostgresStatements look;
  for (const Entry& entry : entries) {
    look.entries[{10, 5, entry.query, true}] = {entry.calls, entry.totalMs, entry.maxMs};
    look.calls += entry.calls;
    look.totalMs += entry.totalMs;
  }
  look.complete = true;
  look.evictions = evictions;
  look.resetSeconds = reset;
  return look;
}

PostgresStatements hiding(PostgresStatements look) {
  look.entries.clear();
  look.complete = false;
  look.hidden = true;
  return look;
}

}  // namespace

void TestPostgresDerive::holdsRows() {
  const PostgresRows rows = rowsOf({"a", "b"}, {{"1.5", nullptr}, {"", "t"}, {"x", "-7"}});
  QCOMPARE(rows.rows(), 3);
  QCOMPARE(rows.column("b"), 1);
  QCOMPARE(rows.column("c"), -1);
  QCOMPARE(rows.number(0, 0), 1.5);
  QVERIFY(rows.isNull(0, 1) && !rows.isNull(1, 0));
  QVERIFY(rows.flag(1, 1) && !rows.flag(0, 0));
  QVERIFY(std::isnan(rows.number(2, 0)) && std::isnan(rows.number(0, 1)));
  QCOMPARE(rows.integer(2, 1), std::optional<qint64>(-7));
  QVERIFY(rows.isNull(9, 0) && rows.isNull(0, -1) && rows.text(-1, 0).isEmpty());
  QCOMPARE(PostgresRows().rows(), 0);
}

void TestPostgresDerive::readsActivity() {
  const PostgresRows rows = rowsOf(
      {"t", "started", "standby", "n", "active", "waiting", "idle", "idle_tx", "blocked", "longest", "databases", "commits", "rollbacks",
       "hits", "reads", "deadlocks", "temp_bytes", "reset"},
      {{"1795373849.305", "1795370000.5", "f", "12", "3", "2", "4", "1", "2", "7.25", "4", "1000", "10", "9000", "100", "1", "65536", "0"}});
  const PostgresActivity look = readActivity(rows, true);
  const PostgresValues now = momentary(look);
  QCOMPARE(valueOf(now, "postgres.active"), 3);
  QCOMPARE(valueOf(now, "postgres.waiting"), 2);
  QCOMPARE(valueOf(now, "postgres.other"), 2);
  QCOMPARE(valueOf(now, "postgres.connections"), 12);
  QCOMPARE(valueOf(now, "postgres.blocked"), 2);
  QCOMPARE(valueOf(now, "postgres.longest_query"), 7.25);
  QCOMPARE(look.totals.commits, 1000);
  QVERIFY(!look.standby);
  const PostgresValues plain = momentary(readActivity(rows, false));
  QVERIFY(std::isnan(valueOf(plain, "postgres.blocked")) && std::isnan(valueOf(plain, "postgres.longest_query")));
  // A reply with nothing in it is no zero.
  QVERIFY(std::isnan(valueOf(momentary(readActivity(PostgresRows(), true)), "postgres.active")));
}

void TestPostgresDerive::tellsRates() {
  const PostgresValues values = rates(activity(100, 1000, 500, 100), activity(102, 1200, 590, 110), 2);
  QCOMPARE(valueOf(values, "postgres.transactions"), 110);
  QCOMPARE(valueOf(values, "postgres.rollbacks"), 10);
  QCOMPARE(valueOf(values, "postgres.buffer_hit_ratio"), 90);
  QCOMPARE(valueOf(values, "postgres.deadlocks"), 0);
  QVERIFY(std::isnan(valueOf(rates(activity(0, 1, 5, 5), activity(1, 2, 5, 5), 1), "postgres.buffer_hit_ratio")));
}

void TestPostgresDerive::noticesWhenSumsCannotBeCompared() {
  const PostgresActivity before = activity(100, 1000, 500, 100);
  QCOMPARE(stepKind(before, activity(101, 1001, 500, 100)), StepKind::Continued);
  PostgresActivity now = activity(101, 5, 5, 5);
  QCOMPARE(stepKind(before, now), StepKind::Changed);
  now = activity(101, 1100, 600, 200);
  now.totals.databases = 4;
  QCOMPARE(stepKind(before, now), StepKind::Changed);
  now = activity(101, 1100, 600, 200);
  now.startedSeconds = 1050;
  QCOMPARE(stepKind(before, now), StepKind::Restarted);
  now = activity(101, 1100, 600, 200);
  now.totals.resetSeconds = 2050;
  QCOMPARE(stepKind(before, now), StepKind::Restarted);
}

void TestPostgresDerive::measuresStepsOnTheServersClock() {
  QCOMPARE(stepSeconds(100, 101.2, 1.0), 1.2);
  QCOMPARE(stepSeconds(100, 160, 60.5), 60);
  QCOMPARE(stepSeconds(100, 3700, 1.0), 1.0);  // the server's clock was set
  QCOMPARE(stepSeconds(100, 40, 1.5), 1.5);
  QCOMPARE(stepSeconds(NAN, 40, 1.5), 1.5);
  QCOMPARE(stepSeconds(100, 99.9, 0.01), 0);
}

void TestPostgresDerive::readsStatements() {
  const QByteArrayList columns{"userid", "dbid", "queryid", "toplevel", "calls", "total", "max", "entries", "hidden", "t", "dealloc", "reset"};
  const PostgresRows rows = rowsOf(columns, {{nullptr, nullptr, nullptr, nullptr, "30", "90.5", nullptr, "2", "0", "1795373849.3", "7", "1795370000"},
                                             {"10", "5", "-8123456789012345678", "t", "10", "80.5", "20.25", nullptr, nullptr, nullptr, nullptr, nullptr},
                                             {"10", "5", "-8123456789012345678", "f", "20", "10", "3", nullptr, nullptr, nullptr, nullptr, nullptr}});
  const PostgresStatements look = readStatements(rows);
  QCOMPARE(look.calls, 30);
  QCOMPARE(look.totalMs, 90.5);
  QCOMPARE(look.evictions, std::optional<double>(7));
  QVERIFY(look.complete && !look.hidden);
  QCOMPARE(look.entries.size(), size_t(2));
  QCOMPARE(look.entries.at({10, 5, -8123456789012345678, true}).maxMs, 20.25);
}

void TestPostgresDerive::differsEntryByEntry() {
  const auto before = statements({{1, 100, 1000, 50}, {2, 10, 5000, 900}, {3, 5, 5, 1}});
  // 1: 10 more, mean 2 ms; 2: nothing; 3: 1 more and a new maximum; 4: appeared.
  const auto now = statements({{1, 110, 1020, 50}, {2, 10, 5000, 900}, {3, 6, 75, 70}, {4, 2, 30, 20}});
  const StatementsStep step = statementsStep(before, now);
  QCOMPARE(step.kind, StepKind::Continued);
  QCOMPARE(step.calls, 13);
  QCOMPARE(step.meanMs, 120.0 / 13);
  QCOMPARE(step.maxMs, 70);
  const PostgresValues values = rates(step, 2);
  QCOMPARE(valueOf(values, "postgres.calls"), 6.5);
  QCOMPARE(valueOf(values, "postgres.query_mean"), 0.12 / 13);
  QCOMPARE(valueOf(values, "postgres.query_max"), 0.07);
  // Without a new maximum the highest mean of one entry counts, even where another entry has a higher old maximum.
  QCOMPARE(statementsStep(before, statements({{1, 110, 1020, 50}, {2, 11, 5100, 900}, {3, 5, 5, 1}})).maxMs, 100);
}

void TestPostgresDerive::staysQuietWhenIdle() {
  const auto look = statements({{1, 100, 1000, 50}});
  const StatementsStep step = statementsStep(look, look);
  QCOMPARE(step.calls, 0);
  QVERIFY(std::isnan(step.meanMs) && std::isnan(step.maxMs));
  QCOMPARE(statementsStep(statements({}), statements({})).calls, 0);
}

void TestPostgresDerive::marksResets() {
  const auto before = statements({{1, 100, 1000, 50}}, 0, 50);
  const StatementsStep step = statementsStep(before, statements({{1, 3, 9, 5}}, 0, 60));
  QCOMPARE(step.kind, StepKind::Restarted);
  QVERIFY(rates(step, 1).empty());
  // Version 1.8 has no time of reset.
  auto old = before, fresh = statements({{1, 3, 9, 5}});
  old.resetSeconds = fresh.resetSeconds = old.evictions = fresh.evictions = std::nullopt;
  QCOMPARE(statementsStep(old, fresh).kind, StepKind::Restarted);
}

void TestPostgresDerive::survivesEvictions() {
  const auto before = statements({{1, 100, 1000, 50}, {2, 1000, 9000, 500}}, 3);
  // 2 was dropped, 3 took its place; 1 was dropped and came again with fewer calls.
  const StatementsStep step = statementsStep(before, statements({{1, 4, 8, 3}, {3, 2, 10, 6}}, 9));
  QCOMPARE(step.kind, StepKind::Continued);
  QCOMPARE(step.calls, 6);
  QCOMPARE(step.meanMs, 3);
  QCOMPARE(step.maxMs, 6);
}

void TestPostgresDerive::comparesSumsWhereEntriesAreHidden() {
  const auto before = hiding(statements({{1, 100, 1000, 50}}, 3)), now = hiding(statements({{1, 110, 1050, 50}}, 3));
  const StatementsStep step = statementsStep(before, now);
  QCOMPARE(step.calls, 10);
  QCOMPARE(step.meanMs, 5);
  QVERIFY(std::isnan(step.maxMs));
  QCOMPARE(statementsStep(before, hiding(statements({{1, 110, 1050, 50}}, 4))).kind, StepKind::Changed);
  QCOMPARE(statementsStep(now, before).kind, StepKind::Changed);
  // More entries than are fetched: sums for calls and mean, the slowest among those that are there.
  auto many = statements({{1, 100, 1000, 50}}), later = statements({{1, 110, 1050, 50}, {2, 7, 7, 7}});
  many.complete = later.complete = false;
  QCOMPARE(statementsStep(many, later).maxMs, 5);
}

void TestPostgresDerive::neverGivesNegativeRates() {
  QRandomGenerator random(7);
  PostgresStatements before = statements({});
  for (int round = 0; round < 2000; ++round) {
    PostgresStatements now = statements({});
    for (int i = 0; i < 8; ++i) {
      if (random.bounded(3) == 0) continue;
      const PostgresStatements::Counters counters{double(random.bounded(50)), double(random.bounded(500)), double(random.bounded(90))};
      now.entries[{1, 1, random.bounded(6), true}] = counters;
    }
    for (const auto& [key, counters] : now.entries) {
      now.calls += counters.calls;
      now.totalMs += counters.totalMs;
    }
    now.complete = random.bounded(2) == 0;
    if (random.bounded(4) == 0) now.resetSeconds = std::nullopt;
    for (const auto& [id, value] : rates(statementsStep(before, now), 1)) QVERIFY2(std::isnan(value) || value >= 0, id.data());
    before = now;
  }
}

void TestPostgresDerive::writesStatementsForEveryVersion_data() {
  QTest::addColumn<QByteArray>("version");
  QTest::addColumn<QByteArrayList>("has");
  QTest::addColumn<QByteArrayList>("hasNot");
  const QByteArray info = "pg_stat_statements_info", top = " toplevel AS toplevel", exec = "total_exec_time";
  QTest::newRow("1.4") << QByteArray("1.4") << QByteArrayList{" total_time", " max_time"} << QByteArrayList{info, top, exec};
  QTest::newRow("1.8") << QByteArray("1.8") << QByteArrayList{exec, "max_exec_time", "true AS toplevel"} << QByteArrayList{info, " total_time"};
  for (const char* version : {"1.9", "1.10", "1.11", "1.12"})
    QTest::newRow(version) << QByteArray(version) << QByteArrayList{exec, info} << QByteArrayList{"true AS toplevel"};
}

void TestPostgresDerive::writesStatementsForEveryVersion() {
  QFETCH(QByteArray, version);
  QFETCH(QByteArrayList, has);
  QFETCH(QByteArrayList, hasNot);
  const PostgresCapabilities caps = readCapabilities(rowsOf({"extension_schema", "extension_version"}, {{"\"My schema\"", version.constData()}}));
  const QByteArray sql = statementsSql(caps);
  for (const QByteArray& part : has) QVERIFY2(sql.contains(part), part.constData());
  for (const QByteArray& part : hasNot) QVERIFY2(!sql.contains(part), part.constData());
  QVERIFY(sql.contains("\"My schema\".pg_stat_statements(false)"));
  QVERIFY(!sql.contains('@'));
  QVERIFY(sql.left(64).contains(ownMark) && ownStatementsSql(caps).left(64).contains(ownMark));
}

void TestPostgresDerive::namesTheRemedy() {
  PostgresCapabilities caps;
  caps.role = QStringLiteral("\"Me\"");
  caps.database = QStringLiteral("app");
  caps.extensionSchema = "public";
  caps.readsAllStats = true;
  const auto note = [&](StatementsAccess access) { return postgresNotes(caps, access, false).join(QLatin1Char('\n')); };
  QCOMPARE(note(StatementsAccess::Fine), QString());
  QVERIFY(note(statementsAccess("55000")).contains(QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")));
  QVERIFY(note(statementsAccess("42P01")).contains(QStringLiteral("shared_preload_libraries")));
  caps.statementsLoaded = true;
  QVERIFY(!note(statementsAccess("42P01")).contains(QStringLiteral("shared_preload_libraries")));
  QVERIFY(note(statementsAccess("42P01")).contains(QStringLiteral("CREATE EXTENSION pg_stat_statements;")));
  QVERIFY(note(statementsAccess("42501")).contains(QStringLiteral("GRANT EXECUTE ON FUNCTION public.pg_stat_statements(boolean) TO \"Me\";")));
  QVERIFY(note(statementsAccess("57014")).contains(QStringLiteral("at the moment")));
  QVERIFY(note(statementsAccess("42703")).contains(QStringLiteral("ALTER EXTENSION pg_stat_statements UPDATE;")));
  QVERIFY(postgresNotes(caps, StatementsAccess::Fine, true).first().contains(QStringLiteral("pg_stat_statements.max")));
  caps.tracksStatements = false;
  QVERIFY(note(StatementsAccess::Fine).contains(QStringLiteral("pg_stat_statements.track")));
  caps.readsAllStats = false;
  QVERIFY(note(StatementsAccess::Fine).contains(QStringLiteral("GRANT pg_monitor TO \"Me\";")));
}

QTEST_GUILESS_MAIN(TestPostgresDerive)
#include "tst_postgres_derive.moc"
