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

constexpr int count = 20000;

#define HAPPENS(call)                               \
  do {                                              \
    const QString reason = (call);                  \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

/// Three primaries and three replicas; the profile names a replica.
class Bench : public KeysDesk {
 public:
  QString start() { return m_cluster.start(); }
  RedisCluster& cluster() { return m_cluster; }
  RedisOptions options() const override { return KeysBench::optionsFor(m_cluster.port(entry)); }
  int entry = 3;

  /// As the slots are at the beginning.
  static int ownerOf(const QByteArray& name) { return (slotOf(name) * 3 + 2) / slotCount; }
  void fill(const QList<QByteArray>& names) {
    std::vector<RedisCommand> commands[3];
    for (int i = 0; i < names.size(); ++i) {
      auto& own = commands[ownerOf(names[i])];
      if (i % 3 == 0) own.push_back({"HSET", names[i], "f", QByteArray::number(i), "g", "v"});
      else if (i % 7 == 0) own.push_back({"SET", names[i], "v", "EX", "86400"});
      else own.push_back({"SET", names[i], "v:" + names[i]});
    }
    for (int i = 0; i < 3; ++i)
      for (const QByteArray& answer : rawCommands(m_cluster.port(i), commands[i]))
        if (answer.startsWith('-')) qFatal("%s", answer.constData());
  }
  bool replicasHaveAll() {
    return becomes([&] {
      for (int i = 0; i < 3; ++i)
        if (m_cluster.cli(i, words("dbsize")) != m_cluster.cli(3 + i, words("dbsize"))) return false;
      return true;
    });
  }
  QList<int> primaries() {
    QList<int> out;
    for (int i = 0; i < m_cluster.size(); ++i)
      if (m_cluster.server(i).running() && m_cluster.cli(i, words("role")).startsWith("master")) out += i;
    return out;
  }
  qint64 size() {
    qint64 sum = 0;
    for (const int i : primaries()) sum += m_cluster.cli(i, words("dbsize")).toLongLong();
    return sum;
  }
  /// A digest is the XOR of its keys' digests, so that of all servers is that of all keys, wherever they are.
  QByteArray digest() {
    QByteArray sum(20, '\0');
    for (const int i : primaries()) {
      const QByteArray one = QByteArray::fromHex(m_cluster.cli(i, words("debug digest")));
      for (qsizetype at = 0; at < std::min(sum.size(), one.size()); ++at) sum[at] = static_cast<char>(sum[at] ^ one[at]);
    }
    return sum.toHex();
  }
  void flush() {
    for (const int i : primaries()) m_cluster.cli(i, words("flushall"));
  }

 private:
  RedisCluster m_cluster{3, 1, {QStringLiteral("enable-debug-command yes")}};
};

QList<QByteArray> numbered(int number) {
  QList<QByteArray> names;
  for (int i = 0; i < number; ++i) names += "n:" + QByteArray::number(i);
  return names;
}

RunOptions with(bool undo, double keysPerSecond = 0) {
  RunOptions options;
  options.undo = undo;
  options.keysPerSecond = keysPerSecond;
  options.pauseLimit = std::chrono::minutes(3);  // the machine may stand still while another takes over
  return options;
}

Action ttl() { return {ActionKind::Set, 3'600'000, 1, 0, Condition::Always}; }

}  // namespace

/// Plans and runs over the primaries of a cluster.
class TestKeysCluster : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { HAPPENS(m_bench.start()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
  }

