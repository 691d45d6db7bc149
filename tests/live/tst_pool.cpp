// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_pool_support.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

using namespace cachedeck::test;
using Level = PoolStats::Level;

/// Each rule of the connection pool against a real server.
class TestPool : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void refusesInvalidOptions();
  void opensWhenFirstNeeded();
  void handsOutTheOneUsedLast();
  void neverOpensMoreThanAllowed();
  void keepsAtMostMaxIdle();
  void keepsNoneWithoutMaxIdle();
  void closesAtTheEndOfLifetime();
  void neverEndsALoanForItsAge();
  void closesWhatIsIdleForLong();
  void keepsWhatIsUsedOften();
  void countsWaits();
  void servesInTheOrderOfArrival();
  void saysWhyNoneCameFree();
  void triesWithoutWaiting();
  void stopsWaitingWhenAsked();
  void rollsBackOpenTransactions();
  void replacesAbandonedConnections();
  void returnsALoanThatIsOverwritten();
  void warnsByThresholds();
  void isHealthy();
  void saysWhenItIsUsedUp();
  void shutsDown();
  void shutsDownWithLoansOut();
  void endsWaitsAtShutdown();
  void mayEndBeforeItsLoans();

 private:
  std::unique_ptr<Pool> pool(const PoolOptions& options) { return poolOf(conninfoOf(m_server), options); }

  PostgresServer m_server{{QStringLiteral("max_connections = 100")}};
};

namespace {

/// A busy machine leaves less of the time that was given.
QString timeless(QString message) { return message.replace(QRegularExpression(QStringLiteral("within \\d+ ms")), QStringLiteral("within … ms")); }

}  // namespace

void TestPool::initTestCase() {
  QCOMPARE(m_server.start(), QString());
  m_server.psql(QStringLiteral("CREATE TABLE risks (id int)"));
}

void TestPool::init() {
  QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);  // of the test before
}

void TestPool::refusesInvalidOptions() {
  QVERIFY(failedAs(Pool::make(conninfoOf(m_server), limits(0, 0)), Kind::Usage, "max_open is 0"));
  QVERIFY(failedAs(Pool::make(conninfoOf(m_server), limits(2, 3)), Kind::Usage, "max_idle is 3, above max_open"));
}

void TestPool::opensWhenFirstNeeded() {
  const auto pool = this->pool(*poolMode("dev"));
  QCOMPARE(pool->options().maxOpen, 10);
  PoolStats stats = pool->stats();
  QCOMPARE(stats.open + stats.inUse + stats.idle + stats.waiting, 0);
  QCOMPARE(stats.maxOpen, 10);
  QCOMPARE(stats.opened, 0u);
  QCOMPARE(sessions(m_server), 0);
  {
    const Lease lease = lent(*pool);
    QCOMPARE(ask(*lease, "SELECT 1"), QStringLiteral("1"));
    stats = pool->stats();
    QCOMPARE(stats.open, 1);
    QCOMPARE(stats.inUse, 1);
    QCOMPARE(sessions(m_server), 1);
  }
  for (int i = 0; i < 5; ++i) QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  stats = pool->stats();
  QCOMPARE(stats.open, 1);
  QCOMPARE(stats.idle, 1);
  QCOMPARE(stats.opened, 1u);
  QCOMPARE(stats.waits, 0u);
  QVERIFY(accountsForAll(stats));
}

void TestPool::handsOutTheOneUsedLast() {
  const auto pool = this->pool(limits(3, 3));
  std::optional<Lease> first(lent(*pool)), second(lent(*pool)), third(lent(*pool));
  const int pid = (*second)->serverPid();
  first.reset();
  third.reset();
  second.reset();
  QCOMPARE(lent(*pool)->serverPid(), pid);
}

void TestPool::neverOpensMoreThanAllowed() {
  const auto pool = this->pool(limits(5, 5));
  std::atomic<int> lentNow = 0, lentMost = 0, done = 0;
  std::latch all(50);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&] {
      all.arrive_and_wait();
      for (int round = 0; round < 20; ++round) {
        const auto lease = pool->acquire(soon());
        if (!lease) return;
        const int now = ++lentNow;
        for (int most = lentMost; now > most && !lentMost.compare_exchange_weak(most, now);) {}
        const bool fine = (*lease)->query("SELECT pg_sleep(0.001)", {}, soon()).ok();
        --lentNow;
        if (fine) ++done;
      }
    });
  const auto observer = PgConnection::open(conninfoOf(m_server) + " application_name=observer", soon());
  QVERIFY(observer.ok());
  int most = 0;
  while (done < 1000) {
    most = std::max(most, ask(**observer, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck-app'").toInt());
    QVERIFY(pool->stats().open <= 5);
    QVERIFY(pool->stats().inUse <= 5);
  }
  threads.clear();
  QCOMPARE(lentMost.load(), 5);
  QVERIFY2(most >= 1 && most <= 5, qPrintable(QString::number(most)));
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.opened, 5u);
  QCOMPARE(stats.idle, 5);
  QVERIFY(stats.waits > 0 && stats.waitTime > 0ns);
  QCOMPARE(stats.timeouts, 0u);
  QVERIFY(accountsForAll(stats));
}

