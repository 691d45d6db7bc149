// SPDX-License-Identifier: GPL-3.0-or-later
#include "tst_keys_prefixes.h"

#include <QRandomGenerator>

#include <cstdio>

using namespace cachedeck::keys;

namespace {

constexpr qint64 little = 512 << 10;

}  // namespace

/// What is given up when the memory is full, and that nothing else is.
class TestKeysFolding : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void tenMillionSessionsAndTenMillionUsers() {
    constexpr qint64 most = qint64{64} << 20;
    constexpr unsigned count = 10'000'000;
    PrefixStats stats(":", most);
    char name[64];
    for (unsigned i = 0; i < count; ++i) {
      int size = std::snprintf(name, sizeof(name), "session:%u:%u", i % 977, i);
      stats.add({name, size}, 100, i % 2 ? 1000 : -1);
      size = std::snprintf(name, sizeof(name), "user:%u:profile", i);
      stats.add({name, size}, 50, -1);
      if (i % 1024 == 0 && stats.memoryBytes() > most) QFAIL(qPrintable(QStringLiteral("%1 bytes after %2 keys").arg(stats.memoryBytes()).arg(2 * i)));
    }
    QCOMPARE(stats.keys(), 2 * qint64{count});
    QVERIFY(stats.memoryBytes() <= most);
    QCOMPARE(stats.children({}).size(), 2);
    QVERIFY(!stats.row({}).folded);

    const PrefixRow user = stats.row("user:");
    QCOMPARE(user.keys, count);
    QCOMPARE(user.bytes, 50 * qint64{count});
    QCOMPARE(user.withoutTtl, count);
    QVERIFY(user.folded);
    QCOMPARE(user.children, 0);
    QVERIFY(stats.children("user:").isEmpty());
    QCOMPARE(stats.direct("user:"), 0);
    QCOMPARE(stats.rest("user:"), count);

