// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/batch_cover.h"
#include "core/keys/page_runner.h"
#include "core/keys/same_value.h"
#include "core/keys/slot_order.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace cachedeck;
using namespace cachedeck::keys;

/// What the engine knows of clusters, Sentinels and restarts, without a server.
class TestKeysSystems : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // Against the plain rule: the last batch that has a name.
  void everyNameIsItsLastBatchs() {
    QRandomGenerator random(11);
    for (int round = 0; round < 300; ++round) {
      QList<LoggedBatch> batches;
      for (qint64 i = 0; i < 12; ++i) batches.append({i, random.bounded(40), random.bounded(15), false, std::nullopt});
      const BatchCover cover(batches);
      for (qint64 name = 0; name < 60; ++name) {
        qint64 expected = -1;
        for (const LoggedBatch& batch : std::as_const(batches))
          if (name >= batch.firstName && name < batch.firstName + batch.names) expected = batch.batch;
        QCOMPARE(cover.batchOf(name), expected);
      }
    }
  }

  // 10 bytes of version and checksum; types 2 and 4 are tables.
  void valuesThatAreTheSame() {
    const QByteArray tail(10, 'x'), other(10, 'y');
    QVERIFY(isSameValue("\0abc" + tail, "\0abc" + tail));
    QVERIFY(isSameValue("\4abcd" + tail, "\4cdab" + other));
    QVERIFY(isSameValue("\2abcd" + tail, "\2dcba" + other));
    QVERIFY(!isSameValue("\4abcd" + tail, "\4abce" + tail));
    QVERIFY(!isSameValue("\4abcd" + tail, "\4abcde" + tail));
    QVERIFY(!isSameValue("\1abcd" + tail, "\1cdab" + other));  // the order of a list is its value
    QVERIFY(!isSameValue("\4abcd" + tail, "\2abcd" + tail));
    QVERIFY(!isSameValue({}, "\4abcd" + tail));
    QVERIFY(!isSameValue("\4", "\2"));
  }

  void whichServerItIs() {
    ServerMark server;
    server.endpoint = QStringLiteral("[fe80::1%2]:6379");
    QCOMPARE(server.text(), QStringLiteral("[fe80::1%2]:6379 db 0"));  // the zone of an address is no place for the database
    server.endpoint = QStringLiteral("a:1");
    server.runId = QStringLiteral("r1");
    ServerMark later = server;
    QVERIFY(later.isSame(server));
    later.runId = QStringLiteral("r2");
    QVERIFY(!later.isSame(server));
    QVERIFY(later.isSameSystem(server));
    later = server;
    later.database = 1;
    QVERIFY(!later.isSameSystem(server));

    server.kind = Topology::Kind::Sentinel;
    server.masterName = QStringLiteral("shop");
    server.members = {QStringLiteral("a:1"), QStringLiteral("b:1")};
    later = server;
    later.endpoint = QStringLiteral("another sentinel:1");
    later.runId = QStringLiteral("r2");
    later.members = {QStringLiteral("b:1"), QStringLiteral("c:1")};
    QVERIFY(later.isSame(server));  // a failover
    later.members = {QStringLiteral("c:1")};
    QVERIFY(!later.isSameSystem(server));  // another system of the same name
    later = server;
    later.masterName = QStringLiteral("risk");
    QVERIFY(!later.isSameSystem(server));
    later = server;
    later.kind = Topology::Kind::Cluster;
    QVERIFY(!later.isSameSystem(server));
  }

  void aPlanRemembersItsSystem() {
    Plan plan;
    plan.id = QStringLiteral("1-a");
    plan.digest = QByteArray(64, 'd');
    plan.server.endpoint = QStringLiteral("a:1");
    plan.server.kind = Topology::Kind::Cluster;
    plan.server.members = {QStringLiteral("id1"), QStringLiteral("id2")};
    plan.server.lineage = QStringLiteral("l");
    const auto read = Plan::fromJson(plan.toJson());
    QVERIFY(read);
    QVERIFY(read->server.isSame(plan.server));
    QCOMPARE(read->server.lineage, plan.server.lineage);
  }

  // All names, each once, those of a slot side by side; outside of a cluster as they came.
  void namesOfASlotStandSideBySide() {
    QTemporaryDir folder;
    QList<QByteArray> names;
    for (int i = 0; i < 60000; ++i) names += i % 2 == 0 ? "n:" + QByteArray::number(i) : "{" + QByteArray::number(i % 100) + "}" + QByteArray::number(i);
    for (const bool bySlot : {true, false}) {
      const QString file = folder.filePath(bySlot ? QStringLiteral("a") : QStringLiteral("b"));
      auto spool = SpoolWriter::create(file);
      QVERIFY(spool);
      SlotOrder order(**spool, bySlot);
      for (const QByteArray& name : std::as_const(names)) QVERIFY(order.add(name));
      QVERIFY(order.flush());
      const auto digest = (*spool)->finish();
      const auto reader = SpoolReader::open(file, *digest);
      QVERIFY(reader);
      const auto written = (*reader)->next(100000);
      QVERIFY(written);
      QCOMPARE(static_cast<qsizetype>(written->size()), names.size());
      if (!bySlot) {
        QVERIFY(std::ranges::equal(*written, names));
        continue;
      }
      QCOMPARE(std::set(written->begin(), written->end()).size(), written->size());
      std::set<int> seen;
      for (std::size_t i = 0; i < written->size(); ++i)
        if (i == 0 || slotOf((*written)[i]) != slotOf((*written)[i - 1])) QVERIFY(seen.insert(slotOf((*written)[i])).second);
    }
  }

  void refusals() {
    QCOMPARE(refusalOf("MOVED 1 a:1"), Refusal::Moved);
    QCOMPARE(refusalOf("ASK 1 a:1"), Refusal::Moved);
    QCOMPARE(refusalOf("TRYAGAIN Multiple keys request during rehashing of slot"), Refusal::Alone);
    QCOMPARE(refusalOf("CLUSTERDOWN The cluster is down"), Refusal::Wait);
    QCOMPARE(refusalOf("NOPERM this user"), Refusal::Forbidden);
    QCOMPARE(refusalOf("ERR MOVED is not this"), Refusal::Other);
  }
};

QTEST_GUILESS_MAIN(TestKeysSystems)
#include "tst_keys_systems.moc"