void TestPool::keepsAtMostMaxIdle() {
  const auto pool = this->pool(limits(6, 2));
  std::vector<Lease> leases;
  for (int i = 0; i < 5; ++i) leases.push_back(lent(*pool));
  QCOMPARE(pool->stats().open, 5);
  leases.clear();
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.idle, 2);
  QCOMPARE(stats.open, 2);
  QCOMPARE(stats.closedMaxIdle, 3u);
  QVERIFY(accountsForAll(stats));
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 2, 60000);
}

void TestPool::keepsNoneWithoutMaxIdle() {
  const auto pool = this->pool(limits(1, 0));
  std::optional<Lease> lease(lent(*pool));
  const int pid = (*lease)->serverPid();
  int pidOfWaiter = 0;
  std::jthread waiter([&] { pidOfWaiter = lent(*pool)->serverPid(); });
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 1, 60000);
  lease.reset();
  waiter.join();
  QCOMPARE(pidOfWaiter, pid);  // goes from hand to hand all the same
  QCOMPARE(pool->stats().open, 0);
  QCOMPARE(pool->stats().closedMaxIdle, 1u);
}

void TestPool::closesAtTheEndOfLifetime() {
  const auto pool = this->pool(limits(3, 3, 300ms));
  std::vector<Lease> leases;
  for (int i = 0; i < 3; ++i) leases.push_back(lent(*pool));
  leases.clear();
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().closedLifetime, 3u, 60000);  // nobody asks the pool for anything
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);
  QVERIFY(accountsForAll(pool->stats()));
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().closedLifetime, 4u, 60000);
  QCOMPARE(pool->stats().closedIdleTime, 0u);
}

void TestPool::neverEndsALoanForItsAge() {
  const auto pool = this->pool(limits(1, 1, 100ms));
  {
    const Lease lease = lent(*pool);
    QCOMPARE(ask(*lease, "SELECT 1 FROM pg_sleep(0.3)"), QStringLiteral("1"));
    QCOMPARE(pool->stats().closedLifetime, 0u);
    QCOMPARE(ask(*lease, "SELECT 2"), QStringLiteral("2"));
  }
  QCOMPARE(pool->stats().closedLifetime, 1u);
  QCOMPARE(pool->stats().open, 0);
}

void TestPool::closesWhatIsIdleForLong() {
  const auto pool = this->pool(limits(3, 3, 1h, 200ms));
  const Lease lease = lent(*pool);
  (void)lent(*pool);
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().closedIdleTime, 1u, 60000);
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 1, 60000);
  QCOMPARE(pool->stats().open, 1);  // the one on loan
  QCOMPARE(pool->stats().closedLifetime, 0u);
  QVERIFY(accountsForAll(pool->stats()));
}

void TestPool::keepsWhatIsUsedOften() {
  const auto pool = this->pool(limits(3, 3, 0ms, 2s));
  const int pid = lent(*pool)->serverPid();
  for (const Time end = in(3s); std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(50ms)) {
    const int now = lent(*pool)->serverPid();
    QVERIFY(now == pid || pool->stats().closedIdleTime > 0);  // a busy machine may come too late
  }
  QVERIFY(accountsForAll(pool->stats()));
}

void TestPool::countsWaits() {
  const auto pool = this->pool(limits(1, 1));
  std::optional<Lease> lease(lent(*pool));
  QString answer;
  std::jthread waiter([&] { answer = ask(*pool, "SELECT 7"); });
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 1, 60000);
  QCOMPARE(pool->stats().waits, 1u);
  QCOMPARE(pool->stats().waitTime.count(), 0);
  std::this_thread::sleep_for(50ms);
  lease.reset();
  waiter.join();
  QCOMPARE(answer, QStringLiteral("7"));
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.waiting, 0);
  QCOMPARE(stats.waits, 1u);
  QVERIFY(stats.waitTime >= 50ms);
  QCOMPARE(stats.timeouts, 0u);
  QCOMPARE(stats.opened, 1u);
}

