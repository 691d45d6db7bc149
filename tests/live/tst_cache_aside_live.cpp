// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_cache_fakes.h"
#include "tests/live/tst_redis_backend_support.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/wait.h"

#include <sys/resource.h>

using namespace cachedeck::test;

namespace {

void raiseDescriptorLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

/// The middleware in front of a real Redis.
class TestCacheAsideLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    if (!m_server.running()) QCOMPARE(m_server.start(), QString());
    cli(m_server, {"flushall"});
    cli(m_server, {"config", "resetstat"});
  }
  void cascades_data();
  void cascades();
  void thousandMissesComputeOnce();
  void hitRatioIsThatOfRedis();
  void timesToLive();
  void trafficWhileRedisIsKilled();
  void neverStale_data();
  void neverStale();
  void neverStaleWhileRemovalsAreOutOfTime();

 private:
  RedisServer m_server;
};

void TestCacheAsideLive::cascades_data() {
  QTest::addColumn<QByteArray>("backend");
  QTest::addColumn<QByteArrayList>("left");
  QTest::addColumn<int>("removed");
  struct Row {
    const char* cascade;
    QByteArrayList left;
    int removed;
  };
  const Row rows[] = {
      {"all-risks", {"connector:id:7", "connector:list:cat:all:status:all", "marketplace:app:7", "riskier:1", "session:1"}, 11},
      {"risk", {"connector:id:7", "connector:list:cat:all:status:all", "marketplace:app:7", "risk:id:70", "risk:id:8", "riskier:1", "session:1"}, 9},
      {"dashboard",
       {"connector:id:7", "connector:list:cat:all:status:all", "marketplace:app:7", "report:1", "report:2:pdf", "risk:id:7", "risk:id:70", "risk:id:8", "risk:list:page:1:sev:all:status:all",
        "risk:list:page:2:sev:high:status:open", "risk:search:9f", "riskier:1", "session:1"},
       3},
      {"marketplace",
       {"dashboard:matrix:all", "dashboard:stats:30d", "dashboard:timeline:7", "report:1", "report:2:pdf", "risk:id:7", "risk:id:70", "risk:id:8", "risk:list:page:1:sev:all:status:all",
        "risk:list:page:2:sev:high:status:open", "risk:search:9f", "riskier:1", "session:1"},
       3},
      {"connector",
       {"dashboard:matrix:all", "dashboard:stats:30d", "dashboard:timeline:7", "marketplace:app:7", "report:1", "report:2:pdf", "risk:id:7", "risk:id:70", "risk:id:8",
        "risk:list:page:1:sev:all:status:all", "risk:list:page:2:sev:high:status:open", "risk:search:9f", "riskier:1", "session:1"},
       2},
  };
  for (const char* backend : {"redis", "memory"})
    for (const Row& row : rows) QTest::addRow("%s in %s", row.cascade, backend) << QByteArray(backend) << row.left << row.removed;
}

/// Which of all kinds of keys each cascade leaves when 7 changed.
void TestCacheAsideLive::cascades() {
  QFETCH(const QByteArray, backend);
  QFETCH(const QByteArrayList, left);
  QFETCH(const int, removed);
  const QByteArrayList keys{"connector:id:7", "connector:list:cat:all:status:all", "dashboard:matrix:all", "dashboard:stats:30d", "dashboard:timeline:7", "marketplace:app:7",
                            "report:1", "report:2:pdf", "risk:id:7", "risk:id:70", "risk:id:8", "risk:list:page:1:sev:all:status:all", "risk:list:page:2:sev:high:status:open",
                            "risk:search:9f", "riskier:1", "session:1"};
  MemoryBackend memory;
  const auto redis = backendOn(m_server.port());
  Backend& used = backend == "redis" ? static_cast<Backend&>(*redis) : memory;
  CacheAside cache(used, referenceClasses());
  for (const QByteArray& key : keys) QVERIFY(used.set(key.toStdString(), "x", 1min));
  const auto patterns = cascadePatterns(QByteArray(QTest::currentDataTag()).split(' ').first().toStdString(), "7");
  const auto count = cache.invalidate(*patterns);
  QVERIFY(count);
  QCOMPARE(static_cast<int>(*count), removed);
  QByteArrayList found;
  for (const QByteArray& key : keys)
    if (got(used, key.toStdString()) == "x") found += key;
  QCOMPARE(found, left);
}

