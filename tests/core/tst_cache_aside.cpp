// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_cache_fakes.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <latch>

using namespace cachedeck::test;
using namespace std::chrono_literals;

class TestCacheAside : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_cache.reset();
    m_backend = std::make_unique<FakeBackend>();
    m_cache = std::make_unique<CacheAside>(*m_backend, referenceClasses());
  }

  void missThenHit();
  void classesByName();
  void notCacheable();
  void failures();
  void exceptions();

  void oneLookUpPerMiss();
  void thousandConcurrentMissesComputeOnce();
  void thousandLateMissesComputeOnce();
  void waitersShareFailures();
  void droppedTasksAnswer();
  void refusedTasksAnswer();
  void doneThatThrows();

  void invalidationDiscardsWhatBeganBefore();
  void invalidationOfOthersDoesNot();
  void invalidationOfEverything();
  void invalidationWaitsForStores();
  void invalidatedByClass();
  void neverStale();

  void writeStores();
  void writeThatFails();
  void writeInDoubt();
  void writeThatCannotBeStored();
  void writeWhileTheCacheIsAway();
  void writeDiscardsWhatBeganBefore();
  void overlappingWritesKeepNothing();
  void invalidationDuringAWrite();

  void awayCostsNothing();
  void awayDuringALookUp();
  void nothingBehind();
  void nothingBehindSharesNothing();
  void awayStillShares();
  void batches();
  void requestsTogether();
  void requestsTogetherWithAForbiddenKey();
  void batchesReadBeforeAnInvalidation();
  void batchesOfSeveralSegments();
  void batchesOvertakenByWrites();
  void jitter();
  void noTtl();
  void latencies();

 private:
  QByteArray fetched(const std::string& key, const Compute& compute) { return described(m_cache->fetch(0, key, compute)); }
  QByteArray stats() const { return described(m_cache->stats(0)); }

  std::unique_ptr<FakeBackend> m_backend;
  std::unique_ptr<CacheAside> m_cache;
};

void TestCacheAside::missThenHit() {
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QCOMPARE(fetched("risk:id:1", gives("b")), QByteArray("hit a"));
  QCOMPARE(stats(), QByteArray("hits 1 misses 1 bypassed 0 shared 0 computed 1 failed 0 stored 1 discarded 0"));
  QCOMPARE(m_cache->fetch(0, "risk:id:1", gives("b"))->xCache(), "HIT");
  QCOMPARE(m_cache->fetch(0, "risk:id:2", gives("b"))->xCache(), "MISS");
}

void TestCacheAside::classesByName() {
  QCOMPARE(m_cache->classes().size(), std::size_t{4});
  QCOMPARE(*m_cache->classId("connector"), CacheAside::ClassId{2});
  const auto unknown = m_cache->classId("risks");
  QVERIFY(!unknown && unknown.error().kind == Failure::Kind::Usage);
  QVERIFY(unknown.error().message.find("risk, dashboard, connector, marketplace") != std::string::npos);
  QCOMPARE(&m_cache->backend(), m_backend.get());
}

void TestCacheAside::notCacheable() {
  const auto notFound = [] { return Outcome<Computed>(Computed{"404", false}); };
  const auto answer = m_cache->fetch(0, "risk:id:0", notFound);
  QVERIFY(answer && !answer->cacheable);
  QCOMPARE(fetched("risk:id:0", gives("now")), QByteArray("miss now"));
  QCOMPARE(stats(), QByteArray("hits 0 misses 2 bypassed 0 shared 0 computed 2 failed 0 stored 1 discarded 0"));
}

void TestCacheAside::failures() {
  const auto fails = [] { return Outcome<Computed>(Failure{Failure::Kind::Timeout, "slow"}); };
  const auto answer = m_cache->fetch(0, "risk:id:1", fails);
  QVERIFY(!answer && answer.error().kind == Failure::Kind::Timeout);
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QCOMPARE(stats(), QByteArray("hits 0 misses 2 bypassed 0 shared 0 computed 2 failed 1 stored 1 discarded 0"));
}

void TestCacheAside::exceptions() {
  QCOMPARE(fetched("risk:id:1", []() -> Outcome<Computed> { throw std::runtime_error("boom"); }), QByteArray("failed: The value could not be computed: boom."));
  QVERIFY(fetched("risk:id:1", []() -> Outcome<Computed> { throw 7; }).startsWith("failed: "));
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
}

