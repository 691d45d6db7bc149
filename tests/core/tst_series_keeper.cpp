// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/scorecard.h"
#include "core/runs/series_keeper.h"
#include "tests/core/tst_run_support.h"

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

namespace {

constexpr qint64 startMs = 1'800'000'000'000, secondMs = 1000, secondsOfADay = 24 * 3600;
constexpr QLatin1String cpu("app.cpu");

/// A service that is busy in the first half of a day and idle in the second.
SeriesKeeper aDay() {
  SeriesKeeper keeper;
  for (qint64 i = 0; i < secondsOfADay; ++i) keeper.add(cpu, Unit::Percent, startMs + i * secondMs, i < secondsOfADay / 2 ? 90 : 10);
  return keeper;
}

}  // namespace

class TestSeriesKeeper : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aShortRunKeepsEverySample() {
    SeriesKeeper keeper;
    for (qint64 i = 0; i < 600; ++i) {
      keeper.add(cpu, Unit::Percent, startMs + i * secondMs, static_cast<double>(i));
      if (i % 2 == 0) keeper.add(QLatin1String("redis.ops"), Unit::PerSecond, startMs + i * secondMs, 1);
    }
    QCOMPARE(keeper.series().size(), 2);
    QCOMPARE(keeper.series()[0].points.size(), 600);
    QCOMPARE(keeper.series()[0].points.last().value, 599.0);
    QCOMPARE(keeper.series()[1].metric, QStringLiteral("redis.ops"));
    QCOMPARE(keeper.series()[1].points.size(), 300);
  }

  // All points were halved whenever there were 7,200, and new ones came at full pace: of a day the last hours were left.
  void aLongRunKeepsItsBeginning() {
    const QList<ServerSeries::Point> points = aDay().series().first().points;
    QVERIFY(points.size() < SeriesKeeper::mostPoints);
    QVERIFY(points.size() > SeriesKeeper::mostPoints / 2);
    QCOMPARE(points.first().ms, startMs);
    const qint64 step = points[1].ms - points[0].ms;
    QCOMPARE(step, 16 * secondMs);
    for (qsizetype i = 1; i < points.size(); ++i) QCOMPARE(points[i].ms - points[i - 1].ms, step);
    QVERIFY(startMs + secondsOfADay * secondMs - points.last().ms <= step);
  }

  void theScorecardIsOfTheWholeDay() {
    RunRecord record = recordOf({.perSecond = 50, .seconds = 4}, 1, startMs);
    record.figures.elapsedMs = secondsOfADay * secondMs;
    record.series = aDay().series();
    const Scorecard card = scorecard(record);
    const auto line = std::find_if(card.lines.begin(), card.lines.end(), [](const ScoreLine& one) { return QLatin1String(one.row->id) == QLatin1String("server_cpu"); });
    QVERIFY(line != card.lines.end());
    QVERIFY2(std::abs(line->value - 50) < 1, qPrintable(QString::number(line->value)));
  }
};

QTEST_GUILESS_MAIN(TestSeriesKeeper)
#include "tst_series_keeper.moc"