/// The computation ends when all others wait for it, and not before.
void TestCacheAsideLive::thousandMissesComputeOnce() {
  raiseDescriptorLimit();  // each caller may have its connection
  const auto redis = backendOn(m_server.port());
  CacheAside cache(*redis, referenceClasses());
  constexpr std::uint64_t threads = 1000;
  std::atomic<int> computations = 0;
  std::atomic<std::uint64_t> right = 0;
  {
    std::vector<std::jthread> pool;
    for (std::uint64_t t = 0; t < threads; ++t)
      pool.emplace_back([&] {
        const auto answer = cache.fetch(0, "risk:list:1", [&] {
          ++computations;
          const bool all = becomes([&] { return cache.stats(0).shared == threads - 1; });
          return Outcome<Computed>(Computed{all ? "all" : "too few", true});
        });
        if (answer && *answer->value == "all") ++right;
      });
  }
  QCOMPARE(computations.load(), 1);
  QCOMPARE(right.load(), threads);
  QCOMPARE(cli(m_server, {"get", "risk:list:1"}), QByteArray("all"));
}

void TestCacheAsideLive::hitRatioIsThatOfRedis() {
  const auto redis = backendOn(m_server.port());
  CacheAside cache(*redis, referenceClasses());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) QVERIFY(cache.fetch(0, "risk:id:" + std::to_string(i), gives("x")));
    if (round == 1) QCOMPARE(*cache.invalidate(*cascadePatterns("all-risks")), std::uint64_t{200});
  }
  const ClassStats stats = cache.stats(0);
  QCOMPARE(described(stats), QByteArray("hits 200 misses 400 bypassed 0 shared 0 computed 400 failed 0 stored 400 discarded 0"));
  QCOMPARE(stats.invalidated, std::uint64_t{200});
  QCOMPARE(info(m_server, "keyspace_hits"), 200);
  QCOMPARE(info(m_server, "keyspace_misses"), 400);
}

void TestCacheAsideLive::timesToLive() {
  const auto redis = backendOn(m_server.port());
  CacheAside cache(*redis, referenceClasses());
  for (CacheAside::ClassId id = 0; id < cache.classes().size(); ++id) {
    const std::string key = cache.classes()[id].name + ":x";
    QVERIFY(cache.fetch(id, key, gives("x")));
    const auto left = std::chrono::milliseconds(cli(m_server, {"pttl", QByteArray::fromStdString(key)}).toLongLong());
    QVERIFY(left <= cache.classes()[id].ttl * 1.1 && left >= cache.classes()[id].ttl * 0.9 - 30s);
  }
}

/// No request fails, whatever Redis does, and hits come back by themselves.
void TestCacheAsideLive::trafficWhileRedisIsKilled() {
  const auto redis = backendOn(m_server.port(), 300ms);
  CacheAside cache(*redis, referenceClasses());
  std::atomic<int> failed = 0, answered = 0;
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const std::string key = "risk:id:" + std::to_string((i + t) % 20);
        if (i % 50 == 0) {
          if (!cache.write(0, key, gives(key))) ++failed;
        } else {
          const auto answer = cache.fetch(0, key, gives(key));
          if (!answer || *answer->value != key) ++failed;
        }
        ++answered;
        std::this_thread::sleep_for(1ms);
      }
    });
  const auto hitsComeBack = [&] {
    const std::uint64_t before = cache.stats(0).hits;
    return QTest::qWaitFor([&] { return cache.stats(0).hits > before + 100; }, patience);
  };
  const auto goesOnWithout = [&] {
    const std::uint64_t before = cache.stats(0).bypassed;
    return QTest::qWaitFor([&] { return cache.stats(0).bypassed > before + 100; }, patience);
  };
  bool fine = hitsComeBack();
  for (int round = 0; round < 2; ++round) {
    m_server.kill9();
    fine = fine && goesOnWithout();
    fine = fine && m_server.start().isEmpty() && hitsComeBack();
    m_server.freeze();
    fine = fine && goesOnWithout();
    m_server.thaw();
    fine = fine && hitsComeBack();
  }
  stop = true;
  threads.clear();
  QVERIFY(fine);
  QCOMPARE(failed.load(), 0);
  QVERIFY(answered > 500);
}

