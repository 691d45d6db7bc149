// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_pool_support.h"

#include "tests/support/fault_proxy.h"

#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace cachedeck::test;

/// The connection pool while the server goes away, hangs, comes back or ends sessions.
class TestPoolFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init();
  void reportsRefusedLogins();
  void reportsAServerThatIsDown();
  void failedOpenServesTheNextInTheQueue();
  void replacesWhatEndedWhileIdle();
  void replacesWhatEndedWhileUsed();
  void waiterOpensTheReplacement();
  void findsAllDeadOnesAfterARestart_data();
  void findsAllDeadOnesAfterARestart();
  void healthOfAFrozenServer();
  void healthOfAFrozenServerWhenUsedUp();
  void healthOfAServerThatIsDown();
  void closesWhatCannotBeRolledBack();
  void stopsOpeningWhenAsked();
  void stopsOpeningAtShutdown();
  void goesOnThroughRestarts();
  void staysConsistentUnderStress();

 private:
  std::unique_ptr<Pool> pool(const PoolOptions& options) { return poolOf(conninfoOf(m_server), options); }
  void terminateAll() { m_server.psql(QStringLiteral("SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity WHERE application_name = 'cachedeck-app'")); }

  PostgresServer m_server{{QStringLiteral("max_connections = 100")}};
};

void TestPoolFaults::init() {
  QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
  if (!m_server.running()) QCOMPARE(m_server.start(), QString());
  QTRY_COMPARE_WITH_TIMEOUT(sessions(m_server), 0, 60000);
}

void TestPoolFaults::reportsRefusedLogins() {
  const auto pool = poolOf(conninfoOf(m_server) + " password=Sesame-wrong", limits(2, 2));
  for (int i = 0; i < 5; ++i) QVERIFY(failedAs(pool->acquire(soon()), Kind::Auth, "SQLSTATE 28P01"));
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.openFailures, 5u);
  QCOMPARE(stats.open, 0);
  QCOMPARE(stats.opened, 0u);
}

void TestPoolFaults::reportsAServerThatIsDown() {
  const auto pool = this->pool(limits(2, 2));
  m_server.stop();
  QVERIFY(failedAs(pool->query("SELECT 1", {}, soon()), Kind::Unavailable, "cannot be reached: Connection refused"));
  QCOMPARE(m_server.start(), QString());
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  QCOMPARE(pool->stats().openFailures, 1u);
}

void TestPoolFaults::failedOpenServesTheNextInTheQueue() {
  const auto pool = this->pool(limits(1, 1));
  std::optional<Lease> lease(lent(*pool));
  std::atomic<int> refused = 0;
  std::vector<std::jthread> waiters;
  for (int i = 0; i < 10; ++i)
    waiters.emplace_back([&] {
      const auto outcome = pool->acquire(Time::max());
      if (!outcome && outcome.error().kind == Kind::Unavailable) ++refused;
    });
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 10, 60000);
  m_server.kill9();
  QVERIFY(!(*lease)->query("SELECT 1", {}, soon()).ok());
  lease.reset();  // breaks the chain's first link
  waiters.clear();
  QCOMPARE(refused.load(), 10);
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.openFailures, 10u);
  QCOMPARE(stats.closedBroken, 1u);
  QCOMPARE(stats.open, 0);
  QCOMPARE(stats.waiting, 0);
}

void TestPoolFaults::replacesWhatEndedWhileIdle() {
  const auto pool = this->pool(limits(3, 3));
  const int pid = lent(*pool)->serverPid();
  terminateAll();
  const Lease lease = lent(*pool);
  QVERIFY(lease->serverPid() != pid);
  QCOMPARE(ask(*lease, "SELECT 1"), QStringLiteral("1"));
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.closedBroken, 1u);
  QCOMPARE(stats.opened, 2u);
  QVERIFY(accountsForAll(stats));
}

void TestPoolFaults::replacesWhatEndedWhileUsed() {
  const auto pool = this->pool(limits(3, 3));
  {
    const Lease lease = lent(*pool);
    terminateAll();
    QVERIFY(failedAs(lease->query("SELECT 1", {}, soon()), Kind::Unavailable, "127.0.0.1"));
  }
  QCOMPARE(pool->stats().closedBroken, 1u);
  QCOMPARE(pool->stats().open, 0);
  {
    const Lease lease = lent(*pool);  // ended, and given back without anybody noticing
    terminateAll();
  }
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  QCOMPARE(pool->stats().closedBroken, 2u);
  QVERIFY(accountsForAll(pool->stats()));
}