void TestCacheAside::oneLookUpPerMiss() {
  for (int i = 0; i < 500; ++i) QCOMPARE(fetched("risk:id:" + std::to_string(i), gives("a")), QByteArray("miss a"));
  QCOMPARE(m_backend->gets.load(), 500);
}

/// A thousand threads miss one key. The computation ends when all others wait for it, and not before.
void TestCacheAside::thousandConcurrentMissesComputeOnce() {
  constexpr std::uint64_t threads = 1000;
  std::atomic<int> computations = 0;
  std::atomic<std::uint64_t> right = 0;
  {
    std::vector<std::jthread> pool;
    for (std::uint64_t t = 0; t < threads; ++t)
      pool.emplace_back([&] {
        const auto answer = m_cache->fetch(0, "risk:id:1", [&] {
          ++computations;
          const bool all = becomes([&] { return m_cache->stats(0).shared == threads - 1; });
          return Outcome<Computed>(Computed{all ? "all" : "too few", true});
        });
        if (answer && *answer->value == "all") ++right;
      });
  }
  QCOMPARE(computations.load(), 1);
  QCOMPARE(right.load(), threads);
  QCOMPARE(stats(), QByteArray("hits 0 misses 1000 bypassed 0 shared 999 computed 1 failed 0 stored 1 discarded 0"));
  QCOMPARE(m_cache->stats(0).lookup.count, threads);
}

/// All have looked and found nothing before the first computes; they fill one after the other, each when the one before is done.
void TestCacheAside::thousandLateMissesComputeOnce() {
  std::vector<CacheAside::Lookup> lookups;
  for (int i = 0; i < 1000; ++i) lookups.push_back(m_cache->find(0, "risk:id:1"));
  int computations = 0, answers = 0;
  const auto compute = [&] { return Outcome<Computed>(Computed{std::to_string(++computations), true}); };
  for (const CacheAside::Lookup& lookup : lookups) {
    QVERIFY(!lookup.value);
    m_cache->fill(0, "risk:id:1", lookup.ticket, compute, [&](const Outcome<Answer>& answer) { answers += described(answer).endsWith(" 1") ? 1 : 0; },
                  [](const std::function<void()>& task) { task(); });
  }
  QCOMPARE(computations, 1);
  QCOMPARE(answers, 1000);
  QCOMPARE(stats(), QByteArray("hits 0 misses 1000 bypassed 0 shared 999 computed 1 failed 0 stored 1 discarded 0"));
}

void TestCacheAside::waitersShareFailures() {
  Queue queue;
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += described(answer); };
  const auto fails = [] { return Outcome<Computed>(Failure{Failure::Kind::Query, "no"}); };
  for (int i = 0; i < 3; ++i) m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, fails, done, queue.executor());
  QCOMPARE(queue.tasks.size(), std::size_t{1});
  queue.runFirst();
  QCOMPARE(answers, QByteArrayList({"failed: no", "failed: no", "failed: no"}));
  answers.clear();
  for (int i = 0; i < 3; ++i) m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, gives("a"), done, queue.executor());
  queue.runFirst();
  QCOMPARE(answers, QByteArrayList({"miss a", "shared a", "shared a"}));
}

void TestCacheAside::droppedTasksAnswer() {
  Queue queue;
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += answer ? "fine" : answer.error().kind == Failure::Kind::Closed ? "closed" : "?"; };
  for (int i = 0; i < 2; ++i) m_cache->fill(0, "risk:id:1", 0, gives("a"), done, queue.executor());
  queue.tasks.clear();
  QCOMPARE(answers, QByteArrayList({"closed", "closed"}));
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
}

void TestCacheAside::refusedTasksAnswer() {
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += answer ? "fine" : answer.error().kind == Failure::Kind::Closed ? "closed" : "?"; };
  m_cache->fill(0, "risk:id:1", 0, gives("a"), done, [](const std::function<void()>&) { throw std::runtime_error("full"); });
  QCOMPARE(answers, QByteArrayList({"closed"}));
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
}

