// SPDX-License-Identifier: GPL-3.0-or-later
// Two records of the same time as one: a window's memory, a recording, Prometheus, samples just taken.
#include "core/snapshot/figures.h"
#include "core/snapshot/merged_series.h"
#include "core/snapshot/series_builder.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

constexpr qint64 second = 1000, hour = 3'600'000, begun = 1'795'922'000'000;
constexpr float none = std::numeric_limits<float>::quiet_NaN();


void addRow(SeriesGroup& group, qint64 ms, std::initializer_list<float> values) {
  group.timesMs.push_back(ms);
  size_t column = 0;
  for (const float value : values) group.columns[column++].values.push_back(value);
}

SeriesGroup groupOf(std::initializer_list<const char*> metrics) {
  SeriesGroup group{"redis", {}, {}};
  for (const char* metric : metrics) group.columns.push_back({metric, {}});
  return group;
}

/// One metric of one value, a row each `step` in (from, to].
SeriesGroup steady(qint64 from, qint64 to, qint64 step, float value, const char* metric = "redis.ops") {
  SeriesGroup group = groupOf({metric});
  for (qint64 at = from + step; at <= to; at += step) addRow(group, at, {value});
  return group;
}

SeriesGroup merged(const SeriesGroup& first, const SeriesGroup& second) { return mergedSeries({first}, {second}).front(); }

const std::vector<float>& valuesOf(const SeriesGroup& group, const char* metric) {
  static const std::vector<float> nothing;
  for (const SeriesGroup::Column& column : group.columns)
    if (column.metric == metric) return column.values;
  return nothing;
}

double measuredMs(const SeriesGroup& group, const char* metric = "redis.ops") {
  double ms = 0;
  for (const double weight : sampleWeights(group.timesMs, valuesOf(group, metric))) ms += weight;
  return ms;
}

QString shown(const SeriesGroup& group, const char* metric) {
  QStringList words;
  const std::vector<float>& values = valuesOf(group, metric);
  for (size_t row = 0; row < group.timesMs.size(); ++row)
    words += QStringLiteral("%1:%2").arg(static_cast<double>(group.timesMs[row] - begun) / 1000).arg(std::isnan(values[row]) ? QStringLiteral("-") : QString::number(values[row]));
  return words.join(QLatin1Char(' '));
}

/// A record with steps of its own, gaps, and a value that tells it apart.
struct Record {
  SeriesGroup group = groupOf({"redis.ops", "redis.keys"});
  struct Row {
    qint64 fromMs, toMs;
    float value;
  };
  std::vector<Row> rows;
};

Record randomRecord(QRandomGenerator& random, float base) {
  constexpr qint64 steps[] = {1, 1, 2, 15, 17, 60};
  Record record;
  qint64 at = begun + second * random.bounded(120);
  while (at < begun + hour) {
    const qint64 step = second * steps[random.bounded(6)] + random.bounded(3);
    const int rows = 2 + random.bounded(200);
    for (int i = 0; i < rows && at < begun + hour; ++i) {
      const float value = base + static_cast<float>(record.rows.size());
      record.rows.push_back({at, at + step, value});
      addRow(record.group, at + step, {value, value});
      at += step;
    }
    const qint64 gap = random.bounded(2) ? second * random.bounded(600) : 0;
    if (gap > 400 * second) at += gap;
    else if (gap > 4 * second) {
      addRow(record.group, at + 1, {none, none});
      at += gap;
    }
  }
  return record;
}

const Record::Row* rowAt(const Record& record, qint64 ms) {
  const auto row = std::ranges::lower_bound(record.rows, ms, {}, &Record::Row::toMs);
  return row != record.rows.end() && row->fromMs < ms ? &*row : nullptr;
}

}  // namespace

