// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_redis_backend_support.h"
#include "tests/support/fault_proxy.h"

#include <QElapsedTimer>

#include <thread>

using namespace cachedeck::test;

/// A Redis that dies, hangs, and comes back; links that break.
class TestRedisOutages : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    if (!m_server.running()) QCOMPARE(m_server.start(), QString());
    cli(m_server, {"flushall"});
  }

  void nothingListens();
  void closedIdleLinksAreNoOutage();
  void restartBetweenCommandsIsNoOutage();
  void killedAndRestarted();
  void hangs();
  void removalDuringAHang();
  void lateSetsDoNotComeBack_data();
  void lateSetsDoNotComeBack();
  void removalCutHalfWay();
  void removalOverASilentLink();
  void manyRemovalsAreRemembered();
  void comesBackWhileRemovalsKeepComing();
  void aRemovalThatIsOutOfTime();
  void halfOpenLink();
  void fragments();
  void endsWhileAway();

 private:
  RedisServer m_server;
};

void TestRedisOutages::nothingListens() {
  const auto backend = backendOn(freePort());
  const auto first = backend->get("a");
  QCOMPARE(kind(first.error()), "unavailable");
  QVERIFY2(first.error().message.find("Connection refused") != std::string::npos, first.error().message.c_str());
  QVERIFY(!backend->available());
  QCOMPARE(kind(backend->set("a", "1", 1min).error()), "unavailable");
  QCOMPARE(kind(backend->setMany(std::vector<Entry>{{"a", "1", 1min}}).error()), "unavailable");
  QCOMPARE(kind(backend->getMany(Strings{"a"}).error()), "unavailable");
  QCOMPARE(kind(backend->remove(Strings{"a"}).error()), "unavailable");
}

void TestRedisOutages::closedIdleLinksAreNoOutage() {
  const auto backend = backendOn(m_server.port());
  QVERIFY(backend->set("a", "1", 1min));
  const auto endLinks = [&] { cli(m_server, {"client", "kill", "type", "normal"}); };
  endLinks();
  QCOMPARE(got(*backend, "a"), QByteArray("1"));
  endLinks();
  QVERIFY(backend->set("a", "2", 1min));
  endLinks();
  QCOMPARE((*backend->getMany(Strings{"a"}))[0].value_or("nothing"), std::string("2"));
  endLinks();
  QVERIFY(backend->setMany(std::vector<Entry>{{"b", "3", 1min}}));
  endLinks();
  const auto counts = backend->remove(Strings{"a", "b*", "c"});
  QVERIFY(counts && (*counts == std::vector<std::uint64_t>{1, 1, 0}));
  QVERIFY(backend->available());
}