void TestCacheAside::doneThatThrows() {
  Queue queue;
  int told = 0;
  for (int i = 0; i < 3; ++i)
    m_cache->fill(0, "risk:id:1", 0, gives("a"), [&](const Outcome<Answer>&) { ++told; throw 1; }, queue.executor());
  queue.runFirst();
  QCOMPARE(told, 3);
}

void TestCacheAside::invalidationDiscardsWhatBeganBefore() {
  Queue queue;
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += described(answer); };
  const auto ask = [&](const std::string& value) { m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, gives(value), done, queue.executor()); };
  ask("old");
  ask("old");
  QVERIFY(m_cache->invalidate(std::array<std::string, 1>{"risk:list:*"}));
  ask("new");  // must not get what began before
  QCOMPARE(queue.tasks.size(), std::size_t{2});
  queue.runFirst();
  QCOMPARE(answers, QByteArrayList({"miss old", "shared old"}));
  ask("newer");  // joins the new one
  QCOMPARE(queue.tasks.size(), std::size_t{1});
  queue.runFirst();
  QCOMPARE(answers.mid(2), QByteArrayList({"miss new", "shared new"}));
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit new"));
  QCOMPARE(m_cache->stats(0).discarded, std::uint64_t{1});

  // The other way round: the older one ends last.
  QVERIFY(m_cache->invalidate(std::array<std::string, 1>{"risk:*"}));
  ask("old");
  QVERIFY(m_cache->invalidate(std::array<std::string, 1>{"risk:*"}));
  ask("new");
  queue.runLast();
  queue.runFirst();
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit new"));
}

void TestCacheAside::invalidationOfOthersDoesNot() {
  Queue queue;
  const auto done = [](const Outcome<Answer>&) {};
  m_cache->fill(0, "risk:id:1", 0, gives("a"), done, queue.executor());
  QVERIFY(m_cache->invalidate(std::array<std::string, 3>{"dashboard:*", "connector:id:1", "report:*"}));
  queue.runFirst();
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit a"));
}

void TestCacheAside::invalidationOfEverything() {
  Queue queue;
  const auto done = [](const Outcome<Answer>&) {};
  for (const char* pattern : {"*", "r*", "[a-z]isk:id:1", "?isk:*"}) {
    m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, gives("a"), done, queue.executor());
    m_cache->fill(0, "http:/x", m_cache->find(0, "http:/x").ticket, gives("a"), done, queue.executor());
    QVERIFY(m_cache->invalidate(std::array<std::string, 1>{pattern}));
    queue.runFirst();
    queue.runFirst();
  }
  QCOMPARE(m_cache->stats(0).discarded, std::uint64_t{8});
  QCOMPARE(m_cache->stats(0).stored, std::uint64_t{0});
}

/// A value that is on its way into the cache when it is invalidated does not stay there.
void TestCacheAside::invalidationWaitsForStores() {
  std::latch storing(1), goOn(1);
  m_backend->onSet = [&] {
    storing.count_down();
    goOn.wait();
  };
  std::jthread reader([&] { static_cast<void>(m_cache->fetch(0, "risk:id:1", gives("old"))); });
  storing.wait();
  std::atomic<bool> invalidated = false;
  std::jthread writer([&] {
    static_cast<void>(m_cache->invalidate(std::array<std::string, 1>{"risk:*"}));
    invalidated = true;
  });
  const bool early = QTest::qWaitFor([&] { return invalidated.load(); }, 200);
  goOn.count_down();
  reader.join();
  writer.join();
  QVERIFY(!early);
  m_backend->onSet = nullptr;
  QCOMPARE(fetched("risk:id:1", gives("new")), QByteArray("miss new"));
}

void TestCacheAside::invalidatedByClass() {
  for (const char* key : {"risk:id:1", "risk:list:1", "report:1", "dashboard:matrix:all", "marketplace:app:1"}) QVERIFY(m_backend->set(key, "x", 1min));
  const auto patterns = cascadePatterns("risk", "1");
  QCOMPARE(*m_cache->invalidate(*patterns), std::uint64_t{4});
  QCOMPARE(m_cache->stats(0).invalidated, std::uint64_t{2});
  QCOMPARE(m_cache->stats(1).invalidated, std::uint64_t{1});
  QCOMPARE(m_cache->stats(2).invalidated, std::uint64_t{0});
  QCOMPARE(*m_cache->invalidate(std::array<std::string, 1>{"*"}), std::uint64_t{1});
  QCOMPARE(m_cache->stats(3).invalidated, std::uint64_t{0});  // of all classes: counts for none
  m_backend->here = false;
  QVERIFY(!m_cache->invalidate(*patterns));
}