void TestPool::servesInTheOrderOfArrival() {
  const auto pool = this->pool(limits(1, 1));
  std::optional<Lease> lease(lent(*pool));
  std::vector<int> order;  // guarded by the one connection
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      const Lease mine = lent(*pool);
      order.push_back(i);
    });
    QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, i + 1, 60000);
  }
  lease.reset();
  threads.clear();
  QVERIFY(order == (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  QCOMPARE(pool->stats().waits, 10u);
}

void TestPool::saysWhyNoneCameFree() {
  const auto pool = this->pool(limits(2, 2));
  std::vector<Lease> leases;
  leases.push_back(lent(*pool));
  leases.push_back(lent(*pool));
  const auto alone = pool->acquire(in(200ms));
  QCOMPARE(timeless(complaint(alone)), QStringLiteral("No database connection came free within … ms: 2 of 2 are in use. Raise max_open or look for slow statements."));
  QCOMPARE(alone.error().kind, Kind::Timeout);
  std::vector<std::jthread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] { (void)lent(*pool); });
    QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, i + 1, 60000);
    const auto late = pool->query("SELECT 1", {}, in(100ms));
    const QString waiting = i == 0 ? QStringLiteral("1 other waits") : QStringLiteral("%1 others wait").arg(i + 1);
    QCOMPARE(timeless(complaint(late)), QStringLiteral("No database connection came free within … ms: 2 of 2 are in use, %1. Raise max_open or look for slow statements.").arg(waiting));
  }
  QCOMPARE(pool->stats().timeouts, 4u);
  QCOMPARE(pool->stats().waits, 7u);
  leases.clear();
  others.clear();
  QCOMPARE(pool->stats().timeouts, 4u);
  QCOMPARE(pool->stats().waiting, 0);
}

void TestPool::triesWithoutWaiting() {
  const auto pool = this->pool(limits(1, 1));
  const int pid = lent(*pool)->serverPid();
  const auto lease = pool->acquire(Time::min());
  QVERIFY(lease.ok());
  QCOMPARE((*lease)->serverPid(), pid);
  QVERIFY(failedAs(pool->acquire(Time::min()), Kind::Timeout, "within 0 ms: 1 of 1 is in use."));
}

void TestPool::stopsWaitingWhenAsked() {
  const auto pool = this->pool(limits(1, 1));
  std::optional<Lease> lease(lent(*pool));
  std::stop_source stop;
  std::optional<Outcome<Lease>> outcome;
  std::jthread waiter([&] { outcome.emplace(pool->acquire(Time::max(), stop.get_token())); });
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 1, 60000);
  stop.request_stop();
  waiter.join();
  QVERIFY(failedAs(*outcome, Kind::Closed, "Stopped while waiting for a database connection"));
  QCOMPARE(pool->stats().waiting, 0);
  QCOMPARE(pool->stats().timeouts, 0u);
  lease.reset();
  QVERIFY(failedAs(pool->acquire(soon(), stop.get_token()), Kind::Closed, "Stopped before"));
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  QVERIFY(accountsForAll(pool->stats()));
}

void TestPool::rollsBackOpenTransactions() {
  const auto pool = this->pool(limits(1, 1));
  int pid = 0;
  for (const char* last : {"INSERT INTO risks VALUES (2)", "SELECT 1 / 0"}) {
    const Lease lease = lent(*pool);
    if (pid) QCOMPARE(lease->serverPid(), pid);
    pid = lease->serverPid();
    QVERIFY(lease->script("BEGIN; INSERT INTO risks VALUES (1)", soon()).ok());
    (void)lease->query(last, {}, soon());
    QVERIFY(!lease->idle());
  }
  const Lease lease = lent(*pool);
  QCOMPARE(lease->serverPid(), pid);
  QVERIFY(lease->idle());
  QCOMPARE(ask(*lease, "SELECT count(*) FROM risks"), QStringLiteral("0"));
  QCOMPARE(pool->stats().closedBroken, 0u);
}

void TestPool::replacesAbandonedConnections() {
  const auto pool = this->pool(limits(1, 1));
  const int pid = lent(*pool)->serverPid();
  QVERIFY(failedAs(pool->query("SELECT pg_sleep(100)", {}, later()), Kind::Timeout, "so it was cancelled"));
  QCOMPARE(pool->stats().closedBroken, 1u);
  QCOMPARE(pool->stats().open, 0);
  QVERIFY(lent(*pool)->serverPid() != pid);
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 1, 60000);
  QVERIFY(accountsForAll(pool->stats()));
}

void TestPool::returnsALoanThatIsOverwritten() {
  const auto pool = this->pool(limits(2, 2));
  Lease lease = lent(*pool);
  lease = lent(*pool);
  QCOMPARE(pool->stats().inUse, 1);
  QCOMPARE(pool->stats().idle, 1);
  Lease moved = std::move(lease);
  QCOMPARE(ask(*moved, "SELECT 1"), QStringLiteral("1"));
  QCOMPARE(pool->stats().inUse, 1);
}