void TestPoolFaults::waiterOpensTheReplacement() {
  const auto pool = this->pool(limits(1, 1));
  for (const bool noticed : {true, false}) {
    std::optional<Lease> lease(lent(*pool));
    const int pid = (*lease)->serverPid();
    QString answer;
    int pidOfWaiter = 0;
    std::jthread waiter([&] {
      const Lease mine = lent(*pool);
      pidOfWaiter = mine->serverPid();
      answer = ask(*mine, "SELECT 1");
    });
    QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 1, 60000);
    terminateAll();
    if (noticed) QVERIFY(!(*lease)->query("SELECT 1", {}, soon()).ok());
    lease.reset();
    waiter.join();
    QCOMPARE(answer, QStringLiteral("1"));
    QVERIFY(pidOfWaiter != pid);
  }
  QCOMPARE(pool->stats().closedBroken, 2u);
  QCOMPARE(pool->stats().opened, 3u);
}

void TestPoolFaults::findsAllDeadOnesAfterARestart_data() {
  QTest::addColumn<bool>("killed");
  QTest::newRow("restarted") << false;
  QTest::newRow("killed") << true;
}

void TestPoolFaults::findsAllDeadOnesAfterARestart() {
  QFETCH(bool, killed);
  const auto pool = this->pool(limits(8, 8));
  std::vector<Lease> leases;
  for (int i = 0; i < 8; ++i) leases.push_back(lent(*pool));
  leases.clear();
  if (killed) m_server.kill9();
  QCOMPARE(m_server.restart(), QString());
  for (int i = 0; i < 8; ++i) {
    leases.push_back(lent(*pool));
    QCOMPARE(ask(*leases.back(), "SELECT 1"), QStringLiteral("1"));
  }
  leases.clear();
  const PoolStats stats = pool->stats();
  QCOMPARE(stats.closedBroken, 8u);
  QCOMPARE(stats.opened, 16u);
  QCOMPARE(stats.openFailures, 0u);
  QVERIFY(accountsForAll(stats));
}

void TestPoolFaults::healthOfAFrozenServer() {
  const auto used = this->pool(limits(2, 2)), fresh = this->pool(limits(2, 2));
  QCOMPARE(ask(*used, "SELECT 1"), QStringLiteral("1"));
  m_server.freeze();
  const PoolHealth ofUsed = used->health(3s), ofFresh = fresh->health(3s);
  m_server.thaw();
  QVERIFY(!ofUsed.answers && !ofFresh.answers);
  QVERIFY2(ofUsed.problem.find("did not answer the statement within") != std::string::npos, ofUsed.problem.c_str());
  QVERIFY2(ofFresh.problem.find("did not complete the login within") != std::string::npos, ofFresh.problem.c_str());
  QCOMPARE(ofUsed.stats.closedBroken, 1u);
  QCOMPARE(ofFresh.stats.openFailures, 1u);
  QVERIFY(used->health(30s).answers && fresh->health(30s).answers);
}

/// All connections hang with the server: that is not merely a pool that is used up.
void TestPoolFaults::healthOfAFrozenServerWhenUsedUp() {
  const auto pool = this->pool(limits(1, 1));
  const Lease lease = lent(*pool);
  m_server.freeze();
  const PoolHealth health = pool->health(4s);
  m_server.thaw();
  QVERIFY(!health.answers && health.usedUp);
  QVERIFY2(health.problem.find("did not complete the login within") != std::string::npos, health.problem.c_str());
  QVERIFY(pool->health(30s).answers);
}

void TestPoolFaults::healthOfAServerThatIsDown() {
  const auto pool = this->pool(limits(2, 2));
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
  m_server.stop();
  const PoolHealth health = pool->health(30s);
  QVERIFY(!health.answers);
  QVERIFY2(health.problem.find("Connection refused") != std::string::npos, health.problem.c_str());
  QCOMPARE(health.stats.open, 0);
  QCOMPARE(m_server.start(), QString());
  QVERIFY(pool->health(30s).answers);
}

void TestPoolFaults::closesWhatCannotBeRolledBack() {
  const auto pool = this->pool(limits(1, 1));
  {
    const Lease lease = lent(*pool);
    QVERIFY(lease->script("BEGIN", soon()).ok());
    m_server.freeze();
  }
  m_server.thaw();
  QCOMPARE(pool->stats().closedBroken, 1u);
  QCOMPARE(pool->stats().open, 0);
  QCOMPARE(ask(*pool, "SELECT 1"), QStringLiteral("1"));
}