class TestMergedSeries : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // The window remembered 24 hours, a row in 17 s; the recording had the last three, with more rows: it took the place of all, and 21 hours were lost without a word.
  void aDayThatWasRecordedInPartStaysADay() {
    const SeriesGroup remembered = steady(begun, begun + 24 * hour, 17 * second, 1), recorded = steady(begun + 21 * hour, begun + 24 * hour, second, 2);
    for (const SeriesGroup& day : {merged(remembered, recorded), merged(recorded, remembered)}) {
      QVERIFY(day.timesMs.front() <= begun + 17 * second);
      QCOMPARE(day.timesMs.back(), begun + 24 * hour);
      QVERIFY2(std::abs(measuredMs(day) - 24 * hour) <= 17 * second, qPrintable(QString::number(measuredMs(day) / hour)));
      QCOMPARE(std::ranges::count(day.columns[0].values, 2.0F), 3 * 3600);
      QVERIFY(std::ranges::none_of(day.columns[0].values, [](float value) { return std::isnan(value); }));
    }
  }

  // `take --for 0 --range 8m` had 32 rows of Prometheus and 45 of 67 metrics, though the profile was recorded each second.
  void aRecordingIsFinerThanPrometheusAndKnowsMore() {
    SeriesGroup recorded = groupOf({"redis.ops", "redis.replicas"}), past = groupOf({"redis.ops", "redis.memory_used"});
    for (qint64 at = 1; at <= 300; ++at) addRow(recorded, begun + 180 * second + at * second, {5, 2});
    for (qint64 at = 15; at <= 480; at += 15) addRow(past, begun + at * second, {4, 700});
    const SeriesGroup both = merged(recorded, past);
    QCOMPARE(both.columns.size(), size_t{3});
    QCOMPARE(both.timesMs.size(), size_t{300 + 12});
    QCOMPARE(std::ranges::count(valuesOf(both, "redis.ops"), 5.0F), 300);
    QCOMPARE(std::ranges::count(valuesOf(both, "redis.ops"), 4.0F), 12);
    // What only Prometheus knows goes on beside the finer rows; each of its values stands for its fifteen seconds.
    QCOMPARE(std::ranges::count(valuesOf(both, "redis.memory_used"), 700.0F), 312);
    QCOMPARE(measuredMs(both, "redis.replicas"), 300.0 * second);
    QCOMPARE(measuredMs(both), 480.0 * second);
  }

  void aGapOfTheFinerIsFilledAndOneOfBothStays() {
    SeriesGroup fine = groupOf({"redis.ops"});
    for (qint64 at = 1; at <= 40; ++at) addRow(fine, begun + at * second, {1});
    addRow(fine, begun + 40 * second + 1, {none});
    for (qint64 at = 101; at <= 110; ++at) addRow(fine, begun + at * second, {1});
    SeriesGroup coarse = groupOf({"redis.ops"});
    for (const qint64 at : {30, 45, 60}) addRow(coarse, begun + at * second, {2});
    const QString text = shown(merged(fine, coarse), "redis.ops");
    QVERIFY2(text.contains(QLatin1String(" 40:1 45:2 60:2 60.001:- 101:1 ")), qPrintable(text));
    // Where the coarse one goes on, it stands up to the finer one's first row.
    addRow(coarse, begun + 75 * second, {2});
    addRow(coarse, begun + 90 * second, {2});
    addRow(coarse, begun + 105 * second, {2});
    const QString filled = shown(merged(fine, coarse), "redis.ops");
    QVERIFY2(filled.contains(QLatin1String(" 40:1 45:2 60:2 75:2 90:2 100:2 101:1 ")), qPrintable(filled));
  }

  void aRestartStillBreaksTheLine() {
    SeriesBuilder fine("redis");
    const QLatin1String ops("redis.ops"), memory("redis.memory_used");
    for (int at = 1; at <= 30; ++at) fine.add(begun + at * second, {{ops, 1}, {memory, 9}}, false, 2500);
    fine.add(begun + 31 * second, {{memory, 1}}, true, 2500);  // no rate yet
    for (int at = 32; at <= 60; ++at) fine.add(begun + at * second, {{ops, 1}, {memory, 2}}, false, 2500);
    const SeriesGroup both = merged(fine.group(), steady(begun, begun + 60 * second, 15 * second, 3));
    QVERIFY2(shown(both, "redis.memory_used").contains(QLatin1String(" 30:9 30.001:- 31:1 32:2 ")), qPrintable(shown(both, "redis.memory_used")));
  }

  // A second in which nothing was asked has no hit ratio: the mean of fifteen seconds is not its.
  void whatTheFinerKnowsToBeNothingStaysNothing() {
    SeriesGroup fine = groupOf({"redis.ops", "redis.hit_ratio"}), coarse = groupOf({"redis.ops", "redis.hit_ratio"});
    for (qint64 at = 1; at <= 30; ++at) addRow(fine, begun + at * second, {1, at % 3 ? none : 90.0F});
    for (const qint64 at : {15, 30}) addRow(coarse, begun + at * second, {1, 50});
    QCOMPARE(std::ranges::count(valuesOf(merged(fine, coarse), "redis.hit_ratio"), 50.0F), 0);
  }

  void twoRecordsOfOneSecondDoNotAlternate() {
    SeriesGroup one = groupOf({"redis.ops"}), other = groupOf({"redis.ops", "redis.keys"});
    for (int at = 1; at <= 100; ++at) {
      addRow(one, begun + at * second + at % 7, {1});
      addRow(other, begun + at * second + 400 + at % 5, {2, 8});
    }
    const SeriesGroup both = merged(one, other);
    QVERIFY(std::ranges::count(valuesOf(both, "redis.ops"), 2.0F) <= 1);  // its last half second
    QVERIFY(std::ranges::count(valuesOf(both, "redis.keys"), 8.0F) >= 99);
  }

  void aWholeDayOfAllMetricsIsMerged() {
    SeriesGroup one{"redis", {}, {}}, other = one;
    for (int i = 0; i < 70; ++i) one.columns.push_back({"redis.m" + QByteArray::number(i), std::vector<float>(24 * 3600, 1)}), other.columns.push_back({"redis.m" + QByteArray::number(i + 1), std::vector<float>(24 * 3600, 2)});
    for (qint64 at = 1; at <= 24 * 3600; ++at) one.timesMs.push_back(begun + at * second), other.timesMs.push_back(begun + at * second + 300);
    const SeriesGroup both = merged(one, other);
    QCOMPARE(both.columns.size(), size_t{71});
    QVERIFY(both.timesMs.size() <= 24 * 3600 + 1);
    QVERIFY(std::ranges::count(both.columns[70].values, 2.0F) >= 24 * 3600 - 1);
  }

  void whatOnlyOneKnowsPasses() {
    const SeriesGroup some = steady(begun, begun + hour, second, 1);
    SeriesGroup postgres = steady(begun, begun + hour, second, 1, "postgres.connections");
    postgres.name = "postgres";
    QCOMPARE(mergedSeries({some}, {postgres}).size(), size_t{2});
    QCOMPARE(merged(some, groupOf({"redis.ops"})).timesMs, some.timesMs);
    QCOMPARE(merged(groupOf({"redis.ops"}), some).timesMs, some.timesMs);
    QCOMPARE(merged(some, some).timesMs, some.timesMs);
    QVERIFY(mergedSeries({}, {}).empty());
  }

  void randomRecordsLoseNoTime_data() {
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 40; ++seed) QTest::addRow("%u", seed) << seed;
  }
  void randomRecordsLoseNoTime() {
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    Record first = randomRecord(random, 0), second_ = randomRecord(random, 100'000);
    second_.group.columns[1].metric = "redis.memory_used";
    const SeriesGroup both = merged(first.group, second_.group);
    QCOMPARE(both.columns.size(), size_t{3});
    for (const SeriesGroup::Column& column : both.columns) QCOMPARE(column.values.size(), both.timesMs.size());
    for (size_t row = 1; row < both.timesMs.size(); ++row) QVERIFY2(both.timesMs[row] > both.timesMs[row - 1], qPrintable(QString::number(row)));

    // Each moment has the sample of the finer record; for a second around a change of records either may stand.
    size_t row = 0;
    int wrong = 0, looked = 0;
    for (qint64 at = begun; at < begun + hour; at += 500) {
      const Record::Row *a = rowAt(first, at), *b = rowAt(second_, at);
      if (!a && !b) continue;
      while (row < both.timesMs.size() && both.timesMs[row] < at) ++row;
      QVERIFY(row < both.timesMs.size() || at + second > both.timesMs.back());
      if (row == both.timesMs.size()) break;
      const bool isSecond = !a || (b && static_cast<double>(b->toMs - b->fromMs) < 0.75 * static_cast<double>(a->toMs - a->fromMs));
      const float expected = isSecond ? b->value : a->value;
      ++looked;
      if (both.columns[0].values[row] == expected) continue;
      ++wrong;
      QVERIFY2(std::isfinite(both.columns[0].values[row]) || both.timesMs[row] - at <= second, qPrintable(QStringLiteral("nothing at %1").arg(at - begun)));
    }
    QVERIFY2(looked > 1000 && wrong * 50 < looked, qPrintable(QStringLiteral("%1 of %2").arg(wrong).arg(looked)));

    // Where neither knew anything for long the line is broken.
    for (size_t i = 1; i < both.timesMs.size(); ++i) {
      if (!std::isfinite(both.columns[0].values[i]) || !std::isfinite(both.columns[0].values[i - 1])) continue;
      qint64 unknown = 0;
      for (qint64 at = both.timesMs[i - 1] + 500; at < both.timesMs[i]; at += 500) unknown += rowAt(first, at) || rowAt(second_, at) ? 0 : 500;
      QVERIFY2(unknown <= 151 * second, qPrintable(QString::number(unknown)));
    }
    // Columns that one alone has are there wherever it measured.
    QVERIFY(measuredMs(both, "redis.keys") >= 0.96 * measuredMs(first.group, "redis.keys"));
    QVERIFY(measuredMs(both, "redis.memory_used") >= 0.96 * measuredMs(second_.group, "redis.memory_used"));
    QVERIFY(measuredMs(both) >= std::max(measuredMs(first.group), measuredMs(second_.group)) - 61 * second);  // a line that begins is weighed by its second row
  }
};

QTEST_GUILESS_MAIN(TestMergedSeries)
#include "tst_merged_series.moc"