void TestRedisOutages::restartBetweenCommandsIsNoOutage() {
  const auto backend = backendOn(m_server.port());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) threads.emplace_back([&] { got(*backend, "a"); });
  threads.clear();
  m_server.kill9();
  QCOMPARE(m_server.start(), QString());
  for (int i = 0; i < 10; ++i) QVERIFY(backend->set("a", std::string(100'000, 'x'), 1min));
  QVERIFY(backend->available());
}

void TestRedisOutages::killedAndRestarted() {
  const auto backend = backendOn(m_server.port());
  QVERIFY(backend->set("a", "1", 1min));
  m_server.kill9();
  const auto lost = backend->get("a");
  QCOMPARE(kind(lost.error()), "unavailable");
  QVERIFY(!backend->available());
  QVERIFY(!backend->remove(Strings{"a"}));
  QCOMPARE(m_server.start(), QString());
  cli(m_server, {"set", "a", "from before"});  // as if it had kept its data
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QVERIFY(backend->set("b", "2", 1min));
  QCOMPARE(got(*backend, "b"), QByteArray("2"));
}

void TestRedisOutages::hangs() {
  const auto backend = backendOn(m_server.port(), 300ms);
  QTRY_VERIFY_WITH_TIMEOUT(backend->set("a", "1", 1min).ok(), patience);
  m_server.freeze();
  QTRY_VERIFY_WITH_TIMEOUT(!backend->get("a"), patience);
  QVERIFY(!backend->available());
  const auto told = backend->get("a");
  QCOMPARE(kind(told.error()), "unavailable");
  QVERIFY2(told.error().message.find("in time") != std::string::npos, told.error().message.c_str());
  m_server.thaw();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QTRY_COMPARE_WITH_TIMEOUT(got(*backend, "a"), QByteArray("1"), patience);
}

void TestRedisOutages::removalDuringAHang() {
  const auto backend = backendOn(m_server.port(), 300ms);
  for (int round = 0; round < 3; ++round) {
    for (const char* key : {"risk:1", "risk:2", "other:1"}) QTRY_VERIFY_WITH_TIMEOUT(backend->set(key, "old", 1min).ok(), patience);
    m_server.freeze();
    QVERIFY(!backend->remove(Strings{"risk:*"}));  // itself the first to notice
    QVERIFY(!backend->available());
    QVERIFY(!backend->remove(Strings{"other:1", "none:*"}));
    m_server.thaw();
    // Whatever is found from now on, it is not what was to be removed.
    bool back = false;
    QElapsedTimer waiting;
    waiting.start();
    while (!back && waiting.elapsed() < patience)
      for (const char* key : {"risk:1", "risk:2", "other:1"}) {
        const auto value = backend->get(key);
        if (value) QVERIFY(!*value);
        back |= value.ok();
      }
    QVERIFY(back);
    QCOMPARE(cli(m_server, {"dbsize"}), QByteArray("0"));
  }
}

void TestRedisOutages::lateSetsDoNotComeBack_data() {
  QTest::addColumn<int>("size");
  QTest::newRow("small") << 10;
  QTest::newRow("20 KB") << 20'000;
  QTest::newRow("512 KB") << (512 << 10);
  QTest::newRow("8 MB, more than sockets hold") << (8 << 20);
}

/// SETs reach a server that hangs, their callers give up, the keys are removed. The server, when it goes on, still finds the SETs.
void TestRedisOutages::lateSetsDoNotComeBack() {
  QFETCH(const int, size);
  const auto backend = backendOn(m_server.port(), 300ms);
  const std::string value(static_cast<std::size_t>(size), 'o');
  for (int round = 0; round < 4; ++round) {
    {
      std::vector<std::jthread> warm;  // links that the server knows
      for (int t = 0; t < 6; ++t) warm.emplace_back([&] { got(*backend, "a"); });
    }
    QTRY_VERIFY_WITH_TIMEOUT(got(*backend, "a") == "nothing", patience);
    m_server.freeze();
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 6; ++t)
        threads.emplace_back([&, t] {
          if (t % 2 == 0)
            static_cast<void>(backend->set("risk:" + std::to_string(t), value, 1min));
          else
            static_cast<void>(backend->setMany(std::vector<Entry>{{"risk:" + std::to_string(t), value, 1min}, {"risk:x" + std::to_string(t), value, 1min}}));
        });
    }
    QVERIFY(!backend->available());
    QVERIFY(!backend->remove(Strings{"risk:*"}));
    m_server.thaw();
    QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
    for (int i = 0; i < 20; ++i) QCOMPARE(cli(m_server, {"dbsize"}), QByteArray("0"));
  }
}

