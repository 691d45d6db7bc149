// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"
#include "tests/support/fault_proxy.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// Links that break and servers that die in the middle of a run.
class TestKeysRecovery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
  }

  // The server closes all connections again and again while pages are under way; each time the engine asks what was done.
  void brokenLinks_data() {
    QTest::addColumn<Action>("action");
    QTest::addColumn<bool>("undo");
    QTest::newRow("delete, undo") << Action{} << true;
    QTest::newRow("delete") << Action{} << false;
    QTest::newRow("ttl, undo") << Action{ActionKind::Set, 3'600'000, 1, 0, Condition::Always} << true;
    QTest::newRow("ttl") << Action{ActionKind::Set, 3'600'000, 1, 0, Condition::Always} << false;
  }
  void brokenLinks() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    constexpr int count = 20000;
    QByteArray script = "for i=1,20000 do redis.call('SET','n:'..i,'v'..i) end";
    m_bench.raw({{"EVAL", script, "0"}});
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::atomic<bool> over = false;
    m_bench.progress.set({});
    std::jthread breaker([&] {
      while (!over && m_bench.progress.counts().handled() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // what is asked before the first page is asked once
      for (int i = 0; !over && i < 40; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(15));
        m_bench.raw({{"CLIENT", "KILL", "TYPE", "normal"}});
      }
    });
    RunOptions options;
    options.undo = undo;
    options.page = 100;
    options.keysPerSecond = 60000;
    const auto report = m_bench.run(*plan, action, options);
    over = true;
    breaker.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.handled(), count);
    QCOMPARE(report->counts.done, count);
    if (action.deletes()) QCOMPARE(m_bench.size(), 0);
    if (!undo) return;
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(m_bench.digest(), digest);
  }

  // A server that hangs does not hold the person up who cancels.
  void cancelWhileTheServerHangs() {
    m_bench.raw({{"EVAL", "for i=1,5000 do redis.call('SET','n:'..i,'v') end", "0"}});
    const auto plan = m_bench.plan("n:*");
    std::stop_source stop;
    m_bench.progress.set({});  // or the counts of the test before would hang the server before the run begins
    Gate gate;
    RunOptions options;
    options.page = 50;
    options.keysPerSecond = 3000;
    options.holdBack = gate.at(m_bench.progress, 4000);
    std::jthread canceller([&] {
      while (m_bench.progress.counts().handled() < 200) std::this_thread::yield();
      m_bench.server().freeze();
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      stop.request_stop();
    });
    const auto report = m_bench.run(*plan, {}, options, stop.get_token());
    m_bench.server().thaw();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->outcome, QStringLiteral("cancelled"));
    gate.open();
    const auto rest = resumeRun(plan->id, options, m_bench.options(), m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY2(rest, rest ? "" : qPrintable(rest.error().message));
    QCOMPARE(rest->counts.handled(), 5000);
    QCOMPARE(m_bench.size(), 0);
  }

 private:
  KeysBench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysRecovery)
#include "tst_keys_recovery.moc"
