// SPDX-License-Identifier: GPL-3.0-or-later
#include "tst_keys_prefixes.h"

#include <QRandomGenerator>

using namespace cachedeck::keys;

namespace {

QByteArrayList prefixesOf(const QList<PrefixRow>& rows) {
  QByteArrayList list;
  for (const PrefixRow& row : rows) list << row.prefix + "=" + QByteArray::number(row.keys);
  return list;
}

}  // namespace

class TestKeysStats : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void nothingIsKnownOfNothing() {
    const PrefixStats stats(":");
    QCOMPARE(stats.keys(), 0);
    QVERIFY(stats.children({}).isEmpty());
    QVERIFY(stats.top(10).isEmpty());
    QCOMPARE(stats.direct({}), 0);
    QCOMPARE(stats.row({}).keys, 0);
    QCOMPARE(stats.row({}).bytes, -1);
    QCOMPARE(stats.row("cat:").keys, 0);
    QCOMPARE(stats.row("cat:").prefix, QByteArray("cat:"));
    QVERIFY(stats.children("cat:").isEmpty());
  }

  void countsByPrefix() {
    PrefixStats stats(":");
    stats.add("cat:1:name", 10, 5000);
    stats.add("cat:1:price", 20, -1);
    stats.add("cat:2:name", 30, -1);
    stats.add("cat:all", 5, 100);
    stats.add("user:7", 1, -1);
    stats.add("plain", 2, -1);
    QCOMPARE(stats.keys(), 6);
    QCOMPARE(prefixesOf(stats.children({})), (QByteArrayList{"cat:=4", "user:=1"}));
    QCOMPARE(prefixesOf(stats.children("cat:")), (QByteArrayList{"cat:1:=2", "cat:2:=1"}));
    QCOMPARE(stats.direct({}), 1);
    QCOMPARE(stats.direct("cat:"), 1);
    QCOMPARE(stats.direct("cat:1:"), 2);
    const PrefixRow cat = stats.row("cat:");
    QCOMPARE(cat.label, QByteArray("cat"));
    QCOMPARE(cat.bytes, 65);
    QCOMPARE(cat.withoutTtl, 2);
    QCOMPARE(cat.children, 2);
    QVERIFY(!cat.folded);
    QCOMPARE(stats.row("cat:1:").label, QByteArray("1"));
    QCOMPARE(prefixesOf(stats.top(3)), (QByteArrayList{"cat:=4", "cat:1:=2", "cat:2:=1"}));
    QCOMPARE(prefixesOf(stats.children({}, 1)), (QByteArrayList{"cat:=4"}));
    QVERIFY(stats.children({}, 0).isEmpty());
    QVERIFY(stats.children({}, -1).isEmpty());
    // A prefix ends in the separator; half of one is none.
    QCOMPARE(stats.row("cat").keys, 0);
    QCOMPARE(stats.row("ca").keys, 0);
    QCOMPARE(stats.direct("cat:1"), 0);
  }

  void whatWasNotMeasuredIsMinusOne() {
    PrefixStats stats(":");
    stats.add("a:1");
    QCOMPARE(stats.row("a:").bytes, -1);
    QCOMPARE(stats.row("a:").withoutTtl, -1);
    stats.add("a:2", 0, {});
    QCOMPARE(stats.row("a:").bytes, 0);
    QCOMPARE(stats.row("a:").withoutTtl, -1);
    stats.add("a:3", {}, 1000);
    QCOMPARE(stats.row("a:").withoutTtl, 0);
    stats.add("b:1");
    QCOMPARE(stats.row("b:").bytes, -1);
    QCOMPARE(stats.row({}).keys, 4);
  }

  void sumsStopAtTheLargestNumber() {
    PrefixStats stats(":");
    stats.add("a:1", std::numeric_limits<qint64>::max(), 1);
    stats.add("a:2", 1, 1);
    QCOMPARE(stats.row("a:").bytes, std::numeric_limits<qint64>::max());
    stats.add("b:1", -7, 1);
    QCOMPARE(stats.row("b:").bytes, 0);
  }

  void hostileNames_data() {
    QTest::addColumn<QByteArray>("separator");
    QTest::addRow("colon") << QByteArray(":");
    QTest::addRow("two bytes") << QByteArray("::");
    QTest::addRow("overlapping") << QByteArray("aba");
    QTest::addRow("NUL") << QByteArray(1, '\0');
    QTest::addRow("not UTF-8") << QByteArray("\xff");
    QTest::addRow("half of a character") << QByteArray("\xc3");
    QTest::addRow("glob") << QByteArray("*");
    QTest::addRow("none") << QByteArray();
    QTest::addRow("very long") << QByteArray(5000, ':');
  }
  void hostileNames() {
    QFETCH(QByteArray, separator);
    QList<QByteArray> names{QByteArray(), ":", "::", ":::", ":::::::::::::::::::::::::", "a:", ":a", "a::b", "a:::b", "ababa", "abababab", "*", "**", "a*b*c", "a[1]:*", "a1:x",
                            QByteArray(1, '\0'), QByteArray("a\0b\0c", 5), QByteArray("\0:\0:\0", 5), "\xff", "\xff\xff", "a\xff" "b", "\xc3\xa9:\xc3:\xa9", "\xe2\x80\xae:right to left",
                            "with space:and\nline", QByteArray(10 * 1024, 'x'), QByteArray(10 * 1024, 'x') + ":1", QByteArray(10 * 1024, ':'), QByteArray(6000, 'y') + QByteArray(6000, ':') + "z"};
    PrefixStats stats(separator);
    BruteForce brute(separator, 8);
    for (int round = 1; round <= 3; ++round)
      for (const QByteArray& name : std::as_const(names)) {
        stats.add(name, name.size(), round == 2 ? -1 : 1000);
        brute.add(name, name.size(), round == 2 ? -1 : 1000);
      }
    const Walked walked = compare(stats, brute);
    QVERIFY2(walked.wrong.isEmpty(), qPrintable(walked.wrong));
    QCOMPARE(walked.prefixes, brute.prefixes.size() - 1);
    QCOMPARE(stats.keys(), 3 * names.size());
    if (separator.isEmpty()) QCOMPARE(stats.direct({}), stats.keys());
  }

  void levelsBelowTheDeepestAreFoldedIntoIt() {
    PrefixStats stats(":", qint64{1} << 20, 2);
    stats.add("a:b:c:d");
    stats.add("a:b:c");
    stats.add("a:x");
    QCOMPARE(prefixesOf(stats.top(10)), (QByteArrayList{"a:=3", "a:b:=2"}));
    QVERIFY(stats.row("a:b:").folded);
    QVERIFY(!stats.row("a:").folded);
    QCOMPARE(stats.direct("a:b:"), 1);
    QCOMPARE(stats.rest("a:b:"), 1);
    QCOMPARE(stats.row("a:b:c:").keys, 0);

    PrefixStats flat(":", qint64{1} << 20, 0);
    flat.add("a:b");
    QVERIFY(flat.children({}).isEmpty());
    QCOMPARE(flat.rest({}), 1);
    PrefixStats deep(":", qint64{1} << 20, 1'000'000);
    deep.add(QByteArray(1000, ':'));
    QCOMPARE(deep.top(1000).size(), 16);
    PrefixStats negative(":", -1, -1);
    negative.add("a:b");
    QCOMPARE(negative.keys(), 1);
  }

  void labelsThatAreTooLongAreNotKept() {
    PrefixStats stats(":");
    const QByteArray fits(16 << 10, 'l'), tooLong((16 << 10) + 1, 'l');
    stats.add("a:" + fits + ":1");
    stats.add("a:" + tooLong + ":1");
    stats.add("a:" + QByteArray(5 << 20, 'l') + ":1");
    QCOMPARE(stats.row("a:").keys, 3);
    QCOMPARE(stats.row("a:").children, 1);
    QVERIFY(stats.row("a:").folded);
    QCOMPARE(stats.rest("a:"), 2);
    QCOMPARE(stats.row("a:" + fits + ":").keys, 1);
    QCOMPARE(stats.row("a:" + tooLong + ":").keys, 0);
    QVERIFY(stats.memoryBytes() < (1 << 20));
  }

  void randomTreesAgreeWithCountingByHand_data() {
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 30; ++seed) QTest::addRow("%u", seed) << seed;
  }
  void randomTreesAgreeWithCountingByHand() {
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const QList<QByteArray> separators{":", "::", "/", "ab", QByteArray("\0", 1)};
    const QByteArray separator = separators[random.bounded(static_cast<int>(separators.size()))];
    const QByteArray alphabet = QByteArray("ab:/\xff\xc3\xa9\n*", 10) + '\0';
    const int deepest = random.bounded(1, 10);
    PrefixStats stats(separator, qint64{128} << 20, deepest);
    BruteForce brute(separator, deepest);
    for (int i = 0; i < 5000; ++i) {
      QByteArray name;
      for (int size = random.bounded(24); size > 0; --size) name += alphabet[random.bounded(static_cast<int>(alphabet.size()))];
      const std::optional<qint64> bytes = random.bounded(3) ? std::optional<qint64>(random.bounded(1000)) : std::nullopt;
      const std::optional<qint64> ttl = random.bounded(3) ? std::optional<qint64>(random.bounded(3) - 1) : std::nullopt;
      stats.add(name, bytes, ttl);
      brute.add(name, bytes, ttl);
    }
    const Walked walked = compare(stats, brute);
    QVERIFY2(walked.wrong.isEmpty(), qPrintable(walked.wrong));
    QCOMPARE(walked.prefixes, brute.prefixes.size() - 1);
    qint64 sum = stats.direct({});
    for (const PrefixRow& root : stats.children({})) sum += root.keys;
    QCOMPARE(sum, stats.keys());
    QCOMPARE(stats.keys(), 5000);
    QCOMPARE(stats.top(1'000'000).size(), walked.prefixes);
  }

  void movesWithItsFigures() {
    PrefixStats first(":");
    first.add("a:1");
    PrefixStats second(std::move(first));
    QCOMPARE(second.keys(), 1);
    PrefixStats third(";");
    third = std::move(second);
    QCOMPARE(third.row("a:").keys, 1);
  }
};

QTEST_GUILESS_MAIN(TestKeysStats)
#include "tst_keys_stats.moc"
