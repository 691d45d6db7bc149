// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/argv_secrets.h"
#include "app/cli/duration.h"
#include "app/cli/watch.h"

#include <QJsonDocument>
#include <QTest>

#include <cmath>

using namespace cachedeck;

class TestCli : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void passwordsAreWipedFromTheArguments_data() {
    QTest::addColumn<QByteArray>("argument");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char* name, const char* argument, const char* shown) {
      QTest::newRow(name) << QByteArray(argument) << QByteArray(shown);
    };
    row("user and password", "redis://me:secret@host:6379/0", "redis://me:******@host:6379/0");
    row("password alone", "--redis=redis://:secret@host", "--redis=redis://:******@host");
    row("at sign in the password", "redis://me:se@cret@host/1", "redis://me:*******@host/1");
    row("slash in the password", "postgres://me:se/cret@host/db", "postgres://me:*******@host/db");
    row("no password", "redis://me@host", "redis://me@host");
    row("colon in the port only", "http://host:9090/a@b", "http://host:9090/a@b");
    row("conninfo", "host=db password=secret", "host=db password=******");
    row("not a URL", "--json", "--json");
  }
  void passwordsAreWipedFromTheArguments() {
    QFETCH(QByteArray, argument);
    QFETCH(QByteArray, shown);
    QByteArray program("cachedeck");
    const QString before = QString::fromUtf8(argument);
    argument.detach();
    char* argv[] = {program.data(), argument.data(), nullptr};
    const Arguments arguments = takeArguments(2, argv);
    QCOMPARE(arguments.list.value(1), before);
    QCOMPARE(QByteArray(argv[1]), shown);
    QCOMPARE(arguments.heldPassword(), before.toUtf8() != shown);
  }

  void theWarningNamesTheBetterWays() {
    for (const char* way : {"CACHEDECK_REDIS_PASSWORD", "keyring", ".pgpass", "prompt"})
      QVERIFY2(passwordWarning().contains(QLatin1String(way)), way);
  }

  void durations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("ms");  // 0 = refused
    const std::pair<const char*, int> rows[] = {{"500ms", 500}, {"1s", 1000}, {"10", 10000}, {"1.5s", 1500}, {"2m", 120000},
                                                {"1h", 3600000}, {"0s", 0}, {"-1s", 0}, {"", 0}, {"1 fortnight", 0},
                                                {"1e9s", 0}, {"99999d", 0}, {"nan", 0}, {"24d", 2073600000}, {"32d", 0}};
    for (const auto& [text, ms] : rows) QTest::newRow(text[0] ? text : "empty") << QString::fromLatin1(text) << ms;
  }
  void durations() {
    QFETCH(QString, text);
    QFETCH(int, ms);
    const auto parsed = parseDuration(text);
    QCOMPARE(parsed.ok(), ms != 0);
    if (ms) QCOMPARE(parsed->count(), ms);
    else QCOMPARE(parsed.error().kind, Error::Kind::Usage);
  }

  // It said “from 1 ms to 1 days”, also where 0 is allowed.
  void aDurationThatDoesNotFitSaysWhichEnd() {
    QCOMPARE(parseDuration(QStringLiteral("2d"), std::chrono::days(1)).error().message, QStringLiteral("“2d” is too long: at most 1 day."));
    QCOMPARE(parseDuration(QStringLiteral("32d")).error().message, QStringLiteral("“32d” is too long: at most 31 days."));
    QCOMPARE(parseDuration(QStringLiteral("0.1ms")).error().message, QStringLiteral("“0.1ms” is shorter than 1 ms."));
  }

  void figuresThatWereNotMeasuredAreNull() {
    LiveFigures figures;
    SourceState state;
    state.kind = SourceState::Kind::Live;
    state.lastGoodMs = 1'700'000'000'000;
    state.identity = {QStringLiteral("Redis"), QStringLiteral("7.0.15"), QStringLiteral("127.0.0.1:6379"), QStringLiteral("master"), {}};
    Sample sample;
    sample.values = {{QLatin1String("redis.ops"), 12.5}, {QLatin1String("redis.hit_ratio"), NAN}};
    figures.update(QStringLiteral("redis"), sample);
    figures.update(QStringLiteral("redis"), QStringLiteral("Redis"), state);
    const QJsonObject redis = figures.toJson(1'700'000'000'500)[QLatin1String("sources")][QLatin1String("redis")].toObject();
    QCOMPARE(redis[QLatin1String("state")].toString(), QStringLiteral("live"));
    QCOMPARE(redis[QLatin1String("metrics")][QLatin1String("redis.ops")].toDouble(), 12.5);
    QVERIFY(redis[QLatin1String("metrics")][QLatin1String("redis.hit_ratio")].isNull());
    QVERIFY(redis[QLatin1String("metrics")][QLatin1String("redis.keys")].isNull());
    QVERIFY(redis[QLatin1String("error")].isNull());
    QVERIFY(figures.toText(0).contains(QStringLiteral("12.5 /s")));
  }

  void theServiceStandsUnderThePrometheusThatScrapesIt() {
    LiveFigures figures;
    SourceState state;
    state.kind = SourceState::Kind::Live;
    figures.update(QStringLiteral("prometheus"), QStringLiteral("Prometheus"), state);
    Sample sample;
    sample.values = {{QLatin1String("prometheus.targets_up"), 4.0}};
    figures.update(QStringLiteral("prometheus"), sample);
    const auto metrics = [&] { return figures.toJson(0)[QLatin1String("sources")][QLatin1String("prometheus")][QLatin1String("metrics")]; };
    QVERIFY(metrics().toObject().contains(QLatin1String("app.requests")) && metrics()[QLatin1String("app.requests")].isNull());
    QVERIFY(!figures.toText(0).contains(QLatin1String("the service")));
    sample.values.emplace_back(QLatin1String("app.requests"), 812.0);
    sample.values.emplace_back(QLatin1String("app.latency_p95"), 0.044);
    figures.update(QStringLiteral("prometheus"), sample);
    QCOMPARE(metrics()[QLatin1String("app.requests")].toDouble(), 812.0);
    const QString text = figures.toText(0);
    QCOMPARE(text.count(QLatin1String("the service that it scrapes:")), 1);
    QVERIFY2(text.contains(QLatin1String("  latency p95             44.0 ms\n")), qPrintable(text));
    QVERIFY(text.indexOf(QLatin1String("targets up")) < text.indexOf(QLatin1String("the service")));
  }

  void aSourceThatIsNotLiveShowsNoOldFigure() {
    LiveFigures figures;
    Sample sample;
    sample.values = {{QLatin1String("redis.ops"), 12.5}};
    figures.update(QStringLiteral("redis"), sample);
    SourceState state;
    state.kind = SourceState::Kind::Failed;
    state.error = fail(Error::Kind::Refused, QStringLiteral("Nothing listens at 127.0.0.1:1."));
    figures.update(QStringLiteral("redis"), QStringLiteral("Redis"), state);
    const QJsonObject redis = figures.toJson(0)[QLatin1String("sources")][QLatin1String("redis")].toObject();
    QVERIFY(redis[QLatin1String("metrics")][QLatin1String("redis.ops")].isNull());
    QCOMPARE(redis[QLatin1String("error")][QLatin1String("kind")].toString(), QStringLiteral("refused"));
  }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
