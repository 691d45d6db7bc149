// SPDX-License-Identifier: GPL-3.0-or-later
// What this program looks up itself stays out of the figures that it shows.
#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_connection.h"
#include "core/sources/redis/redis_info.h"
#include "core/sources/redis/redis_source.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace cachedeck;
using cachedeck::test::RedisServer;

namespace {

/// Time stands still until the test moves it.
class HandClock : public Clock {
 public:
  Instant now() const override { return m_now; }
  void advance(double seconds) {
    m_now.steadyNs += static_cast<qint64>(seconds * 1e9);
    m_now.wallMs += static_cast<qint64>(seconds * 1e3);
  }

 private:
  Instant m_now{1'000'000'000, 1'700'000'000'000};
};

double value(const Sample& sample, const char* id) {
  for (const auto& [name, number] : sample.values)
    if (name == QLatin1String(id)) return number;
  return NAN;
}

std::vector<RedisCommand> ttls(int count, const char* name) {
  std::vector<RedisCommand> commands;
  for (int i = 0; i < count; ++i) commands.push_back({"PTTL", name});
  return commands;
}

}  // namespace

class TestRedisOwnLookups : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
    m_server.cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    m_book = std::make_shared<LookupBook>();
    Result<SourceSettings> settings = redisSourceInfo().fromUrl(QStringLiteral("redis://") + m_server.address());
    settings->ownLookups = m_book;
    m_source = redisSourceInfo().create(*settings, m_clock);
    QVERIFY(m_source->connect(std::stop_token()).ok());
    m_ours = std::make_unique<RedisConnection>(*redisOptions(*settings));
    QVERIFY(m_ours->open(std::stop_token()).ok());
    settings->ownLookups.reset();
    m_others = std::make_unique<RedisConnection>(*redisOptions(*settings));
    QVERIFY(m_others->open(std::stop_token()).ok());
    for (const char* const words : {"set k v", "set empty ", "hset h f v", "rpush l a", "sadd s m", "zadd z 1 m", "xadd x * f v"})
      m_server.cli(QString::fromLatin1(words).split(QLatin1Char(' ')));
  }
  void cleanup() {
    m_source.reset();
    m_ours.reset();
    m_others.reset();
  }

  void countsAsTheServerDoes_data() {
    QTest::addColumn<QString>("command");
    for (const char* const command :
         {"TYPE k", "TYPE no", "TTL k", "TTL no", "PTTL k", "PTTL no", "EXPIRETIME k", "EXPIRETIME no", "PEXPIRETIME k", "PEXPIRETIME no", "OBJECT ENCODING k", "OBJECT ENCODING no",
          "OBJECT IDLETIME k", "OBJECT IDLETIME no", "OBJECT FREQ k", "OBJECT FREQ no", "OBJECT REFCOUNT k", "DUMP k", "DUMP no", "EXISTS k no k h nein", "GET k", "GET no", "GET h",
          "MEMORY USAGE k", "MEMORY USAGE no", "SCAN 0", "SCAN 0 MATCH k*", "DBSIZE", "STRLEN k", "STRLEN empty", "GETRANGE k 0 9", "GETRANGE k 5 9", "HLEN h", "HLEN no", "HLEN k",
          "HGET h f", "HGET h none", "HSCAN h 0", "HSCAN no 0", "HSTRLEN h f", "LLEN l", "LLEN no", "LINDEX l 0", "LINDEX l 7", "LRANGE l 0 9", "LRANGE l 5 9", "SCARD s", "SCARD no",
          "SSCAN s 0", "SSCAN no 0", "SSCAN l 0", "ZCARD z", "ZCARD no", "ZSCAN z 0", "ZRANGE z 0 9", "XLEN x", "XRANGE x - +", "XINFO STREAM x", "WATCH k no", "INFO", "TIME", "PING", "TYPE"})
      QTest::newRow(command) << QString::fromLatin1(command);
  }
  void countsAsTheServerDoes() {
    QFETCH(QString, command);
    const LookupCounts before = served();
    RedisCommand words;
    for (const QString& word : command.split(QLatin1Char(' '))) words += word.toLatin1();
    QVERIFY(m_ours->command(words, Deadline(std::chrono::seconds(60)), {}).ok());
    const LookupCounts after = served(), counted = own();
    QCOMPARE(counted.hits, after.hits - before.hits);
    QCOMPARE(counted.misses, after.misses - before.misses);
  }

  void whatIsRehearsedIsNotCarriedOut() {
    const std::vector<RedisCommand> questions{{"GET", "k"}, {"TYPE", "no"}, {"UNLINK", "k"}};
    const LookupCounts before = served();
    QVERIFY(m_ours->rehearse(questions, Deadline(std::chrono::seconds(60)), {}).ok());
    QVERIFY(served() == before);
    QVERIFY(own() == LookupCounts());
  }

  void ownQuestionsLeaveTheHitRatioAlone() {
    taken();
    others(800, 200);
    m_clock.advance(1);
    const double before = value(taken(), "redis.hit_ratio");
    for (int i = 0; i < 10; ++i) ask(1000, i % 2 ? "k" : "no");
    others(800, 200);
    m_clock.advance(1);
    const Sample sample = taken();
    QVERIFY(std::abs(value(sample, "redis.hit_ratio") - before) < 0.1);
    QCOMPARE(value(sample, "redis.hits"), 800.0);
    QCOMPARE(value(sample, "redis.misses"), 200.0);
    QCOMPARE(value(sample, "redis.hit_ratio_lifetime"), 80.0);
    QVERIFY(!sample.restarted);
  }

  void nobodyElseIsNobody() {
    taken();
    ask(10'000, "k");
    m_clock.advance(1);
    const Sample sample = taken();
    QCOMPARE(value(sample, "redis.hits"), 0.0);
    QCOMPARE(value(sample, "redis.misses"), 0.0);
    QVERIFY(std::isnan(value(sample, "redis.hit_ratio")));
  }

  /// Ours are asked page after page all the while; most samples have not a single one of them in it, and none is lost in the sum.
  void whileOthersAskTheyAreSeen() {
    std::atomic<int> pages{0};
    taken();
    std::jthread engine([&pages, options = m_ours->options()](const std::stop_token& stop) {
      RedisConnection connection(options);  // used where it is made
      if (!connection.open(stop)) qFatal("no connection");
      while (!stop.stop_requested())
        if (connection.pipeline(ttls(200, "k"), Deadline(std::chrono::seconds(60)), stop)) ++pages;
    });
    std::vector<double> ratios;
    double lookups = 0;
    for (int i = 0; i < 40 || pages < 50; ++i) {
      others(700, 300);
      m_clock.advance(1);
      const Sample sample = taken();
      QVERIFY(!sample.restarted);
      QVERIFY(value(sample, "redis.hits") >= 0 && value(sample, "redis.misses") >= 0);
      ratios.push_back(value(sample, "redis.hit_ratio"));
      lookups += value(sample, "redis.hits") + value(sample, "redis.misses");
    }
    engine.request_stop();
    engine.join();
    QVERIFY(own().hits >= 10'000);
    const auto samples = static_cast<double>(ratios.size());
    std::ranges::nth_element(ratios, ratios.begin() + static_cast<qsizetype>(ratios.size() / 2));
    QVERIFY2(std::abs(ratios[ratios.size() / 2] - 70) < 0.1, qPrintable(QString::number(ratios[ratios.size() / 2])));
    QVERIFY2(lookups >= 1000 * samples && lookups < 1100 * samples, qPrintable(QString::number(lookups / samples)));
  }

  void resetOfTheStatisticsForgetsOurs() {
    ask(5000, "k");
    taken();
    m_server.cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    m_clock.advance(1);
    QVERIFY(taken().restarted);
    others(60, 40);
    ask(1000, "k");
    m_clock.advance(1);
    const Sample sample = taken();
    QCOMPARE(value(sample, "redis.hit_ratio"), 60.0);
    QCOMPARE(value(sample, "redis.hit_ratio_lifetime"), 60.0);
  }

  void aBrokenConnectionHoldsNothingUp() {
    const std::vector<RedisCommand> questions = ttls(100, "k");
    QVERIFY(m_ours->send(questions).ok());
    m_ours->close();
    QVERIFY(m_book->of(endpoint()).counts() == LookupCounts());
    taken();  // and does not wait
    QVERIFY(m_ours->open({}).ok());
    QVERIFY(m_ours->send(questions).ok());
    QVERIFY(m_ours->collect(40, Deadline(std::chrono::seconds(60)), {}).ok());
    QCOMPARE(own().hits, 40);
    QVERIFY(m_ours->collect(60, Deadline(std::chrono::seconds(60)), {}).ok());
    QCOMPARE(own().hits, 100);
  }

  void anotherServersLookUpsAreItsOwn() {
    RedisServer other;
    QCOMPARE(other.start(), QString());
    RedisOptions options = m_ours->options();
    options.port = other.port();
    RedisConnection elsewhere(options);
    QVERIFY(elsewhere.open({}).ok());
    taken();
    others(80, 20);
    QVERIFY(elsewhere.pipeline(ttls(1000, "no"), Deadline(std::chrono::seconds(60)), {}).ok());
    m_clock.advance(1);
    QCOMPARE(value(taken(), "redis.misses"), 20.0);
    QCOMPARE(m_book->of(options.endpoint()).counts().misses, 1000);
  }

 private:
  QString endpoint() const { return m_ours->options().endpoint(); }
  LookupCounts own() { return m_book->of(endpoint()).counts(); }
  LookupCounts served() {
    const RedisInfo info = RedisInfo::parse(m_server.cli({QStringLiteral("info"), QStringLiteral("stats")}));
    return {static_cast<qint64>(*info.number("keyspace_hits")), static_cast<qint64>(*info.number("keyspace_misses"))};
  }
  Sample taken() {
    Result<Sample> sample = m_source->sample(std::stop_token());
    for (int again = 0; again < 5 && !sample && sample.error().kind == Error::Kind::Timeout; ++again)  // a busy machine
      if (m_source->connect(std::stop_token())) sample = m_source->sample(std::stop_token());
    if (!sample) qFatal("%s", qPrintable(sample.error().message));
    return *sample;
  }
  void ask(int count, const char* name) {
    if (!m_ours->pipeline(ttls(count, name), Deadline(std::chrono::seconds(60)), {}).ok()) qFatal("the pipeline failed");
  }
  void others(int hits, int misses) {
    std::vector<RedisCommand> commands(static_cast<size_t>(hits), RedisCommand{"GET", "k"});
    commands.insert(commands.end(), static_cast<size_t>(misses), RedisCommand{"GET", "no"});
    if (!m_others->pipeline(commands, Deadline(std::chrono::seconds(60)), {}).ok()) qFatal("the pipeline failed");
  }

  RedisServer m_server;
  HandClock m_clock;
  std::shared_ptr<LookupBook> m_book;
  std::unique_ptr<Source> m_source;
  std::unique_ptr<RedisConnection> m_ours, m_others;
};

QTEST_GUILESS_MAIN(TestRedisOwnLookups)
#include "tst_redis_own_lookups.moc"
