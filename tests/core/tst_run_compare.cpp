// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict between runs: what is noise stays noise, and a real change is found.
#include "core/runs/bootstrap.h"
#include "core/runs/compare.h"
#include "tests/core/tst_run_support.h"

#include <QJsonArray>

#include <array>
#include <limits>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

namespace {

const Change& changeOf(const Comparison& comparison, const char* id, qsizetype run = 1) {
  for (const ComparedMetric& metric : comparison.metrics)
    if (metric.id == QLatin1String(id)) return metric.runs[run];
  static const Change none;
  return none;
}

Comparison compared(const Service& before, const Service& after, unsigned seed) {
  const std::array records{recordOf(before, 2 * seed), recordOf(after, 2 * seed + 1)};
  return compare(records);
}

/// How often each latency, and the run as a whole, was called within noise in 100 comparisons of the same service.
std::map<std::string, int> quietOf(const Service& service) {
  std::map<std::string, int> quiet;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const Comparison comparison = compared(service, service, seed);
    for (const char* id : {"mean", "p50", "p95", "p99", "error_rate", "hit_ratio", "rps"}) quiet[id] += changeOf(comparison, id).verdict == Verdict::WithinNoise ? 1 : 0;
  }
  return quiet;
}

}  // namespace

class TestRunCompare : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void theSameServiceIsWithinNoise_data() {
    QTest::addColumn<double>("drift");
    QTest::addColumn<bool>("ramp");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<int>("fewest");
    QTest::newRow("independent requests") << 0.0 << false << 30 << 93;
    QTest::newRow("a ramp") << 0.0 << true << 30 << 93;
    QTest::newRow("a short run") << 0.0 << false << 6 << 93;
    QTest::newRow("seconds that resemble each other") << 0.1 << false << 300 << 90;  // 95 in the long run; of medians less than 50 where requests alone are resampled
  }
  void theSameServiceIsWithinNoise() {
    QFETCH(double, drift);
    QFETCH(bool, ramp);
    QFETCH(int, seconds);
    QFETCH(int, fewest);
    for (const auto& [id, times] : quietOf({.perSecond = seconds > 100 ? 40 : 100, .seconds = seconds, .errorRatio = 0.02, .drift = drift, .ramp = ramp}))
      QVERIFY2(times >= fewest, qPrintable(QStringLiteral("%1: %2 of 100").arg(QString::fromStdString(id)).arg(times)));
  }

  void tenPercentAreFound_data() {
    QTest::addColumn<bool>("ramp");
    QTest::newRow("steady") << false;
    QTest::newRow("on a ramp, which both have") << true;
  }
  void tenPercentAreFound() {
    QFETCH(bool, ramp);
    int found = 0, back = 0;
    for (unsigned seed = 0; seed < 20; ++seed) {
      const Service usual{.perSecond = 300, .seconds = 60, .ramp = ramp}, slow{.medianMs = 22, .perSecond = 300, .seconds = 60, .ramp = ramp};
      const Comparison slower = compared(usual, slow, seed), faster = compared(slow, usual, seed);
      for (const char* id : {"mean", "p50", "p95", "p99"}) {
        const Change& change = changeOf(slower, id);
        found += change.verdict == Verdict::Slower && change.better == -1 ? 1 : 0;
        back += changeOf(faster, id).verdict == Verdict::Faster ? 1 : 0;
      }
      QCOMPARE(slower.runs[1].verdict, Verdict::Slower);
      QCOMPARE(faster.runs[1].verdict, Verdict::Faster);
      QVERIFY(std::abs(changeOf(slower, "p50").percent - 10) < 5);
    }
    QVERIFY2(found >= 78 && back >= 78, qPrintable(QStringLiteral("%1 and %2 of 80").arg(found).arg(back)));
  }

  void intervalsHoldTheTruth() {
    int held = 0;
    for (unsigned seed = 0; seed < 100; ++seed) {
      const Change change = changeOf(compared({.perSecond = 100}, {.medianMs = 22, .perSecond = 100}, seed), "p50");
      held += change.low <= 0.002 && 0.002 <= change.high ? 1 : 0;  // the median went from 20 to 22 ms
      QVERIFY(change.low <= change.difference && change.difference <= change.high);
    }
    QVERIFY2(held >= 90, qPrintable(QString::number(held)));
  }

  // A hundred thousand requests of a service whose level wanders: the plain bootstrap called nearly every pair of runs different.
  void secondsThatWanderWidenTheInterval() {
    const Service steady{.perSecond = 200, .seconds = 60}, wandering{.perSecond = 200, .seconds = 60, .drift = 0.15};
    const Change narrow = changeOf(compared(steady, steady, 3), "p95"), wide = changeOf(compared(wandering, wandering, 3), "p95");
    QVERIFY(wide.high - wide.low > 3 * (narrow.high - narrow.low));
  }

  void tinySamplesTellNothing() {
    for (unsigned seed = 0; seed < 20; ++seed) {
      const Comparison few = compared({.perSecond = 3, .seconds = 5}, {.medianMs = 60, .perSecond = 3, .seconds = 5}, seed);
      for (const char* id : {"mean", "p50", "p95", "p99", "error_rate"}) {
        QCOMPARE(changeOf(few, id).verdict, Verdict::WithinNoise);
        QCOMPARE(changeOf(few, id).reason, QStringLiteral("too few samples"));
      }
      QCOMPARE(changeOf(compared({.seconds = 3}, {.medianMs = 60, .seconds = 3}, seed), "p50").reason, QStringLiteral("too short a run"));
      const Change p99 = changeOf(compared({.perSecond = 20}, {.medianMs = 60, .perSecond = 20}, seed), "p99");  // six values beyond it
      QCOMPARE(p99.verdict, Verdict::WithinNoise);
      QVERIFY(std::isnan(p99.low));
    }
  }

  void ratesAreJudgedToo() {
    const Comparison comparison = compared({.perSecond = 200, .hitRatio = 0.5}, {.perSecond = 300, .hitRatio = 0.8, .errorRatio = 0.05}, 1);
    QCOMPARE(changeOf(comparison, "rps").verdict, Verdict::Higher);
    QCOMPARE(changeOf(comparison, "rps").better, 1);
    QCOMPARE(changeOf(comparison, "hit_ratio").verdict, Verdict::Higher);
    QCOMPARE(changeOf(comparison, "hit_ratio").better, 1);
    QVERIFY(std::abs(changeOf(comparison, "hit_ratio").difference - 30) < 3);  // points
    QCOMPARE(changeOf(comparison, "error_rate").verdict, Verdict::Higher);
    QCOMPARE(changeOf(comparison, "error_rate").better, -1);
    QVERIFY(comparison.notes.last().contains(QLatin1String("has more errors")));
    QCOMPARE(changeOf(comparison, "max").verdict, Verdict::NotJudged);
    QCOMPARE(changeOf(comparison, "max").reason, QStringLiteral("one request decides it"));
  }

  void aRunAgainstItself() {
    const std::array same{recordOf({}, 1), recordOf({}, 1), recordOf({}, 1)};
    const Comparison comparison = compare(same);
    QCOMPARE(comparison.runs.size(), 3);
    for (const ComparedMetric& metric : comparison.metrics)
      for (qsizetype run = 1; run < 3; ++run) QCOMPARE(metric.runs[run].difference, 0.0);
    QCOMPARE(comparison.runs[2].verdict, Verdict::WithinNoise);
    QCOMPARE(toJson(compare(same)), toJson(comparison));  // the same seed each time
  }

  void nothingLookedUpIsNotJudged() {
    RunRecord none = recordOf({}, 1);
    none.figures.all.hits = none.figures.all.misses = 0;
    for (auto& second : none.figures.seconds) second.hits = second.misses = 0;
    const std::array records{none, recordOf({}, 2)};
    QCOMPARE(changeOf(compare(records), "hit_ratio").verdict, Verdict::NotJudged);
    RunRecord empty;
    empty.id = newRunId(1);
    const std::array hollow{empty, empty};
    QCOMPARE(compare(hollow).runs[1].verdict, Verdict::NotJudged);
    const std::array half{empty, recordOf({}, 1)};
    QCOMPARE(compare(half).runs[1].verdict, Verdict::NotJudged);
    QVERIFY(compare({}).runs.isEmpty());
  }

  void whatIsUnfairIsSaid() {
    std::array records{recordOf({}, 1), recordOf({.medianMs = 40}, 2)};
    records[1].figures.limited = "the generator used 99 % of its processor";
    records[1].url = QStringLiteral("http://other:1");
    records[0].partial = true;
    records[1].definition = {{QStringLiteral("name"), QStringLiteral("x")}};
    const Comparison comparison = compare(records);
    QCOMPARE(comparison.runs[1].verdict, Verdict::NotJudged);
    // The run as a whole was not judged, and yet its figures were called slower one by one.
    for (const ComparedMetric& metric : comparison.metrics) {
      QVERIFY2(metric.runs[1].verdict == Verdict::NotJudged && metric.runs[1].better == 0 && std::isnan(metric.runs[1].low), qPrintable(metric.id));
      QCOMPARE(metric.runs[1].reason, QStringLiteral("a run is not valid"));
    }
    QVERIFY(changeOf(comparison, "p95").difference > 0);  // how much it is remains known
    const QString notes = comparison.notes.join(QLatin1Char('\n'));
    for (const char* said : {"is not valid: the generator used 99 %", "have different targets: http://127.0.0.1:8080, http://other:1", "did not come to its end", "was changed between runs"})
      QVERIFY2(notes.contains(QLatin1String(said)), qPrintable(notes));
  }

  void refusalsAreNotFaster() {
    std::array records{recordOf({}, 1), recordOf({.medianMs = 0.1, .errorRatio = 1}, 2)};
    records[1].figures.end = load::RunFigures::End::Failed;
    records[1].figures.problem = "Not one of 6000 requests was answered";
    const Comparison comparison = compare(records);
    QCOMPARE(comparison.runs[1].verdict, Verdict::NotJudged);
    QVERIFY(comparison.notes.join(QLatin1Char('\n')).contains(QStringLiteral("Run %1 did not run: The run failed: Not one of 6000").arg(records[1].id)));
  }

  void stepsOfBoth() {
    std::array records{recordOf({}, 1), recordOf({.medianMs = 40}, 2)};
    for (RunRecord& record : records)
      for (const char* name : {"list", "search"}) {
        record.figures.steps.push_back(record.figures.all);
        record.figures.steps.back().name = name;
      }
    records[1].figures.steps.back().name = "other";
    QCOMPARE(compare(records).metrics.size(), 8);  // one step that both have is no more than all requests
    records[1].figures.steps.back().name = "search";
    QCOMPARE(changeOf(compare(records), "step:search p95").verdict, Verdict::Slower);
  }

  void resamplesAreAboutTheFigure_data() {
    QTest::addColumn<int>("samples");
    for (const int samples : {2, 3, 30, 1000, 100'000}) QTest::addRow("%d", samples) << samples;
  }
  void resamplesAreAboutTheFigure() {
    QFETCH(int, samples);
    Random random(7);
    std::lognormal_distribution<double> latency(10, 1);
    load::Histogram histogram;
    for (int i = 0; i < samples; ++i) histogram.add(static_cast<std::int64_t>(latency(random)));
    const std::vector<double> means = resampledMeans(histogram, random);
    QVERIFY(std::abs(quantileOf(means, 0.5) / histogram.meanNs() - 1) < 0.5);
    for (const double percent : {0.0, 50.0, 95.0, 99.9, 100.0}) {
      const std::vector<double> quantiles = resampledQuantiles(histogram, percent, random);
      QCOMPARE(quantiles.size(), resamples);
      const auto [low, high] = std::ranges::minmax(quantiles);
      QVERIFY(low >= static_cast<double>(histogram.minNs()) && high <= static_cast<double>(histogram.maxNs()));
      if (samples >= 30) QVERIFY(low <= histogram.percentileNs(percent) * 1.001 && high >= histogram.percentileNs(percent) * 0.999);
    }
  }

  void resampledMeansSpreadAsTheStandardError() {
    Random random(5);
    std::normal_distribution<double> latency(1e6, 2e5);
    load::Histogram histogram;
    for (int i = 0; i < 10'000; ++i) histogram.add(static_cast<std::int64_t>(latency(random)));
    QVERIFY(std::abs(spreadOf(resampledMeans(histogram, random)) / 2e3 - 1) < 0.15);
    QVERIFY(std::abs(quantileOf(resampledMeans(histogram, random), 0.5) / 1e6 - 1) < 0.01);
    // The standard error of a median of normal values is 1.2533 times that of the mean.
    QVERIFY(std::abs(spreadOf(resampledQuantiles(histogram, 50, random)) / 2.5066e3 - 1) < 0.2);
  }

  void sharesThatNeverHappenedAreNotImpossible() {
    Random random(5);
    const std::vector<double> shares = resampledShares(0, 100, random);
    QVERIFY(quantileOf(shares, 0.975) > 0.01 && quantileOf(shares, 0.975) < 0.05);
    for (const double share : resampledShares(200, 100, random)) QVERIFY(share >= 0 && share <= 1);
  }

  void runsOfOtherRowsAreNotPaired() {
    Random random(1);
    RunRecord a = recordOf({}, 1), b = recordOf({}, 2);
    QVERIFY(BlockDraws(a.figures.seconds, b.figures.seconds, true, random).paired());
    QVERIFY(!BlockDraws(a.figures.seconds, b.figures.seconds, false, random).paired());
    for (auto& second : b.figures.seconds) second.fromMs *= 2, second.widthMs *= 2;  // a longer run, two seconds a row
    const BlockDraws draws(a.figures.seconds, b.figures.seconds, true, random);
    QVERIFY(draws.enough() && !draws.paired());
  }

  void texts() {
    std::array records{recordOf({}, 1), recordOf({.medianMs = 40, .hitRatio = 0.2}, 2)};
    records[1].note = QStringLiteral("<b>a|b</b>\x1b[31m\r\nsecond line");
    const Comparison comparison = compare(records);
    const QString text = comparisonText(comparison), markdown = comparisonMarkdown(comparison);
    QVERIFY(text.contains(QLatin1String("slower")) && text.contains(QLatin1String("points")) && text.contains(QStringLiteral(" … ")));
    QVERIFY(!text.contains(QChar(0x1b)) && !markdown.contains(QLatin1String("<b>")));
    QVERIFY(markdown.contains(QLatin1String("\\<b\\>a\\|b")));
    QVERIFY(text.contains(QLatin1String("[31m second line\n")) && markdown.contains(QLatin1String("[31m second line\n")));  // a run has one line
    const QJsonObject json = toJson(comparison);
    QCOMPARE(json[QLatin1String("runs")][1][QLatin1String("verdict")].toString(), QStringLiteral("slower"));
    const QJsonValue p50 = json[QLatin1String("metrics")][1][QLatin1String("runs")][1];
    QVERIFY(p50[QLatin1String("value")].toDouble() > 30 && p50[QLatin1String("value")].toDouble() < 50);  // ms
    QCOMPARE(p50[QLatin1String("interval")].toArray().size(), 2);
  }
};

QTEST_GUILESS_MAIN(TestRunCompare)
#include "tst_run_compare.moc"