  void hostileNames_data() {
    QTest::addColumn<Action>("action");
    QTest::addColumn<bool>("undo");
    QTest::newRow("delete, undo") << Action{} << true;
    QTest::newRow("delete") << Action{} << false;
    QTest::newRow("ttl, undo") << ttl() << true;
    QTest::newRow("ttl") << ttl() << false;
  }
  // Each second one is picked, by its name: just those are touched.
  void hostileNames() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    const QList<QByteArray> names = test::hostileNames();
    m_bench.fill(names);
    const QByteArray digest = m_bench.digest();
    QCOMPARE(m_bench.plan("*")->keys, names.size());
    Selector selector;
    selector.byName = true;
    for (qsizetype i = 0; i < names.size(); i += 2) selector.names += names[i];
    const qint64 picked = selector.names.size();
    const auto plan = m_bench.plan(selector);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
    QCOMPARE(plan->keys, picked);
    const auto report = m_bench.run(*plan, action, with(undo));
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, picked);
    for (qsizetype i = 0; i < names.size(); ++i) {
      const qint64 expiry = rawCommands(m_bench.cluster().port(Bench::ownerOf(names[i])), {{"PTTL", names[i]}}).first().toLongLong();
      if (i % 2 == 0) QVERIFY(action.deletes() ? expiry == -2 : expiry > 0 && expiry <= 3'600'000);
      else QVERIFY(expiry == -1 || expiry > 3'600'000);
    }
    if (!undo) return;
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, picked);
    QCOMPARE(m_bench.digest(), digest);
  }

  void manyKeys() {
    m_bench.fill(numbered(count));
    const QByteArray digest = m_bench.digest();
    const auto plan = m_bench.plan("n:1*");
    QVERIFY(plan);
    QCOMPARE(plan->scanned, count);
    QCOMPARE(plan->keys, 11111);
    QCOMPARE(plan->types.value("hash") + plan->types.value("string"), 11111);
    m_bench.entry = 1;  // by way of another node it is the same cluster
    const auto report = m_bench.run(*plan, {}, with(true));
    m_bench.entry = 3;
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->counts.done, 11111);
    QCOMPARE(m_bench.size(), count - 11111);
    QCOMPARE(m_bench.undo(plan->id)->restored, 11111);
    QCOMPARE(m_bench.digest(), digest);
    const auto rest = m_bench.run(*m_bench.plan("n:*", false), {}, with(false));
    QVERIFY(rest);
    QCOMPARE(rest->counts.done, count);
    QCOMPARE(m_bench.size(), 0);
  }

  void program() {
    m_bench.fill(numbered(1000));
    QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) environment.insert(QLatin1String(name), home.filePath(QLatin1String(name)));
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    const auto run = [&](const QStringList& arguments, int node = 2) {
      QProcess process;
      process.setProcessEnvironment(environment);
      process.start(qEnvironmentVariable("CACHEDECK_BIN"),
                    QStringList{QStringLiteral("keys")} + arguments + QStringList{QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1").arg(m_bench.cluster().port(node)), QStringLiteral("--json")});
      process.waitForFinished(120'000);
      return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    };
    QCOMPARE(run(words("count --match n:*"))[QLatin1String("matched")].toInt(), 1000);
    QCOMPARE(run(words("ttl --match n:* --set 3600 --yes"))[QLatin1String("changed")].toInt(), 1000);
    QCOMPARE(run(words("delete --match n:* --yes"))[QLatin1String("deleted")].toInt(), 1000);
    QCOMPARE(m_bench.size(), 0);
    // The last operation was that of one node's address only: where that node died, it was found no more.
    QCOMPARE(run(words("undo --last --yes"), 1)[QLatin1String("restored")].toInt(), 1000);
    QCOMPARE(m_bench.size(), 1000);
  }

  void migratingSlot_data() { hostileNames_data(); }
  // Half of a slot's keys have gone to another server, the slot has not.
  void migratingSlot() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    QList<QByteArray> names = numbered(500);
    for (int i = 0; i < 200; ++i) names += "{foo}" + QByteArray::number(i);
    m_bench.fill(names);
    const QByteArray digest = m_bench.digest();
    const int slot = slotOf("foo"), from = m_bench.cluster().ownerOf(slot, 0), to = (from + 1) % 3;
    HAPPENS(m_bench.cluster().beginMigration(slot, from, to));
    HAPPENS(m_bench.cluster().migrateKeys(slot, from, to, 100));
    const auto plan = m_bench.plan("*");
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
    QCOMPARE(plan->keys, 700);
    QCOMPARE(plan->types.value("hash") + plan->types.value("string"), 700);
    const auto report = m_bench.run(*plan, action, with(undo));
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, 700);
    QCOMPARE(m_bench.size(), action.deletes() ? 0 : 700);
    if (undo) {
      const auto undone = m_bench.undo(plan->id);
      QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
      QCOMPARE(undone->restored, 700);
      QCOMPARE(m_bench.digest(), digest);
    }
    m_bench.flush();
    HAPPENS(m_bench.cluster().abandonMigration(slot, from, to));
  }

  // Its keys went from a server that was still to be scanned to one that had been: 2,517 of 60,000 keys were missing from a plan, without a word.
  // With another slot on its way in the other direction, the scan went round and round between the two servers and gave up.
  void aSlotThatMovesDuringTheScan_data() {
    QTest::addColumn<bool>("whole");
    QTest::addColumn<bool>("crossed");
    QTest::newRow("whole") << true << false;
    QTest::newRow("half of it") << false << false;
    QTest::newRow("whole, another comes back") << true << true;
    QTest::newRow("half of it, another comes back") << false << true;
  }
  void aSlotThatMovesDuringTheScan() {
    QFETCH(bool, whole);
    QFETCH(bool, crossed);
    // Servers are gone through in the order of their ids: the slot is the last one's.
    int from = 0;
    for (const int i : {1, 2})
      if (m_bench.cluster().nodeId(i) > m_bench.cluster().nodeId(from)) from = i;
    QByteArray tag = "a";
    while (Bench::ownerOf(tag) != from) ++tag[0];
    const int slot = slotOf(tag);
    m_bench.fill(numbered(3000));
    QList<QByteArray> together;
    for (int i = 0; i < 200; ++i) together += '{' + tag + '}' + QByteArray::number(i);
    m_bench.fill(together);
    for (const int to : {(from + 1) % 3, (from + 2) % 3}) {
      QByteArray back = "a";
      while (Bench::ownerOf(back) != to) ++back[0];
      if (crossed) HAPPENS(m_bench.cluster().beginMigration(slotOf(back), to, from));
      QSet<QByteArray> seen;
      QString trouble;
      bool moved = false;
      const auto visit = [&](QByteArrayView name, const ScanFacts&) -> Result<bool> {
        if (seen.contains(name.toByteArray())) trouble = QStringLiteral("A name came twice.");
        seen.insert(name.toByteArray());
        if (moved || Bench::ownerOf(name.toByteArray()) != to) return true;
        moved = true;
        trouble = move(slot, from, to, whole);
        return true;
      };
      ScanOptions options;
      options.count = 100;
      ScanProgress progress;
      Selector selector;
      selector.patterns = {"*"};
      const auto result = scanKeys(m_bench.options(), selector, options, progress, {}, visit);
      QVERIFY2(result, result ? "" : qPrintable(result.error().message));
      QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
      QVERIFY(moved);
      QCOMPARE(result->matched, 3200);
      QCOMPARE(seen.size(), 3200);
      HAPPENS(whole ? move(slot, to, from, true) : m_bench.cluster().endMigration(slot, from, to));
      if (!whole) HAPPENS(move(slot, to, from, true));
      if (crossed) HAPPENS(m_bench.cluster().abandonMigration(slotOf(back), to, from));
    }
  }

  // The slot has gone since the plan was made: the servers say where.
  void movedSlot() {
    QList<QByteArray> names = numbered(500);
    for (int i = 0; i < 200; ++i) names += "{foo}" + QByteArray::number(i);
    m_bench.fill(names);
    const QByteArray digest = m_bench.digest();
    const int slot = slotOf("foo"), from = m_bench.cluster().ownerOf(slot, 0), to = (from + 1) % 3;
    const auto plan = m_bench.plan("*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    m_bench.progress.set({});
    {
      std::jthread runner([&] { report = m_bench.run(*plan, {}, with(true, 300)); });
      QVERIFY(becomes([&] { return m_bench.progress.counts().done > 50; }));
      HAPPENS(m_bench.cluster().beginMigration(slot, from, to));
      while (m_bench.cluster().cli(from, {QStringLiteral("cluster"), QStringLiteral("countkeysinslot"), QString::number(slot)}).toInt() > 0) {
        m_bench.cluster().migrateKeys(slot, from, to, 20);
        if (report) break;
      }
      HAPPENS(m_bench.cluster().endMigration(slot, from, to));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QCOMPARE((*report)->counts.done, 700);
    QCOMPARE(m_bench.size(), 0);
    QCOMPARE(m_bench.undo(plan->id)->restored, 700);
    QCOMPARE(m_bench.digest(), digest);
    m_bench.flush();
    HAPPENS(m_bench.cluster().beginMigration(slot, to, from));
    HAPPENS(m_bench.cluster().endMigration(slot, to, from));
  }

  // Two servers that each hold the other for the slot's owner.
  void sentOnAndOn_data() { hostileNames_data(); }
  void sentOnAndOn() {
    QFETCH(Action, action);
    QFETCH(bool, undo);
    QList<QByteArray> names = numbered(50);
    for (int i = 0; i < 20; ++i) names += "{foo}" + QByteArray::number(i);
    m_bench.fill(names);
    const int slot = slotOf("foo"), from = m_bench.cluster().ownerOf(slot, 0), to = (from + 1) % 3;
    const auto plan = m_bench.plan("*");
    QVERIFY(plan);
    for (const QByteArray& answer : rawCommands(m_bench.cluster().port(from), std::vector<RedisCommand>(1, RedisCommand{"DEL"} + names.mid(50)))) QCOMPARE(answer, QByteArray("20"));
    const QStringList assign{QStringLiteral("cluster"), QStringLiteral("setslot"), QString::number(slot), QStringLiteral("node"), QString::fromLatin1(m_bench.cluster().nodeId(to))};
    QCOMPARE(m_bench.cluster().cli(from, assign), QByteArray("OK"));
    const auto report = m_bench.run(*plan, action, with(undo));
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, 50);
    QCOMPARE(report->counts.refused, 20);
    QVERIFY2(report->reason.contains(QLatin1String("MOVED")) || report->reason.contains(QLatin1String("on and on")), qPrintable(report->reason));
    HAPPENS(m_bench.cluster().endMigration(slot, from, to));
    HAPPENS(m_bench.cluster().beginMigration(slot, to, from));
    HAPPENS(m_bench.cluster().endMigration(slot, to, from));
  }

  void killedPrimary_data() {
    QTest::addColumn<bool>("undo");
    QTest::addColumn<bool>("waits");
    QTest::newRow("undo") << true << true;
    QTest::newRow("without") << false << true;
    QTest::newRow("resumed") << true << false;
  }
  // A primary dies in the middle; its replica takes over, maybe without the last of what was done.
  void killedPrimary() {
    QFETCH(bool, undo);
    QFETCH(bool, waits);
    Bench bench;
    HAPPENS(bench.start());
    bench.fill(numbered(count));
    QVERIFY(bench.replicasHaveAll());
    const QByteArray digest = bench.digest();
    const auto plan = bench.plan("n:*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    RunOptions options = with(undo, 10000);
    if (!waits) options.pauseLimit = std::chrono::seconds(1);
    Gate gate;
    options.holdBack = gate.at(bench.progress, count * 4 / 5);
    {
      std::jthread runner([&] { report = bench.run(*plan, {}, options); });
      QVERIFY(becomes([&] { return bench.progress.counts().done > count / 3; }));
      bench.cluster().killPrimary(0);
      gate.open();
      HAPPENS(bench.cluster().waitForNewOwner(0, 0));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    if (!waits) {
      QCOMPARE((*report)->outcome, QStringLiteral("failed"));
      report = bench.resume(plan->id);
      QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    }
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QCOMPARE((*report)->counts.done, count);
    QCOMPARE((*report)->counts.handled(), count);
    QCOMPARE(bench.size(), 0);
    if (!undo) return;
    const auto undone = bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QVERIFY2(undone->outcome == QLatin1String("done"), qPrintable(undone->reason));
    QCOMPARE(undone->restored, count);
    QCOMPARE(bench.digest(), digest);
  }

  // The same for TTLs: those that the failover has lost are set again, and the old ones come back.
  void killedPrimaryWhileTtlsChange() {
    Bench bench;
    HAPPENS(bench.start());
    bench.fill(numbered(count));
    QVERIFY(bench.replicasHaveAll());
    const QByteArray digest = bench.digest();
    Selector endless;
    endless.patterns = {"n:*"};
    endless.withoutTtl = true;
    const qint64 without = bench.plan(endless)->keys;
    QVERIFY(without > count / 2);
    const auto plan = bench.plan("n:*");
    QVERIFY(plan);
    std::optional<Result<RunReport>> report;
    Gate gate;
    RunOptions options = with(true, 10000);
    options.holdBack = gate.at(bench.progress, count * 4 / 5);
    {
      std::jthread runner([&] { report = bench.run(*plan, ttl(), options); });
      QVERIFY(becomes([&] { return bench.progress.counts().done > count / 3; }));
      bench.cluster().killPrimary(0);
      gate.open();
      HAPPENS(bench.cluster().waitForNewOwner(0, 0));
    }
    QVERIFY2(report->ok(), report->ok() ? "" : qPrintable(report->error().message));
    QVERIFY2((*report)->outcome == QLatin1String("done"), qPrintable((*report)->reason));
    QCOMPARE((*report)->counts.done, count);
    QCOMPARE(bench.plan(endless)->keys, 0);
    const auto undone = bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, count);
    QCOMPARE(bench.plan(endless)->keys, without);
    QCOMPARE(bench.digest(), digest);
  }

  // A primary dies while keys are put back.
  void killedPrimaryDuringUndo() {
    Bench bench;
    HAPPENS(bench.start());
    bench.fill(numbered(count));
    const QByteArray digest = bench.digest();
    const auto plan = bench.plan("n:*");
    QVERIFY(plan);
    QCOMPARE(bench.run(*plan, {}, with(true))->counts.done, count);
    QVERIFY(bench.replicasHaveAll());
    bench.progress.set({});
    Gate gate;
    UndoOptions slow;
    slow.keysPerSecond = count / 3.0;
    slow.pauseLimit = std::chrono::minutes(3);
    slow.holdBack = gate.at(bench.progress, count * 4 / 5);
    std::optional<Result<UndoReport>> undone;
    {
      std::jthread runner([&] { undone = undoOperation(plan->id, slow, bench.options(), bench.permit(), bench.place(), bench.progress, {}); });
      QVERIFY(becomes([&] { return bench.progress.counts().done > count / 4; }));
      bench.cluster().killPrimary(0);
      gate.open();
      HAPPENS(bench.cluster().waitForNewOwner(0, 0));
    }
    QVERIFY2(undone->ok(), undone->ok() ? "" : qPrintable(undone->error().message));
    QVERIFY2((*undone)->outcome == QLatin1String("done"), qPrintable((*undone)->reason));
    QCOMPARE((*undone)->restored + (*undone)->kept, count);
    QCOMPARE(bench.digest(), digest);
  }

 private:
  /// All keys of a slot, and with `whole` the slot.
  QString move(int slot, int from, int to, bool whole) {
    RedisCluster& cluster = m_bench.cluster();
    if (const QString reason = cluster.beginMigration(slot, from, to); !reason.isEmpty()) return reason;
    const int keys = cluster.cli(from, {QStringLiteral("cluster"), QStringLiteral("countkeysinslot"), QString::number(slot)}).toInt();
    if (const QString reason = keys > 0 ? cluster.migrateKeys(slot, from, to, keys) : QString(); !reason.isEmpty()) return reason;
    return whole ? cluster.endMigration(slot, from, to) : QString();
  }
  Bench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysCluster)
#include "tst_keys_cluster.moc"