void TestCacheAside::neverStale() {
  Staleness table(*m_cache);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 3'000; ++i) {
          const int row = (i + t) % Staleness::rows;
          if (t == 0 && i % 3 == 0)
            table.change(row);
          else if (t < 3 && i % 5 == 0)
            table.write(row);
          else
            table.read(row);
        }
      });
  }
  for (int row = 0; row < Staleness::rows; ++row) table.read(row);
  QCOMPARE(table.stale.load(), 0);
  QVERIFY(m_cache->stats(0).hits > 0);
}

void TestCacheAside::writeStores() {
  QCOMPARE(fetched("risk:id:1", gives("old")), QByteArray("miss old"));
  QCOMPARE(described(m_cache->write(0, "risk:id:1", gives("new"))), QByteArray("miss new"));
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit new"));
  QVERIFY(m_backend->removed.empty());
  QCOMPARE(m_cache->stats(0).stored, std::uint64_t{2});
}

void TestCacheAside::writeThatFails() {
  QVERIFY(m_cache->write(0, "risk:id:1", gives("old")));
  for (const auto kind : {Failure::Kind::Query, Failure::Kind::Usage, Failure::Kind::Auth})
    QVERIFY(!m_cache->write(0, "risk:id:1", [&] { return Outcome<Computed>(Failure{kind, "no"}); }));
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit old"));
}

void TestCacheAside::writeInDoubt() {
  for (const auto kind : {Failure::Kind::Timeout, Failure::Kind::Unavailable, Failure::Kind::Closed}) {
    QVERIFY(m_cache->write(0, "risk:id:1", gives("old")));
    QVERIFY(!m_cache->write(0, "risk:id:1", [&] { return Outcome<Computed>(Failure{kind, "no"}); }));
    QCOMPARE(fetched("risk:id:1", gives("committed")), QByteArray("miss committed"));
  }
  QVERIFY(!m_cache->write(0, "risk:id:1", []() -> Outcome<Computed> { throw std::runtime_error("x"); }));
  QCOMPARE(fetched("risk:id:1", gives("committed")), QByteArray("miss committed"));
}

void TestCacheAside::writeThatCannotBeStored() {
  const std::string key = "risk:id:[1]*";  // removed as a key, not as a pattern
  QVERIFY(m_cache->write(0, "risk:id:1x", gives("other")));
  QVERIFY(m_cache->write(0, key, gives("old")));
  m_backend->refusesToStore = true;
  QCOMPARE(described(m_cache->write(0, key, gives("new"))), QByteArray("miss new"));
  m_backend->refusesToStore = false;
  QCOMPARE(fetched(key, gives("read")), QByteArray("miss read"));
  QCOMPARE(fetched("risk:id:1x", gives("?")), QByteArray("hit other"));
  QVERIFY(m_cache->write(0, key, [] { return Outcome<Computed>(Computed{"gone", false}); }));
  QCOMPARE(fetched(key, gives("again")), QByteArray("miss again"));
}

void TestCacheAside::writeWhileTheCacheIsAway() {
  m_backend->here = false;
  QCOMPARE(described(m_cache->write(0, "risk:id:*", gives("new"))), QByteArray("miss new"));
  QVERIFY((m_backend->removed == std::vector<std::string>{"risk:id:\\*"}));
}

void TestCacheAside::writeDiscardsWhatBeganBefore() {
  Queue queue;
  m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, gives("old"), [](const Outcome<Answer>&) {}, queue.executor());
  QVERIFY(m_cache->write(0, "risk:id:1", gives("new")));
  queue.runFirst();
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit new"));
}

void TestCacheAside::overlappingWritesKeepNothing() {
  const auto outer = m_cache->write(0, "risk:id:1", [&]() -> Outcome<Computed> {
    if (!m_cache->write(0, "risk:id:1", gives("inner"))) return Failure{};
    return Computed{"outer", true};
  });
  QVERIFY(outer);
  QCOMPARE(fetched("risk:id:1", gives("read")), QByteArray("miss read"));
}

