// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/glob.h"
#include "tests/live/tst_redis_backend_support.h"

#include <QRandomGenerator>

#include <latch>
#include <set>
#include <thread>

using namespace cachedeck::test;

/// A Redis that is well.
class TestRedisBackend : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    cli(m_server, {"flushall"});
    cli(m_server, {"config", "resetstat"});
    m_backend = backendOn(m_server.port());
  }
  void cleanup() { m_backend.reset(); }

  void getsWhatWasSet();
  void anyBytes();
  void largeValues();
  void timeToLive();
  void foreignTypeIsAMiss();
  void batches();
  void batchesOfLargeValues();
  void removesKeysAndPatterns();
  void removesManyPages();
  void removesOnlyItsDatabase();
  void looksUpNothingElse();
  void globsAreThoseOfRedis();
  void manyThreads();
  void keepsFewConnections();
  void unixSocket();
  void hostName();

 private:
  RedisServer m_server{{QStringLiteral("unixsocket @DIR@/redis.sock"), QStringLiteral("maxclients 400")}};
  std::unique_ptr<RedisBackend> m_backend;
};

void TestRedisBackend::getsWhatWasSet() {
  QCOMPARE(m_backend->name(), "redis");
  QCOMPARE(got(*m_backend, "a"), QByteArray("nothing"));
  QVERIFY(m_backend->set("a", "1", 1min));
  QCOMPARE(got(*m_backend, "a"), QByteArray("1"));
  QVERIFY(m_backend->set("a", "", 1min));
  QCOMPARE(got(*m_backend, "a"), QByteArray());
  QVERIFY(m_backend->available());
  QVERIFY(cli(m_server, {"client", "list"}).contains("name=cachedeck-app"));
}

