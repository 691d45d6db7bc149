// SPDX-License-Identifier: GPL-3.0-or-later
// What a snapshot of the window is made of: its memory and the profile's recording.
#include "core/recording/recording_store.h"
#include "ui/snapshots/rangeseries.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;

class TestRangeSeries : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // 24 hours remembered, a row in 17 s, and a recording of the last three hours, of more rows: the snapshot had three hours, and not a word of it.
  void aYoungRecordingTakesNothingFromTheDay() {
    constexpr qint64 hour = 3'600'000, begun = 1'795'922'000'000, end = begun + 24 * hour;
    const QTemporaryDir folder;
    const recording::RecordingPlace place{folder.filePath(QStringLiteral("shop.sqlite")), QStringLiteral("Shop"), QStringLiteral("development"), true};
    {
      auto store = recording::RecordingStore::open(place, {}, end);
      QVERIFY(store.ok());
      std::vector<recording::RecordingRow> rows;
      for (qint64 at = end - 3 * hour; at <= end; at += 1000) rows.push_back({"redis", at, {{QLatin1String("redis.ops"), 2}}, false, 2500});
      QVERIFY((*store)->append(rows).ok());
    }
    SeriesGroup remembered{"redis", {}, {{"redis.ops", {}}, {"redis.keys", {}}}};
    for (qint64 at = begun; at <= end; at += 17'000) {
      remembered.timesMs.push_back(at);
      for (SeriesGroup::Column& column : remembered.columns) column.values.push_back(1);
    }
    const RangeSeries read = rangeSeries({remembered}, place.file, begun, end, {});
    QVERIFY2(read.unread.isEmpty(), qPrintable(read.unread));
    QCOMPARE(read.series.size(), size_t{1});
    QCOMPARE(read.series[0].timesMs.front(), begun);
    QVERIFY(read.series[0].timesMs.size() > 3 * 3600 + 21 * 3600 / 17 - 10);
    QCOMPARE(std::ranges::count(read.series[0].columns[0].values, 1.0F), std::ranges::count_if(read.series[0].timesMs, [](qint64 ms) { return ms < end - 3 * hour; }));
    QVERIFY(std::ranges::count(read.series[0].columns[1].values, 1.0F) + 17 >= std::ssize(read.series[0].timesMs));  // what was not recorded
    // Without a recording there is what is remembered.
    QCOMPARE(rangeSeries({remembered}, folder.filePath(QStringLiteral("none.sqlite")), begun, end, {}).series[0].timesMs, remembered.timesMs);
  }
};

QTEST_GUILESS_MAIN(TestRangeSeries)
#include "tst_range_series.moc"