void TestPool::warnsByThresholds() {
  PoolOptions options = limits(6, 6);
  options.warningOpen = 2;
  options.criticalOpen = 4;
  const auto pool = this->pool(options);
  std::vector<Lease> leases;
  for (const Level level : {Level::Normal, Level::Warning, Level::Warning, Level::Critical, Level::Critical}) {
    leases.push_back(lent(*pool));
    QCOMPARE(pool->stats().level, level);
  }
  leases.clear();
  QCOMPARE(pool->stats().level, Level::Critical);  // idle ones are open, too
  const auto byDefault = this->pool(limits(5, 5));
  for (const Level level : {Level::Normal, Level::Normal, Level::Normal, Level::Warning, Level::Critical}) {
    leases.push_back(lent(*byDefault));
    QCOMPARE(byDefault->stats().level, level);
  }
}

void TestPool::isHealthy() {
  const auto pool = this->pool(limits(2, 2));
  const PoolHealth health = pool->health(30s);
  QVERIFY2(health.answers, health.problem.c_str());
  QVERIFY(health.problem.empty() && !health.usedUp);
  QVERIFY(health.took > 0ns);
  QCOMPARE(health.stats.open, 1);
  QCOMPARE(health.stats.idle, 1);
  QCOMPARE(health.stats.level, Level::Normal);
}

void TestPool::saysWhenItIsUsedUp() {
  const auto pool = this->pool(limits(1, 1));
  const Lease lease = lent(*pool);
  const PoolHealth health = pool->health(60s);
  QVERIFY(health.answers);  // the server does: once this was taken for an outage of the database
  QVERIFY(health.usedUp);
  QVERIFY2(health.problem.starts_with("No database connection came free within "), health.problem.c_str());
  QVERIFY2(health.problem.find(": 1 of 1 is in use.") != std::string::npos, health.problem.c_str());
  QCOMPARE(health.stats.level, Level::Critical);
  QCOMPARE(health.stats.inUse, 1);
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 1, 60000);
}

void TestPool::shutsDown() {
  const auto pool = this->pool(limits(3, 3, 1h, 1h));
  std::vector<Lease> leases;
  for (int i = 0; i < 3; ++i) leases.push_back(lent(*pool));
  leases.clear();
  QVERIFY(pool->shutdown(soon()));
  QCOMPARE(pool->stats().open, 0);
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);
  QVERIFY(failedAs(pool->acquire(soon()), Kind::Closed, "The pool of database connections is shut down."));
  const PoolHealth health = pool->health();
  QVERIFY(!health.answers && !health.problem.empty());
  QVERIFY(pool->shutdown(Time::min()));
}

void TestPool::shutsDownWithLoansOut() {
  const auto pool = this->pool(limits(3, 3));
  std::optional<Lease> first(lent(*pool)), second(lent(*pool));
  QVERIFY(!pool->shutdown(in(50ms)));
  QCOMPARE(ask(**first, "SELECT 1"), QStringLiteral("1"));  // who has one may end
  QVERIFY((*first)->script("BEGIN; INSERT INTO risks VALUES (1)", soon()).ok());
  std::optional<bool> all;
  std::jthread other([&] { all = pool->shutdown(soon()); });
  first.reset();
  QCOMPARE(pool->stats().open, 1);
  second.reset();
  other.join();
  QVERIFY(all.value());
  QCOMPARE(pool->stats().open, 0);
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);
}

void TestPool::endsWaitsAtShutdown() {
  const auto pool = this->pool(limits(1, 1));
  std::optional<Lease> lease(lent(*pool));
  std::atomic<int> closed = 0;
  std::vector<std::jthread> waiters;
  for (int i = 0; i < 5; ++i)
    waiters.emplace_back([&] {
      const auto outcome = pool->acquire(Time::max());
      if (!outcome && outcome.error().kind == Kind::Closed) ++closed;
    });
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 5, 60000);
  QVERIFY(!pool->shutdown(in(1ms)));
  waiters.clear();
  QCOMPARE(closed.load(), 5);
  lease.reset();
  QVERIFY(pool->shutdown(soon()));
}

void TestPool::mayEndBeforeItsLoans() {
  auto pool = this->pool(limits(2, 2, 1h));
  std::optional<Lease> lease(lent(*pool));
  pool.reset();
  QCOMPARE(ask(**lease, "SELECT 1"), QStringLiteral("1"));
  lease.reset();
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);
}

QTEST_GUILESS_MAIN(TestPool)
#include "tst_pool.moc"