void TestRedisBackend::anyBytes() {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const Strings keys{all, std::string("a\0b", 3), "a\r\nb", "risk:[1]*?\\", "$5\r\nhello\r\n", std::string(100'000, 'k'), ""};
  for (const std::string& key : keys) QVERIFY(m_backend->set(key, all + key, 1min));
  for (const std::string& key : keys) QCOMPARE(got(*m_backend, key), QByteArray::fromStdString(all + key));
  QCOMPARE(cli(m_server, {"dbsize"}), QByteArray::number(static_cast<qint64>(keys.size())));
  for (const std::string& key : keys) QCOMPARE(sum(m_backend->remove(Strings{globEscaped(key)})), std::uint64_t{1});
  QCOMPARE(cli(m_server, {"dbsize"}), QByteArray("0"));
}

void TestRedisBackend::largeValues() {
  for (const std::size_t size : {16'370u, 16'376u, 16'377u, 16'384u, 512u << 10, 20u << 20}) {
    std::string value(size, 'x');
    for (std::size_t i = 0; i < size; i += 97) value[i] = static_cast<char>(i);
    QVERIFY(m_backend->set("large", value, 1min));
    const auto found = m_backend->get("large");
    QVERIFY(found && *found && **found == value);
    QCOMPARE(got(*m_backend, "none"), QByteArray("nothing"));
  }
  const auto tooLarge = m_backend->set("large", std::string(65u << 20, 'x'), 1min);
  QVERIFY(!tooLarge && tooLarge.error().kind == Failure::Kind::Usage);
}

void TestRedisBackend::timeToLive() {
  QVERIFY(m_backend->set("short", "1", 1ms));
  QVERIFY(m_backend->set("minute", "1", 1min));
  QVERIFY(m_backend->set("endless", "1", std::chrono::milliseconds::max()));
  QTRY_COMPARE_WITH_TIMEOUT(got(*m_backend, "short"), QByteArray("nothing"), 60000);
  const qint64 left = cli(m_server, {"pttl", "minute"}).toLongLong();
  QVERIFY(left > 0 && left <= 60'000);
  QVERIFY(cli(m_server, {"pttl", "endless"}).toLongLong() > 300'000'000'000);
  QVERIFY(m_backend->set("minute", "2", 1h));
  QVERIFY(cli(m_server, {"pttl", "minute"}).toLongLong() > 60'000);
  for (const auto ttl : {0ms, -5ms}) QVERIFY(m_backend->set("minute", "3", ttl).error().kind == Failure::Kind::Usage);
  QCOMPARE(got(*m_backend, "minute"), QByteArray("2"));
}

void TestRedisBackend::foreignTypeIsAMiss() {
  cli(m_server, {"lpush", "risk:id:1", "a"});
  QCOMPARE(got(*m_backend, "risk:id:1"), QByteArray("nothing"));
  QVERIFY(!(*m_backend->getMany(Strings{"risk:id:1"}))[0]);
  QVERIFY(m_backend->set("risk:id:1", "ours", 1min));
  QCOMPARE(got(*m_backend, "risk:id:1"), QByteArray("ours"));
  QVERIFY(m_backend->available());
}

void TestRedisBackend::batches() {
  std::vector<Entry> entries;
  Strings keys;
  for (int i = 0; i < 1000; ++i) {
    keys.push_back("k:" + std::to_string(i));
    if (i % 3) entries.push_back({keys.back(), std::to_string(i), 1min});
  }
  QVERIFY(m_backend->setMany(entries));
  const auto found = m_backend->getMany(keys);
  QVERIFY(found && found->size() == keys.size());
  for (int i = 0; i < 1000; ++i) {
    const auto& value = (*found)[static_cast<std::size_t>(i)];
    QCOMPARE(value.value_or("nothing"), i % 3 ? std::to_string(i) : std::string("nothing"));
  }
  QVERIFY(cli(m_server, {"pttl", "k:1"}).toLongLong() > 0);
  QVERIFY(m_backend->setMany({}) && m_backend->getMany({}));
  QVERIFY(!m_backend->setMany(std::vector<Entry>{{"fine", "1", 1min}, {"wrong", "1", 0ms}}));
  QCOMPARE(got(*m_backend, "fine"), QByteArray("nothing"));
}

void TestRedisBackend::batchesOfLargeValues() {
  std::vector<Entry> entries;
  Strings keys;
  for (std::size_t i = 0; i < 100; ++i) {
    keys.push_back("k:" + std::to_string(i));
    entries.push_back({keys.back(), std::string(300'000 + i, static_cast<char>('a' + i % 26)), 1min});
  }
  QVERIFY(m_backend->setMany(entries));
  const auto found = m_backend->getMany(keys);
  QVERIFY(found);
  for (std::size_t i = 0; i < 100; ++i) QVERIFY((*found)[i] == entries[i].value);
}

void TestRedisBackend::removesKeysAndPatterns() {
  for (const char* key : {"risk:id:1", "risk:id:2", "risk:list:1", "report:1", "a*b", "a1b", "a[1]:x", "a1:x"}) QVERIFY(m_backend->set(key, "x", 1min));
  const auto counts = m_backend->remove(Strings{"risk:id:1", "risk:*", "risk:list:*", "nothing", "a\\*b", "x*", "a\\[1]:x", "risk:id:1"});
  QVERIFY(counts);
  QVERIFY((*counts == std::vector<std::uint64_t>{1, 2, 0, 0, 1, 0, 1, 0}));
  for (const char* key : {"report:1", "a1b", "a1:x"}) QCOMPARE(got(*m_backend, key), QByteArray("x"));
  QCOMPARE(sum(m_backend->remove(Strings{"a1b", "a1:x"})), std::uint64_t{2});
  QCOMPARE(sum(m_backend->remove(Strings{"*"})), std::uint64_t{1});
  QCOMPARE(sum(m_backend->remove({})), std::uint64_t{0});
}

void TestRedisBackend::removesManyPages() {
  std::vector<Entry> entries;
  Strings literals;
  for (int i = 0; i < 20'000; ++i) entries.push_back({(i % 4 == 0 ? "risk:" : i % 4 == 1 ? "report:" : i % 4 == 2 ? "other:" : "list:") + std::to_string(i), "v", 1min});
  QVERIFY(m_backend->setMany(entries));
  for (int i = 3; i < 20'000; i += 4) literals.push_back("list:" + std::to_string(i));
  const auto counts = m_backend->remove(Strings{"risk:*", "report:*"});
  QVERIFY(counts);
  QVERIFY((*counts == std::vector<std::uint64_t>{5000, 5000}));
  QCOMPARE(sum(m_backend->remove(literals)), std::uint64_t{5000});
  QCOMPARE(cli(m_server, {"dbsize"}), QByteArray("5000"));
  QCOMPARE(sum(m_backend->remove(Strings{"other:*"})), std::uint64_t{5000});
  QVERIFY(cli(m_server, {"info", "commandstats"}).contains("cmdstat_scan"));
  QVERIFY(!cli(m_server, {"info", "commandstats"}).contains("cmdstat_keys"));
}

void TestRedisBackend::removesOnlyItsDatabase() {
  auto settings = redisSettings("redis://127.0.0.1:" + std::to_string(m_server.port()) + "/3");
  settings->connectTimeout = settings->commandTimeout = 20s;
  RedisBackend third(*settings);
  QVERIFY(m_backend->set("a:1", "zero", 1min));
  QVERIFY(third.set("a:1", "three", 1min));
  QCOMPARE(cli(m_server, {"-n", "3", "get", "a:1"}), QByteArray("three"));
  QCOMPARE(sum(third.remove(Strings{"*"})), std::uint64_t{1});
  QCOMPARE(got(*m_backend, "a:1"), QByteArray("zero"));
}

/// Nothing but GET and MGET of ours counts in Redis's hit ratio.
void TestRedisBackend::looksUpNothingElse() {
  QVERIFY(m_backend->set("a:1", "x", 1min));
  QVERIFY(m_backend->set("a:2", "x", 1min));
  got(*m_backend, "a:1");
  got(*m_backend, "a:3");
  QVERIFY(m_backend->getMany(Strings{"a:2", "a:4", "a:5"}));
  QCOMPARE(sum(m_backend->remove(Strings{"a:*", "b:1"})), std::uint64_t{2});
  QCOMPARE(info(m_server, "keyspace_hits"), 2);
  QCOMPARE(info(m_server, "keyspace_misses"), 3);
}

void TestRedisBackend::globsAreThoseOfRedis() {
  QRandomGenerator random(20'240'117);
  const auto text = [&](const std::string& alphabet, int most) {
    std::string out;
    for (int size = random.bounded(most + 1); size > 0; --size) out += alphabet[static_cast<std::size_t>(random.bounded(static_cast<int>(alphabet.size())))];
    return out;
  };
  const std::string forKeys("ab:-^]\\*[?c\0\xe4", 13), forPatterns("ab:-^]]\\**[[??c\0\xe4", 17);
  std::set<std::string> keys{""};
  while (keys.size() < 1500) keys.insert(text(forKeys, 5));
  int matches = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string pattern = text(forPatterns, 8);
    std::vector<Entry> entries;
    Strings expected;
    for (const std::string& key : keys) entries.push_back({key, "x", 1h});
    if (i == 0) QVERIFY(m_backend->setMany(entries));
    std::vector<Entry> gone;
    for (const Entry& entry : entries)
      if (globMatches(pattern, entry.key)) gone.push_back(entry);
    matches += static_cast<int>(gone.size());
    // A single pattern is matched by Redis; one without wildcards is a key.
    const auto count = m_backend->remove(Strings{pattern});
    QVERIFY(count);
    if ((*count)[0] != gone.size()) qCritical("pattern %s", QByteArray::fromStdString(pattern).toPercentEncoding().constData());
    QCOMPARE((*count)[0], static_cast<std::uint64_t>(gone.size()));
    Strings goneKeys;
    for (const Entry& entry : gone) goneKeys.push_back(entry.key);
    const auto left = m_backend->getMany(goneKeys);
    QVERIFY(left && std::ranges::none_of(*left, [](const auto& value) { return value.has_value(); }));
    QVERIFY(m_backend->setMany(gone));
  }
  QVERIFY(matches > 5000);
}

void TestRedisBackend::manyThreads() {
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i) {
          const std::string key = "k:" + std::to_string(t) + ":" + std::to_string(i % 7);
          const std::string value = key + std::string(static_cast<std::size_t>(i * 40), 'x');
          if (!m_backend->set(key, value, 1min)) ++wrong;
          const auto found = m_backend->get(key);
          if (!found || *found != value) ++wrong;
        }
      });
  }
  QCOMPARE(wrong.load(), 0);
}

void TestRedisBackend::keepsFewConnections() {
  constexpr int threads = 150;
  const qint64 before = info(m_server, "connected_clients");
  std::latch inside(threads);
  {
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t)
      pool.emplace_back([&] {
        inside.arrive_and_wait();
        for (int i = 0; i < 20; ++i) got(*m_backend, "a");
      });
  }
  QVERIFY(m_backend->available());
  QTRY_VERIFY_WITH_TIMEOUT(info(m_server, "connected_clients") <= before + 64, patience);
}

void TestRedisBackend::unixSocket() {
  auto settings = redisSettings("unix://" + m_server.dir().toStdString() + "/redis.sock?db=2");
  QVERIFY(settings);
  settings->connectTimeout = settings->commandTimeout = 20s;
  RedisBackend backend(*settings);
  QVERIFY(backend.set("a", "by socket", 1min));
  QCOMPARE(got(backend, "a"), QByteArray("by socket"));
  QCOMPARE(cli(m_server, {"-n", "2", "get", "a"}), QByteArray("by socket"));
}

void TestRedisBackend::hostName() {
  RedisSettings settings;
  settings.host = "localhost";
  settings.port = m_server.port();
  settings.connectTimeout = settings.commandTimeout = 20s;
  RedisBackend backend(settings);
  QVERIFY(backend.set("a", "by name", 1min));
  settings.host = "no-such-host.invalid";
  RedisBackend nowhere(settings);
  const auto failed = nowhere.get("a");
  QVERIFY(!failed && failed.error().kind == Failure::Kind::Unavailable);
  QVERIFY2(failed.error().message.find("name of Redis at no-such-host.invalid:") != std::string::npos, failed.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestRedisBackend)
#include "tst_redis_backend.moc"
