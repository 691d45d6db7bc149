// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/load_run.h"
#include "tests/support/process.h"
#include "tests/support/stand_still.h"
#include "tests/support/start_load.h"

#include <QElapsedTimer>
#include <QtTest>

#include <cmath>
#include <functional>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::load;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5min;  // a run that is stopped when it was seen to do what it should
using End = RunFigures::End;

std::uint64_t failuresOf(const RunFigures& figures, FailureKind kind) { return figures.failures[static_cast<std::size_t>(kind)]; }

QString examples(const RunFigures& figures) {
  QString text = QString::fromStdString(figures.problem);
  for (std::size_t kind = 0; kind < failureKindCount; ++kind)
    if (figures.failures[kind] > 0) text += QStringLiteral("\n%1 %2").arg(figures.failures[kind]).arg(QLatin1String(failureName(static_cast<FailureKind>(kind))));
  for (const auto& [example, count] : figures.failureExamples) text += QStringLiteral("\n%1 x%2").arg(QString::fromStdString(example)).arg(count);
  return text;
}

/// What must hold however a run went.
bool isSound(const RunFigures& figures) {
  const bool sound = figures.all.requests == figures.all.latency.count() && figures.iterations <= figures.all.requests && figures.iterations + figures.interrupted >= figures.all.requests && !examples(figures).contains(QStringLiteral("Sesame"));
  if (!sound) qInfo().noquote() << figures.all.requests << "requests" << figures.iterations << "iterations" << examples(figures);
  return sound;
}

bool isNear(double value, double expected, double by) {
  if (std::abs(value - expected) <= by) return true;
  qInfo() << value << "is not" << expected;
  return false;
}

}  // namespace

