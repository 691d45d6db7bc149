// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/memory_backend.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

namespace {

QByteArray got(Backend& backend, const std::string& key) {
  const auto value = backend.get(key);
  return !value ? "failed" : *value ? QByteArray::fromStdString(**value) : QByteArray("nothing");
}

std::uint64_t removed(Backend& backend, const std::vector<std::string>& patterns) {
  std::uint64_t sum = 0;
  const auto counts = backend.remove(patterns);
  if (counts)
    for (const std::uint64_t count : *counts) sum += count;
  return sum;
}

}  // namespace

class TestMemoryBackend : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void getsWhatWasSet();
  void anyBytes();
  void timeToLive();
  void leastRecentlyUsedGoesFirst();
  void tooLargeIsNotStored();
  void bytesAreBounded();
  void batches();
  void removes();
  void expiredDoNotCount();
  void manyThreads();
  void none();
};

void TestMemoryBackend::getsWhatWasSet() {
  MemoryBackend backend;
  QCOMPARE(backend.name(), "memory");
  QVERIFY(backend.available());
  QCOMPARE(got(backend, "a"), QByteArray("nothing"));
  QVERIFY(backend.set("a", "1", 1min));
  QCOMPARE(got(backend, "a"), QByteArray("1"));
  QVERIFY(backend.set("a", "2", 1min));
  QCOMPARE(got(backend, "a"), QByteArray("2"));
  QCOMPARE(backend.stats().entries, std::size_t{1});
}

void TestMemoryBackend::anyBytes() {
  MemoryBackend backend;
  const std::string key("k\0*[\n", 5), value("\0\r\n\xff", 4);
  QVERIFY(backend.set(key, value, 1min));
  QVERIFY(backend.set("", "", 1min));
  QCOMPARE(got(backend, key), QByteArray::fromStdString(value));
  QCOMPARE(got(backend, "k"), QByteArray("nothing"));
  QCOMPARE(got(backend, ""), QByteArray());
}

void TestMemoryBackend::timeToLive() {
  MemoryBackend backend;
  QVERIFY(backend.set("short", "1", 1ms));
  QVERIFY(backend.set("long", "1", 24h * 365 * 1000));
  QTRY_COMPARE_WITH_TIMEOUT(got(backend, "short"), QByteArray("nothing"), 60000);
  QCOMPARE(got(backend, "long"), QByteArray("1"));
  QCOMPARE(backend.stats().expired, std::uint64_t{1});
  QCOMPARE(backend.stats().entries, std::size_t{1});
  for (const auto ttl : {0ms, -1ms}) {
    const auto result = backend.set("long", "2", ttl);
    QVERIFY(!result && result.error().kind == Failure::Kind::Usage);
  }
}

void TestMemoryBackend::leastRecentlyUsedGoesFirst() {
  MemoryBackend probe;
  QVERIFY(probe.set("a", std::string(100, 'x'), 1min));
  MemoryBackend backend(probe.stats().bytes * 3);
  for (const char* key : {"a", "b", "c"}) QVERIFY(backend.set(key, std::string(100, 'x'), 1min));
  QVERIFY(got(backend, "a") != "nothing");  // now b is the oldest
  QVERIFY(backend.set("d", std::string(100, 'x'), 1min));
  QCOMPARE(got(backend, "b"), QByteArray("nothing"));
  for (const char* key : {"a", "c", "d"}) QVERIFY(got(backend, key) != "nothing");
  QCOMPARE(backend.stats().evicted, std::uint64_t{1});
}