void TestCacheAside::invalidationDuringAWrite() {
  QVERIFY(m_cache->write(0, "risk:id:1", [&]() -> Outcome<Computed> {
    if (!m_cache->invalidate(std::array<std::string, 1>{"risk:list:*"})) return Failure{};
    return Computed{"which was last?", true};
  }));
  QCOMPARE(fetched("risk:id:1", gives("read")), QByteArray("miss read"));
}

void TestCacheAside::awayCostsNothing() {
  m_backend->here = false;
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QCOMPARE(fetched("risk:id:1", gives("b")), QByteArray("miss b"));
  QCOMPARE(m_backend->gets.load(), 0);
  QCOMPARE(stats(), QByteArray("hits 0 misses 0 bypassed 2 shared 0 computed 2 failed 0 stored 0 discarded 0"));
  m_backend->here = true;
  QCOMPARE(fetched("risk:id:1", gives("c")), QByteArray("miss c"));
  QCOMPARE(fetched("risk:id:1", gives("d")), QByteArray("hit c"));
}

void TestCacheAside::awayDuringALookUp() {
  m_backend->onGet = [this] { m_backend->here = false; };
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QCOMPARE(stats(), QByteArray("hits 0 misses 0 bypassed 1 shared 0 computed 1 failed 0 stored 0 discarded 0"));
}

void TestCacheAside::nothingBehind() {
  NoBackend none;
  CacheAside cache(none, referenceClasses());
  for (int i = 0; i < 2; ++i) QCOMPARE(described(cache.fetch(0, "risk:id:1", gives("a"))), QByteArray("miss a"));
  QCOMPARE(described(cache.stats(0)), QByteArray("hits 0 misses 0 bypassed 2 shared 0 computed 2 failed 0 stored 0 discarded 0"));
  QCOMPARE(*cache.invalidate(std::array<std::string, 1>{"*"}), std::uint64_t{0});
}

/// The baseline is to show what answers cost without a cache: once two callers at a time got one computation.
void TestCacheAside::nothingBehindSharesNothing() {
  NoBackend none;
  CacheAside cache(none, referenceClasses());
  Queue queue;
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += described(answer); };
  for (const char* value : {"a", "b", "c"}) cache.fill(0, "risk:id:1", cache.find(0, "risk:id:1").ticket, gives(value), done, queue.executor());
  QCOMPARE(queue.tasks.size(), std::size_t{3});
  queue.runLast();
  queue.runFirst();
  queue.tasks.clear();  // dropped: answered all the same
  QCOMPARE(answers.size(), 3);
  QCOMPARE(answers.mid(0, 2), QByteArrayList({"miss c", "miss a"}));
  QVERIFY(answers[2].startsWith("failed: "));

  constexpr int threads = 8;
  std::latch together(threads);  // all compute at the same time, or nobody ever ends
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t)
      pool.emplace_back([&, t] {
        const auto answer = cache.fetch(0, "risk:id:1", [&] {
          together.arrive_and_wait();
          return Outcome<Computed>(Computed{std::to_string(t), true});
        });
        if (described(answer) != "miss " + QByteArray::number(t)) ++wrong;
      });
  }
  QCOMPARE(wrong.load(), 0);
  QCOMPARE(described(cache.stats(0)), QByteArray("hits 0 misses 0 bypassed 11 shared 0 computed 10 failed 0 stored 0 discarded 0"));
}

/// A Redis that is away must not send a thousand callers of one key to the database.
void TestCacheAside::awayStillShares() {
  m_backend->here = false;
  Queue queue;
  QByteArrayList answers;
  const auto done = [&](const Outcome<Answer>& answer) { answers += described(answer); };
  for (int i = 0; i < 3; ++i) m_cache->fill(0, "risk:id:1", m_cache->find(0, "risk:id:1").ticket, gives("a"), done, queue.executor());
  QCOMPARE(queue.tasks.size(), std::size_t{1});
  queue.runFirst();
  QCOMPARE(answers, QByteArrayList({"miss a", "shared a", "shared a"}));
}

