// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/analysis.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace cachedeck::keys;

namespace {

constexpr qint64 now = 1'700'000'000'000, hour = 3'600'000;

Analysis::Facts fact(const QByteArray& name, std::optional<qint64> ttlMs) { return {name, {}, ttlMs, {}}; }

}  // namespace

class TestKeysAnalysis : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void anEmptyKeyspace() {
    const Analysis analysis(":", {});
    QCOMPARE(analysis.keys(), 0);
    QCOMPARE(analysis.bytes(), -1);
    QVERIFY(analysis.largest().isEmpty());
    QVERIFY(analysis.cliffs().isEmpty());
    const QJsonObject json = analysis.toJson();
    QCOMPARE(json[QLatin1String("keys")].toInteger(), 0);
    QVERIFY(json[QLatin1String("bytes")].isNull());
    QVERIFY(json[QLatin1String("without_ttl")].isNull());
  }

  void addsUpWhatIsKnown() {
    Analysis analysis(":", {});
    analysis.add({"cat:1", 100, 5000, "string"}, now);
    analysis.add({"cat:2", {}, {}, "hash"}, now);
    analysis.add({"cat:3", 50, -1, "string"}, now);
    analysis.add({"x", {}, {}, {}}, now);
    QCOMPARE(analysis.keys(), 4);
    QCOMPARE(analysis.bytes(), 150);
    QCOMPARE(analysis.ttls().total(), 2);
    QCOMPARE(analysis.ttls().withoutTtl(), 1);
    QCOMPARE(analysis.types(), (QMap<QByteArray, qint64>{{"hash", 1}, {"string", 2}}));
    QCOMPARE(analysis.prefixes().row("cat:").keys, 3);
    QCOMPARE(analysis.prefixes().keys(), 4);
  }

  void keepsTheLargest() {
    Analysis::Limits limits;
    limits.largest = 10;
    QList<std::pair<qint64, QByteArray>> all;
    for (int i = 0; i < 5000; ++i) all.append({QRandomGenerator::global()->bounded(500), "key:" + QByteArray::number(i)});
    Analysis analysis(":", limits);
    for (const auto& [bytes, name] : std::as_const(all)) analysis.add({name, bytes, 1000, "string"}, now);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    const QList<LargeKey> largest = analysis.largest();
    QCOMPARE(largest.size(), 10);
    for (qsizetype i = 0; i < largest.size(); ++i) {
      QCOMPARE(largest[i].bytes, all[i].first);
      QCOMPARE(largest[i].name, all[i].second);
      QCOMPARE(largest[i].type, QByteArray("string"));
      QCOMPARE(largest[i].ttlMs, 1000);
    }
    limits.largest = 0;
    Analysis none(":", limits);
    none.add({"a", 1, {}, {}}, now);
    QVERIFY(none.largest().isEmpty());
  }

  void ownsItsNames() {
    Analysis analysis(":", {});
    QByteArray name("cat:1"), type("string");
    analysis.add({name, 7, 1000, type}, now);
    name.fill('z');
    type.fill('z');
    QCOMPARE(analysis.largest().first().name, QByteArray("cat:1"));
    QCOMPARE(analysis.types().firstKey(), QByteArray("string"));
    QCOMPARE(analysis.prefixes().row("cat:").keys, 1);
  }

  void findsTheCliff() {
    Analysis analysis(":", {});
    // 41,000 of 100,000 within 12 s, the others over six hours; and another prefix without any cliff.
    const qint64 cliff = now + 2 * hour;
    for (int i = 0; i < 41'000; ++i) analysis.add(fact("cat:" + QByteArray::number(i), cliff + i % 12'000 - now), now);
    for (int i = 0; i < 59'000; ++i) analysis.add(fact("cat:x" + QByteArray::number(i), (i * 7919LL) % (6 * hour)), now);
    for (int i = 0; i < 50'000; ++i) analysis.add(fact("user:" + QByteArray::number(i), (i * 104'729LL) % (6 * hour)), now);
    for (int i = 0; i < 50'000; ++i) analysis.add(fact("forever:" + QByteArray::number(i), -1), now);
    const QList<TtlCliff> cliffs = analysis.cliffs();
    QCOMPARE(cliffs.size(), 1);
    QCOMPARE(cliffs[0].prefix, QByteArray("cat:"));
    QCOMPARE(cliffs[0].fromMs, cliff);
    QCOMPARE(cliffs[0].spanMs, 12'000);
    // The window may hold a few of the others that happen to expire then: 59,000 / 21,600 s × 12 s.
    QVERIFY2(cliffs[0].keys >= 41'000 && cliffs[0].keys <= 41'100, qPrintable(QString::number(cliffs[0].keys)));
    QCOMPARE(cliffs[0].share, static_cast<double>(cliffs[0].keys) / 100'000);
    QVERIFY(analysis.cliffs(15000, 50'000).isEmpty());
    QVERIFY(analysis.cliffs(15000, 1000, 0.5).isEmpty());
    QVERIFY(analysis.cliffs(15000, 1000, 0.05, 0).isEmpty());
  }

  void findsSeveralMostKeysFirst() {
    Analysis analysis(":", {});
    for (int i = 0; i < 3000; ++i) analysis.add(fact("a:" + QByteArray::number(i), hour), now);
    for (int i = 0; i < 5000; ++i) analysis.add(fact("a:" + QByteArray::number(i), 2 * hour), now);
    for (int i = 0; i < 4000; ++i) analysis.add(fact("b:" + QByteArray::number(i), 3 * hour), now);
    const QList<TtlCliff> cliffs = analysis.cliffs();
    QCOMPARE(cliffs.size(), 3);
    QCOMPARE(cliffs[0].keys, 5000);
    QCOMPARE(cliffs[0].share, 0.625);
    QCOMPARE(cliffs[0].fromMs, now + 2 * hour);
    QCOMPARE(cliffs[1].prefix, QByteArray("b:"));
    QCOMPARE(cliffs[1].share, 1.0);
    QCOMPARE(cliffs[2].keys, 3000);
    QCOMPARE(analysis.cliffs(15000, 1000, 0.05, 2).size(), 2);
  }

  void namesWithoutAPrefixMakeACliffOfAll() {
    Analysis analysis(":", {});
    for (int i = 0; i < 2000; ++i) analysis.add(fact("plain" + QByteArray::number(i), hour), now);
    const QList<TtlCliff> cliffs = analysis.cliffs();
    QCOMPARE(cliffs.size(), 1);
    QVERIFY(cliffs[0].prefix.isEmpty());
    QCOMPARE(cliffs[0].keys, 2000);
  }

  // The clock goes on while the keys are read: what counts is the moment of expiry, not the rest.
  void theSameMomentReadLater() {
    Analysis analysis(":", {});
    for (int i = 0; i < 2000; ++i) analysis.add(fact("a:" + QByteArray::number(i), hour - i * 100), now + i * 100);
    QCOMPARE(analysis.cliffs().size(), 1);
    QCOMPARE(analysis.cliffs()[0].keys, 2000);
    QCOMPARE(analysis.cliffs()[0].spanMs, 1000);
    QCOMPARE(analysis.cliffs()[0].fromMs, now + hour);
  }

  void widerSlotsKeepEveryKey() {
    Analysis analysis(":", {});
    // Every second for 30 days: more moments than are kept to the second.
    for (int i = 0; i < 2'592'000; i += 5) analysis.add(fact("spread:1", i * 1000LL), now);
    for (int i = 0; i < 60'000; ++i) analysis.add(fact("spread:2", 7 * 24 * hour), now);
    const QList<TtlCliff> cliffs = analysis.cliffs();
    QCOMPARE(cliffs.size(), 1);
    QCOMPARE(cliffs[0].prefix, QByteArray("spread:"));
    QVERIFY2(cliffs[0].keys >= 60'000 && cliffs[0].keys < 60'020, qPrintable(QString::number(cliffs[0].keys)));
    QVERIFY(cliffs[0].fromMs <= now + 7 * 24 * hour && cliffs[0].fromMs + cliffs[0].spanMs > now + 7 * 24 * hour);
  }

  // A server that named the end of time made the end of the cliff overflow.
  void aCliffAtTheEndOfTime() {
    Analysis analysis(":", {});
    for (int i = 0; i < 2000; ++i) analysis.add(fact("a:" + QByteArray::number(i), std::numeric_limits<qint64>::max()), now);
    const QList<TtlCliff> cliffs = analysis.cliffs(15000, 1000, 0.05);
    QCOMPARE(cliffs.size(), 1);
    QCOMPARE(cliffs[0].prefix, QByteArray("a:"));
    QCOMPARE(cliffs[0].keys, 2000);
    QVERIFY(cliffs[0].fromMs > now + 365 * 24 * hour && cliffs[0].fromMs + cliffs[0].spanMs > cliffs[0].fromMs);
  }

  void manyPrefixesAndHostileTtls() {
    Analysis analysis(":", {});
    QRandomGenerator64 random(3);
    for (int i = 0; i < 400'000; ++i) {
      const qint64 ttl = i % 3 == 0 ? static_cast<qint64>(random.generate() >> 1) : i % 3 == 1 ? static_cast<qint64>(random.generate() % (90 * 24 * 3'600'000ULL)) : -2 - i;
      analysis.add(fact(QByteArray::number(i % 20'000) + ":" + QByteArray::number(i), ttl), i % 2 ? now : std::numeric_limits<qint64>::max());
    }
    QCOMPARE(analysis.keys(), 400'000);
    QCOMPARE(analysis.ttls().total(), 400'000);
    for (const TtlCliff& cliff : analysis.cliffs(15000, 1, 0.0)) QVERIFY(cliff.keys > 0 && cliff.share <= 1.0 && cliff.spanMs > 0);
  }

  void aServerThatInventsTypes() {
    Analysis analysis(":", {});
    for (int i = 0; i < 10'000; ++i) analysis.add({"a", {}, {}, "type" + QByteArray::number(i)}, now);
    QCOMPARE(analysis.types().size(), 257);
    QCOMPARE(analysis.types()["other"], 10'000 - 256);
  }

  void jsonHoldsEverythingAndNamesAreReadable() {
    Analysis analysis(":", {});
    analysis.add({QByteArray("c\0t\xff:\n1", 7), 300, -1, "string"}, now);
    analysis.add({"caf\xc3\xa9:1", 200, 90'000, "hash"}, now);
    analysis.add({"plain", 100, {}, "string"}, now);
    for (int i = 0; i < 1500; ++i) analysis.add({"cat:" + QByteArray::number(i), 1, hour, "string"}, now);
    const QJsonObject json = analysis.toJson();
    QCOMPARE(json[QLatin1String("keys")].toInteger(), 1503);
    QCOMPARE(json[QLatin1String("bytes")].toInteger(), 2100);
    QCOMPARE(json[QLatin1String("direct")].toInteger(), 1);
    QCOMPARE(json[QLatin1String("rest")].toInteger(), 0);
    QCOMPARE(json[QLatin1String("without_ttl")].toInteger(), 1);
    QCOMPARE(json[QLatin1String("ttl")].toObject(), (QJsonObject{{QStringLiteral("no TTL"), 1}, {QStringLiteral("< 10 min"), 1}, {QStringLiteral("< 6 h"), 1500}}));
    QCOMPARE(json[QLatin1String("types")].toObject(), (QJsonObject{{QStringLiteral("hash"), 1}, {QStringLiteral("string"), 1502}}));
    const QJsonArray prefixes = json[QLatin1String("prefixes")].toArray();
    QCOMPARE(prefixes.size(), 3);
    QCOMPARE(prefixes[0].toObject(), (QJsonObject{{QStringLiteral("prefix"), QStringLiteral("cat:")}, {QStringLiteral("keys"), 1500}, {QStringLiteral("bytes"), 1500},
                                                  {QStringLiteral("without_ttl"), 0}, {QStringLiteral("children"), 0}, {QStringLiteral("folded"), false}}));
    QCOMPARE(prefixes[1][QLatin1String("prefix")].toString(), QStringLiteral("c\\x00t\\xff:"));
    QCOMPARE(prefixes[2][QLatin1String("prefix")].toString(), QString::fromUtf8("caf\xc3\xa9:"));
    const QJsonArray largest = json[QLatin1String("largest")].toArray();
    QCOMPARE(largest.size(), 100);
    QCOMPARE(largest[0].toObject(), (QJsonObject{{QStringLiteral("key"), QStringLiteral("c\\x00t\\xff:\\n1")}, {QStringLiteral("type"), QStringLiteral("string")},
                                                 {QStringLiteral("bytes"), 300}, {QStringLiteral("ttl_ms"), -1}}));
    QCOMPARE(largest[1][QLatin1String("ttl_ms")].toInteger(), 90'000);
    QVERIFY(largest[2][QLatin1String("ttl_ms")].isNull());
    const QJsonArray cliffs = json[QLatin1String("cliffs")].toArray();
    QCOMPARE(cliffs.size(), 1);
    QCOMPARE(cliffs[0].toObject(), (QJsonObject{{QStringLiteral("prefix"), QStringLiteral("cat:")}, {QStringLiteral("from"), QStringLiteral("2023-11-14T23:13:20.000Z")},
                                                {QStringLiteral("from_ms"), now + hour}, {QStringLiteral("span_ms"), 1000}, {QStringLiteral("keys"), 1500}, {QStringLiteral("share"), 1.0}}));
    QVERIFY(!QJsonDocument(json).toJson().isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestKeysAnalysis)
#include "tst_keys_analysis.moc"
