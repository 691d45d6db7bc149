// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/hold_back.h"
#include "core/keys/pace.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::keys;
using namespace std::chrono_literals;

/// How a run keeps others from waiting; the probe's figures are given.
class TestKeysPace : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void halvesAndGrows() {
    double recent = 0;
    Pace pace(500, 5, 0, [&] { return recent; });
    QCOMPARE(pace.page(), 100);  // begins small
    pace.after(100, {});
    QCOMPARE(pace.page(), 125);
    for (int i = 0; i < 40; ++i) pace.after(100, {});
    QCOMPARE(pace.page(), 500);  // never above what was asked for
    recent = 6;
    pace.after(500, {});
    QCOMPARE(pace.page(), 250);
    recent = 4;  // three quarters of the budget are the line
    pace.after(250, {});
    QCOMPARE(pace.page(), 125);
    for (int i = 0; i < 20; ++i) pace.after(100, {});
    QCOMPARE(pace.page(), 10);  // and never nothing
    recent = 1;
    pace.after(10, {});
    QCOMPARE(pace.page(), 35);
  }

  // A server whose wait grows with the page: it settles inside the budget.
  void settlesInsideTheBudget() {
    double recent = 0;
    Pace pace(10000, 2, 0, [&] { return recent; });
    int over = 0;
    for (int i = 0; i < 300; ++i) {
      recent = 0.008 * pace.page();  // 8 µs a key
      over += i >= 50 && recent > 2;
      pace.after(pace.page(), {});
    }
    QCOMPARE(over, 0);
    QVERIFY(pace.page() >= 60);
  }

  void withoutABudgetPagesAreWhole() {
    Pace pace(500, 0, 0, [] { return 1e6; });
    pace.after(500, {});
    QCOMPARE(pace.page(), 500);
  }

  void rateIsKept() {
    Pace pace(500, 0, 2000, [] { return 0.0; });
    const auto begin = std::chrono::steady_clock::now();
    for (int keys = 0; keys < 1000; keys += 100) pace.after(100, {});
    QVERIFY(std::chrono::steady_clock::now() - begin > 300ms);  // half a second, less what was saved up
    QVERIFY(pace.page() <= 200);
  }

  // A replica says once a second what it has: what was written since is no lag.
  void lagIsWhatAReplicaShouldHave() {
    LagWatch watch;
    const auto info = [](qint64 offset, qint64 acknowledged, int silent) {
      return QStringLiteral("role:master\r\nconnected_slaves:1\r\nslave0:ip=10.0.0.6,port=6379,state=online,offset=%1,lag=%2\r\nmaster_repl_offset:%3\r\n").arg(acknowledged).arg(silent).arg(offset).toLatin1();
    };
    const LagWatch::Time begin{};
    const LagWatch::Bounds bounds{1000, 10s};
    QVERIFY(!watch.look(QStringLiteral("p"), info(0, 0, 0), begin, bounds));
    QVERIFY(!watch.look(QStringLiteral("p"), info(50'000, 0, 0), begin + 500ms, bounds));
    QVERIFY(!watch.look(QStringLiteral("p"), info(90'000, 0, 1), begin + 1000ms, bounds));
    QVERIFY(!watch.look(QStringLiteral("p"), info(120'000, 100'000, 0), begin + 1300ms, bounds));
    const auto behind = watch.look(QStringLiteral("p"), info(130'000, 40'000, 0), begin + 1800ms, bounds);
    QVERIFY(behind && behind->contains(QLatin1String("10.0.0.6:6379")));
    QVERIFY(watch.look(QStringLiteral("p"), info(130'000, 130'000, 11), begin + 1900ms, bounds));
    QVERIFY(!watch.look(QStringLiteral("p"), "role:master\r\nconnected_slaves:0\r\nmaster_repl_offset:200000\r\n", begin + 5s, bounds));
  }

  void hitRatioThatFalls() {
    HitRatioWatch watch(10);
    HitRatioWatch::Time at{};
    QVERIFY(!watch.look(1000, 100, at));
    QVERIFY(!watch.look(1950, 150, at += 1s));  // 95 %
    QCOMPARE(watch.before(), 95.0);
    QVERIFY(!watch.look(2850, 250, at += 1s));  // 90 %
    QVERIFY(!watch.look(2851, 251, at += 20s));  // too little to say anything
    const auto fell = watch.look(3351, 751, at += 5s);  // 50 %
    QVERIFY(fell && fell->contains(QLatin1String("95.0")));
    for (int i = 1; i < 20; ++i) watch.look(3351 + 1000 * i, 751, at += 1s);
    QVERIFY(!watch.look(23351, 751, at += 1s));  // back
    QVERIFY(!watch.look(5, 5, at += 1s));        // restarted
  }
};

QTEST_GUILESS_MAIN(TestKeysPace)
#include "tst_keys_pace.moc"
