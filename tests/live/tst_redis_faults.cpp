// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_source.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <thread>

using namespace cachedeck;
using cachedeck::test::FaultProxy;
using cachedeck::test::Faults;
using cachedeck::test::RedisServer;

namespace {

const SystemClock systemClock;

double value(const Sample& sample, const char* id) {
  for (const auto& [name, number] : sample.values)
    if (name == QLatin1String(id)) return number;
  return NAN;
}

QString described(const Error& error) { return kindName(error.kind) + QLatin1String(": ") + error.message; }

}  // namespace

class TestRedisFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_server.cli({QStringLiteral("set"), QStringLiteral("a"), QStringLiteral("1")});
    m_proxy = std::make_unique<FaultProxy>(m_server.port());
    QVERIFY(m_proxy->port() != 0);
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_proxy->clear();
    const Result<SourceSettings> settings = redisSourceInfo().fromUrl(QStringLiteral("redis://127.0.0.1:%1").arg(m_proxy->port()));
    m_source = redisSourceInfo().create(*settings, systemClock);
  }
  void cleanup() { m_source.reset(); }
  void cleanupTestCase() { m_proxy.reset(); }

  void throughAProxy() {
    QVERIFY(m_source->connect(std::stop_token()).ok());
    QCOMPARE(value(taken(), "redis.keys"), 1.0);
  }

  void singleBytes() {
    Faults faults;
    faults.slice = 1;
    m_proxy->set(faults);
    QVERIFY(m_source->connect(std::stop_token()).ok());
    const Sample sample = taken();
    QCOMPARE(value(sample, "redis.keys"), 1.0);
    QCOMPARE(value(sample, "redis.memory_limit"), 33554432.0);
  }

  void slowLink() {
    QVERIFY(m_source->connect(std::stop_token()).ok());
    Faults faults;
    faults.latencyMs = 300;
    m_proxy->set(faults);
    const Sample sample = taken();
    QVERIFY(sample.roundTripSeconds >= 0.29);
    QCOMPARE(value(sample, "redis.round_trip"), sample.roundTripSeconds);
  }

  /// A link cut at any byte gives an error that says so, never figures of half a reply, and the next connection works.
  void cutAnywhere_data() {
    QTest::addColumn<bool>("reset");
    QTest::newRow("closed") << false;
    QTest::newRow("reset") << true;
  }
  void cutAnywhere() {
    QFETCH(bool, reset);
    QVERIFY(m_source->connect(std::stop_token()).ok());
    int cuts = 0, wholes = 0, late = 0;
    for (int at = 0, next = 0; at < 15000; at = next) {
      next = at + (at < 200 ? 7 : 83);
      Faults faults;
      (reset ? faults.resetAfter : faults.dropAfter) = at;
      m_proxy->set(faults);
      const Result<Identity> identity = m_source->connect(std::stop_token());
      const Result<Sample> sample = m_source->sample(std::stop_token());
      m_proxy->clear();
      if (sample.ok()) {
        QCOMPARE(value(*sample, "redis.keys"), 1.0);
        ++wholes;
        continue;
      }
      const Error& error = identity.ok() ? sample.error() : identity.error();
      if (error.kind == Error::Kind::Timeout && ++late < 5) {  // the machine, not the cut
        next = at;
        continue;
      }
      ++cuts;
      QVERIFY2(error.kind == Error::Kind::Unreachable, qPrintable(described(error)));
      QVERIFY2(error.message.contains(QLatin1String("closed the connection")), qPrintable(described(error)));
    }
    QVERIFY2(cuts > 100 && wholes > 0, qPrintable(QStringLiteral("%1 %2").arg(cuts).arg(wholes)));
    QVERIFY(m_source->connect(std::stop_token()).ok());
    QCOMPARE(value(taken(), "redis.keys"), 1.0);
  }

  void bytesInBetween() {
    Faults faults;
    faults.inject = "*2147483647\r\n";
    for (int at = 0; at < 200; at += 3) {
      faults.injectAt = at;
      m_proxy->set(faults);
      const Result<Identity> identity = m_source->connect(std::stop_token());
      if (at <= 12 && identity.ok()) QFAIL("connected in spite of hostile bytes");
      if (!identity.ok() && at < 7) QCOMPARE(identity.error().kind, Error::Kind::Protocol);
    }
  }

  void silentAccept() {
    Faults faults;
    faults.silent = true;
    m_proxy->set(faults);
    const Result<Identity> identity = m_source->connect(std::stop_token());
    QVERIFY(!identity.ok());
    QVERIFY2(described(identity.error()).contains(QLatin1String("accepted the connection but did not answer within 2 s")), qPrintable(described(identity.error())));
  }

  void halfOpen() {
    QVERIFY(m_source->connect(std::stop_token()).ok());
    Faults faults;
    faults.blackhole = true;
    m_proxy->set(faults);
    const Result<Sample> sample = m_source->sample(std::stop_token());
    QVERIFY(!sample.ok());
    QCOMPARE(sample.error().kind, Error::Kind::Timeout);
    // The answer that comes late belongs to a connection that is no more.
    m_proxy->clear();
    QVERIFY(m_source->connect(std::stop_token()).ok());
    QCOMPARE(value(taken(), "redis.keys"), 1.0);
  }

  void stoppedServer() {
    QVERIFY(m_source->connect(std::stop_token()).ok());
    m_server.freeze();
    const Result<Sample> sample = m_source->sample(std::stop_token());
    const Result<Identity> again = m_source->connect(std::stop_token());
    m_server.thaw();
    QVERIFY(!sample.ok() && !again.ok());
    QVERIFY2(described(sample.error()).contains(QLatin1String("timeout: 127.0.0.1")), qPrintable(described(sample.error())));
    QVERIFY2(again.error().message.contains(QLatin1String("accepted the connection but did not answer")), qPrintable(again.error().message));
    QVERIFY(m_source->connect(std::stop_token()).ok());
    QCOMPARE(value(taken(), "redis.keys"), 1.0);
  }

  void cutWhileIdle() {
    for (const bool reset : {false, true}) {
      QVERIFY(m_source->connect(std::stop_token()).ok());
      m_proxy->cut(reset);
      const Result<Sample> sample = m_source->sample(std::stop_token());
      QVERIFY(!sample.ok());
      QVERIFY2(described(sample.error()).startsWith(QLatin1String("unreachable: ")), qPrintable(described(sample.error())));
    }
  }

  /// A stop during a blocked request returns as Cancelled.
  void stopDuringARequest() {
    QVERIFY(m_source->connect(std::stop_token()).ok());
    Faults faults;
    faults.blackhole = true;
    m_proxy->set(faults);
    std::stop_source stop;
    std::jthread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop.request_stop();
    });
    const Result<Sample> sample = m_source->sample(stop.get_token());
    QVERIFY(!sample.ok());
    QCOMPARE(sample.error().kind, Error::Kind::Cancelled);
  }

  /// Made, used and destroyed on different threads one after the other, as at the end of a program.
  void threads() {
    std::thread([&] { QVERIFY(m_source->connect(std::stop_token()).ok()); }).join();
    m_source.reset();
  }

 private:
  Sample taken() {
    Result<Sample> sample = m_source->sample(std::stop_token());
    for (int again = 0; again < 5 && !sample && sample.error().kind == Error::Kind::Timeout; ++again)  // a busy machine
      if (m_source->connect(std::stop_token())) sample = m_source->sample(std::stop_token());
    if (!sample) qFatal("%s", qPrintable(sample.error().message));
    return *sample;
  }

  RedisServer m_server{{QStringLiteral("maxmemory 32mb")}};
  std::unique_ptr<FaultProxy> m_proxy;
  std::unique_ptr<Source> m_source;
};

QTEST_GUILESS_MAIN(TestRedisFaults)
#include "tst_redis_faults.moc"
