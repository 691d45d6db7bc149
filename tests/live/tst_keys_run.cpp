// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

namespace {

constexpr qint64 hour = 3'600'000;

RunOptions with(bool undo, int page = 500) {
  RunOptions options;
  options.undo = undo;
  options.page = page;
  options.pauseLimit = std::chrono::seconds(60);
  return options;
}

Action setTtl(qint64 ms) { return {ActionKind::Set, ms, 1, 0, Condition::Always}; }

}  // namespace

/// Plans carried out on a real server.
class TestKeysRun : public QObject {
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

  void hostileNames_data() {
    QTest::addColumn<bool>("undo");
    QTest::newRow("with undo") << true;
    QTest::newRow("without") << false;
  }
  // Nothing but what was picked is ever touched.
  void hostileNames() {
    QFETCH(bool, undo);
    const QList<QByteArray> names = test::hostileNames();
    for (const QByteArray& victim : names) {
      fill(names);
      Selector selector;
      selector.byName = true;
      selector.names = {victim};
      const auto plan = m_bench.plan(selector);
      QVERIFY(plan);
      const auto report = m_bench.run(*plan, {}, with(undo));
      QVERIFY2(report, report ? "" : qPrintable(report.error().message));
      QCOMPARE(report->counts.done, 1);
      QCOMPARE(m_bench.size(), names.size() - 1);
      QCOMPARE(m_bench.raw({{"EXISTS", victim}}).first(), QByteArray("0"));
    }
  }

  void countsAddUp_data() { hostileNames_data(); }
  void countsAddUp() {
    QFETCH(bool, undo);
    numbered(3000);
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::vector<RedisCommand> removed;
    for (int i = 0; i < 700; ++i) removed.push_back({"DEL", "n:" + QByteArray::number(4 * i)});
    m_bench.raw(removed);
    m_bench.raw({{"SET", "n:new", "made after the plan"}});
    const auto report = m_bench.run(*plan, {}, with(undo, 77));
    QVERIFY(report);
    QCOMPARE(report->outcome, QStringLiteral("done"));
    QCOMPARE(report->counts.planned, 3000);
    QCOMPARE(report->counts.done, 2300);
    QCOMPARE(report->counts.gone, 700);
    QCOMPARE(report->counts.handled(), 3000);
    QCOMPARE(m_bench.size(), 1);
    QVERIFY(!QFile::exists(plan->spoolFile));
  }