class TestLoadDirect : public QObject {
  Q_OBJECT
 private:
  RunPlan plan(int users = 10, Millis duration = 1500ms) const {
    RunPlan plan;
    plan.scenario.name = "direct";
    plan.scenario.target = Target::CacheAside;
    plan.scenario.timeout = 30s;
    plan.scenario.executor.vus = users;
    plan.scenario.executor.duration = duration;
    plan.scenario.workload.keys = 2000;
    plan.scenario.workload.valueBytes = 100;
    plan.direct.redisHost = "127.0.0.1";
    plan.direct.redisPort = m_redis->port();
    plan.direct.redisPassword = "Sesame-open";
    plan.direct.redisDatabase = 3;
    plan.direct.postgres = {{"host", "localhost"}, {"port", std::to_string(m_postgres->port())}, {"user", "postgres"}, {"dbname", "postgres"}, {"password", PostgresServer::password().toStdString()}};
    plan.hands.flush = [](const auto&...) { return std::string(); };
    return plan;
  }
  RunPlan iterations(int users, int count) const {
    RunPlan made = plan(users);
    made.scenario.executor.kind = ExecutorKind::SharedIterations;
    made.scenario.executor.iterations = count;
    made.scenario.executor.maxDuration = Millis(patience);
    return made;
  }
  static std::unique_ptr<LoadRun> start(RunPlan plan) {
    auto run = startLoad(std::move(plan));
    if (!run) qFatal("%s", run.error().c_str());
    return std::move(*run);
  }
  /// A run that lasts until it has been seen to do what it should.
  RunFigures stopped(LoadRun& run) {
    m_wasStopped = true;
    run.stop();
    return run.wait();
  }
  static RunFigures runOf(RunPlan plan) { return start(std::move(plan))->wait(); }
  /// Until so many were made: what comes before that is preparing.
  static bool isUnderWay(const LoadRun& run, std::uint64_t requests = 100) {
    const bool waited = QTest::qWaitFor([&] { return run.figures().all.requests >= requests || run.ended(); }, 60'000);
    if (waited && !run.ended()) return true;
    const RunFigures figures = run.figures();
    qInfo().noquote() << "ended" << run.ended() << "after" << figures.elapsedMs << "ms and" << figures.all.requests << "requests" << examples(figures);
    return false;
  }
  QByteArray cli(const QStringList& arguments) const { return m_redis->cli(QStringList{QStringLiteral("--pass"), QStringLiteral("Sesame-open"), QStringLiteral("-n"), QStringLiteral("3")} + arguments); }
  QByteArray commandCalls(const char* name) const {
    for (const QByteArray& line : cli({QStringLiteral("info"), QStringLiteral("commandstats")}).split('\n'))
      if (line.startsWith(QByteArray("cmdstat_") + name + ":calls=")) return line.mid(line.indexOf('=') + 1, line.indexOf(',') - line.indexOf('=') - 1);
    return "0";
  }
  /// What the runs left: keys, schemas, sessions.
  QByteArray left() const {
    QByteArray sessions;
    (void)QTest::qWaitFor([&] { return (sessions = m_postgres->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'cachedeck-load%'"))) == "0"; }, 60000);
    return cli({QStringLiteral("dbsize")}) + " keys, " + m_postgres->psql(QStringLiteral("SELECT count(*) FROM pg_namespace WHERE nspname = 'cachedeck_load'")) + " schemas, " + sessions + " sessions";
  }

  std::unique_ptr<RedisServer> m_redis;
  std::unique_ptr<PostgresServer> m_postgres;
  const StandStill m_machine;
  const QByteArray clean = "1 keys, 0 schemas, 0 sessions";
  bool m_wasStopped = false;
  int m_stops = 0, m_cleanStops = 0;

 private Q_SLOTS:
  void cleanupTestCase() { QVERIFY(m_stops == 0 || m_cleanStops > 0); }
  void initTestCase() {
    m_redis = std::make_unique<RedisServer>(QStringList{QStringLiteral("requirepass Sesame-open")});
    m_postgres = std::make_unique<PostgresServer>(QStringList{QStringLiteral("max_connections = 60")});
    const QString problem = startAll({m_redis.get(), m_postgres.get()});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // A key and a table of somebody else, which outlive everything.
    cli({QStringLiteral("set"), QStringLiteral("cachedeck:other"), QStringLiteral("1")});
    m_postgres->psql(QStringLiteral("CREATE TABLE other AS SELECT 1 AS a"));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_wasStopped = false;
  }
  void cleanup() {
    // A run that is stopped takes 0.6 s for what it leaves, which a busy machine may not suffice for, and then leaves it to the next.
    if (m_wasStopped || m_machine.isRecent()) {
      const bool isClean = left() == clean;
      ++m_stops;
      m_cleanStops += isClean ? 1 : 0;
      if (!isClean) runOf(iterations(1, 1));
    }
    QCOMPARE(left(), clean);
    QCOMPARE(m_postgres->psql(QStringLiteral("SELECT a FROM other")), QByteArray("1"));
  }

  void everyReadGoesThroughTheCache() {
    const auto run = start(iterations(1, 3000));
    const RunFigures figures = run->wait();
    QVERIFY(isSound(figures));
    QCOMPARE(figures.end, End::Completed);
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    QCOMPARE(figures.all.requests, 3000u);
    QCOMPARE(figures.all.hits + figures.all.misses, 3000u);
    QCOMPARE(figures.steps.size(), 1u);
    QCOMPARE(figures.steps[0].name, "read");
    QVERIFY(figures.all.bytesIn > 3000 * 100);
    QVERIFY(figures.failureExamples.empty());
  }

  // As many misses as there are different keys among the drawn ones.
  void fewKeysAreAskedForOftenByZipf() {
    for (const auto distribution : {CacheAsideWorkload::Keys::Uniform, CacheAsideWorkload::Keys::Zipf}) {
      RunPlan plan = iterations(1, 3000);
      plan.scenario.workload.distribution = distribution;
      double all = 0, different = 0;
      for (int k = 1; k <= 2000; ++k) all += std::pow(k, -0.99);
      for (int k = 1; k <= 2000; ++k) different += 1 - std::pow(1 - (distribution == CacheAsideWorkload::Keys::Zipf ? std::pow(k, -0.99) / all : 1.0 / 2000), 3000);
      const RunFigures figures = runOf(std::move(plan));
      QVERIFY(isNear(static_cast<double>(figures.all.misses), different, 0.1 * different));
    }
  }

  void theHitRatioIsTheTarget() {
    for (const double target : {0.0, 0.25, 0.9, 1.0}) {
      RunPlan plan = iterations(20, 10'000);
      plan.scenario.workload.hitRatio = target;
      const RunFigures figures = runOf(std::move(plan));
      QVERIFY(isSound(figures));
      QVERIFY2(isNear(figures.hitRatio(), target, 0.02), qPrintable(examples(figures)));
    }
  }

  void aWarmCacheHasAllAndAFlushedOneNothing() {
    RunPlan warm = iterations(10, 5000);
    warm.scenario.cache = CachePreparation::Warmed;
    QCOMPARE(runOf(std::move(warm)).hitRatio(), 1.0);
    cli({QStringLiteral("set"), QStringLiteral("cachedeck:load:1"), QStringLiteral("stale")});
    RunPlan flushed = iterations(1, 1);
    flushed.scenario.workload.keys = 1;
    flushed.scenario.cache = CachePreparation::Flushed;
    QCOMPARE(runOf(std::move(flushed)).all.misses, 1u);
  }

  void withoutCacheAllIsReadFromTheDatabase() {
    RunPlan plan = iterations(10, 2000);
    plan.scenario.workload.cache = false;
    plan.direct.redisHost.clear();
    const RunFigures figures = runOf(std::move(plan));
    QVERIFY(isSound(figures));
    QCOMPARE(figures.all.requests, 2000u);
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    QCOMPARE(figures.hitRatio(), -1.0);
  }

  // With one key and one user, every read after a write is a miss, and every other one a hit.
  void aWriteRemovesItsKey() {
    cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    RunPlan plan = iterations(1, 4000);
    plan.scenario.workload.keys = 1;
    plan.scenario.workload.writeFraction = 0.3;
    const RunFigures figures = runOf(std::move(plan));
    QVERIFY(isSound(figures));
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    QCOMPARE(figures.steps[1].name, "write");
    const auto writes = static_cast<double>(figures.steps[1].requests);
    QVERIFY(isNear(writes / 4000, 0.3, 0.05));
    QVERIFY(isNear(figures.hitRatio(), 0.7, 0.06));
    QVERIFY(commandCalls("unlink").toDouble() >= writes);
    QVERIFY(isNear(commandCalls("set").toDouble(), static_cast<double>(figures.all.misses), 3));
  }

  void thePoolBoundsTheConnections() {
    RunPlan plan = this->plan(40, patience);
    plan.scenario.workload.poolMode = "dev";
    plan.scenario.workload.cache = false;
    plan.scenario.workload.queryCost = 20ms;
    const auto run = start(std::move(plan));
    QVERIFY(isUnderWay(*run, 50));
    int most = 0;
    for (int i = 0; i < 20; ++i) most = std::max(most, m_postgres->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck-load'")).toInt());
    QCOMPARE(most, 10);
    const RunFigures figures = stopped(*run);
    QVERIFY(isSound(figures));
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    // Forty wait for ten: the wait is part of what they see.
    QVERIFY2(figures.all.latency.percentileNs(50) > 70e6, qPrintable(QString::number(figures.all.latency.percentileNs(50))));
  }

  void aServerThatTakesNoMoreConnectionsIsLivedWith() {
    RunPlan plan = this->plan(90, patience);  // the server takes sixty
    plan.scenario.workload.cache = false;
    plan.scenario.workload.queryCost = 20ms;
    const auto run = start(std::move(plan));
    QVERIFY(QTest::qWaitFor([&] { return run->figures().all.requests > 500 && !run->figures().failureExamples.empty(); }, 60'000));
    const RunFigures figures = stopped(*run);
    QVERIFY(isSound(figures));
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    QVERIFY2(examples(figures).contains(QStringLiteral("SQLSTATE 53300")), qPrintable(examples(figures)));
  }

  void aRunGoesOnWithoutRedis() {
    RunPlan plan = this->plan(10, patience);
    plan.scenario.workload.writeFraction = 0.1;
    const auto run = start(std::move(plan));
    QVERIFY(isUnderWay(*run));
    m_redis->kill9();
    QVERIFY(QTest::qWaitFor([&] { return run->figures().steps[1].failed > 20; }, 60'000));
    const std::uint64_t hits = run->figures().all.hits;
    const QString problem = m_redis->start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    cli({QStringLiteral("set"), QStringLiteral("cachedeck:other"), QStringLiteral("1")});
    QVERIFY(QTest::qWaitFor([&] { return run->figures().all.hits > hits + 100; }, 60'000));  // it is used again
    const RunFigures figures = stopped(*run);
    QVERIFY(isSound(figures));
    QCOMPARE(figures.steps[0].failed, 0u);  // reads have the database
    QCOMPARE(failuresOf(figures, FailureKind::Redis) + failuresOf(figures, FailureKind::Connect), figures.all.failed);
    QVERIFY2(examples(figures).contains(QStringLiteral("Connection refused (read from the database)")), qPrintable(examples(figures)));
  }

  void aRunGoesOnWithoutPostgres() {
    RunPlan plan = this->plan(10, patience);
    plan.scenario.workload.hitRatio = 0.5;
    const auto run = start(std::move(plan));
    QVERIFY(isUnderWay(*run));
    m_postgres->kill9();
    QVERIFY(QTest::qWaitFor([&] { return run->figures().all.failed > 50; }, 60'000));
    const QString problem = m_postgres->start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const std::uint64_t misses = run->figures().all.misses;
    QVERIFY(QTest::qWaitFor([&] { return run->figures().all.misses > misses + 100; }, 60'000));
    const RunFigures figures = stopped(*run);
    QVERIFY(isSound(figures));
    QCOMPARE(failuresOf(figures, FailureKind::Postgres) + failuresOf(figures, FailureKind::Connect), figures.all.failed);
    QVERIFY2(examples(figures).contains(QStringLiteral("PostgreSQL at 127.0.0.1:")) || examples(figures).contains(QStringLiteral("PostgreSQL at localhost:")), qPrintable(examples(figures)));
  }

  void whatHangsIsATimeout() {
    RunPlan plan = this->plan(5, patience);
    plan.scenario.timeout = 300ms;
    plan.scenario.workload.hitRatio = 0.9;
    const auto run = start(std::move(plan));
    QVERIFY(isUnderWay(*run));
    m_redis->freeze();
    const bool timedOut = QTest::qWaitFor([&] { return examples(run->figures()).contains(QStringLiteral("timeout: not done within 300 ms; it waited for Redis")); }, 60'000);
    m_redis->thaw();
    const RunFigures figures = stopped(*run);
    QVERIFY2(timedOut, qPrintable(examples(figures)));
    QVERIFY(isSound(figures));
  }

  // It was a whole and valid run of so many errors, exit code 0.
  void aRunOfWhichEveryOperationFailsHasFailed() {
    RunPlan plan = this->plan(3, 500ms);
    plan.scenario.workload.cache = false;
    plan.scenario.workload.queryCost = 60s;
    plan.direct.postgres.emplace_back("options", "-c statement_timeout=3000");  // which what prepares the run keeps to as well
    const RunFigures figures = runOf(std::move(plan));
    QVERIFY(isSound(figures));
    QVERIFY(figures.all.requests > 0);
    QCOMPARE(failuresOf(figures, FailureKind::Postgres), figures.all.requests);
    QCOMPARE(figures.end, End::Failed);
    QVERIFY2(figures.problem.starts_with("Not one of " + std::to_string(figures.all.requests) + " operations succeeded (postgres: "), figures.problem.c_str());
  }

  // A database in which every statement hung made a run of no operation, no error and exit code 0: nothing was recorded of those that were cut off.
  void aRunOfWhichNoOperationEndsHasFailed() {
    RunPlan plan = this->plan(3, 500ms);
    plan.scenario.workload.cache = false;
    plan.scenario.workload.queryCost = 60s;
    plan.scenario.executor.gracefulStop = 1s;
    const RunFigures figures = runOf(std::move(plan));
    QVERIFY(isSound(figures));
    QCOMPARE(failuresOf(figures, FailureKind::Unanswered), 3u);
    QCOMPARE(figures.interrupted, 3u);
    QCOMPARE(figures.end, End::Failed);
    QVERIFY2(figures.problem.starts_with("Not one of 3 operations succeeded (unanswered: not done for 1000 ms when the run ended; it waited for PostgreSQL)."), figures.problem.c_str());
  }

  void aStatementThatHangsIsCancelled() {
    RunPlan plan = this->plan(20, 2500ms);
    plan.scenario.timeout = 300ms;
    plan.scenario.workload.cache = false;
    plan.scenario.workload.poolMode = "dev";
    plan.scenario.workload.queryCost = 60s;
    plan.scenario.executor.gracefulStop = 1s;
    const auto run = start(std::move(plan));
    int most = 0;
    while (!run->ended()) most = std::max(most, m_postgres->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck-load'")).toInt());
    QVERIFY2(most > 0 && most <= 30, qPrintable(QString::number(most)));  // ten at most, and those that are just being cancelled
    const RunFigures figures = run->wait();
    QVERIFY(isSound(figures));
    QCOMPARE(failuresOf(figures, FailureKind::Timeout), figures.all.requests);
    QVERIFY2(examples(figures).contains(QStringLiteral("waited for PostgreSQL")), qPrintable(examples(figures)));
    QVERIFY2(examples(figures).contains(QStringLiteral("waited for a database connection of the pool")), qPrintable(examples(figures)));
  }

  void stopEndsItWithinASecond_data() {
    QTest::addColumn<int>("costMs");
    QTest::addColumn<bool>("redisHangs");
    QTest::addColumn<bool>("postgresHangs");
    QTest::newRow("quick statements") << 0 << false << false;
    QTest::newRow("slow statements") << 60'000 << false << false;
    QTest::newRow("Redis hangs") << 0 << true << false;
    QTest::newRow("PostgreSQL hangs") << 0 << false << true;
    QTest::newRow("both hang") << 0 << true << true;
  }
  void stopEndsItWithinASecond() {
    QFETCH(int, costMs);
    QFETCH(bool, redisHangs);
    QFETCH(bool, postgresHangs);
    RunPlan plan = this->plan(50, 60s);
    plan.scenario.workload.queryCost = Millis(costMs);
    const auto run = start(std::move(plan));
    QVERIFY(QTest::qWaitFor([&] { return run->figures().state == RunFigures::State::Running; }, 60'000));
    QTest::qWait(500);
    if (redisHangs) m_redis->freeze();
    if (postgresHangs) m_postgres->freeze();
    QElapsedTimer timer;
    timer.start();
    m_wasStopped = true;
    run->stop();
    const RunFigures figures = run->wait();
    const auto took = timer.elapsed();
    if (redisHangs) m_redis->thaw();
    if (postgresHangs) m_postgres->thaw();
    if (redisHangs || postgresHangs) QCOMPARE(runOf(iterations(1, 1)).end, End::Completed);  // what could not be removed is removed by the next run
    QCOMPARE(figures.end, End::Stopped);
    QVERIFY2(took < 20'000, qPrintable(QString::number(took)));  // a second; what hangs would hang for 30
  }

  void aStopWhileTheTableIsFilledLeavesNothing() {
    RunPlan plan = this->plan();
    plan.scenario.workload.keys = 20'000'000;
    const auto run = start(std::move(plan));
    QVERIFY(QTest::qWaitFor([&] { return m_postgres->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO cachedeck_load%' AND state = 'active'")) == "1"; }, 60'000));
    QElapsedTimer timer;
    timer.start();
    m_wasStopped = true;
    run->stop();
    QCOMPARE(run->wait().end, End::Stopped);
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
  }

  void leftoversOfAKilledRunAreUsed() {
    // What a run that was killed would leave.
    m_postgres->psql(QStringLiteral("CREATE SCHEMA cachedeck_load; COMMENT ON SCHEMA cachedeck_load IS 'Made by cachedeck for load runs; dropped at the end of the last';"
                                    "CREATE TABLE cachedeck_load.entry (id bigint PRIMARY KEY, value text NOT NULL);"
                                    "INSERT INTO cachedeck_load.entry SELECT id, 'left' FROM generate_series(1, 2000) AS id; COMMENT ON TABLE cachedeck_load.entry IS 'keys=2000 bytes=100'"));
    const auto run = start(plan(5, patience));
    QVERIFY(isUnderWay(*run));
    QCOMPARE(m_postgres->psql(QStringLiteral("SELECT count(*), min(value) FROM cachedeck_load.entry")), QByteArray("2000|left"));
    QCOMPARE(stopped(*run).all.failed, 0u);
    // Of another size it is made anew.
    m_postgres->psql(QStringLiteral("DROP SCHEMA IF EXISTS cachedeck_load CASCADE; CREATE SCHEMA cachedeck_load; COMMENT ON SCHEMA cachedeck_load IS 'Made by cachedeck for load runs; dropped at the end of the last';"
                                    "CREATE TABLE cachedeck_load.entry (id bigint PRIMARY KEY, value text NOT NULL); COMMENT ON TABLE cachedeck_load.entry IS 'keys=10 bytes=100'"));
    const auto other = start(plan(5, patience));
    QVERIFY(isUnderWay(*other));
    QCOMPARE(m_postgres->psql(QStringLiteral("SELECT count(*), min(length(value)), max(value) FROM cachedeck_load.entry")), QByteArray("2000|100|") + QByteArray(96, '0') + "2000");
    QCOMPARE(stopped(*other).all.failed, 0u);
  }

  void twoRunsShareTheTable() {
    const auto first = start(plan(3, patience));
    QVERIFY(isUnderWay(*first));
    RunPlan smaller = iterations(3, 500);
    smaller.scenario.workload.keys = 100;
    const RunFigures second = runOf(std::move(smaller));
    QCOMPARE(second.end, End::Completed);
    QCOMPARE(second.all.failed, 0u);
    RunPlan larger = iterations(1, 1);
    larger.scenario.workload.keys = 5000;
    const RunFigures refused = runOf(std::move(larger));
    QCOMPARE(refused.end, End::Failed);
    QVERIFY2(refused.problem.find("Another load run is using the table cachedeck_load.entry with keys=2000 bytes=100") == 0, refused.problem.c_str());
    QVERIFY(!first->ended());
    QCOMPARE(stopped(*first).all.failed, 0u);
  }

  void whatCannotBePreparedIsNamed_data() {
    QTest::addColumn<QString>("says");
    QTest::newRow("may not create") << QStringLiteral("The role \"reader\" may not create a schema in the database \"postgres\"");
    QTest::newRow("somebody else's schema") << QStringLiteral("has a schema cachedeck_load that no load run made");
    QTest::newRow("wrong PostgreSQL password") << QStringLiteral("refused the login (SQLSTATE 28P01)");
    QTest::newRow("wrong Redis password") << QStringLiteral("does not accept the user name or password");
    QTest::newRow("no Redis there") << QStringLiteral("cannot be connected to (Connection refused)");
    QTest::newRow("no such host") << QStringLiteral("could not be looked up");
    QTest::newRow("may not write to Redis") << QStringLiteral("does not allow this user the command SET");
  }
  void whatCannotBePreparedIsNamed() {
    QFETCH(QString, says);
    const QByteArray row = QTest::currentDataTag();
    RunPlan plan = iterations(1, 1);
    if (row == "may not create") {
      m_postgres->psql(QStringLiteral("CREATE ROLE reader LOGIN PASSWORD '%1'").arg(PostgresServer::password()));
      plan.direct.postgres[2].second = "reader";
    }
    if (row == "somebody else's schema") m_postgres->psql(QStringLiteral("CREATE SCHEMA cachedeck_load; CREATE TABLE cachedeck_load.entry (a int)"));
    if (row == "wrong PostgreSQL password") plan.direct.postgres[4].second = "Sesame-shut";
    if (row == "wrong Redis password") plan.direct.redisPassword = "Sesame-shut";
    if (row == "no Redis there") plan.direct.redisPort = freePort();
    if (row == "no such host") plan.direct.redisHost = "no-such-host.invalid";
    if (row == "may not write to Redis") {
      cli({QStringLiteral("acl"), QStringLiteral("setuser"), QStringLiteral("reader"), QStringLiteral("on"), QStringLiteral(">Sesame-open"), QStringLiteral("~*"), QStringLiteral("+@read"), QStringLiteral("+select"), QStringLiteral("+ping")});
      plan.direct.redisUser = "reader";
    }
    const RunFigures figures = runOf(std::move(plan));
    QCOMPARE(figures.end, End::Failed);
    QVERIFY2(figures.problem.find(says.toStdString()) != std::string::npos, figures.problem.c_str());
    QVERIFY(figures.problem.find("Sesame") == std::string::npos);
    if (row != "somebody else's schema") return;
    QCOMPARE(m_postgres->psql(QStringLiteral("DROP TABLE cachedeck_load.entry; DROP SCHEMA cachedeck_load")), QByteArray());  // it is still there
  }

  void latencyCountsFromTheIntendedStart() {
    RunPlan plan = this->plan(5, 4000ms);
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 200;
    executor.preAllocatedVus = executor.maxVus = 5;
    plan.scenario.workload.hitRatio = 0.9;
    const auto run = start(std::move(plan));
    QVERIFY(isUnderWay(*run, 20));
    m_redis->freeze();
    QTest::qWait(500);
    m_redis->thaw();
    const RunFigures figures = run->wait();
    QVERIFY(isSound(figures));
    QVERIFY2(figures.all.failed == 0, qPrintable(examples(figures)));
    QCOMPARE(figures.all.requests, 800u);
    // A hundred came meanwhile, and waited from 0 to 500 ms: five were sent, all are seen.
    QVERIFY2(figures.all.latency.percentileNs(95) > 150e6, qPrintable(QString::number(figures.all.latency.percentileNs(95))));
  }
};

QTEST_GUILESS_MAIN(TestLoadDirect)
#include "tst_load_direct.moc"
