// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"
#include "tests/support/wait.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// A server that is killed in the middle of a run and starts again, without the last of what it was told.
class TestKeysRestart : public QObject {
  Q_OBJECT

  static constexpr int count = 30000;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void killedServer_data() {
    QTest::addColumn<Action>("action");
    QTest::addColumn<bool>("undo");
    QTest::addColumn<bool>("forgets");
    const Action ttl{ActionKind::Set, 3'600'000, 1, 0, Condition::Always};
    QTest::newRow("delete, undo") << Action{} << true << false;
    QTest::newRow("delete, undo, the server forgets") << Action{} << true << true;
    QTest::newRow("delete, the server forgets") << Action{} << false << true;
    QTest::newRow("ttl, undo, the server forgets") << ttl << true << true;
    QTest::newRow("ttl, the server forgets") << ttl << false << true;
  }
  // The run goes on by itself when the server is there again.
  void killedServer() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    QFETCH(bool, forgets);
    fill();
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
    std::optional<Result<RunReport>> report;
    Gate gate;
    m_bench.progress.set({});
    {
      std::jthread runner([&] { report = m_bench.run(*plan, action, slowly(undo, gate)); });
      QVERIFY(becomes([&] { return m_bench.progress.counts().done > count / 3; }));
      crash(forgets);
      gate.open();
      const QString reason = m_bench.server().start();
      QVERIFY2(reason.isEmpty(), qPrintable(reason));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    const RunReport& done = **report;
    QVERIFY2(done.outcome == QLatin1String("done"), qPrintable(done.reason));
    QCOMPARE(done.counts.planned, count);
    QCOMPARE(done.counts.done, count);
    QCOMPARE(done.counts.handled(), count);
    QVERIFY2(done.note.contains(QLatin1String("restarted meanwhile; 0 of the keys were gone")), qPrintable(done.note));
    QCOMPARE(m_bench.size(), action.deletes() ? 100 : count + 100);
    if (!action.deletes()) QCOMPARE(timed(), count);
    if (!undo) return;
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, count);
    QCOMPARE(m_bench.digest(), digest);
  }

  // Nobody waits for the server: the run ends, and what it says can be resumed is.
  void resumedLater() {
    fill();
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    m_bench.progress.set({});
    {
      std::jthread runner([&] {
        RunOptions options;
        options.keysPerSecond = 4000;
        options.pauseLimit = std::chrono::seconds(1);
        report = m_bench.run(*plan, {}, options);
      });
      QVERIFY(becomes([&] { return m_bench.progress.counts().done > count / 3; }));
      crash(true);
    }
    QVERIFY(report->ok());
    QCOMPARE((*report)->outcome, QStringLiteral("failed"));
    QVERIFY2((*report)->reason.contains(m_bench.server().address()), qPrintable((*report)->reason));
    const QString reason = m_bench.server().start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const auto resumed = m_bench.resume(plan->id);
    QVERIFY2(resumed, resumed ? "" : qPrintable(resumed.error().message));
    QVERIFY2(resumed->outcome == QLatin1String("done"), qPrintable(resumed->reason));
    QCOMPARE(resumed->counts.done, count);
    QCOMPARE(m_bench.size(), 100);
    // The keys of the first run once counted for the speed of the second.
    QVERIFY(resumed->handledBefore > count / 4);
    QVERIFY(std::abs(resumed->keysPerSecond() * resumed->seconds - static_cast<double>(count - resumed->handledBefore)) < 1);
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, count);
    QCOMPARE(m_bench.digest(), digest);
  }

  // Keys that somebody made anew are not taken away a second time.
  void madeAnewMeanwhile() {
    fill();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    Gate gate;
    m_bench.progress.set({});
    {
      std::jthread runner([&] { report = m_bench.run(*plan, {}, slowly(true, gate)); });
      QVERIFY(becomes([&] { return m_bench.progress.counts().done > count / 3; }));
      const QList<QByteArray> answers = m_bench.raw({{"SET", firstDeleted(), "made anew", "NX"}});
      QCOMPARE(answers.first(), QByteArray("OK"));
      crash(false);
      gate.open();
      const QString reason = m_bench.server().start();
      QVERIFY2(reason.isEmpty(), qPrintable(reason));
    }
    QVERIFY(report->ok());
    QCOMPARE((*report)->outcome, QStringLiteral("done"));
    QCOMPARE((*report)->counts.done, count);
    QCOMPARE(m_bench.size(), 101);
    QCOMPARE(m_bench.undo(plan->id)->kept, 1);
  }

  // A server that keeps nothing on the disk lost all of its data in the middle: the run was "done", half a million keys "gone", and nobody said why.
  void aServerThatComesBackEmpty() {
    fill();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    Gate gate;
    m_bench.progress.set({});
    {
      std::jthread runner([&] { report = m_bench.run(*plan, {}, slowly(false, gate)); });
      QVERIFY(becomes([&] { return m_bench.progress.counts().done > count / 3; }));
      m_bench.server().kill9();
      gate.open();
      QVERIFY(QDir(m_bench.server().dir() + QStringLiteral("/appendonlydir")).removeRecursively());
      const QString reason = m_bench.server().start();
      QVERIFY2(reason.isEmpty(), qPrintable(reason));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    const RunReport& done = **report;
    QVERIFY(done.counts.gone > 0);
    QVERIFY2(done.note.contains(QStringLiteral("The server restarted meanwhile; %1 of the keys were gone").arg(done.counts.gone)), qPrintable(done.note));
    const JournalEntry entry = m_bench.journal().read(1)->first();
    QCOMPARE(entry.phase, QStringLiteral("end"));
    QVERIFY2(entry.text.contains(done.note), qPrintable(entry.text));
  }

  void restartedBeforeTheRun() {
    fill();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    const QString reason = m_bench.server().restart();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const auto refused = m_bench.run(*plan, {});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(QLatin1String("restarted")), qPrintable(refused.error().message));
    QCOMPARE(m_bench.size(), count + 100);
  }

 private:
  RunOptions slowly(bool undo, Gate& gate) {
    RunOptions options;
    options.undo = undo;
    options.keysPerSecond = 15000;
    options.holdBack = gate.at(m_bench.progress, count * 4 / 5);
    return options;
  }
  void fill() {
    m_bench.flush();
    m_bench.raw({{"EVAL",
                  "for i=1,30000 do local k='n:'..i; if i%3==0 then redis.call('HSET',k,'f',i,'g','v') elseif i%7==0 then redis.call('SET',k,i,'EX',86400) else redis.call('SET',k,'v'..i) end end "
                  "for i=1,100 do redis.call('SET','other:'..i,'v') end",
                  "0"},
                 {"BGREWRITEAOF"}});
    // From here on only what comes new is in the newest file.
    QVERIFY(becomes([&] {
      const QByteArray info = m_bench.cli({QStringLiteral("info"), QStringLiteral("persistence")});
      return info.contains("aof_rewrite_in_progress:0") && info.contains("aof_rewrite_scheduled:0");
    }));
  }
  /// kill -9; `forgets` takes the last third of what was done since the run began out of the server's file, as a power cut would.
  void crash(bool forgets) {
    m_bench.server().kill9();
    if (!forgets) return;
    const QDir folder(m_bench.server().dir() + QStringLiteral("/appendonlydir"));
    const QStringList files = folder.entryList({QStringLiteral("*.incr.aof")}, QDir::Files, QDir::Name);
    QVERIFY(!files.isEmpty());
    QFile file(folder.filePath(files.last()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.size() > 3000);
    QVERIFY(file.resize(file.size() * 2 / 3));
  }
  /// A key that the run has taken away already.
  QByteArray firstDeleted() {
    for (int i = 1; i <= count; ++i) {
      const QByteArray name = "n:" + QByteArray::number(i);
      if (m_bench.raw({{"EXISTS", name}}).first() == "0") return name;
    }
    return {};
  }
  qint64 timed() {
    return m_bench.raw({{"EVAL", "local n=0; for i=1,30000 do local t=redis.call('PTTL','n:'..i); if t>0 and t<=3600000 then n=n+1 end end return n", "0"}}).first().toLongLong();
  }
  KeysBench m_bench{{QStringLiteral("appendonly yes"), QStringLiteral("appendfsync everysec"), QStringLiteral("aof-load-truncated yes"), QStringLiteral("auto-aof-rewrite-percentage 0")}};
};

QTEST_GUILESS_MAIN(TestKeysRestart)
#include "tst_keys_restart.moc"
