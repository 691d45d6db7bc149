// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of keys reads and says: times, sizes, scopes, commands, forecasts.
#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/keys/cliff_text.h"
#include "core/keys/forecast.h"
#include "core/keys/inspect.h"
#include "core/keys/key_text.h"
#include "ui/keys/keysactions.h"
#include "ui/keys/keyscope.h"
#include "ui/keys/listedname.h"

#include <QRegularExpression>
#include <QTemporaryDir>
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

  // "", " " and "trail " stood blank or like others in the list.
  void namesThatLookAlikeAreToldApart() {
    QCOMPARE(listedName({}), QStringLiteral("\"\""));
    QCOMPARE(listedName(" "), QStringLiteral("\" \""));
    QCOMPARE(listedName("trail "), QStringLiteral("\"trail \""));
    QCOMPARE(listedName(" lead"), QStringLiteral("\" lead\""));
    QCOMPARE(listedName("wide\xe3\x80\x80"), QStringLiteral("\"wide\u3000\""));
    QCOMPARE(listedName("a b"), QStringLiteral("a b"));
    QCOMPARE(listedName("line\n"), QStringLiteral("line\\n"));  // seen already
    QCOMPARE(listedName("\"\""), QStringLiteral("\\\"\\\""));  // no name takes the place of another
    QCOMPARE(listedName(QByteArray(300, 'k') + ' '), shownKey(QByteArray(300, 'k') + ' '));
  }

  // The page said "13 s at 13:04:23" where the command said "12 s at 13:04:24" of the same cliff.
  void aCliffIsSaidInOneWay() {
    const qint64 now = QDateTime(QDate(2026, 11, 23), QTime(12, 0)).toMSecsSinceEpoch();
    TtlCliff cliff{"cat:", now + 3'864'000, 12'000, 41'000, 0.5};
    QCOMPARE(cliffText(cliff, now), QStringLiteral("41,000 cat:* expire within 12 s at 13:04:24"));
    cliff.prefix.clear();
    cliff.fromMs += qint64{86'400'000};
    QCOMPARE(cliffText(cliff, now), QStringLiteral("41,000 * expire within 12 s at 11-24 13:04:24"));
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
    QCOMPARE(keysCommand(target(true), prefixScope({}, "it's:"), action, options, {}),
             QStringLiteral("cachedeck keys delete --profile 'shop live' --prefix 'it'\\''s:' --budget-ms 5 --yes"));
    action = {ActionKind::Set, 3'600'000, 1, 0.1, Condition::Gt};
    options.undo = false;
    QCOMPARE(keysCommand(target(false), pickedScope({"a b", "c\n"}), action, options, {}),
             QStringLiteral("cachedeck keys ttl --redis redis://127.0.0.1:6390/2 --key 'a b' --key 'c\\n' --set 1h~10% --only-if gt --budget-ms 5 --no-undo --yes"));
    Selector filter;
    filter.withoutTtl = true;
    QCOMPARE(keysCommand(target(true), filterScope(filter), {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, {}, {}),
             QStringLiteral("cachedeck keys ttl --profile 'shop live' --match '*' --no-ttl --soft-expire 10m --yes"));
    QVERIFY(!keysCommand(target(false), filterScope(filter), action, options, {}).contains(QStringLiteral("password")));
  }

  // Copied into a shell of a staging or production profile the command was refused, and --undo-cap was lost on the way.
  void commandsCarryWhatTheyNeed() {
    RunOptions options;
    options.undoCap = qint64{512} << 20;
    KeysTarget staging = target(true), production = target(true);
    staging.environment = Environment::Staging;
    production.environment = Environment::Production;
    QCOMPARE(keysCommand(staging, prefixScope({}, "cat:"), {}, options, {QStringLiteral("41000"), {}}), QStringLiteral("cachedeck keys delete --profile 'shop live' --prefix cat: --undo-cap 512 --confirm 41000"));
    const Consent consent{QStringLiteral("shop live 41000"), QStringLiteral("ticket 4711")};
    QCOMPARE(keysCommand(production, prefixScope({}, "cat:"), {}, {}, consent), QStringLiteral("cachedeck keys delete --profile 'shop live' --prefix cat: --unlock 'ticket 4711' --confirm 'shop live 41000'"));
    QCOMPARE(undoCommand(production, QStringLiteral("20261123-a"), consent), QStringLiteral("cachedeck keys undo 20261123-a --profile 'shop live' --unlock 'ticket 4711' --confirm 'shop live 41000'"));
    QCOMPARE(resumeCommand(target(true), QStringLiteral("20261123-a"), {}), QStringLiteral("cachedeck keys resume 20261123-a --profile 'shop live' --yes"));
    QCOMPARE(flushCommand(staging, {QStringLiteral("7"), {}}), QStringLiteral("cachedeck keys flush --profile 'shop live' --no-undo --confirm 7"));
    QCOMPARE(analyseCommand(target(true), filterScope({})), QStringLiteral("cachedeck keys analyse --profile 'shop live'"));
    QCOMPARE(keysCommand(target(true), queryScope(QStringLiteral("SELECT id FROM p"), QStringLiteral("p:{id}")), {}, {}, {}),
             QStringLiteral("cachedeck keys delete --profile 'shop live' --sql 'SELECT id FROM p' --template 'p:{id}' --yes"));
    QCOMPARE(keysCommand(target(true), fileScope(QStringLiteral("/tmp/a b")), {}, {}, {}), QStringLiteral("cachedeck keys delete --profile 'shop live' --from-file '/tmp/a b' --yes"));
  }

  // The command named a keys.txt that nobody had written.
  void aListOfNamesIsThereForItsCommand() {
    QTemporaryDir folder;
    KeysTarget made = target(true);
    made.stateFolder = folder.filePath(QStringLiteral("state"));
    QList<QByteArray> names;
    for (int i = 0; i < 25; ++i) names << "k" + QByteArray::number(i);
    names << QByteArray("a\n\"b\"") << QByteArray("\xff\0x", 3) << QByteArray("\"quoted\"") << QByteArray(" space ") << QByteArray();
    const KeyScope scope = pickedScope(names);
    const QString file = keyListFile(made, scope);
    QVERIFY(keysCommand(made, scope, {}, {}, {}).contains(QStringLiteral("--from-file ") + file));
    QVERIFY(writeKeyList(file, names).ok());
    QCOMPARE(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
    const Result<QList<QByteArray>> read = namesFromFile(file);
    QVERIFY(read.ok());
    QCOMPARE(*read, names);
    QVERIFY(keyListFile(made, pickedScope({"a"})).isEmpty());
  }

  void whatHoldsARunBack() {
    QVERIFY(reasonToHold({40, 94}, {79, 85}).isEmpty());
    QVERIFY(reasonToHold({40, 94}, {81, 94}).contains(QStringLiteral("81 active sessions")));
    QVERIFY(reasonToHold({40, 94}, {40, 83.9}).contains(QStringLiteral("94.0 % to 83.9 %")));
    QVERIFY(reasonToHold({0.2, 94}, {3, 94}).isEmpty());  // an idle database is no measure
    QVERIFY(reasonToHold({}, {80, 20}).contains(QStringLiteral("sessions")));
    QVERIFY(reasonToHold({40, 94}, {}).isEmpty());
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

  static RefillForecast refill(qint64 keys, const Action& action, std::optional<double> meanMs, double rate = 0) {
    TtlHistogram before;
    before.add(-1, keys);
    return refillForecast(before, keys, action, rate, meanMs);
  }

  void refillingIsForecast() {
    const RefillForecast sudden = refill(10'000, {}, 5.0);
    QVERIFY2(sudden.text.contains(QStringLiteral("10,000 queries of 5.00 ms: 50 s")), qPrintable(sudden.text));
    const RefillForecast bounded = refill(10'000, {}, 5.0, 200);
    QVERIFY2(bounded.text.contains(QStringLiteral("At most 200 keys/s go, for 50 s. Asked for again, that is 200 queries/s of 5.00 ms: about 1 connections")), qPrintable(bounded.text));
    const RefillForecast spread = refill(60'000, {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, 10.0);
    QVERIFY2(spread.text.contains(QStringLiteral("100 queries/s of 10.0 ms: about 1 connections")), qPrintable(spread.text));
    QVERIFY(!spread.cliff);
    QVERIFY(refill(10, {}, std::nullopt).text.contains(QStringLiteral("not known")));
    QVERIFY(refill(10, {ActionKind::Persist, 0, 1, 0, Condition::Always}, 5.0).text.contains(QStringLiteral("nothing has to be read again")));
  }

  // The plan of a TTL for 5,000 keys said "the keys stay: nothing has to be read again" where all of them would end in the same second.
  void keysThatEndTogetherAreACliff() {
    const RefillForecast together = refill(5000, {ActionKind::Set, 3'600'000, 1, 0, Condition::Always}, 5.0);
    QVERIFY(together.cliff);
    QCOMPARE(qRound(together.peakPerSecond), 5000);
    QCOMPARE(together.peakAfterMs, qint64{3'600'000});
    for (const char* words : {"A cliff: about 5,000 keys end within 15 s", "jitter of 10% spreads them over 12 min", "5,000 queries/s of 5.00 ms: about 25 connections"})
      QVERIFY2(together.text.contains(QLatin1String(words)), qPrintable(together.text));
    const RefillForecast spread = refill(5000, {ActionKind::Set, 3'600'000, 1, 0.1, Condition::Always}, 5.0);
    QVERIFY2(!spread.cliff && qAbs(spread.peakPerSecond - 5000.0 / 720) < 0.1, qPrintable(spread.text));
    QVERIFY(refill(5000, {ActionKind::Cap, 60'000, 1, 0, Condition::Always}, 5.0).cliff);
    TtlHistogram hours;
    hours.add(10'000'000, 5000);
    const RefillForecast scaled = refillForecast(hours, 5000, {ActionKind::Scale, 0, 0.0001, 0, Condition::Always}, 0, 5.0);
    QVERIFY2(scaled.cliff && scaled.text.contains(QStringLiteral("Spread TTL")), qPrintable(scaled.text));
    QVERIFY(!refillForecast(hours, 5000, {ActionKind::Add, 3'600'000, 1, 0, Condition::Always}, 0, 5.0).cliff);
    TtlHistogram soon;
    soon.add(5000, 5000);  // they end together by themselves
    QVERIFY(!refillForecast(soon, 5000, {ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always}, 0, 5.0).cliff);
  }

  void undoSaysWhatItNeeds() {
    Plan plan;
    plan.keys = 10;
    plan.detailed = true;
    plan.bytes = 300 << 20;
    QVERIFY(undoText(plan, {}, true, 256 << 20).tooLarge);
    QVERIFY(!undoText(plan, {}, false, 256 << 20).tooLarge);
    QVERIFY(!undoText(plan, {ActionKind::Persist, 0, 1, 0, Condition::Always}, true, 256 << 20).tooLarge);
  }
};

QTEST_GUILESS_MAIN(TestKeysText)
#include "tst_keys_text.moc"