/// The proxy ends the link after so many bytes of the SCANs' answers: at each place the removal is made up for.
void TestRedisOutages::removalCutHalfWay() {
  FaultProxy proxy(m_server.port());
  for (const bool reset : {false, true})
    for (const qint64 after : {40, 2'000, 9'000, 30'000}) {
      std::vector<Entry> entries;
      for (int i = 0; i < 3000; ++i) entries.push_back({(i % 2 ? "risk:" : "report:") + std::to_string(i), "old", 1h});
      const auto direct = backendOn(m_server.port());
      QVERIFY(direct->setMany(entries));
      const auto backend = backendOn(proxy.port());
      Faults faults;
      (reset ? faults.resetAfter : faults.dropAfter) = after;
      proxy.set(faults);
      const auto removed = backend->remove(Strings{"risk:*", "report:1*", "report:2*"});
      QVERIFY(!removed);
      QVERIFY(!backend->available());
      proxy.clear();
      QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
      for (int i = 1; i < 3000; i += 2) QCOMPARE(got(*backend, "risk:" + std::to_string(i)), QByteArray("nothing"));
      QCOMPARE(got(*backend, "report:0"), QByteArray("old"));
      cli(m_server, {"flushall"});
    }
}

void TestRedisOutages::removalOverASilentLink() {
  FaultProxy proxy(m_server.port());
  const auto backend = backendOn(proxy.port(), 300ms);
  QTRY_VERIFY_WITH_TIMEOUT(backend->set("risk:1", "old", 1h).ok(), patience);
  Faults faults;
  faults.blackhole = true;
  proxy.set(faults);
  QCOMPARE(kind(backend->remove(Strings{"risk:*"}).error()), "timeout");
  QVERIFY(!backend->available());
  proxy.clear();
  proxy.cut();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QTRY_COMPARE_WITH_TIMEOUT(got(*backend, "risk:1"), QByteArray("nothing"), patience);
}

void TestRedisOutages::manyRemovalsAreRemembered() {
  const auto backend = backendOn(m_server.port(), 300ms);
  std::vector<Entry> entries;
  for (int i = 0; i < 12'000; ++i) entries.push_back({"risk:id:" + std::to_string(i), "old", 1h});
  entries.push_back({"other:1", "stays", 1h});
  const auto direct = backendOn(m_server.port());
  QVERIFY(direct->setMany(entries));
  QTRY_COMPARE_WITH_TIMEOUT(got(*backend, "risk:id:1"), QByteArray("old"), patience);
  m_server.freeze();
  for (int i = 0; i < 12'000; ++i) QVERIFY(!backend->remove(Strings{"risk:id:" + std::to_string(i)}));
  m_server.thaw();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(cli(m_server, {"dbsize"}), QByteArray("1"));
}

/// A large keyspace outlives the outage, and services go on writing. Once the cache came back only when nothing was to be removed during a whole walk
/// through that keyspace, which with a few writes a second was never.
void TestRedisOutages::comesBackWhileRemovalsKeepComing() {
  fill(m_server, 30'000);
  FaultProxy proxy(m_server.port());
  const auto backend = backendOn(proxy.port());
  for (const char* key : {"risk:id:1", "risk:list:1", "connector:id:1"}) QVERIFY(backend->set(key, "old", 1h));
  Faults faults;
  faults.dropAfter = 0;  // each answer ends its connection
  proxy.set(faults);
  QVERIFY(!backend->remove(Strings{"risk:list:*", "risk:id:1"}));
  QVERIFY(!backend->available());
  std::atomic<bool> stop = false;
  std::vector<std::jthread> writers;
  for (int t = 0; t < 3; ++t)
    writers.emplace_back([&] {
      while (!stop) {
        static_cast<void>(backend->remove(Strings{"risk:list:*", "risk:search:*", "risk:id:1"}));
        std::this_thread::sleep_for(5ms);
      }
    });
  faults = {};
  faults.latencyMs = 20;  // a walk takes more than a second, and hundreds of removals come during each
  proxy.set(faults);
  const bool back = QTest::qWaitFor([&] { return backend->available(); }, patience);
  const auto why = backend->get("connector:id:1");
  bool stale = false;
  for (int i = 0; i < 20; ++i)
    for (const char* key : {"risk:id:1", "risk:list:1"}) stale |= got(*backend, key) == "old";
  const QByteArray other = got(*backend, "connector:id:1");
  stop = true;
  proxy.clear();
  writers.clear();
  QVERIFY2(back, why.ok() ? "it answers" : why.error().message.c_str());
  QVERIFY(!stale);
  QCOMPARE(other, QByteArray("old"));  // what nobody wanted to remove is of use again
  const auto storesAgain = [&] { return backend->set("risk:id:1", "new", 1h) && got(*backend, "risk:id:1") == "new"; };
  QTRY_VERIFY_WITH_TIMEOUT(storesAgain(), patience);
}

/// A caller has only so much time for his removal. What is left over is not served, and goes while the cache is in use.
void TestRedisOutages::aRemovalThatIsOutOfTime() {
  fill(m_server, 30'000);
  FaultProxy proxy(m_server.port());
  const auto backend = backendOn(proxy.port(), 6s);
  for (const char* key : {"risk:id:1", "risk:list:1", "connector:id:1"}) QVERIFY(backend->set(key, "old", 1h));
  Faults faults;
  faults.latencyMs = 250;  // more than the time of a command for all pages
  proxy.set(faults);
  const auto removed = backend->remove(Strings{"risk:*"}, in(100ms));  // it has the time of a command at least
  QVERIFY(!removed);
  QCOMPARE(kind(removed.error()), "timeout");
  QVERIFY2(removed.error().message.find("more keys than could be looked through in time") != std::string::npos, removed.error().message.c_str());
  QVERIFY(backend->available());
  QCOMPARE(got(*backend, "risk:id:1"), QByteArray("nothing"));
  const auto several = backend->getMany(Strings{"risk:list:1", "connector:id:1", "risk:id:1"});
  QVERIFY(several);
  QVERIFY((*several == std::vector<std::optional<std::string>>{std::nullopt, "old", std::nullopt}));
  QVERIFY(backend->remove(Strings{"connector:id:2"}, Time::min()));  // a key alone takes no time
  proxy.clear();
  QTRY_COMPARE_WITH_TIMEOUT(cli(m_server, {"exists", "risk:id:1", "risk:list:1"}), QByteArray("0"), patience);
  const auto storesAgain = [&] { return backend->set("risk:id:1", "new", 1h) && got(*backend, "risk:id:1") == "new"; };
  QTRY_VERIFY_WITH_TIMEOUT(storesAgain(), patience);
}

void TestRedisOutages::halfOpenLink() {
  FaultProxy proxy(m_server.port());
  const auto backend = backendOn(proxy.port(), 300ms);
  QTRY_VERIFY_WITH_TIMEOUT(backend->set("a", "1", 1h).ok(), patience);
  Faults faults;
  faults.blackhole = true;
  proxy.set(faults);
  QTRY_VERIFY_WITH_TIMEOUT(!backend->get("a"), patience);
  QVERIFY(!backend->available());
  faults.blackhole = false;
  faults.silent = true;  // now connections are taken, and nobody speaks
  proxy.set(faults);
  proxy.cut(true);
  const int before = proxy.connections();
  QTRY_VERIFY_WITH_TIMEOUT(proxy.connections() > before + 1, patience);
  QVERIFY(!backend->available());
  proxy.clear();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QTRY_COMPARE_WITH_TIMEOUT(got(*backend, "a"), QByteArray("1"), patience);
}

void TestRedisOutages::fragments() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.slice = 1;
  proxy.set(faults);
  const auto backend = backendOn(proxy.port());
  QVERIFY(backend->set("a", "hello\r\nworld", 1h));
  QCOMPARE(got(*backend, "a"), QByteArray("hello\r\nworld"));
  QCOMPARE(got(*backend, "b"), QByteArray("nothing"));
  QCOMPARE((*backend->getMany(Strings{"b", "a"}))[1].value_or("nothing"), std::string("hello\r\nworld"));
  QCOMPARE(sum(backend->remove(Strings{"a*", "b*"})), std::uint64_t{1});
}

/// The destructor does not wait for a server that is away, in whatever state the recovery is.
void TestRedisOutages::endsWhileAway() {
  for (int i = 0; i < 5; ++i) {
    const auto backend = backendOn(m_server.port(), 300ms);
    QTRY_VERIFY_WITH_TIMEOUT(backend->set("risk:1", "old", 1min).ok(), patience);
    m_server.freeze();
    static_cast<void>(backend->set("risk:1", "new", 1min));
    static_cast<void>(backend->remove(Strings{"risk:*"}));
    if (i % 2) m_server.thaw();
    QTest::qWait(60 * i);
    if (i % 2 == 0) m_server.thaw();
  }
}

QTEST_GUILESS_MAIN(TestRedisOutages)
#include "tst_redis_outages.moc"
