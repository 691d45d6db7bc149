// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/replica.h"
#include "tests/live/keys_fixture.h"
#include "tests/support/fault_proxy.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;
using namespace std::chrono_literals;

/// Servers, replicas, disks and people that say: not now. Nothing is counted twice, and all of it is done in the end or can be resumed.
class TestKeysPauses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_bench.server()});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.raw({{"CONFIG", "SET", "maxmemory", "0"}, {"CONFIG", "SET", "maxmemory-policy", "noeviction"}, {"CONFIG", "SET", "min-replicas-to-write", "0"}});
    m_bench.flush();
    m_bench.progress.setWaitsFor({});
  }

  void runWaits_data() {
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("NOREPLICAS") << QByteArray("NOREPLICAS");
    QTest::newRow("MISCONF") << QByteArray("MISCONF");
    QTest::newRow("BUSY") << QByteArray("BUSY");
  }
  void runWaits() {
    QFETCH(QByteArray, word);
    fill(3000);
    const auto plan = m_bench.plan("n:*");
    QString said;
    Gate gate;
    RunOptions slow = patient();
    slow.page = 100;
    slow.keysPerSecond = 3000;
    slow.holdBack = gate.at(m_bench.progress, 1000);
    m_bench.progress.set({});
    std::jthread later([&] {
      while (m_bench.progress.counts().handled() < 200) std::this_thread::sleep_for(1ms);
      begin(word);
      gate.open();
      said = waited();
      end(word);
    });
    const auto report = m_bench.run(*plan, {}, slow);
    later.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QVERIFY2(!said.isEmpty(), "it never waited");
    QCOMPARE(report->counts.done, 3000);
    QCOMPARE(report->counts.refused, 0);
    QCOMPARE(m_bench.size(), 0);
  }

  // An undo counted these as refused, and the keys were gone.
  void undoWaits_data() {
    runWaits_data();
    QTest::newRow("OOM") << QByteArray("OOM");
  }
  void undoWaits() {
    QFETCH(QByteArray, word);
    fill(3000);
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    RunOptions pages;
    pages.page = 100;  // which the undo takes them in
    QCOMPARE(m_bench.run(*plan, {}, pages)->counts.done, 3000);
    QString said;
    Gate gate;
    UndoOptions slow;
    slow.keysPerSecond = 3000;
    slow.holdBack = gate.at(m_bench.progress, 1000);
    m_bench.progress.set({});
    std::jthread later([&] {
      while (m_bench.progress.counts().done < 200) std::this_thread::sleep_for(1ms);
      begin(word);
      gate.open();
      said = waited();
      end(word);
    });
    const auto undone = undoOperation(plan->id, slow, m_bench.options(), m_bench.permit(), m_bench.place(), m_bench.progress, {});
    later.join();
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QVERIFY2(undone->outcome == QLatin1String("done"), qPrintable(undone->reason));
    QVERIFY2(!said.isEmpty(), "it never waited");
    QCOMPARE(undone->restored, 3000);
    QCOMPARE(undone->refused, 0);
    QCOMPARE(m_bench.digest(), digest);
  }

  // Nobody makes room: the undo ends with exact counts, and the next one goes on.
  void undoGivesUpWithExactCounts() {
    fill(3000);
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    RunOptions pages;
    pages.page = 100;
    QVERIFY(m_bench.run(*plan, {}, pages));
    UndoOptions slow;
    slow.keysPerSecond = 500;  // time for somebody who stands still to come in its middle
    slow.pauseLimit = 1s;
    m_bench.progress.set({});
    std::jthread later([&] {
      while (m_bench.progress.counts().done < 300) std::this_thread::sleep_for(1ms);
      begin("OOM");
    });
    const auto stuck = undoOperation(plan->id, slow, m_bench.options(), m_bench.permit(), m_bench.place(), m_bench.progress, {});
    later.join();
    QVERIFY(stuck);
    QCOMPARE(stuck->outcome, QStringLiteral("failed"));
    QVERIFY2(stuck->reason.contains(QLatin1String("OOM")), qPrintable(stuck->reason));
    QCOMPARE(stuck->restored, m_bench.size());
    QCOMPARE(stuck->refused, 0);
    end("OOM");
    const auto rest = m_bench.undo(plan->id);
    QVERIFY(rest);
    QCOMPARE(rest->restored + rest->kept, 3000);
    QCOMPARE(m_bench.digest(), digest);
  }

  // A replica that hangs: the run waits, goes on when it is back, and ends to be resumed when it is not.
  void waitsForReplicas() {
    KeysBench primary;
    QVERIFY(primary.start().isEmpty());
    RedisServer follower({QStringLiteral("replicaof 127.0.0.1 %1").arg(primary.server().port())});
    QVERIFY(follower.start().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(primary.cli({QStringLiteral("info"), QStringLiteral("replication")}).contains("state=online"), 60000);
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 40000; ++i) commands.push_back({"SET", "n:" + QByteArray::number(i), "v"});
    primary.raw(commands);
    const auto plan = primary.plan("n:*");
    QVERIFY(plan);
    RunOptions options;
    options.replicaLagBytes = 100'000;
    options.keysPerSecond = 20000;
    options.pauseLimit = 120s;
    QString said;
    follower.freeze();
    std::jthread later([&] {
      for (int i = 0; i < 60000 && (said = primary.progress.waitsFor()).isEmpty(); ++i) std::this_thread::sleep_for(1ms);
      follower.thaw();
    });
    const auto report = primary.run(*plan, {}, options);
    later.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QVERIFY2(said.contains(QLatin1String("behind")), qPrintable(said));
    QCOMPARE(report->counts.done, 40000);
    QVERIFY(report->waitedSeconds > 0);
    // One that keeps up holds nothing back, though it tells only once a second what it has.
    primary.raw(commands);
    QTest::qWait(1500);
    options.keysPerSecond = 0;
    const auto fast = primary.run(*primary.plan("n:*"), {}, options);
    QVERIFY(fast);
    QCOMPARE(fast->counts.done, 40000);
  }

  // Analysis goes to the replica that the profile names, and not to one that is behind.
  void analysisOnAReplica() {
    KeysBench primary;
    QVERIFY(primary.start().isEmpty());
    RedisServer follower({QStringLiteral("replicaof 127.0.0.1 %1").arg(primary.server().port())});
    QVERIFY(follower.start().isEmpty());
    primary.raw({{"SET", "a", "v"}, {"SET", "b", "v"}});
    QTRY_COMPARE_WITH_TIMEOUT(follower.cli({QStringLiteral("dbsize")}), QByteArray("2"), 60000);
    RedisOptions options = primary.options();
    options.replica = follower.address();
    Selector selector;
    selector.patterns = {"*"};
    ScanProgress progress;
    primary.raw({{"CONFIG", "RESETSTAT"}});
    const Visit count = [](QByteArrayView, const ScanFacts&) -> Result<bool> { return true; };
    const auto result = scanForAnalysis(options, selector, {}, progress, {}, count);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->matched, 2);
    QVERIFY(!primary.cli({QStringLiteral("info"), QStringLiteral("commandstats")}).contains("cmdstat_scan"));
    primary.server().kill9();
    QTRY_VERIFY_WITH_TIMEOUT(follower.cli({QStringLiteral("info"), QStringLiteral("replication")}).contains("master_link_status:down"), 60000);
    const auto refused = scanForAnalysis(options, selector, {}, progress, {}, count);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Busy);
    QVERIFY2(refused.error().message.contains(QLatin1String("lost the link")), qPrintable(refused.error().message));
  }

  // The server dies and takes its time to read its file: the run waits, and does nothing twice.
  void waitsWhileItLoads() {
    // While it loads it answers after each 1,024 commands of its file, here about each half a second: well within the 2 s that a question waits. All of them take several seconds.
    KeysBench slow{{QStringLiteral("appendonly yes"), QStringLiteral("appendfsync always"), QStringLiteral("key-load-delay 400")}};
    QVERIFY(slow.start().isEmpty());
    constexpr int others = 12'000;
    std::vector<RedisCommand> commands;
    for (int i = 0; i < others; ++i) commands.push_back({"SET", "other:" + QByteArray::number(i), "v"});
    for (int i = 0; i < 3000; ++i) commands.push_back({"SET", "n:" + QByteArray::number(i), "v"});
    slow.raw(commands);
    const auto plan = slow.plan("n:*");
    QVERIFY(plan);
    Gate gate;
    RunOptions options = patient();
    options.keysPerSecond = 2000;
    options.holdBack = gate.at(slow.progress, 1500);
    std::atomic<bool> over = false;
    QSet<QString> said;
    std::jthread listener([&] {
      for (; !over; std::this_thread::sleep_for(1ms)) said.insert(slow.progress.waitsFor());
    });
    std::optional<Result<RunReport>> report;
    std::jthread running([&] { report = slow.run(*plan, {}, options); });
    while (slow.progress.counts().handled() < 500) std::this_thread::sleep_for(1ms);
    slow.server().kill9();
    gate.open();
    const QString reason = slow.server().start();
    running.join();
    over = true;
    listener.join();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    QVERIFY2(*report, *report ? "" : qPrintable(report->error().message));
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QVERIFY2(QStringList(said.values()).join(u' ').contains(QLatin1String("loading")), qPrintable(QStringList(said.values()).join(u'|')));
    QCOMPARE((*report)->counts.done + (*report)->counts.gone, 3000);
    QCOMPARE(slow.size(), others);
  }

  // Keys go, the application misses: the run stops before the database behind is run over.
  void hitRatioStops() {
    fill(20000);
    const auto plan = m_bench.plan("n:*");
    std::atomic<bool> over = false;
    std::jthread application([&] {
      for (int i = 0; !over; ++i) {
        std::vector<RedisCommand> gets;
        for (int k = 0; k < 100; ++k) gets.push_back({"GET", "n:" + QByteArray::number((i * 100 + k * 7) % 20000)});
        m_bench.raw(gets);
        std::this_thread::sleep_for(2ms);
      }
    });
    RunOptions options;
    options.hitRatioDrop = 10;
    options.keysPerSecond = 2000;
    options.pauseLimit = 1s;
    const auto report = m_bench.run(*plan, {}, options);
    over = true;
    application.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->outcome, QStringLiteral("failed"));
    QVERIFY2(report->reason.contains(QLatin1String("hit ratio")), qPrintable(report->reason));
    QVERIFY(report->counts.done < 20000);
    QCOMPARE(m_bench.size(), 20000 - report->counts.done);
    const auto rest = m_bench.resume(plan->id);
    QVERIFY(rest);
    QCOMPARE(rest->counts.done, 20000);
  }
  // Its own questions are hits and misses too, and hold nothing back.
  void ownLookupsDoNotStopIt() {
    fill(6000);
    const auto plan = m_bench.plan("n:*");
    std::vector<RedisCommand> removed;
    for (int i = 0; i < 5000; ++i) removed.push_back({"DEL", "n:" + QByteArray::number(i)});
    m_bench.raw(removed);
    RunOptions options;
    options.hitRatioDrop = 10;
    options.keysPerSecond = 6000;
    const auto report = m_bench.run(*plan, {}, options);
    QVERIFY(report);
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, 1000);
    QCOMPARE(report->counts.gone, 5000);
    QCOMPARE(report->waitedSeconds, 0.0);
  }

  // The link breaks when EXEC has left and its answer has not come: nobody knows, so the server is asked; nothing is done twice.
  void linkCutWithExecOutstanding() {
    fill(4000);
    const QByteArray digest = m_bench.digest();
    FaultProxy proxy(m_bench.server().port());
    RedisOptions options = m_bench.options();
    options.port = proxy.port();
    Selector selector;
    selector.patterns = {"n:*"};
    PlanOptions planning;
    planning.folder = m_bench.folder() + QStringLiteral("/plans");
    ScanProgress scanning;
    const auto plan = makePlan(options, selector, planning, m_bench.clock(), scanning, {});
    QVERIFY(plan);
    std::atomic<bool> over = false;
    std::jthread breaker([&] {
      for (int i = 0; !over; ++i) {  // ends every answer somewhere: within a DUMP, after QUEUED, within the reply to EXEC
        Faults faults;
        (i % 2 ? faults.dropAfter : faults.resetAfter) = 3000 + 911 * (i % 37);
        proxy.set(faults);
        std::this_thread::sleep_for(40ms);
        proxy.clear();
        std::this_thread::sleep_for(60ms);
        if (i > 40) break;
      }
      proxy.clear();
    });
    RunOptions run = patient();
    run.page = 100;
    const auto report = runPlan(*plan, {}, run, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    over = true;
    breaker.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, 4000);
    QCOMPARE(report->counts.handled(), 4000);
    QCOMPARE(m_bench.size(), 0);
    proxy.clear();
    const auto undone = undoOperation(plan->id, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, 4000);
    QCOMPARE(m_bench.digest(), digest);
  }

  // The disk is full in the middle: what has no image is not deleted.
  void fullDiskStopsBeforeTheDelete() {
    fill(5000);
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:*");
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit little = before;
    little.rlim_cur = 90'000;
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &little), 0);
    const auto report = m_bench.run(*plan, {});
    setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->outcome, QStringLiteral("failed"));
    QVERIFY2(report->reason.contains(QLatin1String("Nothing further was deleted")), qPrintable(report->reason));
    QVERIFY(report->counts.done > 0 && report->counts.done < 5000);
    const auto preview = previewUndo(m_bench.place(), plan->id);
    QVERIFY(preview);
    QVERIFY(5000 - m_bench.size() <= preview->keys);  // every key that is gone has its image
    const auto rest = m_bench.resume(plan->id);
    QVERIFY2(rest, rest ? "" : qPrintable(rest.error().message));
    QCOMPARE(rest->counts.done, 5000);
    QCOMPARE(m_bench.size(), 0);
    QCOMPARE(m_bench.undo(plan->id)->restored, 5000);
    QCOMPARE(m_bench.digest(), digest);
  }

  // With LFU no key has an idle time; the filter found nothing, and said nothing.
  void idleFilterUnderLfu() {
    fill(10);
    m_bench.raw({{"CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"}});
    Selector selector;
    selector.patterns = {"*"};
    selector.idleAboveS = 0;
    const auto plan = m_bench.plan(selector);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(QLatin1String("LFU")), qPrintable(plan.error().message));
  }

  // A million TTLs have images too.
  void capOfTtlChangesIsSaidBefore() {
    fill(5000);
    const auto plan = m_bench.plan("n:*");
    const Action action{ActionKind::Set, 60'000, 1, 0, Condition::Always};
    RunOptions options;
    options.undoCap = 50'000;
    const auto refused = m_bench.run(*plan, action, options);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Busy);
    const qint64 forecast = undoForecast(*plan, action);
    options.undoCap = forecast;
    const auto report = m_bench.run(*plan, action, options);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->counts.done, 5000);
    QVERIFY2(report->imageBytes <= forecast && report->imageBytes > forecast / 2, qPrintable(QStringLiteral("%1 of %2").arg(report->imageBytes).arg(forecast)));
  }

  void journalNamesTheAccount() {
    fill(1);
    m_bench.raw({{"ACL", "SETUSER", "shop", "on", ">pw", "~*", "+@all"}});
    RedisOptions options = m_bench.options();
    options.user = QStringLiteral("shop");
    options.password = Secret(QByteArray("pw"));
    const auto plan = m_bench.plan("n:*");
    QVERIFY(runPlan(*plan, {}, {}, options, m_bench.permit(), m_bench.place(), m_bench.progress, {}));
    QCOMPARE(m_bench.journal().read()->last().where, QStringLiteral("development %1 db 0 as shop").arg(m_bench.options().endpoint()));
    QVERIFY(m_bench.undo(plan->id));
    QVERIFY(m_bench.journal().read()->last().where.endsWith(QLatin1String(" as default")));
  }

  void plansKeepTheBudget() {
    fill(3000);
    Selector selector;
    selector.patterns = {"n:*"};
    PlanOptions planning;
    planning.folder = m_bench.folder() + QStringLiteral("/plans");
    planning.budgetMs = 5;
    planning.keysPerSecond = 20'000;
    ScanProgress scanning;
    const auto plan = makePlan(m_bench.options(), selector, planning, m_bench.clock(), scanning, {});
    QVERIFY(plan);
    QCOMPARE(plan->keys, 3000);
    QVERIFY(plan->seconds > 0.1);
    plan->forget();
  }

 private:
  static RunOptions patient() {
    RunOptions options;
    options.pauseLimit = 120s;
    return options;
  }
  void fill(int count) {
    std::vector<RedisCommand> commands;
    for (int i = 0; i < count; ++i) commands.push_back({"SET", "n:" + QByteArray::number(i), "v" + QByteArray::number(i)});
    m_bench.raw(commands);
  }
  QString waited() {
    QString said;
    for (int i = 0; i < 60000 && ((said = m_bench.progress.waitsFor()).isEmpty() || said == Gate::reason()); ++i) std::this_thread::sleep_for(1ms);
    return said;
  }
  void begin(const QByteArray& word) {
    if (word == "NOREPLICAS") m_bench.raw({{"CONFIG", "SET", "min-replicas-to-write", "1"}});
    if (word == "OOM") m_bench.raw({{"CONFIG", "SET", "maxmemory", "1"}});
    if (word == "MISCONF") {  // it cannot write its snapshot
      m_bench.raw({{"CONFIG", "SET", "save", "3600 1000000"}, {"CONFIG", "SET", "dbfilename", "no.rdb"}});
      QFile::remove(m_bench.server().dir() + QStringLiteral("/no.rdb"));
      QDir().mkdir(m_bench.server().dir() + QStringLiteral("/no.rdb"));
      m_bench.raw({{"BGSAVE"}});
      for (int i = 0; i < 5000 && !m_bench.cli({QStringLiteral("info"), QStringLiteral("persistence")}).contains("rdb_last_bgsave_status:err"); ++i) std::this_thread::sleep_for(1ms);
    }
    if (word == "BUSY") {
      m_bench.raw({{"CONFIG", "SET", "busy-reply-threshold", "20"}});
      m_script = std::jthread([this] { m_bench.raw({{"EVAL", "while true do end", "0"}}); });
      std::this_thread::sleep_for(100ms);
    }
  }
  void end(const QByteArray& word) {
    if (word == "NOREPLICAS") m_bench.raw({{"CONFIG", "SET", "min-replicas-to-write", "0"}});
    if (word == "OOM") m_bench.raw({{"CONFIG", "SET", "maxmemory", "0"}});
    if (word == "MISCONF") m_bench.raw({{"CONFIG", "SET", "save", ""}});
    if (word == "BUSY" && m_script.joinable()) {
      m_bench.raw({{"SCRIPT", "KILL"}});
      m_script.join();
    }
  }
  KeysBench m_bench{{QStringLiteral("enable-protected-configs yes")}};
  std::jthread m_script;
};

QTEST_GUILESS_MAIN(TestKeysPauses)
#include "tst_keys_pauses.moc"
