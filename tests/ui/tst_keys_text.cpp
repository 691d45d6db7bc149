// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of keys reads and says: times, sizes, scopes, commands, forecasts.
#include "core/keys/inspect.h"
#include "ui/keys/forecast.h"
#include "ui/keys/keyscope.h"
#include "ui/keys/keytext.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;

class TestKeysText : public QObject {
  Q_OBJECT

  static KeysTarget target(bool saved) {
    KeysTarget made;
    made.profile = QStringLiteral("shop live");
    made.saved = saved;
    made.environment = Environment::Development;
    made.redis.host = QStringLiteral("127.0.0.1");
    made.redis.port = 6390;
    made.redis.database = 2;
    return made;
  }
  static Selector matching(const QByteArray& pattern) {
    Selector selector;
    selector.patterns = {pattern};
    return selector;
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void spans_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");  // -1: an error
    QTest::newRow("seconds") << QStringLiteral("90") << qint64{90'000};
    QTest::newRow("unit") << QStringLiteral(" 10m ") << qint64{600'000};
    QTest::newRow("word") << QStringLiteral("5 min") << qint64{300'000};
    QTest::newRow("days") << QStringLiteral("7d") << qint64{7 * 86'400'000};
    QTest::newRow("milliseconds") << QStringLiteral("500ms") << qint64{500};
    QTest::newRow("fraction") << QStringLiteral("1.5h") << qint64{5'400'000};
    QTest::newRow("nothing") << QString() << qint64{-1};
    QTest::newRow("negative") << QStringLiteral("-5m") << qint64{-1};
    QTest::newRow("words") << QStringLiteral("soon") << qint64{-1};
    QTest::newRow("too long") << QStringLiteral("99999999h") << qint64{-1};
    QTest::newRow("overflow") << QStringLiteral("99999999999999999999d") << qint64{-1};
  }
  void spans() {
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    const Result<qint64> read = parseSpan(text);
    QCOMPARE(read ? *read : -1, ms);
  }
  void anAmountToAddMayBeNegative() { QCOMPARE(*parseSpan(QStringLiteral("-10m"), true), qint64{-600'000}); }

  void sizes() {
    QCOMPARE(*parseSize(QStringLiteral("512")), qint64{512});
    QCOMPARE(*parseSize(QStringLiteral("10k")), qint64{10'240});
    QCOMPARE(*parseSize(QStringLiteral("1.5 MiB")), qint64{1'572'864});
    for (const QString& wrong : {QString(), QStringLiteral("-1"), QStringLiteral("big"), QStringLiteral("99999999t")}) QVERIFY2(!parseSize(wrong), qPrintable(wrong));
  }
  void shares() {
    QCOMPARE(*parseShare(QStringLiteral("10%")), 0.1);
    QCOMPARE(*parseShare(QStringLiteral("0.25")), 0.25);
    QCOMPARE(*parseShare(QStringLiteral("25")), 0.25);
    QVERIFY(!parseShare(QStringLiteral("much")));
  }

  void longAndHostileNamesAreShort() {
    QCOMPARE(shownKey(QByteArray(10'240, 'k')).size(), qsizetype{257});
    QCOMPARE(shownKey(QByteArrayLiteral("a\nb")), QStringLiteral("a\\nb"));
    QVERIFY(!shownKey(QString(QChar(0x202E)).toUtf8() + "evil").contains(QChar(0x202E)));
    QVERIFY(!plainTip(QStringLiteral("<img src=/dev/zero>")).contains(QStringLiteral("<img")));
  }

  void aPrefixIsEscapedForGlobAlways() {
    const KeyScope scope = prefixScope({}, "a[1]*:");
    QCOMPARE(scope.selector.patterns, QList<QByteArray>{Selector::prefixPattern("a[1]*:")});
    QVERIFY(scope.selector.patterns.first() != QByteArray("a[1]*:*"));
    QVERIFY(scope.blocked().isEmpty());
  }
  void aPrefixKeepsTheFilters() {
    Selector filter = matching("*");
    filter.type = "hash";
    filter.ttlAboveMs = 1000;
    const KeyScope scope = prefixScope(filter, "user:");
    QCOMPARE(scope.selector.type, QByteArray("hash"));
    QCOMPARE(*scope.selector.ttlAboveMs, qint64{1000});
    QVERIFY(scope.blocked().isEmpty());
    QVERIFY2(scope.title().contains(QStringLiteral("type hash")), qPrintable(scope.title()));
  }
  void aPatternThatCutsAcrossAPrefixMakesNoPlan() {
    QVERIFY(prefixScope(matching("cat:*"), "cat:12:").blocked().isEmpty());
    QVERIFY(!prefixScope(matching("*foo*"), "cat:").blocked().isEmpty());
    QVERIFY(!prefixScope(matching("cat:?:*"), "cat:1:").blocked().isEmpty());
    QVERIFY(!prefixScope(matching("cat:12:*"), "cat:").blocked().isEmpty());  // narrower than the prefix
    QCOMPARE(prefixScope(matching("*foo*"), "cat:").also, QByteArray("*foo*"));
  }

  void commandsSayTheSame() {
    Action action;
    RunOptions options;
    options.budgetMs = 5;
    QCOMPARE(keysCommand(target(true), prefixScope({}, "it's:"), action, options),
             QStringLiteral("cachedeck keys delete --profile 'shop live' --prefix 'it'\\''s:' --budget-ms 5 --yes"));
    action = {ActionKind::Set, 3'600'000, 1, 0.1, Condition::Gt};
    options.undo = false;
    QCOMPARE(keysCommand(target(false), pickedScope({"a b", "c\n"}), action, options),
             QStringLiteral("cachedeck keys ttl --redis redis://127.0.0.1:6390/2 --key 'a b' --key 'c\\n' --set 1h~10% --only-if gt --budget-ms 5 --no-undo --yes"));
    Selector filter;
    filter.withoutTtl = true;
    QCOMPARE(keysCommand(target(true), filterScope(filter), {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, {}),
             QStringLiteral("cachedeck keys ttl --profile 'shop live' --match '*' --no-ttl --soft-expire 10m --yes"));
    QVERIFY(!keysCommand(target(false), filterScope(filter), action, options).contains(QStringLiteral("password")));
  }

  void theHistogramAfterFollowsTheAction() {
    TtlHistogram before;
    before.add(-1, 1000);
    before.add(30'000, 500);
    before.add(7'200'000, 250);
    const TtlForecast deleted = ttlForecast(before, {});
    QCOMPARE(deleted.after.total(), qint64{0});
    QCOMPARE(deleted.changes, qint64{1750});

    const TtlForecast set = ttlForecast(before, {ActionKind::Set, 1'800'000, 1, 0, Condition::Always});
    QCOMPARE(set.after.total(), qint64{1750});
    QCOMPARE(set.after.withoutTtl(), qint64{0});
    QCOMPARE(set.after.counts()[4], qint64{1750});  // < 1 h

    const TtlForecast persisted = ttlForecast(before, {ActionKind::Persist, 0, 1, 0, Condition::Always});
    QCOMPARE(persisted.after.withoutTtl(), qint64{1750});
    QCOMPARE(persisted.changes, qint64{750});

    const TtlForecast capped = ttlForecast(before, {ActionKind::Cap, 600'000 - 1, 1, 0, Condition::Always});
    QCOMPARE(capped.after.counts()[2], qint64{500});  // those that end sooner stay
    QCOMPARE(capped.after.counts()[3], qint64{1250});

    const TtlForecast onlyWithout = ttlForecast(before, {ActionKind::Set, 5'000, 1, 0, Condition::Nx});
    QCOMPARE(onlyWithout.changes, qint64{1000});
    QCOMPARE(onlyWithout.after.counts()[1], qint64{1000});
  }

  void refillingIsForecast() {
    const QString sudden = refillForecast(10'000, {}, 5.0);
    QVERIFY2(sudden.contains(QStringLiteral("10,000 queries of 5.00 ms: 50 s")), qPrintable(sudden));
    const QString spread = refillForecast(60'000, {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, 10.0);
    QVERIFY2(spread.contains(QStringLiteral("100 queries/s, about 1 connections")), qPrintable(spread));
    QVERIFY(refillForecast(10, {}, std::nullopt).contains(QStringLiteral("not known")));
    QVERIFY(refillForecast(10, {ActionKind::Persist, 0, 1, 0, Condition::Always}, 5.0).isEmpty());
  }

  void undoSaysWhatItNeeds() {
    Plan plan;
    plan.keys = 10;
    plan.detailed = true;
    plan.bytes = 300 << 20;
    QVERIFY(undoForecast(plan, {}, true, 256 << 20).tooLarge);
    QVERIFY(!undoForecast(plan, {}, false, 256 << 20).tooLarge);
    QVERIFY(!undoForecast(plan, {ActionKind::Persist, 0, 1, 0, Condition::Always}, true, 256 << 20).tooLarge);
  }
};

QTEST_GUILESS_MAIN(TestKeysText)
#include "tst_keys_text.moc"