void TestMemoryBackend::tooLargeIsNotStored() {
  MemoryBackend backend(10'000);
  QVERIFY(backend.set("a", "old", 1min));
  QVERIFY(backend.set("b", "other", 1min));
  const auto result = backend.set("a", std::string(10'000, 'x'), 1min);
  QVERIFY(!result && result.error().kind == Failure::Kind::Query);
  QCOMPARE(got(backend, "a"), QByteArray("nothing"));  // the old value would be wrong
  QCOMPARE(got(backend, "b"), QByteArray("other"));
}

void TestMemoryBackend::bytesAreBounded() {
  MemoryBackend backend(50'000);
  for (int i = 0; i < 5'000; ++i) {
    QVERIFY(backend.set("key:" + std::to_string(i), std::string(static_cast<std::size_t>(i * 7 % 3000), 'x'), i % 3 ? 1min : 1ms));
    QVERIFY(backend.stats().bytes <= 50'000);
  }
  QVERIFY(backend.stats().evicted > 0);
  QCOMPARE(removed(backend, {"*"}) > 0, true);
  QCOMPARE(backend.stats().bytes, std::size_t{0});
}

void TestMemoryBackend::batches() {
  MemoryBackend backend;
  QVERIFY(backend.setMany(std::vector<Entry>{{"a", "1", 1min}, {"b", "2", 1min}}));
  const auto found = backend.getMany(std::vector<std::string>{"b", "x", "a", "b"});
  QVERIFY(found);
  QVERIFY((*found == std::vector<std::optional<std::string>>{"2", std::nullopt, "1", "2"}));
  QVERIFY(backend.getMany({}) && backend.setMany({}));
}

void TestMemoryBackend::removes() {
  MemoryBackend backend;
  for (const char* key : {"risk:id:1", "risk:id:2", "risk:list:1", "report:1", "a*b", "a1b"}) QVERIFY(backend.set(key, "x", 1min));
  const auto counts = backend.remove(std::vector<std::string>{"risk:id:1", "risk:*", "risk:list:*", "nothing", "a\\*b", "x*"});
  QVERIFY(counts);
  QVERIFY((*counts == std::vector<std::uint64_t>{1, 2, 0, 0, 1, 0}));
  QCOMPARE(got(backend, "report:1"), QByteArray("x"));
  QCOMPARE(got(backend, "a1b"), QByteArray("x"));
  QCOMPARE(removed(backend, {}), std::uint64_t{0});
}

void TestMemoryBackend::expiredDoNotCount() {
  MemoryBackend backend;
  for (const char* key : {"b:1", "b:3", "a:1"}) QVERIFY(backend.set(key, "x", 1ms));  // a:1 is the last to expire
  QVERIFY(backend.set("b:2", "x", 1min));
  QTRY_COMPARE_WITH_TIMEOUT(got(backend, "a:1"), QByteArray("nothing"), 60000);
  QCOMPARE(removed(backend, {"b:1"}), std::uint64_t{0});
  QCOMPARE(removed(backend, {"b:*"}), std::uint64_t{1});
}

void TestMemoryBackend::manyThreads() {
  MemoryBackend backend(200'000);
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2'000; ++i) {
        const std::string key = "k:" + std::to_string((i * 31 + t) % 500);
        if (i % 3 == 0 && !backend.set(key, key + std::string(500, 'x'), i % 2 ? 1ms : 1min)) ++wrong;
        const auto value = backend.get(key);
        if (!value || (*value && !(*value)->starts_with(key))) ++wrong;
        if (i % 100 == 0 && !backend.remove(std::array<std::string, 1>{"k:1*"})) ++wrong;
      }
    });
  threads.clear();
  QCOMPARE(wrong.load(), 0);
  QVERIFY(backend.stats().bytes <= 200'000);
}

void TestMemoryBackend::none() {
  NoBackend backend;
  QCOMPARE(backend.name(), "none");
  QVERIFY(!backend.available());
  QVERIFY(!backend.shares() && MemoryBackend().shares());
  QVERIFY(backend.probe() && MemoryBackend().probe());
  QVERIFY(backend.set("a", "1", 1min));
  QCOMPARE(got(backend, "a"), QByteArray("nothing"));
  QCOMPARE(backend.getMany(std::vector<std::string>{"a", "b"})->size(), std::size_t{2});
  QCOMPARE(backend.remove(std::vector<std::string>{"*"})->size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestMemoryBackend)
#include "tst_memory_backend.moc"
