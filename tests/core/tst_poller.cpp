// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/poller.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <mutex>

using namespace cachedeck;
using namespace std::chrono_literals;
using Kind = SourceState::Kind;

namespace {

// What the scripted server does next; shared with the source on its worker.
struct Script {
  std::mutex mutex;
  std::optional<Error> connectError;
  std::optional<Error> sampleError;
  std::atomic<int> blockMs = 0;
  std::atomic<int> connects = 0, samples = 0, alive = 0;
  Qt::HANDLE destroyedOn = nullptr, usedOn = nullptr;
};
Script* script = nullptr;

class ScriptedSource : public Source {
 public:
  ScriptedSource() { ++script->alive; }
  ~ScriptedSource() override {
    script->destroyedOn = QThread::currentThreadId();
    --script->alive;
  }
  Result<Identity> connect(std::stop_token) override {
    ++script->connects;
    script->usedOn = QThread::currentThreadId();
    const std::lock_guard lock(script->mutex);
    if (script->connectError) return *script->connectError;
    return Identity{QStringLiteral("Scripted"), QStringLiteral("1.0"), QStringLiteral("nowhere:1"), {}, {}};
  }
  Result<Sample> sample(std::stop_token stop) override {
    ++script->samples;
    for (int waited = 0; waited < script->blockMs && !stop.stop_requested(); ++waited) std::this_thread::sleep_for(1ms);
    const std::lock_guard lock(script->mutex);
    if (script->sampleError) return *script->sampleError;
    Sample sample;
    sample.values = {{QLatin1String("redis.ops"), 1.0}};
    return sample;
  }
  void disconnect() override {}
};

SourceInfo scriptedInfo(int periodMs) {
  return {"scripted", "Scripted", {}, periodMs, [](const SourceSettings&, const Clock&) -> std::unique_ptr<Source> {
            return std::make_unique<ScriptedSource>();
          }, nullptr};
}

Error timeout() { return fail(Error::Kind::Timeout, QStringLiteral("no answer")); }
Error refused() { return fail(Error::Kind::Refused, QStringLiteral("nothing listens")); }

}  // namespace

class TestPoller : public QObject {
  Q_OBJECT
  SystemClock m_clock;
  std::unique_ptr<Script> m_scripted;

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_scripted = std::make_unique<Script>();
    script = m_scripted.get();
  }

  void samplesFromItsStartOn() {
    Poller poller(scriptedInfo(20), {}, m_clock);
    QSignalSpy sampled(&poller, &Poller::sampled);
    QCOMPARE(poller.state().kind, Kind::Idle);
    poller.start();
    QCOMPARE(poller.state().kind, Kind::Connecting);
    QTRY_VERIFY_WITH_TIMEOUT(sampled.count() > 5, 60000);
    QCOMPARE(poller.state().kind, Kind::Live);
    QCOMPARE(poller.state().identity.version, QStringLiteral("1.0"));
  }

  void theSourceLivesAndDiesOnItsWorker() {
    {
      Poller poller(scriptedInfo(20), {}, m_clock);
      poller.start();
      QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
      QCOMPARE(script->alive.load(), 1);
    }
    QCOMPARE(script->alive.load(), 0);
    QCOMPARE(script->destroyedOn, script->usedOn);
    QVERIFY(script->usedOn != QThread::currentThreadId());
  }

  void aSlowAnswerIsNeverAskedTwiceAtOnce() {
    script->blockMs = 600'000;
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_VERIFY_WITH_TIMEOUT(poller.skippedPeriods() >= 5, 60000);
    QCOMPARE(script->samples.load(), 1);
  }

  void silenceMakesItStaleWhileTheRequestStillWaits() {
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
    script->blockMs = 600'000;  // until it is set to nothing
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Stale, 60000);
    QVERIFY(poller.state().error);
    script->blockMs = 0;
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
    QVERIFY(!poller.state().error);
  }

  void aLostServerFailsAndComesBackByItself() {
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("nothing listens")));
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
    {
      const std::lock_guard lock(script->mutex);
      script->sampleError = refused();
      script->connectError = refused();
    }
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Failed, 60000);
    QVERIFY(poller.state().retryAtMs > 0);
    QVERIFY(poller.state().lastGoodMs > 0);
    {
      const std::lock_guard lock(script->mutex);
      script->sampleError.reset();
      script->connectError.reset();
    }
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
  }

  void aTimeoutOfALiveSourceIsStaleFirst() {
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no answer")));
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
    {
      const std::lock_guard lock(script->mutex);
      script->sampleError = timeout();
      script->connectError = timeout();
    }
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Stale, 60000);
  }

  void aTimeoutBeforeTheFirstAnswerIsAFailure() {
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no answer")));
    script->connectError = timeout();
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Failed, 60000);
  }

  // A source that connected well and whose samples failed was asked again without any pause.
  void failingSamplesBackOffToo() {
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("nothing listens")));
    script->sampleError = refused();
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTest::qWait(2500);
    QVERIFY2(script->connects < 10, qPrintable(QString::number(script->connects)));
  }

  void aWrongPasswordIsNotTriedAgainByItself() {
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("wrong password")));
    script->connectError = fail(Error::Kind::Auth, QStringLiteral("wrong password"));
    Poller poller(scriptedInfo(20), {}, m_clock);
    poller.start();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Failed, 60000);
    QCOMPARE(poller.state().retryAtMs, 0);
    QTest::qWait(1500);
    QCOMPARE(script->connects.load(), 1);
    {
      const std::lock_guard lock(script->mutex);
      script->connectError.reset();
    }
    poller.retryNow();
    QTRY_COMPARE_WITH_TIMEOUT(poller.state().kind, Kind::Live, 60000);
  }

  void destroyingItDuringARequestReturnsAtOnce() {
    script->blockMs = 60000;
    auto poller = std::make_unique<Poller>(scriptedInfo(20), SourceSettings{}, m_clock);
    poller->start();
    QTRY_VERIFY_WITH_TIMEOUT(script->samples > 0, 60000);
    poller.reset();
    QCOMPARE(script->alive.load(), 0);
  }
};

QTEST_GUILESS_MAIN(TestPoller)
#include "tst_poller.moc"