void TestCacheAside::batches() {
  const std::vector<std::pair<std::string, std::string>> values{{"risk:id:1", "a"}, {"risk:id:2", "b"}, {"other:1", "c"}};
  const std::vector<std::string> keys{"risk:id:1", "risk:id:2", "other:1"};
  const CacheAside::Found none = m_cache->findMany(0, keys);
  QVERIFY((none.values == std::vector<Value>(3)));
  m_cache->storeMany(0, values, none.ticket);
  const auto found = m_cache->findMany(0, std::vector<std::string>{"risk:id:2", "risk:id:3", "other:1"}).values;
  QCOMPARE(*found[0], std::string("b"));
  QVERIFY(!found[1]);
  QCOMPARE(*found[2], std::string("c"));
  m_backend->here = false;
  const CacheAside::Found away = m_cache->findMany(0, std::vector<std::string>{"risk:id:2"});
  QVERIFY(!away.values[0]);
  m_cache->storeMany(0, values, away.ticket);
  QCOMPARE(stats(), QByteArray("hits 2 misses 4 bypassed 1 shared 0 computed 0 failed 0 stored 3 discarded 0"));
  QVERIFY(m_cache->findMany(0, {}).values.empty());
}

void TestCacheAside::requestsTogether() {
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QVERIFY(m_cache->fetch(2, "connector:id:1", gives("b")));
  const std::vector<CacheAside::ClassId> ids{2, 0, 0};
  const std::vector<std::string> keys{"connector:id:1", "risk:id:2", "risk:id:1"};
  const std::vector<CacheAside::Lookup> found = m_cache->findEach(ids, keys);
  QCOMPARE(*found[0].value, std::string("b"));
  QVERIFY(!found[1].value);
  QCOMPARE(*found[2].value, std::string("a"));
  QCOMPARE(m_cache->stats(2).hits, std::uint64_t{1});
  QCOMPARE(stats(), QByteArray("hits 1 misses 2 bypassed 0 shared 0 computed 1 failed 0 stored 1 discarded 0"));

  // The ticket of a miss is as good as that of a look-up alone: who asks after an answer that came meanwhile gets it from the cache.
  QCOMPARE(fetched("risk:id:2", gives("c")), QByteArray("miss c"));
  QByteArray late;
  m_cache->fill(0, keys[1], found[1].ticket, gives("never"), [&](const Outcome<Answer>& answer) { late = described(answer); }, [](auto task) { task(); });
  QCOMPARE(late, QByteArray("shared c"));

  m_backend->here = false;
  for (const CacheAside::Lookup& lookup : m_cache->findEach(ids, keys)) QVERIFY(!lookup.value);
  QCOMPARE(m_cache->stats(2).bypassed, std::uint64_t{1});
  QCOMPARE(m_cache->stats(0).bypassed, std::uint64_t{2});
  QVERIFY(m_cache->findEach({}, {}).empty());
}

/// MGET fails as a whole when the account may not read one of the keys: the other requests still get their hits.
void TestCacheAside::requestsTogetherWithAForbiddenKey() {
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  m_backend->forbidden = "risk:id:2";
  const std::vector<CacheAside::Lookup> found = m_cache->findEach(std::vector<CacheAside::ClassId>{0, 0}, std::vector<std::string>{"risk:id:1", "risk:id:2"});
  QCOMPARE(*found[0].value, std::string("a"));
  QVERIFY(!found[1].value);
  QCOMPARE(stats(), QByteArray("hits 1 misses 1 bypassed 1 shared 0 computed 1 failed 0 stored 1 discarded 0"));
}

/// Rows read for a batch, then changed and invalidated by somebody else: once the old ones were stored all the same.
void TestCacheAside::batchesReadBeforeAnInvalidation() {
  const std::vector<std::string> keys{"risk:id:1", "risk:id:2"};
  const std::vector<std::pair<std::string, std::string>> old{{"risk:id:1", "old"}, {"risk:id:2", "old"}};
  for (const char* pattern : {"risk:id:1", "risk:*", "*"}) {
    const CacheAside::Found found = m_cache->findMany(0, keys);
    QVERIFY(m_cache->invalidate(std::array<std::string, 1>{pattern}));
    m_cache->storeMany(0, old, found.ticket);
    QCOMPARE(m_backend->stats().entries, std::size_t{0});
  }
  QCOMPARE(m_cache->stats(0).discarded, std::uint64_t{6});
  QCOMPARE(m_cache->stats(0).stored, std::uint64_t{0});
  const CacheAside::Found found = m_cache->findMany(0, keys);
  QVERIFY(m_cache->invalidate(std::array<std::string, 2>{"dashboard:*", "connector:id:1"}));
  m_cache->storeMany(0, old, found.ticket);
  QCOMPARE(m_backend->stats().entries, std::size_t{2});
}

