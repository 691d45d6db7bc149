// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_backend.h"
#include "core/load/direct_cache.h"
#include "core/load/direct_keys.h"
#include "core/load/load_run.h"
#include "core/load/redis_pipe.h"
#include "tests/support/hostile_server.h"
#include "tests/support/start_load.h"

#include <QtTest>

#include <cmath>
#include <functional>

using namespace cachedeck;
using namespace cachedeck::load;
using cachedeck::test::startLoad;
using namespace std::chrono_literals;
using cacheaside::Reply;

namespace {

CacheAsideWorkload workloadOf(std::int64_t keys, CacheAsideWorkload::Keys distribution, double hitRatio = -1) {
  CacheAsideWorkload workload;
  workload.keys = keys;
  workload.distribution = distribution;
  workload.hitRatio = hitRatio;
  return workload;
}

/// A cache that does what it is told, and what share of look-ups it had. `users` look-ups are under way at the same time.
double ratioOf(const CacheAsideWorkload& workload, int lookUps, std::size_t users = 1, double writes = 0) {
  DirectKeys keys(workload);
  Random random(7);
  std::vector<bool> cached(static_cast<std::size_t>(workload.keys) + 1);
  std::vector<DirectKeys::Choice> underWay;
  std::int64_t now = monotonicNs();
  int hits = 0;
  for (int i = 0; i < lookUps; ++i, now += 100'000) {
    const DirectKeys::Choice choice = keys.forLookUp(random, now);
    const auto key = static_cast<std::size_t>(choice.key);
    if (choice.removeFirst) cached[key] = false;
    hits += cached[key];
    keys.lookedUp(choice, cached[key]);
    if (!cached[key]) underWay.push_back(choice);
    if (underWay.size() >= users) {
      cached[static_cast<std::size_t>(underWay.front().key)] = true;
      keys.stored(underWay.front().key, now);
      underWay.erase(underWay.begin());
    }
    if (random.unit() < writes) {
      const std::int64_t written = keys.draw(random);
      keys.removed(written);
      cached[static_cast<std::size_t>(written)] = false;
    }
  }
  return static_cast<double>(hits) / lookUps;
}

cacheaside::RedisSettings settingsFor(quint16 port) {
  cacheaside::RedisSettings settings;
  settings.port = port;
  settings.password = "Sesame-open";
  return settings;
}

/// One pipe on a loop of its own: what comes of one GET after the other.
class PipeProbe : private RedisPipe::Owner, private Loop::Timer {
 public:
  explicit PipeProbe(quint16 port) : m_target(settingsFor(port), addressesOf(port)), m_pipe(m_loop, m_target, *this) {}
  std::string get() {
    m_pipe.add({"GET", "k"});
    m_loop.arm(monotonicNs() + 20'000'000'000, *this, ++m_round);
    m_over = false;
    m_pipe.send();
    if (!m_over) m_loop.run();
    m_loop.resume();
    return m_said;
  }
  void close() { m_pipe.close(); }

 private:
  static std::vector<cacheaside::Address> addressesOf(quint16 port) { return cacheaside::AddressBook(settingsFor(port)).addresses(); }
  void finish(std::string said) {
    m_said = std::move(said);
    m_over = true;
    m_loop.quit();
  }
  void redisReplied(const cacheaside::Reply& reply) override { finish(reply.type == cacheaside::Reply::Type::Nil ? "nil" : reply.isError() ? "error " + reply.text : reply.text); }
  void redisBroke(FailureKind kind, const std::string& reason) override { finish(std::string(failureName(kind)) + ": " + reason); }
  void due(std::int64_t, std::uint64_t token) override {
    if (token == m_round) finish("nothing came");
  }

  Loop m_loop;
  RedisTarget m_target;
  RedisPipe m_pipe;
  std::string m_said;
  std::uint64_t m_round = 0;
  bool m_over = false;
};

std::string refusalOf(const std::function<void(RunPlan&)>& spoil) {
  RunPlan plan;
  plan.scenario.name = "direct";
  plan.scenario.target = Target::CacheAside;
  plan.direct.redisHost = "127.0.0.1";
  plan.direct.postgres = {{"host", "127.0.0.1"}, {"password", "Sesame-open"}};
  spoil(plan);
  const auto run = startLoad(std::move(plan));
  return run ? "accepted" : run.error();
}

}  // namespace

class TestLoadDirectParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void keysComeByTheirDistribution() {
    constexpr int draws = 200'000, count = 100;
    for (const auto distribution : {CacheAsideWorkload::Keys::Uniform, CacheAsideWorkload::Keys::Zipf}) {
      const DirectKeys keys(workloadOf(count, distribution));
      Random random(3);
      std::vector<int> seen(count + 1);
      for (int i = 0; i < draws; ++i) ++seen.at(static_cast<std::size_t>(keys.draw(random)));
      QCOMPARE(seen[0], 0);
      double all = 0;
      for (int k = 1; k <= count; ++k) all += distribution == CacheAsideWorkload::Keys::Zipf ? std::pow(k, -0.99) : 1;
      for (const int k : {1, 2, 10, 100}) {
        const double expected = draws * (distribution == CacheAsideWorkload::Keys::Zipf ? std::pow(k, -0.99) : 1) / all;
        QVERIFY2(std::abs(seen[static_cast<std::size_t>(k)] - expected) < 5 * std::sqrt(expected), qPrintable(QStringLiteral("key %1: %2, not %3").arg(k).arg(seen[static_cast<std::size_t>(k)]).arg(expected)));
      }
    }
  }

