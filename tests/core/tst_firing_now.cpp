// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/firing_now.h"

#include <QTest>

using namespace cachedeck;

namespace {

constexpr qint64 now = 1'750'000'000'000, minute = 60'000;

PromLabels labels(const char* instance) { return {{QStringLiteral("instance"), QLatin1String(instance)}, {QStringLiteral("severity"), QStringLiteral("critical")}}; }

AlertBand band(qint64 fromMinutes, qint64 toMinutes, const char* instance = "redis-1") {
  return {QStringLiteral("HighRedisMemory"), QStringLiteral("critical"), labels(instance), now + fromMinutes * minute, now + toMinutes * minute};
}

/// A rule that waits for five minutes before it fires.
RuleReading rule(qint64 activeMinutes, const char* state = "firing", const char* instance = "redis-1") {
  RuleReading reading;
  reading.rule.type = QStringLiteral("alerting");
  reading.rule.name = QStringLiteral("HighRedisMemory");
  reading.rule.holdSeconds = 300;
  PromLabels all = labels(instance);
  all.insert(QStringLiteral("alertname"), reading.rule.name);
  reading.rule.alerts = {{all, {}, QLatin1String(state), now + activeMinutes * minute, 91}};
  return reading;
}

}  // namespace

class TestFiringNow : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatStillFiresGoesOn() {
    const QList<AlertBand> bands = bandsUntil({band(-60, -50), band(-10, -1)}, {rule(-15)}, now);
    QCOMPARE(bands.size(), 2);
    QCOMPARE(bands[0].toMs, now - 50 * minute);
    QCOMPARE(bands[1].fromMs, now - 10 * minute);
    QCOMPARE(bands[1].toMs, now);
  }

  void whatBeganSinceHasABandOfItsOwn() {
    const QList<AlertBand> bands = bandsUntil({band(-60, -50)}, {rule(-7)}, now);
    QCOMPARE(bands.size(), 2);
    QCOMPARE(bands[1].fromMs, now - 2 * minute);  // it was pending for the rule's five minutes
    QCOMPARE(bands[1].toMs, now);
    QCOMPARE(bands[1].severity, QStringLiteral("critical"));
    QVERIFY(!bands[1].labels.contains(QStringLiteral("alertname")));
    QCOMPARE(bandsUntil(bands, {rule(-7)}, now + minute).size(), 2);  // the next reading lengthens it
    QCOMPARE(bandsUntil(bands, {rule(-7)}, now + minute)[1].toMs, now + minute);
  }

  void whatIsResolvedStaysWhereItEnded() {
    const QList<AlertBand> before = bandsUntil({}, {rule(-7)}, now);
    QCOMPARE(bandsUntil(before, {}, now + minute)[0].toMs, now);
  }

  void pendingAndOtherInstancesAreNoBandOfIt() {
    QVERIFY(bandsUntil({}, {rule(-2, "pending")}, now).isEmpty());
    const QList<AlertBand> bands = bandsUntil({band(-10, -1)}, {rule(-15, "firing", "redis-2")}, now);
    QCOMPARE(bands.size(), 2);
    QVERIFY(std::ranges::count_if(bands, [](const AlertBand& one) { return one.toMs == now; }) == 1);
  }

  // A clock of the server that goes ahead gives no band that ends before it begins.
  void aServersClockMayGoAhead() {
    const QList<AlertBand> bands = bandsUntil({}, {rule(+10)}, now);
    QCOMPARE(bands.size(), 1);
    QVERIFY(bands[0].fromMs <= bands[0].toMs);
  }
};

QTEST_GUILESS_MAIN(TestFiringNow)
#include "tst_firing_now.moc"