/// Only what the invalidation concerned is discarded; and what was not looked up, of which nobody knows how old it is.
void TestCacheAside::batchesOfSeveralSegments() {
  const CacheAside::Found found = m_cache->findMany(0, std::vector<std::string>{"risk:id:1", "dashboard:1"});
  QVERIFY(m_cache->invalidate(std::array<std::string, 1>{"risk:*"}));
  const std::vector<std::pair<std::string, std::string>> values{{"risk:id:1", "a"}, {"dashboard:1", "b"}, {"connector:1", "c"}};
  m_cache->storeMany(0, values, found.ticket);
  QCOMPARE(fetched("dashboard:1", gives("?")), QByteArray("hit b"));
  QCOMPARE(m_backend->stats().entries, std::size_t{1});
  QCOMPARE(m_cache->stats(0).discarded, std::uint64_t{2});
  m_cache->storeMany(0, values, {});
  QCOMPARE(m_cache->stats(0).discarded, std::uint64_t{5});
}

void TestCacheAside::batchesOvertakenByWrites() {
  const CacheAside::Found found = m_cache->findMany(0, std::vector<std::string>{"risk:id:1"});
  QVERIFY(m_cache->write(0, "risk:id:1", gives("new")));
  const std::vector<std::pair<std::string, std::string>> old{{"risk:id:1", "old"}};
  m_cache->storeMany(0, old, found.ticket);
  QCOMPARE(fetched("risk:id:1", gives("?")), QByteArray("hit new"));
}

void TestCacheAside::jitter() {
  for (int i = 0; i < 300; ++i) QVERIFY(m_cache->fetch(0, "risk:id:" + std::to_string(i), gives("a")));
  const auto [least, most] = std::ranges::minmax(m_backend->ttls);
  QVERIFY(least >= 270s && most <= 330s);
  QVERIFY(least < 290s && most > 310s);  // 300 draws all on one side of these: less than one in 10^29
  FakeBackend backend;
  CacheAside exact(backend, {{"risk", 5min, 0}});
  for (int i = 0; i < 10; ++i) QVERIFY(exact.fetch(0, std::to_string(i), gives("a")));
  QVERIFY(std::ranges::count(backend.ttls, 5min) == 10);
}

void TestCacheAside::noTtl() {
  CacheAside cache(*m_backend, {{"never", 0s, 0}, {"forever", std::chrono::milliseconds::max(), 0.1}});
  for (int i = 0; i < 2; ++i) QCOMPARE(described(cache.fetch(0, "never:1", gives("a"))), QByteArray("miss a"));
  QCOMPARE(described(cache.fetch(1, "forever:1", gives("a"))), QByteArray("miss a"));
  QCOMPARE(described(cache.fetch(1, "forever:1", gives("b"))), QByteArray("hit a"));
}

void TestCacheAside::latencies() {
  Latency latency;
  for (const auto span : {std::chrono::nanoseconds(100us), std::chrono::nanoseconds(100'001), std::chrono::nanoseconds(5s), std::chrono::nanoseconds(6s), std::chrono::nanoseconds(0)})
    latency.add(span);
  const Latency::Counts counts = latency.counts();
  QCOMPARE(counts.buckets[0], std::uint64_t{2});
  QCOMPARE(counts.buckets[1], std::uint64_t{1});
  QCOMPARE(counts.buckets[Latency::bounds.size() - 1], std::uint64_t{1});
  QCOMPARE(counts.buckets[Latency::bounds.size()], std::uint64_t{1});
  QCOMPARE(counts.count, std::uint64_t{5});
  QVERIFY(std::abs(counts.seconds - 11.0002) < 1e-6);
  QCOMPARE(fetched("risk:id:1", gives("a")), QByteArray("miss a"));
  QCOMPARE(m_cache->stats(0).lookup.count, std::uint64_t{1});
  QCOMPARE(m_cache->stats(0).compute.count, std::uint64_t{1});
}

QTEST_GUILESS_MAIN(TestCacheAside)
#include "tst_cache_aside.moc"
