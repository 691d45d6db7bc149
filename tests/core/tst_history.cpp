// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/history.h"
#include "core/metrics/ring.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace cachedeck;

namespace {

const QLatin1String group("redis");
const QLatin1String ops("redis.ops");
const QLatin1String keys("redis.keys");
constexpr qint64 t0 = 1'700'000'000'000;

void fill(History& history, int seconds, auto value) {
  for (int i = 0; i < seconds; ++i) history.append(group, t0 + i * 1000, {{ops, value(i)}});
}

}  // namespace

class TestHistory : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void anEmptyHistoryKnowsNothing() {
    History history;
    QVERIFY(history.window(ops, 0, t0, 100).empty());
    QVERIFY(std::isnan(history.last(ops)));
    QVERIFY(std::isnan(history.at(ops, t0)));
    QCOMPARE(history.summary(ops, 0, t0).count, 0);
    QCOMPARE(history.firstMs(), 0);
  }

  void keepsEverySampleWhereThereIsRoom() {
    History history;
    fill(history, 10, [](int i) { return i * 1.0; });
    const auto buckets = history.window(ops, t0, t0 + 9000, 100);
    QCOMPARE(buckets.size(), 10u);
    for (size_t i = 0; i < buckets.size(); ++i) {
      QCOMPARE(buckets[i].fromMs, t0 + static_cast<qint64>(i) * 1000);
      QCOMPARE(buckets[i].min, static_cast<float>(i));
    }
    QCOMPARE(history.last(ops), 9.0);
    QCOMPARE(history.at(ops, t0 + 4500), 4.0);
    QCOMPARE(history.firstMs(ops), t0);
  }

  void agreesWithCountingByHand_data() {
    QTest::addColumn<int>("seconds");
    for (const int seconds : {1, 7, 8, 9, 63, 64, 65, 511, 3600, 4096, 4097, 9000})
      QTest::addRow("%d", seconds) << seconds;
  }
  void agreesWithCountingByHand() {
    QFETCH(int, seconds);
    QRandomGenerator random(7);
    History history;
    std::vector<double> values;
    for (int i = 0; i < seconds; ++i) {
      values.push_back(static_cast<float>(random.bounded(1000.0)));
      history.append(group, t0 + i * 1000, {{ops, values.back()}});
    }
    const int oldest = std::max(0, seconds - 4096);
    for (int round = 0; round < 50; ++round) {
      const int a = static_cast<int>(random.bounded(oldest, seconds));
      const int b = static_cast<int>(random.bounded(a, seconds));
      const Summary summary = history.summary(ops, t0 + a * 1000, t0 + b * 1000);
      QCOMPARE(summary.count, b - a + 1);
      QCOMPARE(summary.min, *std::min_element(values.begin() + a, values.begin() + b + 1));
      QCOMPARE(summary.max, *std::max_element(values.begin() + a, values.begin() + b + 1));
      double sum = 0;
      for (int i = a; i <= b; ++i) sum += values[static_cast<size_t>(i)];
      QVERIFY(std::abs(summary.mean - sum / (b - a + 1)) < 0.01);
    }
  }

  void noSpikeIsLostHoweverNarrowTheWindow() {
    History history;
    const QSet<int> spikes{3, 700, 701, 1999, 2500, 3100, 3599};
    fill(history, 3600, [&](int i) { return spikes.contains(i) ? 1000.0 : 1.0; });
    for (const int buckets : {5, 50, 333, 1000}) {
      const auto window = history.window(ops, t0, t0 + 3'600'000, buckets);
      QVERIFY(window.size() <= static_cast<size_t>(2 * buckets + 2));
      for (const int spike : spikes) {
        const qint64 ms = t0 + spike * 1000;
        const bool kept = std::any_of(window.begin(), window.end(), [&](const Bucket& bucket) {
          return bucket.fromMs <= ms && ms <= bucket.toMs && bucket.max == 1000.0F;
        });
        QVERIFY2(kept, qPrintable(QStringLiteral("spike %1 in %2 buckets").arg(spike).arg(buckets)));
      }
    }
  }

  void bucketsDoNotShimmerWhileTheWindowMoves() {
    History history;
    fill(history, 1000, [](int i) { return std::sin(i); });
    const auto before = history.window(ops, t0 + 100'000, t0 + 900'000, 100);
    const auto after = history.window(ops, t0 + 101'000, t0 + 901'000, 100);
    int same = 0;
    for (const Bucket& a : before)
      for (const Bucket& b : after) same += a.fromMs == b.fromMs && a.toMs == b.toMs && a.max == b.max;
    QVERIFY(same >= static_cast<int>(before.size()) - 3);
  }

  void aMissedSampleIsAGap() {
    History history;
    fill(history, 5, [](int) { return 1.0; });
    history.append(group, t0 + 20'000, {{ops, 2.0}});
    const auto buckets = history.window(ops, t0, t0 + 21'000, 100);
    QCOMPARE(buckets.size(), 7u);
    QVERIFY(buckets[5].isGap());
    QVERIFY(std::isnan(history.at(ops, t0 + 10'000)));
    QCOMPARE(history.summary(ops, t0, t0 + 30'000).count, 6);
  }

  void aRestartIsAGap() {
    History history;
    fill(history, 3, [](int) { return 1.0; });
    history.append(group, t0 + 3000, {{ops, NAN}}, true);
    history.append(group, t0 + 4000, {{ops, 1.0}});
    const auto buckets = history.window(ops, t0, t0 + 5000, 100);
    QCOMPARE(std::count_if(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }), 1);
  }

  // Over a quarter of an hour several samples share a pixel, and a restart of the server vanished between its neighbours.
  void aShortGapIsSeenInALongRange() {
    History history;
    fill(history, 450, [](int) { return 1.0; });
    history.append(group, t0 + 450'000, {{ops, 1.0}}, true);
    for (int i = 451; i < 900; ++i) history.append(group, t0 + i * 1000, {{ops, 1.0}});
    const auto buckets = history.window(ops, t0, t0 + 900'000, 100);
    QVERIFY(buckets.size() < 150);
    QCOMPARE(std::count_if(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }), 1);
    QVERIFY(std::is_sorted(buckets.begin(), buckets.end(), [](const Bucket& a, const Bucket& b) { return a.fromMs < b.fromMs; }));
  }

  void aClockThatIsSlewedBackWaits() {
    History history;
    fill(history, 3, [](int) { return 1.0; });
    history.append(group, t0 + 1500, {{ops, 9.0}});
    QCOMPARE(history.last(ops), 1.0);
    history.append(group, t0 + 3000, {{ops, 2.0}});
    QCOMPARE(history.last(ops), 2.0);
  }

  // After the clock was set back an hour, tiles and charts stood still for an hour under a chip that said Live.
  void aClockThatIsSetBackStartsAnew() {
    History history;
    fill(history, 100, [](int) { return 1.0; });
    history.append(group, t0 - 3'600'000, {{ops, 9.0}});
    QCOMPARE(history.last(ops), 9.0);
    QCOMPARE(history.firstMs(ops), t0 - 3'600'000);
    history.append(group, t0 - 3'599'000, {{ops, 8.0}});
    QCOMPARE(history.last(ops), 8.0);
  }

  // A day of 17-second steps before an hour of one-second samples: the mean leant to the hour, and the day was dotted.
  void thePastWeighsByItsTime() {
    History history;
    fill(history, 1, [](int) { return 50.0; });
    std::vector<std::pair<qint64, History::Values>> rows;
    for (qint64 ms = t0 - 86'000'000; ms < t0; ms += 17'280) rows.push_back({ms, {{ops, 95.0}}});
    history.backfill(group, rows, 42'000);
    const Summary justOpened = history.summary(ops, t0 - 3'600'000, t0);
    QCOMPARE(justOpened.mean, 95.0);
    for (int i = 1; i <= 600; ++i) history.append(group, t0 + i * 1000, {{ops, 50.0}});
    const Summary mixed = history.summary(ops, t0 - 600'000, t0 + 600'000);
    QVERIFY2(std::abs(mixed.mean - 72.5) < 1.5, qPrintable(QString::number(mixed.mean)));
    for (int i = 601; i <= 4500; ++i) history.append(group, t0 + i * 1000, {{ops, 50.0}});
    const Summary day = history.summary(ops, t0 - 86'000'000, t0 + 4'500'000);
    QVERIFY2(std::abs(day.mean - 92.76) < 0.3, qPrintable(QString::number(day.mean)));
    const auto buckets = history.window(ops, t0 - 82'800'000, t0 - 79'200'000, 600);
    QVERIFY(std::none_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }));
  }

  void aMetricThatComesLaterStartsThere() {
    History history;
    fill(history, 100, [](int) { return 1.0; });
    history.append(group, t0 + 100'000, {{ops, 1.0}, {keys, 5.0}});
    QVERIFY(std::isnan(history.at(keys, t0 + 50'000)));
    QCOMPARE(history.last(keys), 5.0);
    QCOMPARE(history.summary(keys, t0, t0 + 200'000).count, 1);
  }

  void adayIsKeptInCoarseTiers() {
    History history;
    const int day = 24 * 3600;
    for (int i = 0; i < day; i += 2) history.append(group, t0 + i * 1000LL, {{ops, i == 40'000 ? 500.0 : 1.0}});
    const qint64 end = t0 + day * 1000LL;
    const auto buckets = history.window(ops, t0, end, 600);
    QVERIFY(buckets.size() > 300 && buckets.size() < 1300);
    QVERIFY(buckets.front().fromMs <= t0 + 60'000);
    QVERIFY(buckets.back().toMs >= end - 12'000);
    const bool spike = std::any_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.max == 500.0F; });
    QVERIFY(spike);
    const Summary summary = history.summary(ops, t0, end);
    QVERIFY(summary.count >= day / 60);
    QCOMPARE(summary.max, 500.0);
    QCOMPARE(history.at(ops, t0 + 3'600'000), 1.0);
  }

  void backfillGoesBeforeTheLiveRows() {
    History history;
    fill(history, 5, [](int i) { return 100.0 + i; });
    std::vector<std::pair<qint64, History::Values>> rows;
    for (int i = 40; i > 0; --i) rows.push_back({t0 - i * 15'000 + 7000, {{ops, 1.0}, {keys, 2.0}}});
    rows.push_back({t0 + 2000, {{ops, -1.0}}});  // overlaps what was measured live: ignored
    QSignalSpy appended(&history, &History::appended);
    history.backfill(group, rows, 40'000);
    QCOMPARE(appended.count(), 1);
    QCOMPARE(history.firstMs(ops), t0 - 40 * 15'000 + 7000);
    QCOMPARE(history.last(ops), 104.0);
    QCOMPARE(history.at(ops, t0 - 5000), 1.0);
    QCOMPARE(history.at(keys, t0 - 5000), 2.0);
    QVERIFY(std::isnan(history.at(keys, t0 + 3000)));
    const auto buckets = history.window(ops, t0 - 700'000, t0 + 5000, 1000);
    QCOMPARE(std::count_if(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }), 0);
    QVERIFY(std::none_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.min < 0; }));
    history.append(group, t0 + 5000, {{ops, 7.0}});
    QCOMPARE(history.last(ops), 7.0);
  }

  // A console that opened on a server with a past showed a hole of up to a scrape step and a second before "now",
  // because the first live sample has no rates and the step to it is longer than a live one.
  void theFirstSampleWithoutRatesTearsNoHole() {
    for (const int liveRows : {1, 2, 3}) {
      History history;
      for (int i = 0; i < liveRows; ++i) {
        History::Values values{{keys, 2.0}};
        if (i > 0) values.push_back({ops, 5.0});
        history.append(group, t0 + i * 1000, values);
      }
      std::vector<std::pair<qint64, History::Values>> rows;
      for (qint64 ms = t0 - 119'000; ms < t0; ms += 15'000) rows.push_back({ms, {{ops, 4.0}, {keys, 2.0}}});
      history.backfill(group, rows, 40'000);
      history.append(group, t0 + liveRows * 1000, {{ops, 5.0}, {keys, 2.0}});
      const auto buckets = history.window(ops, t0 - 200'000, t0 + 10'000, 1000);
      QVERIFY(std::none_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }));
      QCOMPARE(history.last(ops), 5.0);
      history.append(group, t0 + liveRows * 1000 + 9000, {{ops, 5.0}});  // a live hole is still a hole
      QVERIFY(std::isnan(history.at(ops, t0 + liveRows * 1000 + 4000)));
    }
  }

  void backfillOfADayShowsInTheDay() {
    History history;
    history.append(group, t0, {{ops, 3.0}});
    std::vector<std::pair<qint64, History::Values>> rows;
    for (qint64 ms = t0 - 86'000'000; ms < t0; ms += 15'000) rows.push_back({ms, {{ops, 2.0}}});
    history.backfill(group, rows, 40'000);
    const auto buckets = history.window(ops, t0 - 86'400'000, t0, 500);
    QVERIFY(buckets.front().fromMs < t0 - 85'000'000);
    QVERIFY(std::none_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return b.isGap(); }));
  }

  void anotherHistoryShowsTheSame() {
    History history;
    for (int i = 0; i < 3000; ++i) {
      if (i > 1000 && i < 1100) continue;  // nobody measured
      History::Values values{{ops, i % 97}};
      if (i > 2000) values.push_back({keys, i});
      history.append(group, t0 + i * 1000, values, i == 2500);
    }
    const auto tables = history.tables(t0, t0 + 3'000'000);
    QCOMPARE(tables.size(), 1u);
    QCOMPARE(tables[0].columns.size(), 2u);
    History other;
    other.append(group, t0, {{ops, 1.0}});
    other.adopt(History::past(tables));
    for (const QLatin1String metric : {ops, keys})
      for (const int buckets : {50, 5000}) {
        const auto one = history.window(metric, t0, t0 + 3'000'000, buckets), two = other.window(metric, t0, t0 + 3'000'000, buckets);
        QCOMPARE(two.size(), one.size());
        for (size_t i = 0; i < one.size(); ++i) {
          QCOMPARE(two[i].fromMs, one[i].fromMs);
          QVERIFY(two[i].isGap() ? one[i].isGap() : two[i].min == one[i].min && two[i].max == one[i].max);
        }
      }
    QCOMPARE(other.lastMs(ops), history.lastMs(ops));
    // A part of it, and what stands in a file that somebody wrote by hand.
    QCOMPARE(history.tables(t0 + 10'000, t0 + 19'000)[0].timesMs.size(), 10u);
    SeriesGroup odd{"redis", {t0, t0 - 5, t0 + 1000, t0 + 400'000'000'000}, {{"redis.ops", {1, 2, 3, 4}}, {"redis.ops", {9, 9, 9, 9}}, {"redis.keys", {1}}}};
    other.adopt(History::past({odd, odd, SeriesGroup{"empty", {}, {}}}));
    QCOMPARE(other.at(ops, t0 + 500), 1.0);
    QCOMPARE(other.last(ops), 4.0);
    QVERIFY(std::isnan(other.at(ops, t0 + 500'000)));
  }

  // A day at one a second is more than the console itself keeps as fine as that.
  void aDayKeepsEverySample() {
    SeriesGroup day{"redis", {}, {{"redis.ops", {}}}};
    for (int i = 0; i < 86400; ++i) {
      day.timesMs.push_back(t0 + i * 1000);
      day.columns[0].values.push_back(static_cast<float>(i));
    }
    History history;
    history.adopt(History::past({day}));
    QCOMPARE(history.at(ops, t0 + 5000), 5.0);
    QCOMPARE(history.firstMs(), t0);
    const auto tables = history.tables(t0, t0 + 86'400'000);
    QVERIFY(tables[0].timesMs == day.timesMs && tables[0].columns[0].values == day.columns[0].values);
  }

  void olderRowsComeAsMeans() {
    History history;
    for (int i = 0; i < 10'000; ++i) history.append(group, t0 + i * 1000, {{ops, 5.0}});
    const auto tables = history.tables(t0, t0 + 10'000'000);
    QVERIFY(std::is_sorted(tables[0].timesMs.begin(), tables[0].timesMs.end()));
    QVERIFY(tables[0].timesMs.front() < t0 + 10'000);
    QCOMPARE(tables[0].timesMs.back(), t0 + 9'999'000);
    QVERIFY(tables[0].timesMs.size() > 4096 + 500 && tables[0].timesMs.size() < 4096 + 700);
    for (const float value : tables[0].columns[0].values) QCOMPARE(value, 5.0f);
  }

  void infinitiesAndNothingDoNotBreakIt() {
    History history;
    history.append(group, t0, {{ops, NAN}});
    QVERIFY(history.window(ops, t0, t0 + 1000, 10).front().isGap());
    QVERIFY(history.window(ops, t0 + 1000, t0, 10).empty());
    QVERIFY(history.window(ops, t0, t0, 0).size() <= 1);
  }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
