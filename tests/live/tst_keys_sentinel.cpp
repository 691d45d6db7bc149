// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"
#include "tests/support/cluster.h"
#include "tests/support/wait.h"

#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

namespace {

constexpr int count = 30000;
constexpr std::chrono::seconds patience{200};  // Sentinels that stood still take their time

#define HAPPENS(call)                               \
  do {                                              \
    const QString reason = (call);                  \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

/// One primary, two replicas and three Sentinels, of which the profile names one.
class Bench : public KeysDesk {
 public:
  QString start() { return m_system.start(); }
  RedisSentinels& system() { return m_system; }
  RedisOptions options() const override {
    RedisOptions options = KeysBench::optionsFor(const_cast<Bench*>(this)->m_system.sentinel(0).port());
    options.masterName = masterName;
    return options;
  }
  QByteArray cli(const QStringList& arguments) { return m_system.cli(m_system.indexOf(primaryPort()), arguments); }
  /// Of a Sentinel that runs; while there is a failover, of what it names.
  quint16 primaryPort() { return m_system.primaryPort(); }
  QByteArray digest() { return cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  qint64 size() { return cli({QStringLiteral("dbsize")}).toLongLong(); }
  /// The primary dies, or hangs, in the middle of what stands at the gate; another takes its place.
  QString failover(Gate& gate, bool hangs = false, quint16* old = nullptr) {
    const quint16 port = primaryPort();
    if (old) *old = port;
    RedisServer& primary = m_system.server(m_system.indexOf(port));
    hangs ? primary.freeze() : primary.kill9();
    gate.open();
    return m_system.waitForFailover(port);
  }

  /// Keys that are on all three servers.
  void fill() {
    rawCommands(primaryPort(), {{"EVAL",
                                 "for i=1,30000 do local k='n:'..i; if i%3==0 then redis.call('HSET',k,'f',i,'g','v') elseif i%7==0 then redis.call('SET',k,i,'EX',86400) "
                                 "else redis.call('SET',k,'v'..i) end end for i=1,100 do redis.call('SET','other:'..i,'v') end",
                                 "0"}});
    QVERIFY(becomes([&] {
      for (int i = 0; i < 3; ++i)
        if (m_system.cli(i, {QStringLiteral("dbsize")}).toInt() != count + 100) return false;
      return true;
    }));
  }
  QString masterName;

 private:
  RedisSentinels m_system{{QStringLiteral("enable-debug-command yes")}};
};

RunOptions slowly(Bench& bench, Gate& gate, bool undo) {
  RunOptions options;
  options.undo = undo;
  options.keysPerSecond = 15000;
  options.pauseLimit = patience;
  options.holdBack = gate.at(bench.progress, count * 4 / 5);
  return options;
}

}  // namespace

/// Runs that go on at the primary that a Sentinel names.
class TestKeysSentinel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void failover_data() {
    QTest::addColumn<Action>("action");
    QTest::addColumn<bool>("undo");
    QTest::addColumn<bool>("comesBack");
    QTest::newRow("delete, undo") << Action{} << true << false;
    QTest::newRow("delete") << Action{} << false << false;
    QTest::newRow("delete, undo, the old primary comes back") << Action{} << true << true;
    QTest::newRow("ttl, undo, the old primary comes back") << Action{ActionKind::Set, 3'600'000, 1, 0, Condition::Always} << true << true;
  }
  void failover() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    QFETCH(bool, comesBack);
    Bench bench;
    HAPPENS(bench.start());
    bench.fill();
    const QByteArray digest = bench.digest();
    const auto plan = bench.plan("n:*");
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
    QCOMPARE(plan->keys, count);
    QCOMPARE(plan->server.masterName, QStringLiteral("mymaster"));
    std::optional<Result<RunReport>> report;
    quint16 old = 0;
    Gate gate;
    {
      std::jthread runner([&] { report = bench.run(*plan, action, slowly(bench, gate, undo)); });
      QVERIFY(becomes([&] { return bench.progress.counts().done > count / 3; }));
      HAPPENS(bench.failover(gate, comesBack, &old));
      // It takes writes again, for some seconds: all of them are lost.
      if (comesBack) bench.system().server(bench.system().indexOf(old)).thaw();
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    const RunReport& done = **report;
    QVERIFY2(done.outcome == QLatin1String("done"), qPrintable(done.reason));
    QVERIFY(bench.primaryPort() != old);
    QCOMPARE(done.counts.done, count);
    QCOMPARE(done.counts.handled(), count);
    QCOMPARE(bench.size(), action.deletes() ? 100 : count + 100);
    if (!action.deletes()) {
      const QByteArray timed = rawCommands(bench.primaryPort(), {{"EVAL", "local n=0; for i=1,30000 do local t=redis.call('PTTL','n:'..i); if t>0 and t<=3600000 then n=n+1 end end return n", "0"}}).first();
      QCOMPARE(timed.toInt(), count);
    }
    if (!undo) return;
    const auto undone = bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QVERIFY2(undone->outcome == QLatin1String("done"), qPrintable(undone->reason));
    QCOMPARE(undone->restored, count);
    QCOMPARE(bench.digest(), digest);
  }

  void failoverWhileUndoing_data() {
    QTest::addColumn<Action>("action");
    QTest::newRow("delete") << Action{};
    QTest::newRow("ttl") << Action{ActionKind::Set, 3'600'000, 1, 0, Condition::Always};
  }
  void failoverWhileUndoing() {
    QFETCH(Action, action);
    Bench bench;
    HAPPENS(bench.start());
    bench.fill();
    const QByteArray digest = bench.digest();
    const auto plan = bench.plan("n:*");
    QVERIFY(plan);
    QCOMPARE(bench.run(*plan, action)->counts.done, count);
    std::optional<Result<UndoReport>> report;
    bench.progress.set({});
    Gate gate;
    UndoOptions options;
    options.pauseLimit = patience;
    options.holdBack = gate.at(bench.progress, count * 4 / 5);
    {
      std::jthread runner([&] { report = undoOperation(plan->id, options, bench.options(), bench.permit(), bench.place(), bench.progress, {}); });
      QVERIFY(becomes([&] { return bench.progress.counts().done >= 500; }));
      HAPPENS(bench.failover(gate));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QCOMPARE((*report)->restored, count);
    QCOMPARE(bench.digest(), digest);
  }

  // The Sentinel that the profile names dies with the primary, as on one machine; what was planned before a failover is still good after it.
  void anotherSentinel() {
    Bench bench;
    HAPPENS(bench.start());
    bench.fill();
    const QByteArray digest = bench.digest();
    const auto early = bench.plan("other:*");
    const auto plan = bench.plan("n:*");
    QVERIFY(early.ok() && plan.ok());
    std::optional<Result<RunReport>> report;
    Gate gate;
    {
      std::jthread runner([&] { report = bench.run(*plan, {}, slowly(bench, gate, true)); });
      QVERIFY(becomes([&] { return bench.progress.counts().done > count / 3; }));
      bench.system().sentinel(0).kill9();
      HAPPENS(bench.failover(gate));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QCOMPARE((*report)->counts.done, count);
    QCOMPARE(bench.size(), 100);
    HAPPENS(bench.system().sentinel(0).start());
    QVERIFY(becomes([&] { return bench.plan("nothing:*", false).ok(); }));
    const auto others = bench.run(*early, {});
    QVERIFY2(others, others ? "" : qPrintable(others.error().message));
    QCOMPARE(others->counts.done, 100);
    QCOMPARE(bench.undo(early->id)->restored, 100);
    QCOMPARE(bench.undo(plan->id)->restored, count);
    QCOMPARE(bench.digest(), digest);
  }

  void nameOfThePrimary() {
    Bench bench;
    HAPPENS(bench.start());
    bench.fill();
    const auto plan = bench.plan("other:*");
    QVERIFY(plan);
    bench.masterName = QStringLiteral("somebody");
    const auto refused = bench.run(*plan, {});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(QLatin1String("somebody")), qPrintable(refused.error().message));

    QTemporaryDir home;
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) environment.insert(QLatin1String(name), home.filePath(QLatin1String(name)));
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    process.setProcessEnvironment(environment);
    const QString url = QStringLiteral("redis://127.0.0.1:%1/0?master=mymaster").arg(bench.system().sentinel(1).port());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"),
                  {QStringLiteral("keys"), QStringLiteral("delete"), QStringLiteral("--redis"), url, QStringLiteral("--match"), QStringLiteral("other:*"), QStringLiteral("--yes"), QStringLiteral("--json")});
    QVERIFY(process.waitForFinished(120'000));
    const QByteArray output = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, output + process.readAllStandardError());
    const QJsonObject json = QJsonDocument::fromJson(output).object();
    QCOMPARE(json[QLatin1String("deleted")].toInt(), 100);
    QCOMPARE(json[QLatin1String("scanned")].toInt(), count + 100);
    QCOMPARE(bench.size(), count);
  }
};

QTEST_GUILESS_MAIN(TestKeysSentinel)
#include "tst_keys_sentinel.moc"
