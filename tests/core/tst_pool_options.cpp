// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pool_options.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

/// The modes of the pool, overriding a field, and what each wrong value is told.
class TestPoolOptions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void hasTheThreeModes_data();
  void hasTheThreeModes();
  void namesTheModesThereAre();
  void overridesFields_data();
  void overridesFields();
  void refusesUnreadableValues_data();
  void refusesUnreadableValues();
  void refusesOptionsThatMakeNoSense_data();
  void refusesOptionsThatMakeNoSense();
  void roundsThresholdsUp_data();
  void roundsThresholdsUp();
};

namespace {

QString text(const Outcome<void>& outcome) { return outcome ? QStringLiteral("fine") : QString::fromStdString(outcome.error().message); }

/// "max_open=5 max_idle=2" on the options of dev.
Outcome<PoolOptions> optionsOf(const QString& changes) {
  PoolOptions options = *poolMode("dev");
  for (const QString& change : changes.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const QStringList parts = change.split(QLatin1Char('='));
    if (auto done = overrideField(options, parts.at(0).toStdString(), parts.at(1).toStdString()); !done) return done.error();
  }
  return options;
}

}  // namespace

void TestPoolOptions::hasTheThreeModes_data() {
  QTest::addColumn<int>("maxOpen");
  QTest::addColumn<int>("maxIdle");
  QTest::addColumn<int>("lifetimeMinutes");
  QTest::addColumn<int>("idleMinutes");
  QTest::newRow("dev") << 10 << 2 << 10 << 2;
  QTest::newRow("staging") << 50 << 10 << 30 << 5;
  QTest::newRow("prod") << 100 << 25 << 60 << 10;
}

void TestPoolOptions::hasTheThreeModes() {
  QFETCH(int, maxOpen);
  QFETCH(int, maxIdle);
  QFETCH(int, lifetimeMinutes);
  QFETCH(int, idleMinutes);
  const auto options = poolMode(QTest::currentDataTag());
  QVERIFY(options.ok());
  QCOMPARE(options->maxOpen, maxOpen);
  QCOMPARE(options->maxIdle, maxIdle);
  QVERIFY(options->maxLifetime == std::chrono::minutes(lifetimeMinutes));
  QVERIFY(options->maxIdleTime == std::chrono::minutes(idleMinutes));
  QVERIFY(options->connectTimeout == 3s);
  QCOMPARE(text(validate(*options)), QStringLiteral("fine"));
  QCOMPARE(poolModes().size(), 3u);
}

void TestPoolOptions::namesTheModesThereAre() {
  const auto options = poolMode("production");
  QVERIFY(!options.ok());
  QCOMPARE(options.error().kind, Failure::Kind::Usage);
  QCOMPARE(QString::fromStdString(options.error().message), QStringLiteral("There is no pool mode “production”. The modes are: dev, staging, prod."));
}