void TestPoolFaults::stopsOpeningWhenAsked() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.silent = true;
  proxy.set(faults);
  const auto pool = poolOf(conninfoOf(m_server) + " port=" + std::to_string(proxy.port()), limits(1, 1));
  std::stop_source stop;
  std::optional<Outcome<Lease>> outcome;
  std::jthread opener([&] { outcome.emplace(pool->acquire(Time::max(), stop.get_token())); });
  QTRY_COMPARE_WITH_TIMEOUT(proxy.connections(), 1, 60000);
  QCOMPARE(pool->stats().open, 1);
  QVERIFY(failedAs(pool->acquire(in(100ms)), Kind::Timeout, "0 of 1 is in use, 1 is being opened."));
  stop.request_stop();
  opener.join();
  QVERIFY(failedAs(*outcome, Kind::Closed, "Stopped while waiting"));
  QCOMPARE(pool->stats().open, 0);
  QCOMPARE(pool->stats().openFailures, 0u);
}

void TestPoolFaults::stopsOpeningAtShutdown() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.silent = true;
  proxy.set(faults);
  const auto pool = poolOf(conninfoOf(m_server) + " port=" + std::to_string(proxy.port()), limits(3, 3));
  std::atomic<int> closed = 0;
  std::vector<std::jthread> openers;
  for (int i = 0; i < 5; ++i)
    openers.emplace_back([&] {
      const auto outcome = pool->acquire(Time::max());
      if (!outcome && outcome.error().kind == Kind::Closed) ++closed;
    });
  QTRY_COMPARE_WITH_TIMEOUT(proxy.connections(), 3, 60000);
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().waiting, 2, 60000);
  QVERIFY(pool->shutdown(soon()));
  openers.clear();
  QCOMPARE(closed.load(), 5);
  QCOMPARE(pool->stats().open, 0);
}

void TestPoolFaults::goesOnThroughRestarts() {
  const auto pool = this->pool(limits(8, 4));
  std::atomic<int> answered = 0, odd = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto rows = pool->query("SELECT 1", {}, soon(), stop);
        if (rows)
          ++answered;
        else if (rows.error().kind != Kind::Unavailable && rows.error().kind != Kind::Closed)
          ++odd;
        if (!rows) std::this_thread::sleep_for(1ms);
      }
    });
  for (int round = 0; round < 3; ++round) {
    const int before = answered;
    QTRY_VERIFY_WITH_TIMEOUT(answered > before + 200, 60000);
    if (round == 1) m_server.kill9();
    if (round < 2) QCOMPARE(m_server.restart(), QString());
  }
  threads.clear();
  QCOMPARE(odd.load(), 0);
  QVERIFY(accountsForAll(pool->stats()));
  QVERIFY(pool->stats().closedBroken > 0);
}

void TestPoolFaults::staysConsistentUnderStress() {
  const auto pool = this->pool(limits(12, 6, 300ms, 100ms));
  std::mutex mutex;
  std::set<const PgConnection*> lent;
  std::atomic<int> answered = 0, twice = 0;
  const auto useOne = [&](std::minstd_rand& random, const std::stop_token& stop) {
    const auto lease = pool->acquire(random() % 4 ? soon() : in(std::chrono::microseconds(random() % 3000)), random() % 2 ? stop : std::stop_token());
    if (!lease) return;
    PgConnection* const connection = &**lease;
    {
      const std::lock_guard lock(mutex);
      if (!lent.insert(connection).second) ++twice;
    }
    switch (random() % 12) {
      case 0: (void)connection->script("BEGIN", soon()); break;
      case 1: (void)connection->query("SELECT pg_terminate_backend(pg_backend_pid())", {}, soon()); break;
      case 2: (void)connection->query("SELECT pg_sleep(100)", {}, in(2ms)); break;
      case 3: (void)pool->stats(); break;
      default:
        if (connection->query("SELECT 1", {}, soon(), stop).ok()) ++answered;
    }
    const std::lock_guard lock(mutex);
    lent.erase(connection);
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < 64; ++i)
    threads.emplace_back([&, i](const std::stop_token& stop) {
      std::minstd_rand random(i + 1);
      while (!stop.stop_requested()) useOne(random, stop);
    });
  for (const Time end = in(3s); answered < 1000 || std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(1ms)) QVERIFY(pool->stats().open <= 12);
  threads.clear();
  QCOMPARE(twice.load(), 0);
  PoolStats stats = pool->stats();
  QCOMPARE(stats.inUse, 0);
  QCOMPARE(stats.waiting, 0);
  QVERIFY(stats.waits > 0 && stats.timeouts <= stats.waits);
  QTRY_COMPARE_WITH_TIMEOUT(pool->stats().open, 0, 60000);  // by age and idle time
  QVERIFY(accountsForAll(pool->stats()));
  QVERIFY(pool->shutdown(soon()));
}

QTEST_GUILESS_MAIN(TestPoolFaults)
#include "tst_pool_faults.moc"