    const PrefixRow session = stats.row("session:");
    QCOMPARE(session.keys, count);
    QCOMPARE(session.withoutTtl, count / 2);
    QVERIFY(!session.folded);
    QCOMPARE(session.children, 977);
    qint64 sum = 0;
    const QList<PrefixRow> sessions = stats.children("session:");
    for (const PrefixRow& row : sessions) {
      QCOMPARE(row.bytes, 100 * row.keys);
      QVERIFY(row.keys == count / 977 || row.keys == count / 977 + 1);
      sum += row.keys;
    }
    QCOMPARE(sum, count);
  }

  void whatSurvivesIsExact_data() {
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 20; ++seed) QTest::addRow("%u", seed) << seed;
  }
  void whatSurvivesIsExact() {
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const int deepest = random.bounded(2, 9);
    PrefixStats stats(":", little, deepest);
    BruteForce brute(":", deepest);
    // Each level of each tree has its own breadth, from a few names to ids.
    QList<int> breadth;
    for (int i = 0; i < 64; ++i) breadth << (random.bounded(3) ? random.bounded(1, 8) : random.bounded(1, 20'000));
    for (int i = 0; i < 40'000; ++i) {
      QByteArray name;
      int tree = random.bounded(8);
      for (int level = random.bounded(7); level >= 0; --level) {
        const int chosen = random.bounded(breadth[tree]);
        name += QByteArray::number(chosen) + (random.bounded(10) ? ":" : "::");
        tree = (tree * 5 + chosen % 2 + 1) % 64;
      }
      if (random.bounded(2)) name += "x";
      const std::optional<qint64> ttl = random.bounded(4) ? std::optional<qint64>(random.bounded(3) - 1) : std::nullopt;
      stats.add(name, i % 100, ttl);
      brute.add(name, i % 100, ttl);
      if (stats.memoryBytes() > little) QFAIL(qPrintable(QString::number(stats.memoryBytes())));
    }
    const Walked walked = compare(stats, brute);
    QVERIFY2(walked.wrong.isEmpty(), qPrintable(walked.wrong));
    QVERIFY(walked.folded);
    QVERIFY(walked.prefixes > 0);
    QVERIFY(walked.prefixes < brute.prefixes.size() - 1);
    QCOMPARE(stats.keys(), 40'000);
    qint64 sum = stats.direct({}) + stats.rest({});
    for (const PrefixRow& root : stats.children({})) sum += root.keys;
    QCOMPARE(sum, stats.keys());
  }

  void idsGoFirst_data() {
    QTest::addColumn<QByteArray>("ids");
    QTest::addRow("ids at the end") << QByteArray("shop:cart:%1:item");
    QTest::addRow("ids with a tree below each") << QByteArray("shop:cart:%1:item:size");
    QTest::addRow("ids with ten keys each") << QByteArray("shop:cart:%2:item:%1");
  }
  void idsGoFirst() {
    QFETCH(QByteArray, ids);
    PrefixStats stats(":", little);
    for (int i = 0; i < 100'000; ++i) {
      stats.add(QByteArray("page:") + QByteArray::number(i % 50) + ":" + QByteArray::number(i % 7) + ":" + QByteArray::number(i));
      QByteArray id = ids;
      stats.add(id.replace("%1", QByteArray::number(i)).replace("%2", QByteArray::number(i % 10'000)));
    }
    QVERIFY(stats.row("shop:cart:").folded);
    QVERIFY(stats.children("shop:cart:").isEmpty());
    QCOMPARE(stats.row("shop:cart:").keys, 100'000);
    QVERIFY(!stats.row("shop:").folded);
    QCOMPARE(stats.row("page:").children, 50);
    for (const PrefixRow& page : stats.children("page:")) {
      QCOMPARE(page.children, 7);
      QCOMPARE(page.keys, 2000);
      QVERIFY(!page.folded);
    }
  }

  void aFirstLevelOfIdsKeepsItsHeavyRoots() {
    PrefixStats stats(":", little);
    for (int i = 0; i < 200'000; ++i) {
      stats.add(QByteArray::number(i) + ":profile");
      stats.add(QByteArray("cat:") + QByteArray::number(i % 12) + ":" + QByteArray::number(i));
      if (i % 10 == 0) stats.add("news:" + QByteArray::number(i));
      if (i % 100 == 0) stats.add("plain" + QByteArray::number(i));
    }
    QCOMPARE(stats.keys(), 422'000);
    const QList<PrefixRow> roots = stats.children({}, 2);
    QCOMPARE(roots.size(), 2);
    QCOMPARE(roots[0].prefix, QByteArray("cat:"));
    QCOMPARE(roots[0].keys, 200'000);
    QCOMPARE(roots[0].children, 12);
    QCOMPARE(roots[1].prefix, QByteArray("news:"));
    QCOMPARE(roots[1].keys, 20'000);
    QVERIFY(stats.row({}).folded);
    QCOMPARE(stats.direct({}), 2000);
    QCOMPARE(stats.rest({}), 200'000);
    QVERIFY(stats.memoryBytes() <= little);
  }

  void nothingIsFoldedWhereThereIsRoom() {
    PrefixStats stats(":", qint64{16} << 20);
    for (int i = 0; i < 100'000; ++i) stats.add("user:" + QByteArray::number(i) + ":profile");
    QVERIFY(!stats.row("user:").folded);
    QCOMPARE(stats.row("user:").children, 100'000);
    QCOMPARE(stats.row("user:99999:").keys, 1);
    QVERIFY(stats.memoryBytes() <= qint64{16} << 20);
  }

  // A writer of names who wants the memory, not the figures.
  void longLabelsCannotFillTheMemory() {
    PrefixStats stats(":", little, 16);
    QRandomGenerator random(7);
    for (int i = 0; i < 2000; ++i) {
      QByteArray name = "root:";
      for (int level = random.bounded(20); level > 0; --level) name += QByteArray(random.bounded(17 << 10), 'x') + QByteArray::number(random.bounded(100'000)) + ":";
      stats.add(name);
      QVERIFY2(stats.memoryBytes() <= little, qPrintable(QString::number(stats.memoryBytes())));
      stats.add("light:" + QByteArray::number(i % 10) + ":1");
    }
    QCOMPARE(stats.keys(), 4000);
    QCOMPARE(stats.row("root:").keys, 2000);
    QCOMPARE(stats.row("light:").keys, 2000);
  }
};

QTEST_GUILESS_MAIN(TestKeysFolding)
#include "tst_keys_folding.moc"