void TestPoolOptions::overridesFields_data() {
  QTest::addColumn<QString>("change");
  QTest::addColumn<qint64>("ms");
  for (const char* field : {"max_lifetime", "max_idle_time", "connect_timeout"})
    for (const auto& [value, ms] : {std::pair{"500ms", 500LL}, {"90s", 90'000LL}, {"10min", 600'000LL}, {"1h", 3'600'000LL}, {"0", 0LL}, {"7", 7'000LL}, {"0ms", 0LL}})
      QTest::addRow("%s=%s", field, value) << QString::fromUtf8(field) + QLatin1Char('=') + QString::fromUtf8(value) << qint64(ms);
  for (const char* field : {"max_open", "max_idle", "warning_open", "critical_open"})
    QTest::addRow("%s", field) << QString::fromUtf8(field) + QStringLiteral("=7") << qint64(7);
}

void TestPoolOptions::overridesFields() {
  QFETCH(QString, change);
  QFETCH(qint64, ms);
  const PoolOptions before = *poolMode("dev");
  const auto options = optionsOf(change);
  QVERIFY(options.ok());
  const auto expect = [&](const char* field, qint64 value, qint64 otherwise) { QCOMPARE(value, change.startsWith(QLatin1String(field) + QLatin1Char('=')) ? ms : otherwise); };
  expect("max_open", options->maxOpen, before.maxOpen);
  expect("max_idle", options->maxIdle, before.maxIdle);
  expect("max_lifetime", options->maxLifetime.count(), before.maxLifetime.count());
  expect("max_idle_time", options->maxIdleTime.count(), before.maxIdleTime.count());
  expect("connect_timeout", options->connectTimeout.count(), before.connectTimeout.count());
  expect("warning_open", options->warningOpen, 0);
  expect("critical_open", options->criticalOpen, 0);
}

void TestPoolOptions::refusesUnreadableValues_data() {
  QTest::addColumn<QString>("field");
  QTest::addColumn<QString>("value");
  QTest::addColumn<QString>("message");
  const QString count = QStringLiteral("it takes a whole number."), time = QStringLiteral("it takes a time such as 500ms, 90s, 10min, 1h; a number alone means seconds.");
  for (const char* value : {"", "ten", "7.5", "7s", " 7", "0x10", "99999999999", "+7"})
    QTest::addRow("max_open=%s", value) << QStringLiteral("max_open") << QString::fromUtf8(value) << QStringLiteral("max_open cannot be “%1”: ").arg(QString::fromUtf8(value)) + count;
  for (const char* value : {"", "s", "1.5s", "10 min", "1m", "1d", "10minutes", "99999999999999999999s", "9223372036854775807h", "-9223372036854775808", "1h30min"})
    QTest::addRow("max_lifetime=%s", value) << QStringLiteral("max_lifetime") << QString::fromUtf8(value) << QStringLiteral("max_lifetime cannot be “%1”: ").arg(QString::fromUtf8(value)) + time;
  QTest::newRow("unknown") << QStringLiteral("maxOpen") << QStringLiteral("7")
                           << QStringLiteral("The pool has no field “maxOpen”. The fields are: max_open, max_idle, max_lifetime, max_idle_time, connect_timeout, warning_open, critical_open.");
  QTest::newRow("control characters") << QStringLiteral("max_idle") << QStringLiteral("1\x1b[31m\n") << QStringLiteral("max_idle cannot be “1?[31m ”: ") + count;
}

void TestPoolOptions::refusesUnreadableValues() {
  QFETCH(QString, field);
  QFETCH(QString, value);
  QFETCH(QString, message);
  PoolOptions options = *poolMode("dev");
  const auto done = overrideField(options, field.toStdString(), value.toStdString());
  QCOMPARE(text(done), message);
  QCOMPARE(done.error().kind, Failure::Kind::Usage);
  QCOMPARE(options.maxOpen, 10);
  QVERIFY(options.maxLifetime == 10min);
}

void TestPoolOptions::refusesOptionsThatMakeNoSense_data() {
  QTest::addColumn<QString>("changes");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* changes, const char* message) { QTest::newRow(changes) << QString::fromUtf8(changes) << QString::fromUtf8(message); };
  row("max_open=0", "max_open is 0; it must be at least 1.");
  row("max_open=-3", "max_open is -3; it must be at least 1.");
  row("max_idle=-1", "max_idle is -1; it must not be negative.");
  row("max_idle=11", "max_idle is 11, above max_open, which is 10. Lower max_idle or raise max_open.");
  row("max_open=1", "max_idle is 2, above max_open, which is 1. Lower max_idle or raise max_open.");
  row("max_lifetime=-1", "max_lifetime is -1 s; it must not be negative.");
  row("max_idle_time=-5ms", "max_idle_time is -5 ms; it must not be negative.");
  row("connect_timeout=-2min", "connect_timeout is -120 s; it must not be negative.");
  row("connect_timeout=0", "connect_timeout is 0; it must be longer, such as 3s.");
  row("max_lifetime=8761h", "max_lifetime is 31539600 s; it must not be longer than 365 days.");
  row("warning_open=11", "warning_open is 11; it must be from 0 (its default) to max_open, which is 10.");
  row("critical_open=-1", "critical_open is -1; it must be from 0 (its default) to max_open, which is 10.");
  row("warning_open=8 critical_open=7", "warning_open is 8, above critical_open, which is 7. It must not be above it.");
  row("critical_open=5", "warning_open is 8 (80 % of max_open), above critical_open, which is 5. It must not be above it.");
  row("max_open=100 warning_open=96", "warning_open is 96, above critical_open, which is 95 (95 % of max_open). It must not be above it.");
  row("max_open=1 max_idle=1", "fine");
  row("max_open=1 max_idle=0", "fine");
  row("warning_open=10 critical_open=10", "fine");
  row("max_lifetime=0 max_idle_time=0", "fine");
  row("max_lifetime=8760h", "fine");
  row("max_open=10000 max_idle=10000", "fine");
  // Once these passed, and the pool ended the process when it reserved room for them.
  row("max_open=10001", "max_open is 10001; it must be at most 10000. PostgreSQL starts a process for each connection: a few hundred are many.");
  row("max_open=2147483647 max_idle=2147483647", "max_open is 2147483647; it must be at most 10000. PostgreSQL starts a process for each connection: a few hundred are many.");
}

void TestPoolOptions::refusesOptionsThatMakeNoSense() {
  QFETCH(QString, changes);
  QFETCH(QString, message);
  const auto options = optionsOf(changes);
  QVERIFY2(options.ok(), options ? "" : options.error().message.c_str());
  const auto valid = validate(*options);
  QVERIFY2(text(valid) == message, qPrintable(text(valid)));
  if (!valid) QCOMPARE(valid.error().kind, Failure::Kind::Usage);
}

void TestPoolOptions::roundsThresholdsUp_data() {
  QTest::addColumn<int>("maxOpen");
  QTest::addColumn<int>("warning");
  QTest::addColumn<int>("critical");
  QTest::newRow("1") << 1 << 1 << 1;
  QTest::newRow("3") << 3 << 3 << 3;
  QTest::newRow("10") << 10 << 8 << 10;
  QTest::newRow("50") << 50 << 40 << 48;
  QTest::newRow("100") << 100 << 80 << 95;
}

void TestPoolOptions::roundsThresholdsUp() {
  QFETCH(int, maxOpen);
  PoolOptions options;
  options.maxOpen = maxOpen;
  QTEST(options.warningAt(), "warning");
  QTEST(options.criticalAt(), "critical");
  options.warningOpen = options.criticalOpen = 1;
  QCOMPARE(options.warningAt(), 1);
  QCOMPARE(options.criticalAt(), 1);
}

QTEST_GUILESS_MAIN(TestPoolOptions)
#include "tst_pool_options.moc"
