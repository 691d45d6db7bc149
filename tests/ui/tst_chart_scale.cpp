// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/scale.h"
#include "ui/charts/timeview.h"

#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;

namespace {

QString labels(const std::vector<Tick>& ticks) {
  QStringList out;
  for (const Tick& tick : ticks) out << tick.label;
  return out.join(QLatin1Char(' '));
}

QString fitted(Unit unit, double high, int wanted = 5, double low = NAN) {
  ValueScale scale(unit);
  scale.fit(low, high, wanted);
  return labels(scale.ticks());
}

}  // namespace

class TestChartScale : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void stepsAreRound() {
    QCOMPARE(fitted(Unit::PerSecond, 52'000), QStringLiteral("0 20 40 60"));
    QCOMPARE(fitted(Unit::Count, 7), QStringLiteral("0 2 4 6 8"));
    QCOMPARE(fitted(Unit::Seconds, 0.0031), QStringLiteral("0 1 2 3 4"));
    QCOMPARE(fitted(Unit::Bytes, 6.9 * 1024 * 1024 * 1024), QStringLiteral("0 2 4 6 8"));
    QCOMPARE(fitted(Unit::Bytes, 900.0 * 1024 * 1024), QStringLiteral("0 200 400 600 800 1000"));
  }

  void countsHaveNoHalves() { QCOMPARE(fitted(Unit::Count, 1), QStringLiteral("0 1 2")); }

  void nothingMeasuredStillHasAnAxis() {
    QVERIFY(!fitted(Unit::PerSecond, NAN).isEmpty());
    QVERIFY(!fitted(Unit::Bytes, 0).isEmpty());
    QVERIFY(!fitted(Unit::Seconds, NAN).isEmpty());
    QVERIFY(!fitted(Unit::PerSecond, INFINITY).isEmpty());
  }

  void percentStaysWithinAHundred() {
    QCOMPARE(fitted(Unit::Percent, 96, 3, 91), QStringLiteral("80 90 100"));
    QCOMPARE(fitted(Unit::Percent, 96, 5, 3), QStringLiteral("0 20 40 60 80 100"));
  }

  void growsAtOnceAndShrinksLate() {
    ValueScale scale(Unit::PerSecond);
    scale.fit(NAN, 45, 5);
    QCOMPARE(scale.high(), 50.0);
    scale.fit(NAN, 55, 5);
    QCOMPARE(scale.high(), 60.0);
    scale.fit(NAN, 46, 5);  // 50 would do, but the next sample may be higher again
    QCOMPARE(scale.high(), 60.0);
    scale.fit(NAN, 20, 5);
    QVERIFY(scale.high() < 40);
  }

  void hugeAndTinyValuesTerminate() {
    for (const double value : {1e-12, 1e-6, 1e6, 1e15, 1e300}) {
      ValueScale scale(Unit::PerSecond);
      scale.fit(0, value, 5);
      QVERIFY(scale.ticks().size() >= 2 && scale.ticks().size() < 41);
    }
  }

  void followingAxisIsRelative() {
    const qint64 now = 1'750'000'000'000;
    QCOMPARE(labels(timeTicks({now - 900'000, now}, true, 260)), QStringLiteral("−12m −9m −6m −3m now"));
    QCOMPARE(labels(timeTicks({now - 30'000, now}, true, 260)), QStringLiteral("−20s −10s now"));
    QCOMPARE(labels(timeTicks({now - 86'400'000, now}, true, 300)), QStringLiteral("−18h −12h −6h now"));
    QCOMPARE(timeTicks({now - 900'000, now}, true, 260).back().at, 1.0);
  }

  void followingAxisNeverMoves() {
    const auto first = timeTicks({0, 900'000}, true, 260), later = timeTicks({1'000, 901'000}, true, 260);
    QVERIFY(first == later);
  }

  void fixedAxisShowsClockTimes() {
    const qint64 start = QDateTime(QDate(2026, 3, 4), QTime(10, 0, 20)).toMSecsSinceEpoch();
    QCOMPARE(labels(timeTicks({start, start + 240'000}, false, 400)), QStringLiteral("10:01 10:02 10:03 10:04"));
    QCOMPARE(labels(timeTicks({start, start + 20'000}, false, 400)), QStringLiteral("10:00:25 10:00:30 10:00:35"));  // the one at the edge would be cut off
  }

  void automaticRangeGrowsWithWhatIsKnown() {
    TimeView view;
    const qint64 start = 1'750'000'000'000;
    QList<int> seen;
    for (int second = 1; second < 3600; ++second) {
      view.advance(start + second * 1000, start, start + second * 1000);
      const int range = static_cast<int>(view.span().seconds());
      if (seen.isEmpty() || seen.last() != range) seen << range;
      QVERIFY(second < 10 || range <= second + 1);  // always full width
    }
    QCOMPARE(seen, QList<int>({10, 20, 30, 60, 120, 300, 600, 900}));
  }

  void chosenRangeIsKept() {
    TimeView view;
    QSignalSpy changed(&view, &TimeView::changed);
    view.setRange(3600);
    view.advance(10'000'000, 9'990'000, 9'999'500);
    QCOMPARE(view.span(), (TimeSpan{9'999'500 - 3'600'000, 9'999'500}));
    QCOMPARE(changed.size(), 1);
    view.setRange(3600);
    QCOMPARE(changed.size(), 1);
  }

  void axisEndsAtNowWhenNothingComes() {
    TimeView view;
    view.setRange(300);
    view.advance(10'000'000, 1, 9'990'000);
    QCOMPARE(view.span().toMs, 10'000'000);
  }

  void pauseHoldsTheSpan() {
    TimeView view;
    view.setRange(300);
    view.advance(1'000'000, 1, 1'000'000);
    view.setPaused(true);
    view.advance(1'060'000, 1, 1'060'000);
    QCOMPARE(view.span().toMs, 1'000'000);
    QVERIFY(!view.isFollowing());
    view.setRange(900);  // the range may still be widened to look back
    view.advance(1'061'000, 1, 1'061'000);
    QCOMPARE(view.span(), (TimeSpan{100'000, 1'000'000}));
    view.setPaused(false);
    view.advance(1'070'000, 1, 1'070'000);
    QCOMPARE(view.span().toMs, 1'070'000);
  }

  void zoomIsFixedUntilReset() {
    TimeView view;
    view.setRange(300);
    view.advance(1'000'000, 1, 1'000'000);
    view.zoom(900'000, 850'000);  // dragged from right to left
    QCOMPARE(view.span(), (TimeSpan{850'000, 900'000}));
    view.advance(1'010'000, 1, 1'010'000);
    QCOMPARE(view.span(), (TimeSpan{850'000, 900'000}));
    view.zoom(870'000, 870'500);  // too short to mean anything
    QCOMPARE(view.span(), (TimeSpan{850'000, 900'000}));
    view.resetZoom();
    QCOMPARE(view.span().toMs, 1'010'000);
    QVERIFY(view.isFollowing());
  }
};

QTEST_GUILESS_MAIN(TestChartScale)
#include "tst_chart_scale.moc"
