// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/histogram.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>

using cachedeck::load::Histogram;

namespace {

/// k6's rule on the samples themselves.
double exact(const std::vector<std::int64_t>& sorted, double percent) {
  const double at = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const double first = static_cast<double>(sorted[low]);
  return low + 1 < sorted.size() ? first + (at - static_cast<double>(low)) * (static_cast<double>(sorted[low + 1]) - first) : first;
}

const std::vector<double> percents{0, 10, 50, 75, 90, 95, 99, 99.9, 99.99, 100};

}  // namespace

class TestLoadHistogram : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void empty() {
    Histogram histogram;
    QCOMPARE(histogram.count(), 0u);
    QCOMPARE(histogram.percentileNs(99), 0.0);
    QCOMPARE(histogram.meanNs(), 0.0);
    QCOMPARE(histogram.maxNs(), 0u);
  }

  void smallValuesAreExact() {
    Histogram histogram;
    for (int value = 0; value < 2048; ++value) histogram.add(value);
    QCOMPARE(histogram.percentileNs(50), 1023.5);
    QCOMPARE(histogram.percentileNs(100), 2047.0);
  }

  void negativeAndHugeValuesHaveAPlace() {
    Histogram histogram;
    histogram.add(-5);
    histogram.add(std::numeric_limits<std::int64_t>::max());
    QCOMPARE(histogram.count(), 2u);
    QCOMPARE(histogram.minNs(), 0u);
    QCOMPARE(histogram.maxNs(), static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  }

  void percentilesEqualASortOfTheSamples_data() {
    QTest::addColumn<int>("shape");
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 3, 10, 1000, 200'000})
      for (int shape = 0; shape < 4; ++shape) QTest::addRow("shape %d, %d values", shape, count) << shape << count;
  }

  void percentilesEqualASortOfTheSamples() {
    QFETCH(int, shape);
    QFETCH(int, count);
    std::mt19937_64 random(static_cast<unsigned>(shape * 1000 + count));
    std::lognormal_distribution<double> body(std::log(400e3), 0.5);
    std::uniform_real_distribution<double> tail(50e6, 500e6), unit(0, 1);
    std::exponential_distribution<double> waits(1 / 2e6);
    Histogram histogram;
    std::vector<std::int64_t> values;
    for (int i = 0; i < count; ++i) {
      const double value = shape == 0 ? body(random) : shape == 1 ? (unit(random) < 0.02 ? tail(random) : body(random)) : shape == 2 ? waits(random) : tail(random);
      values.push_back(static_cast<std::int64_t>(value));
      histogram.add(values.back());
    }
    std::sort(values.begin(), values.end());
    const std::vector<double> got = histogram.percentilesNs(percents);
    for (std::size_t i = 0; i < percents.size(); ++i) {
      const double wanted = exact(values, percents[i]);
      QVERIFY2(std::abs(got[i] - wanted) <= std::max(1.0, wanted * 0.001), qPrintable(QStringLiteral("p%1: %2 for %3").arg(percents[i]).arg(got[i]).arg(wanted)));
      QCOMPARE(histogram.percentileNs(percents[i]), got[i]);
    }
  }

  void mergingIsAddingAll() {
    Histogram first, second, both;
    std::mt19937_64 random(7);
    for (int i = 0; i < 10'000; ++i) {
      const auto value = static_cast<std::int64_t>(random() % 1'000'000'000);
      (i % 3 ? first : second).add(value);
      both.add(value);
    }
    first.merge(second);
    QCOMPARE(first.count(), both.count());
    QCOMPARE(first.maxNs(), both.maxNs());
    QCOMPARE(first.minNs(), both.minNs());
    for (const double percent : percents) QCOMPARE(first.percentileNs(percent), both.percentileNs(percent));
  }

  void cellsGoToDiskAndBack() {
    Histogram before;
    std::mt19937_64 random(9);
    for (int i = 0; i < 5000; ++i) before.add(static_cast<std::int64_t>(random() % 5'000'000'000));
    Histogram after;
    QVERIFY(after.restore(before.cells(), before.sumNs(), before.minNs(), before.maxNs()));
    QCOMPARE(after.count(), before.count());
    for (const double percent : percents) QCOMPARE(after.percentileNs(percent), before.percentileNs(percent));
    QVERIFY(!after.restore({{1'000'000, 1}}, 0, 0, 0));
    QVERIFY(!after.restore({{1, ~std::uint64_t{0}}}, 0, 0, 0));
    QCOMPARE(after.count(), 0u);
  }

  void clearedIsLikeNew() {
    Histogram histogram;
    histogram.add(1000);
    histogram.clear();
    QCOMPARE(histogram.count(), 0u);
    histogram.add(5);
    QCOMPARE(histogram.percentileNs(50), 5.0);
    QCOMPARE(histogram.maxNs(), 5u);
  }
};

QTEST_GUILESS_MAIN(TestLoadHistogram)
#include "tst_load_histogram.moc"