  void theHitRatioIsTheTarget_data() {
    QTest::addColumn<double>("target");
    QTest::addColumn<int>("users");
    QTest::addColumn<double>("writes");
    for (const double target : {0.0, 0.1, 0.5, 0.9, 1.0})
      for (const int users : {1, 50})
        for (const double writes : {0.0, 0.2}) QTest::addRow("%g, %d users, %g written", target, users, writes) << target << users << writes;
  }
  void theHitRatioIsTheTarget() {
    QFETCH(double, target);
    QFETCH(int, users);
    QFETCH(double, writes);
    for (const auto distribution : {CacheAsideWorkload::Keys::Uniform, CacheAsideWorkload::Keys::Zipf})
      for (const std::int64_t keys : {std::int64_t{10}, std::int64_t{1000}, std::int64_t{1'000'000}}) {
        if (target == 1 && writes > 0 && keys == 10) continue;  // where writes remove nearly all, not every look-up can be a hit
        const double ratio = ratioOf(workloadOf(keys, distribution, target), 20'000, static_cast<std::size_t>(users), writes);
        QVERIFY2(std::abs(ratio - target) < 0.02, qPrintable(QStringLiteral("%1 of %2 keys").arg(ratio).arg(keys)));
      }
  }

  void theTargetIsKeptWhenValuesExpire() {
    CacheAsideWorkload workload = workloadOf(100, CacheAsideWorkload::Keys::Uniform, 1);
    workload.ttl = 1000ms;
    DirectKeys keys(workload);
    Random random(1);
    const std::int64_t now = monotonicNs();
    keys.stored(5, now);
    QCOMPARE(keys.forLookUp(random, now + 100'000'000).key, 5);
    // Later than that it may be gone: nothing is known as cached, and a key is drawn.
    bool others = false;
    for (int i = 0; i < 20; ++i) others |= keys.forLookUp(random, now + 1'100'000'000).key != 5;
    QVERIFY(others);
  }

  void aLookUpThatFailedIsNoHitAndNoMiss() {
    DirectKeys keys(workloadOf(1000, CacheAsideWorkload::Keys::Zipf, 0.5));
    Random random(1);
    const std::int64_t now = monotonicNs();
    for (int i = 0; i < 10'000; ++i) keys.lookedUp(keys.forLookUp(random, now), std::nullopt);
    int planned = 0;
    for (int i = 0; i < 100; ++i) {
      const DirectKeys::Choice choice = keys.forLookUp(random, now);
      planned += choice.plannedHit;
      keys.lookedUp(choice, choice.plannedHit);
    }
    QVERIFY2(planned >= 49 && planned <= 51, qPrintable(QString::number(planned)));  // nothing has to be made up for
  }

  void valuesHaveTheirLength() {
    QCOMPARE(directValue(42, 8), "00000042");
    QCOMPARE(directValue(12345, 3), "123");  // as lpad() has it
    QCOMPARE(directKey(42), "cachedeck:load:42");
    std::string out;
    appendCommand(out, {"SET", std::string_view("a\0b", 3), ""});
    QCOMPARE(out, std::string("*3\r\n$3\r\nSET\r\n$3\r\na\0b\r\n$0\r\n\r\n", 28));
  }

  void aPipeLogsInAndAsks() {
    test::HostileServer server([](const QByteArray& got, int turn) -> test::HostileAnswer {
      if (turn < 0) return {};
      const QByteArray greeting = got.contains("AUTH") ? "+OK\r\n-NOPERM you may not name yourself\r\n" : "";
      return {greeting + "$5\r\nhello\r\n"};
    });
    PipeProbe pipe(server.port());
    QCOMPARE(pipe.get(), "hello");
    QCOMPARE(pipe.get(), "hello");
    QCOMPARE(server.connections(), 1);
  }

  void aKeptConnectionThatWasClosedIsNoFailure() {
    test::HostileServer server([](const QByteArray&, int turn) -> test::HostileAnswer {
      if (turn < 0) return {};
      return turn == 0 ? test::HostileAnswer{"+OK\r\n+OK\r\n$1\r\na\r\n"} : test::HostileAnswer{{}, true};
    });
    PipeProbe pipe(server.port());
    for (int i = 0; i < 3; ++i) QCOMPARE(pipe.get(), "a");
    QCOMPARE(server.connections(), 3);
  }

  void whatIsNoAnswerIsNamed_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("says");
    QTest::newRow("garbage") << QByteArray("+OK\r\n+OK\r\nHTTP/1.1 400\r\n\r\n") << QStringLiteral("redis: Redis at 127.0.0.1:# does not answer as Redis does");
    QTest::newRow("a huge array") << QByteArray("+OK\r\n+OK\r\n*1000000000\r\n") << QStringLiteral("redis: Redis at 127.0.0.1:# does not answer as Redis does");
    QTest::newRow("two answers") << QByteArray("+OK\r\n+OK\r\n$1\r\na\r\n$1\r\nb\r\n") << QStringLiteral("redis: Redis at 127.0.0.1:# sent more than it was asked for");
    QTest::newRow("half an answer") << QByteArray("+OK\r\n+OK\r\n$5\r\nab") << QStringLiteral("redis: Redis at 127.0.0.1:# closed the connection");
    QTest::newRow("nothing") << QByteArray() << QStringLiteral("redis: Redis at 127.0.0.1:# closed the connection");
    QTest::newRow("a wrong password") << QByteArray("-WRONGPASS Sesame-open is wrong\r\n+OK\r\n-NOAUTH\r\n")
                                      << QStringLiteral("redis: Redis at 127.0.0.1:# does not accept the user name or password. Check the Redis settings.");
    QTest::newRow("no more clients") << QByteArray("-ERR max number of clients reached\r\n")
                                     << QStringLiteral("redis: Redis at 127.0.0.1:# has as many clients as it allows. Raise its maxclients or end other clients.");
    QTest::newRow("an error") << QByteArray("+OK\r\n+OK\r\n-LOADING\r\n") << QStringLiteral("error LOADING");
  }
  void whatIsNoAnswerIsNamed() {
    QFETCH(QByteArray, answer);
    QFETCH(QString, says);
    test::HostileServer server([answer](const QByteArray&, int turn) -> test::HostileAnswer {
      if (turn < 0) return {};
      return {answer, true};
    });
    PipeProbe pipe(server.port());
    QCOMPARE(QString::fromStdString(pipe.get()), says.replace(QLatin1Char('#'), QString::number(server.port())));
  }

  void whatCannotBeRunIsRefused() {
    const auto has = [](const std::string& text, const char* part) {
      const bool does = text.find(part) != text.npos && text.find("Sesame") == text.npos;
      if (!does) qInfo("got: %s", text.c_str());
      return does;
    };
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.direct.redisHost.clear(); }), "reads through Redis, and none is named"));
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.direct.redisHost = "rediss://cache"; }), "does not speak TLS to Redis"));
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.direct.postgres.clear(); }), "reads from PostgreSQL, and none is named"));
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.direct.postgres.emplace_back("nonsense", "1"); }), "cannot be read"));
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.direct.postgres.emplace_back("sslmode", "nonsense"); }), "does not accept the value of “sslmode”"));
    QVERIFY(has(refusalOf([](RunPlan& plan) { plan.scenario.workload.poolMode = "huge"; }), "There is no pool mode “huge”"));
    QVERIFY(has(refusalOf([](RunPlan& plan) {
                  plan.scenario.workload.keys = 100'000'000;
                  plan.scenario.workload.hitRatio = 0.5;
                }),
                "at most 20000000 `keys`"));
  }
};

QTEST_GUILESS_MAIN(TestLoadDirectParts)
#include "tst_load_direct_parts.moc"