  // Somebody writes the keys all the time: with undo none is taken away whose image is not what it was.
  void keysThatOthersWrite() {
    numbered(2000);
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    std::atomic<bool> over = false;
    std::jthread writer([&] {
      for (int i = 0; !over; ++i) {
        std::vector<RedisCommand> writes;
        for (int k = 0; k < 20; ++k) writes.push_back({"SET", "n:" + QByteArray::number((i * 20 + k) % 2000), "new:" + QByteArray::number(i)});
        m_bench.raw(writes);
      }
    });
    const auto report = m_bench.run(*plan, {}, with(true, 100));
    over = true;
    writer.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->outcome, QStringLiteral("done"));
    QCOMPARE(report->counts.handled(), 2000);
    QVERIFY(report->counts.done > 0);
  }

  void setsAndKeepsTtls() {
    numbered(1500);
    m_bench.raw({{"EXPIRE", "n:1", "600"}, {"EXPIRE", "n:2", "86400"}});
    const qint64 before = now();
    const auto plan = m_bench.plan("n:*");
    const auto report = m_bench.run(*plan, setTtl(hour), with(true));
    QVERIFY(report);
    QCOMPARE(report->counts.done, 1500);
    const qint64 after = now();
    for (const qint64 expiry : m_bench.expiries(names(1500))) QVERIFY(expiry >= before + hour - 2 && expiry <= after + hour + 2);

    const auto capped = m_bench.run(*m_bench.plan("n:*"), {ActionKind::Cap, 2 * hour, 1, 0, Condition::Always}, with(true));
    QVERIFY(capped);
    QCOMPARE(capped->counts.kept, 1500);
    QCOMPARE(capped->counts.done, 0);
    const auto persisted = m_bench.run(*m_bench.plan("n:*"), {ActionKind::Persist, 0, 1, 0, Condition::Always}, with(false));
    QVERIFY(persisted);
    QCOMPARE(persisted->counts.done, 1500);
    for (const qint64 expiry : m_bench.expiries(names(1500))) QCOMPARE(expiry, -1);
  }

  // Many keys that are to go softly do not go together.
  void softExpirySpreads() {
    numbered(6000);
    const qint64 begin = now();
    const auto report = m_bench.run(*m_bench.plan("n:*"), {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, with(true));
    QVERIFY(report);
    QCOMPARE(report->counts.done, 6000);
    std::array<int, 10> minutes{};
    const qint64 end = now();
    for (const qint64 expiry : m_bench.expiries(names(6000))) {
      QVERIFY(expiry > begin && expiry < end + 600'000);
      ++minutes[static_cast<std::size_t>(std::clamp<qint64>((expiry - begin) / 60'000, 0, 9))];
    }
    for (const int count : minutes) QVERIFY2(count > 400 && count < 800, qPrintable(QString::number(count)));  // 600 each; 8 standard deviations
  }

  // Half of the keys are none of this account's: those are refused and counted, the others done.
  void keysThatTheAccountMayNotTouch() {
    std::vector<RedisCommand> commands{{"ACL", "SETUSER", "half", "on", ">pw", "%RW~n:1*", "%R~*", "+@all"}};
    m_bench.raw(commands);
    for (const bool undo : {true, false}) {
      numbered(1000);
      RedisOptions options = m_bench.options();
      options.user = QStringLiteral("half");
      options.password = Secret(QByteArray("pw"));
      const auto plan = m_bench.plan("n:*");
      QVERIFY(plan);
      const auto report = runPlan(*plan, {}, with(undo, 100), options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
      QVERIFY2(report, report ? "" : qPrintable(report.error().message));
      QCOMPARE(report->counts.done, 111);
      QCOMPARE(report->counts.refused, 889);
      QVERIFY2(report->reason.contains(QLatin1String("NOPERM")), qPrintable(report->reason));
      QCOMPARE(m_bench.size(), 889);
    }
  }

  // A server that cannot work now is waited for, and nothing is counted twice.
  void waitsWhileTheServerRefuses() {
    numbered(800);
    const auto plan = m_bench.plan("n:*");
    m_bench.raw({{"CONFIG", "SET", "min-replicas-to-write", "1"}});
    std::jthread later([&] {
      while (m_bench.progress.waitsFor().isEmpty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      m_waited = m_bench.progress.waitsFor();
      m_bench.raw({{"CONFIG", "SET", "min-replicas-to-write", "0"}});
    });
    const auto report = m_bench.run(*plan, {}, with(true));
    later.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(m_waited.contains(QLatin1String("NOREPLICAS")), qPrintable(m_waited));
    QCOMPARE(report->counts.done, 800);
    QVERIFY(report->waitedSeconds > 0);
  }

  void refusesWhatIsNotThePlan() {
    numbered(10);
    const qsizetype entries = m_bench.journal().read()->size();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(plan);
    QFile spool(plan->spoolFile);
    QVERIFY(spool.open(QIODevice::ReadWrite));
    spool.seek(5);
    spool.write("X");
    spool.close();
    const auto changed = m_bench.run(*plan, {}, with(true));
    QVERIFY(!changed);
    QCOMPARE(m_bench.size(), 10);

    Plan elsewhere = *m_bench.plan("n:*");
    elsewhere.server.runId = QStringLiteral("another");
    const auto refused = m_bench.run(elsewhere, {}, with(true));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Permission);

    Plan large = *m_bench.plan("n:*");
    RunOptions bounded = with(true);
    bounded.undoCap = 100;
    const auto tooMuch = m_bench.run(large, {}, bounded);
    QVERIFY(!tooMuch);
    QVERIFY2(tooMuch.error().message.contains(QLatin1String("undo")), qPrintable(tooMuch.error().message));
    QCOMPARE(m_bench.size(), 10);
    QCOMPARE(m_bench.journal().read()->size(), entries);
  }

  void cancels() {
    numbered(5000);
    const auto plan = m_bench.plan("n:*");
    std::stop_source stop;
    m_bench.progress.set({});  // or the counts of the test before would cancel it at once
    std::jthread canceller([&] {
      while (m_bench.progress.counts().handled() < 500) std::this_thread::yield();
      stop.request_stop();
    });
    Gate gate;  // stays shut: what is cancelled is not over
    RunOptions slow = with(true, 50);
    slow.keysPerSecond = 5000;
    slow.holdBack = gate.at(m_bench.progress, 3000);
    const auto report = m_bench.run(*plan, {}, slow, stop.get_token());
    QVERIFY(report);
    QCOMPARE(report->outcome, QStringLiteral("cancelled"));
    QCOMPARE(m_bench.size(), 5000 - report->counts.done);
    QVERIFY(QFile::exists(plan->spoolFile));
    const auto rest = resumeRun(plan->id, with(true), m_bench.options(), m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY2(rest, rest ? "" : qPrintable(rest.error().message));
    QCOMPARE(rest->counts.done, 5000);
    QCOMPARE(m_bench.size(), 0);
    QVERIFY(!resumeRun(plan->id, with(true), m_bench.options(), m_bench.permit(), m_bench.place(), m_bench.progress, {}));
  }

  // No DUMP of a key that would hold the server up: refused, unless undo is given up.
  void largeKeysHaveNoImage() {
    m_bench.raw({{"SET", "n:big", QByteArray(12 << 20, 'x')}, {"SET", "n:small", "x"}});
    const auto report = m_bench.run(*m_bench.plan("n:*"), {}, with(true));
    QVERIFY(report);
    QCOMPARE(report->counts.done, 1);
    QCOMPARE(report->counts.refused, 1);
    QVERIFY2(report->reason.contains(QLatin1String("n:big")), qPrintable(report->reason));
    QCOMPARE(m_bench.run(*m_bench.plan("n:*"), {}, with(false))->counts.done, 1);
  }

  void journalSaysWhatHappened() {
    numbered(100);
    const qsizetype before = m_bench.journal().read()->size();
    const auto plan = m_bench.plan("n:*");
    QVERIFY(m_bench.run(*plan, {}, with(true)));
    const QList<JournalEntry> entries = m_bench.journal().read()->mid(before);
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[0].phase, QStringLiteral("begin"));
    QCOMPARE(entries[1].phase, QStringLiteral("end"));
    QCOMPARE(entries[1].outcome, QStringLiteral("done"));
    QCOMPARE(entries[1].operation, plan->id);
    QCOMPARE(entries[1].planDigest.toLatin1(), plan->digest);
    QCOMPARE(entries[1].counts[QLatin1String("deleted")].toInt(), 100);
    QVERIFY(m_bench.journal().verify()->intact);
  }

  // When nobody can be told, nothing is done.
  void noJournalNoAction() {
    numbered(10);
    Journal broken(QStringLiteral("/proc/nowhere/journal.jsonl"), Secret(QByteArray(32, 'k')));
    RunPlace place{m_bench.folder() + QStringLiteral("/undo"), Secret(QByteArray(32, 'k')), broken, QStringLiteral("test"), QStringLiteral("development"), m_bench.clock()};
    const auto report = runPlan(*m_bench.plan("n:*"), {}, with(true), m_bench.options(), m_bench.permit(), place, m_bench.progress, {});
    QVERIFY(!report);
    QCOMPARE(m_bench.size(), 10);
  }

 private:
  static QList<QByteArray> names(int count) {
    QList<QByteArray> out;
    for (int i = 0; i < count; ++i) out.append("n:" + QByteArray::number(i));
    return out;
  }
  void numbered(int count) { fill(names(count)); }
  void fill(const QList<QByteArray>& names) {
    std::vector<RedisCommand> commands;
    for (const QByteArray& name : names) commands.push_back({"SET", name, "v:" + name});
    m_bench.raw(commands);
  }
  qint64 now() {
    const QByteArrayList time = m_bench.cli({QStringLiteral("time")}).split('\n');
    return time[0].trimmed().toLongLong() * 1000 + time[1].trimmed().toLongLong() / 1000;
  }
  KeysBench m_bench;
  QString m_waited;
};

QTEST_GUILESS_MAIN(TestKeysRun)
#include "tst_keys_run.moc"
