// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_connection.h"
#include "core/sources/redis/redis_source.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

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

}  // namespace

class TestRedisFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
    const Result<SourceSettings> settings = redisSourceInfo().fromUrl(QStringLiteral("redis://") + m_server.address());
    m_source = redisSourceInfo().create(*settings, m_clock);
    QVERIFY(m_source->connect(std::stop_token()).ok());
    RedisOptions options;
    options.host = QStringLiteral("127.0.0.1");
    options.port = m_server.port();
    m_app = std::make_unique<RedisConnection>(options);
    QVERIFY(m_app->open(std::stop_token()).ok());
  }
  void cleanup() {
    m_source.reset();
    m_app.reset();
  }

  void gaugesAreThoseOfRedisCli() {
    m_server.cli(words("set a 1"));
    m_server.cli(words("setex b 1000 1"));
    m_server.cli(words("-n 5 set c 1"));
    const Sample sample = taken();
    const QByteArray info = m_server.cli({QStringLiteral("info"), QStringLiteral("everything")});
    const auto field = [&](const char* name) {
      const qsizetype at = info.indexOf(QByteArray("\n") + name + ':') + qsizetype(qstrlen(name)) + 2;
      return info.mid(at, info.indexOf('\n', at) - at).trimmed().toDouble();
    };
    QCOMPARE(value(sample, "redis.keys"), 3.0);
    QCOMPARE(value(sample, "redis.keys_with_ttl"), 1.0);
    QCOMPARE(value(sample, "redis.memory_limit"), field("maxmemory"));
    QCOMPARE(value(sample, "redis.clients"), field("connected_clients") - 1);  // redis-cli itself
    QCOMPARE(value(sample, "redis.blocked_clients"), field("blocked_clients"));
    QVERIFY(std::abs(value(sample, "redis.memory_used") - field("used_memory")) < 1 << 20);
    QVERIFY(std::abs(value(sample, "redis.memory_rss") - field("used_memory_rss")) < 4 << 20);
    QVERIFY(value(sample, "redis.memory_peak") <= field("used_memory_peak"));
    QCOMPARE(value(sample, "redis.memory_used_percent"), 100 * value(sample, "redis.memory_used") / field("maxmemory"));
    QVERIFY(sample.notes.isEmpty());
    QVERIFY(std::isnan(value(sample, "redis.ops")));
  }

  void ratesOfKnownTraffic() {
    m_server.cli(words("set k v"));
    taken();
    m_clock.advance(2);
    app({"GET", "k"}, 500);
    app({"GET", "absent"}, 100);
    const Sample sample = taken();
    QVERIFY(!sample.restarted);
    QCOMPARE(value(sample, "redis.hits"), 250.0);
    QCOMPARE(value(sample, "redis.misses"), 50.0);
    QVERIFY(std::abs(value(sample, "redis.hit_ratio") - 100.0 * 500 / 600) < 1e-9);
    QCOMPARE(value(sample, "redis.ops"), 601.0 / 2);  // our INFO is the one
    QVERIFY(value(sample, "redis.net_in") > 600 * 10 / 2.0);
    QVERIFY(value(sample, "redis.cpu") >= 0);
    const double mean = value(sample, "redis.command_mean");
    QVERIFY(mean > 0 && mean < 1);
  }

  void ownQuestionsDoNotCount() {
    taken();
    for (int i = 0; i < 5; ++i) {
      m_clock.advance(1);
      const Sample sample = taken();
      QCOMPARE(value(sample, "redis.hits"), 0.0);
      QCOMPARE(value(sample, "redis.misses"), 0.0);
      QVERIFY(std::isnan(value(sample, "redis.hit_ratio")));
    }
  }

  void errorsAndExpiry() {
    taken();
    m_clock.advance(1);
    for (int i = 0; i < 7; ++i) m_server.cli(words("nosuchcommand"));
    m_server.cli(words("set gone 1 px 1"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    app({"EXISTS", "gone"}, 1);
    const Sample sample = taken();
    QCOMPARE(value(sample, "redis.errors"), 7.0);
    QCOMPARE(value(sample, "redis.expired"), 1.0);
  }

  void evictions() {
    taken();
    m_clock.advance(1);
    for (int i = 0; i < 40; ++i)
      m_server.cli({QStringLiteral("eval"), QStringLiteral("redis.call('set', KEYS[1], string.rep('x', 1048576))"), QStringLiteral("1"), QStringLiteral("large%1").arg(i)});
    const Sample sample = taken();
    QVERIFY(value(sample, "redis.evicted") > 0);
    QVERIFY(value(sample, "redis.memory_used_percent") > 50);
  }

  void tooSoonGivesNoRates() {
    taken();
    m_clock.advance(0.01);
    app({"GET", "absent"}, 100);
    QVERIFY(std::isnan(value(taken(), "redis.misses")));
    m_clock.advance(0.99);
    QCOMPARE(value(taken(), "redis.misses"), 100.0);  // nothing is lost
  }

  void resetOfTheStatistics() {
    app({"GET", "absent"}, 100);
    taken();
    m_clock.advance(1);
    m_server.cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    const Sample sample = taken();
    QVERIFY(sample.restarted);
    QVERIFY(std::isnan(value(sample, "redis.ops")) && std::isnan(value(sample, "redis.misses")));
    QVERIFY(value(sample, "redis.memory_used") > 0);
    m_clock.advance(1);
    app({"GET", "absent"}, 10);
    const Sample next = taken();
    QVERIFY(!next.restarted);
    QCOMPARE(value(next, "redis.misses"), 10.0);
  }

  void restartIsAGap() {
    app({"GET", "absent"}, 100);
    taken();
    m_clock.advance(1);
    m_server.kill9();
    const Result<Sample> dead = m_source->sample(std::stop_token());
    QVERIFY(!dead.ok());
    QCOMPARE(dead.error().kind, Error::Kind::Unreachable);
    const Result<Identity> refused = m_source->connect(std::stop_token());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().kind, Error::Kind::Refused);
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    QVERIFY(m_source->connect(std::stop_token()).ok());
    m_clock.advance(4);
    const Sample sample = taken();
    QVERIFY(sample.restarted);
    QVERIFY(std::isnan(value(sample, "redis.ops")));
    m_clock.advance(1);
    const Sample next = taken();
    QVERIFY(!next.restarted);
    QCOMPARE(value(next, "redis.ops"), 1.0);
  }

  void noLimit() {
    m_server.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("maxmemory"), QStringLiteral("0")});
    const Sample sample = taken();
    m_server.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("maxmemory"), QStringLiteral("32mb")});
    QVERIFY(std::isnan(value(sample, "redis.memory_limit")));
    QCOMPARE(sample.notes.size(), 1);
  }

 private:
  Sample taken() {
    Result<Sample> sample = m_source->sample(std::stop_token());
    for (int again = 0; again < 5 && !sample && sample.error().kind == Error::Kind::Timeout; ++again)  // a busy machine
      if (m_source->connect(std::stop_token())) sample = m_source->sample(std::stop_token());
    if (!sample) qFatal("%s", qPrintable(sample.error().message));
    return *sample;
  }
  static QStringList words(const char* command) { return QString::fromLatin1(command).split(QLatin1Char(' ')); }
  /// Only what reads: the connection sends nothing else.
  void app(const RedisCommand& command, int times) {
    const std::vector<RedisCommand> commands(static_cast<size_t>(times), command);
    if (!m_app->pipeline(commands, Deadline(std::chrono::seconds(60)), std::stop_token()).ok()) qFatal("the pipeline failed");
  }

  RedisServer m_server{{QStringLiteral("maxmemory 32mb"), QStringLiteral("maxmemory-policy allkeys-lru")}};
  HandClock m_clock;
  std::unique_ptr<Source> m_source;
  std::unique_ptr<RedisConnection> m_app;
};

QTEST_GUILESS_MAIN(TestRedisFigures)
#include "tst_redis_figures.moc"
