// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/key_set.h"
#include "core/keys/ttl_histogram.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <cstring>
#include <limits>

using namespace cachedeck::keys;

class TestKeySet : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void tellsNewNamesFromOldOnes() {
    KeySet set;
    QCOMPARE(set.size(), 0);
    QVERIFY(set.insert("cat:1"));
    QVERIFY(!set.insert("cat:1"));
    QVERIFY(set.insert("cat:2"));
    QVERIFY(set.insert("cat:1 "));
    QCOMPARE(set.size(), 3);
  }

  void everyNameIsOneWhateverItsBytes() {
    QList<QByteArray> names{QByteArray(), QByteArray(1, '\0'), QByteArray(2, '\0'), QByteArray("a\0b", 3), QByteArray("a\0c", 3), "a", "\xff\xfe", "\xff\xfd", "\xc3\xa9", "e\xcc\x81",
                            QByteArray(10 * 1024, 'x'), QByteArray(10 * 1024 + 1, 'x'), QByteArray(10 * 1024, 'x') + 'y', ":", "::", "\n", "*", "a[1]", "a1"};
    for (int byte = 0; byte < 256; ++byte) names << QByteArray("one byte ") + static_cast<char>(byte);
    KeySet set;
    for (const QByteArray& name : names) QVERIFY2(set.insert(name), name.toPercentEncoding());
    for (const QByteArray& name : names) QVERIFY2(!set.insert(name), name.toPercentEncoding());
    QCOMPARE(set.size(), names.size());
  }

  void agreesWithAPlainSet() {
    QRandomGenerator random(4);
    for (int round = 0; round < 20; ++round) {
      KeySet set;
      QSet<QByteArray> plain;
      const int names = random.bounded(1, 30'000), range = random.bounded(1, 40'000);
      for (int i = 0; i < names; ++i) {
        const QByteArray name = QByteArray::number(random.bounded(range));
        const bool isNew = !plain.contains(name);
        plain.insert(name);
        QCOMPARE(set.insert(name), isNew);
      }
      QCOMPARE(set.size(), plain.size());
    }
  }

  void tenMillionNamesAtMost24BytesEach() {
    KeySet set;
    char name[32] = "session:";
    for (quint32 i = 0; i < 10'000'000; ++i) {
      std::memcpy(name + 8, &i, sizeof(i));
      if (!set.insert(QByteArrayView(name, 20))) QFAIL("a new name is said to be old");
      // Also on the way there, not only where the tables happen to be full.
      if (i >= 99'999 && i % 10'000 == 0 && set.bytes() > 24 * set.size()) QFAIL(qPrintable(QStringLiteral("%1 bytes for %2 names").arg(set.bytes()).arg(set.size())));
    }
    QCOMPARE(set.size(), 10'000'000);
    QVERIFY2(set.bytes() <= 24 * set.size(), qPrintable(QString::number(set.bytes())));
    for (quint32 i = 0; i < 10'000'000; i += 9973) {
      std::memcpy(name + 8, &i, sizeof(i));
      QVERIFY(!set.insert(QByteArrayView(name, 20)));
    }
  }

  void ttlsFallIntoTheirClass_data() {
    QTest::addColumn<qint64>("ttlMs");
    QTest::addColumn<QString>("label");
    constexpr qint64 second = 1000, hour = 3600 * second, day = 24 * hour;
    const auto row = [](qint64 ttlMs, const char* label) { QTest::addRow("%lld", static_cast<long long>(ttlMs)) << ttlMs << QString::fromUtf8(label); };
    row(-1, "no TTL");
    row(0, "< 10 s");
    row(-5, "< 10 s");
    row(std::numeric_limits<qint64>::min(), "< 10 s");
    row(10 * second - 1, "< 10 s");
    row(10 * second, "< 1 min");
    row(60 * second, "< 10 min");
    row(600 * second - 1, "< 10 min");
    row(600 * second, "< 1 h");
    row(hour, "< 6 h");
    row(6 * hour, "< 1 d");
    row(day, "< 7 d");
    row(7 * day, "< 30 d");
    row(30 * day - 1, "< 30 d");
    row(30 * day, "≥ 30 d");
    row(std::numeric_limits<qint64>::max() - 1, "≥ 30 d");
    row(std::numeric_limits<qint64>::max(), "≥ 30 d");
  }
  void ttlsFallIntoTheirClass() {
    QFETCH(qint64, ttlMs);
    QFETCH(QString, label);
    TtlHistogram histogram;
    histogram.add(ttlMs, 3);
    QCOMPARE(histogram.toJson(), (QJsonObject{{label, 3}}));
    QCOMPARE(histogram.total(), 3);
    QCOMPARE(histogram.withoutTtl(), ttlMs == -1 ? 3 : 0);
    QCOMPARE(histogram.counts().size(), TtlHistogram::classes().size());
  }

  void anEmptyHistogramHasNothing() {
    TtlHistogram histogram;
    QCOMPARE(histogram.total(), 0);
    QVERIFY(histogram.toJson().isEmpty());
    QCOMPARE(histogram, TtlHistogram());
    histogram.add(5);
    QVERIFY(histogram != TtlHistogram());
  }
};

QTEST_GUILESS_MAIN(TestKeySet)
#include "tst_key_set.moc"