void TestCacheAsideLive::neverStale_data() {
  QTest::addColumn<QByteArray>("fault");
  QTest::newRow("no fault") << QByteArray();
  QTest::newRow("frozen and thawed") << QByteArray("freeze");
  QTest::newRow("links killed") << QByteArray("links");
  QTest::newRow("killed and restarted") << QByteArray("kill");
}

/// Readers never get what is older than a change made known before they asked: not in the middle of outages either.
void TestCacheAsideLive::neverStale() {
  QFETCH(const QByteArray, fault);
  const auto redis = backendOn(m_server.port(), 300ms);
  CacheAside cache(*redis, referenceClasses());
  Staleness table(cache);
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const int row = (i + t) % Staleness::rows;
        if (t == 0 && i % 3 == 0)
          table.change(row);
        else if (t < 3 && i % 7 == 0)
          table.write(row);
        else
          table.read(row);
        if (i % 10 == 0) std::this_thread::sleep_for(1ms);
      }
    });
  bool fine = true;
  for (int round = 0; round < 4; ++round) {
    const ClassStats before = cache.stats(0);
    fine = fine && QTest::qWaitFor([&] { return cache.stats(0).hits > before.hits + 200; }, patience);
    if (fault == "freeze") m_server.freeze();
    if (fault == "kill") m_server.kill9();
    if (fault == "links") cli(m_server, {"client", "kill", "type", "normal"});
    if (fault == "freeze" || fault == "kill") fine = fine && QTest::qWaitFor([&] { return cache.stats(0).bypassed > before.bypassed + 200; }, patience);
    if (fault == "freeze") m_server.thaw();
    if (fault == "kill") fine = fine && m_server.start().isEmpty();
  }
  const std::uint64_t hits = cache.stats(0).hits;
  fine = fine && QTest::qWaitFor([&] { return cache.stats(0).hits > hits + 200; }, patience);
  stop = true;
  threads.clear();
  for (int row = 0; row < Staleness::rows; ++row) table.read(row);
  QVERIFY(fine);
  QCOMPARE(table.stale.load(), 0);
}

/// Of removals that take longer than their callers have, the rest is made up for while others read: nobody gets what was to go.
void TestCacheAsideLive::neverStaleWhileRemovalsAreOutOfTime() {
  fill(m_server, 30'000);
  FaultProxy proxy(m_server.port());
  const auto redis = backendOn(proxy.port(), 500ms);
  CacheAside cache(*redis, referenceClasses());
  Staleness table(cache);
  for (int row = 0; row < Staleness::rows; ++row) table.read(row);
  Faults faults;
  faults.latencyMs = 20;  // for each of the many pages that a removal looks through
  proxy.set(faults);
  std::atomic<bool> stop = false;
  std::atomic<int> outOfTime = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const int row = (i + t) % Staleness::rows;
        if (t > 0)
          table.read(row);
        else if (!table.change(row, in(0ms)))
          ++outOfTime;
      }
    });
  const bool fine = QTest::qWaitFor([&] { return outOfTime >= 6; }, patience);
  stop = true;
  threads.clear();
  proxy.clear();
  QVERIFY(fine);
  for (int row = 0; row < Staleness::rows; ++row) table.read(row);
  const std::uint64_t hits = cache.stats(0).hits;
  const auto readsHit = [&] {
    table.read(0);
    return cache.stats(0).hits > hits + 3;
  };
  QTRY_VERIFY_WITH_TIMEOUT(readsHit(), patience);
  QCOMPARE(table.stale.load(), 0);
}

QTEST_GUILESS_MAIN(TestCacheAsideLive)
#include "tst_cache_aside_live.moc"
