// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_arguments.h"
#include "app/cli/keys/keys_forecast.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::keys;

/// What is typed behind `cachedeck keys`, and what a dry run says.
class TestCliKeys : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // A pattern was read with the escapes of names: 'a\[1\]:*' was refused, and \b, \n and \\ meant something else than to Redis.
  void aPatternGoesToRedisAsItIs_data() {
    QTest::addColumn<QByteArray>("typed");
    for (const char* pattern : {"a\\[1\\]:*", "x\\b*", "x\\n*", "back\\\\slash:*", "q\\?:*", "[^a]*", "tail\\", "\\x41", "caf\xc3\xa9*"}) QTest::newRow(pattern) << QByteArray(pattern);
  }
  void aPatternGoesToRedisAsItIs() {
    QFETCH(QByteArray, typed);
    KeysArguments arguments;
    arguments.match = {typed.toStdString()};
    const Result<Selector> selector = arguments.selector();
    QVERIFY2(selector, selector ? "" : qPrintable(selector.error().message));
    QCOMPARE(selector->patterns, QList<QByteArray>{typed});
  }

  void namesHaveEscapes() {
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("a\\x00b\n\"tab\\there\"\n");
    file.close();
    KeysArguments arguments;
    arguments.key = {"new\\nline", "back\\\\slash"};
    arguments.fromFile = file.fileName().toStdString();
    QCOMPARE(arguments.selector()->names, (QList<QByteArray>{"new\nline", "back\\slash", QByteArray("a\0b", 3), "tab\there"}));
    KeysArguments prefix;
    prefix.prefix = {"a[1]*\\n"};
    QCOMPARE(prefix.selector()->patterns, QList<QByteArray>{Selector::prefixPattern("a[1]*\n")});
    KeysArguments wrong;
    wrong.key = {"a\\q"};
    QCOMPARE(wrong.selector().error().kind, Error::Kind::Usage);
  }

  void namesFromStandardInput() {
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("one\n\n\"\"\nlast");
    QVERIFY(file.flush() && file.seek(0));
    QVERIFY(dup2(file.handle(), STDIN_FILENO) == STDIN_FILENO);
    KeysArguments arguments;
    arguments.fromFile = "-";
    QCOMPARE(arguments.selector()->names, (QList<QByteArray>{"one", "", "last"}));
  }

  void selectorsAreSaidInGoodEnglish() {
    Selector selector;
    selector.byName = true;
    selector.names = {"a"};
    selector.bytesAbove = 1;
    QCOMPARE(selector.text(), QStringLiteral("1 named key, larger than 1 byte"));
    selector.names = {"a", "b"};
    selector.bytesAbove = 2;
    QCOMPARE(selector.text(), QStringLiteral("2 named keys, larger than 2 bytes"));
    Selector empty;
    empty.patterns = {""};
    QCOMPARE(empty.text(), QStringLiteral("\"\""));
  }

  // A filter of 60 days was refused: the bound was that of `watch --every`.
  void timesReachTenYears_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");  // 0: refused
    QTest::newRow("sixty days") << QStringLiteral("60d") << qint64{60} * 86'400'000;
    QTest::newRow("ten years") << QStringLiteral("3650d") << qint64{3650} * 86'400'000;
    QTest::newRow("more") << QStringLiteral("3651d") << qint64{0};
    QTest::newRow("nothing") << QStringLiteral("0") << qint64{0};
  }
  void timesReachTenYears() {
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    KeysArguments arguments;
    arguments.ttlAbove = arguments.set = arguments.idleAbove = text.toStdString();
    const Result<Selector> selector = arguments.selector();
    const Result<Action> action = arguments.ttlAction();
    QCOMPARE(selector.ok(), ms != 0);
    QCOMPARE(action.ok(), ms != 0);
    if (ms == 0) return;
    QCOMPARE(selector->ttlAboveMs.value_or(0), ms);
    QCOMPARE(selector->idleAboveS.value_or(0), ms / 1000);
    QCOMPARE(action->amountMs, ms);
  }

  // What was not typed stays as the operation was begun with.
  void onlyWhatWasTypedIsChanged() {
    RunOptions begun;
    begun.budgetMs = 7;
    begun.keysPerSecond = 100;
    begun.undoCap = 5 << 20;
    begun.page = 40;
    KeysArguments arguments;
    RunOptions now = arguments.runOptions(begun);
    QCOMPARE(now.budgetMs, 7.0);
    QCOMPARE(now.keysPerSecond, 100.0);
    QCOMPARE(now.undoCap, qint64{5} << 20);
    QCOMPARE(now.page, 40);
    arguments.rate = 2000;
    arguments.undoCapMb = 8;
    now = arguments.runOptions(begun);
    QCOMPARE(now.budgetMs, 7.0);
    QCOMPARE(now.keysPerSecond, 2000.0);
    QCOMPARE(now.undoCap, qint64{8} << 20);
    QCOMPARE(arguments.runOptions().page, 500);
  }

  void theForecastOfASoftExpiry() {
    const Plan plan = planned();
    const Action soft{ActionKind::SoftExpire, 600'000, 1, 0, Condition::Always};
    const KeysForecast forecast(plan, soft, {}, {0.002, {}});
    const QJsonObject json = forecast.toJson();
    QCOMPARE(json[QLatin1String("changes")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("ttl_before")][QLatin1String("no TTL")].toInt(), 1000);
    QVERIFY(json[QLatin1String("ttl_after")][QLatin1String("< 10 min")].toInt() > 800);
    QVERIFY(!json[QLatin1String("ttl_after")].toObject().contains(QLatin1String("no TTL")));
    const QJsonObject refill = json[QLatin1String("refill")].toObject();
    QCOMPARE(refill[QLatin1String("mean_query_ms")].toDouble(), 2.0);
    QVERIFY(refill[QLatin1String("keys_per_second")].toDouble() > 1.6);
    QCOMPARE(refill[QLatin1String("database_seconds")].toDouble(), 2.0);
    QVERIFY(json[QLatin1String("undo")][QLatin1String("fits")].toBool());
    QVERIFY(forecast.lines().join(QLatin1Char('\n')).contains(QLatin1String("what has ended by then does not come back")));
    QVERIFY2(forecast.lines().join(QLatin1Char('\n')).contains(QLatin1String("before")), qPrintable(forecast.lines().join(QLatin1Char('\n'))));
  }

  void theForecastOfADeletion() {
    Plan plan = planned();
    RunOptions options;
    options.undoCap = 1 << 20;
    const KeysForecast forecast(plan, Action{}, options, {});
    const QJsonObject json = forecast.toJson();
    QVERIFY(json[QLatin1String("refill")][QLatin1String("keys_per_second")].isNull());  // at once
    QVERIFY(!json[QLatin1String("refill")].toObject().contains(QLatin1String("mean_query_ms")));
    QCOMPARE(json[QLatin1String("undo")][QLatin1String("bytes")].toInteger(), plan.bytes);
    QVERIFY(!json[QLatin1String("undo")][QLatin1String("fits")].toBool());
    QVERIFY(forecast.lines().join(QLatin1Char('\n')).contains(QLatin1String("--undo-cap")));
  }

  void ofATtlThatIsSetNothingIsRefilledAtOnce() {
    const QJsonObject json = KeysForecast(planned(), Action{ActionKind::Persist, 0, 1, 0, Condition::Always}, {}, {}).toJson();
    QCOMPARE(json[QLatin1String("changes")].toInt(), 0);
    QVERIFY(!json.contains(QLatin1String("refill")));
  }

  // `ttl --set 1s` is a mass deletion, and was shown as a change of TTLs that can be undone.
  void aTtlThatEndsAtOnceIsADeletion_data() {
    QTest::addColumn<Action>("action");
    QTest::addColumn<int>("atOnce");
    QTest::newRow("set 1 s") << Action{ActionKind::Set, 1000, 1, 0, Condition::Always} << 1000;
    QTest::newRow("add -1000 h") << Action{ActionKind::Add, -3'600'000'000, 1, 0, Condition::Always} << 400;
    QTest::newRow("scale 0.000001") << Action{ActionKind::Scale, 0, 0.000001, 0, Condition::Always} << 400;
    QTest::newRow("set 1 h") << Action{ActionKind::Set, 3'600'000, 1, 0, Condition::Always} << 0;
  }
  void aTtlThatEndsAtOnceIsADeletion() {
    QFETCH(Action, action);
    QFETCH(int, atOnce);
    Plan plan = planned();
    plan.ttls = {};
    plan.ttls.add(-1, 600);
    plan.ttls.add(3'500'000, 400);
    const KeysForecast forecast(plan, action, {}, {});
    const QJsonObject json = forecast.toJson();
    const QString text = forecast.lines().join(QLatin1Char('\n'));
    QCOMPARE(json[QLatin1String("end_at_once")].toInt(), atOnce);
    QCOMPARE(json[QLatin1String("refill")][QLatin1String("keys")].toInt(), atOnce);
    QVERIFY2(text.contains(QStringLiteral("about %1 of these keys will end at once").arg(atOnce)) == (atOnce > 0), qPrintable(text));
    QVERIFY2(text.contains(QLatin1String("undo does not bring back")) == (atOnce > 0), qPrintable(text));
  }

 private:
  static Plan planned() {
    Plan plan;
    plan.keys = 1000;
    plan.detailed = true;
    plan.bytes = 2 << 20;
    plan.nameBytes = 10'000;
    plan.ttls.add(-1, 1000);
    return plan;
  }
};

QTEST_GUILESS_MAIN(TestCliKeys)
#include "tst_cli_keys.moc"
