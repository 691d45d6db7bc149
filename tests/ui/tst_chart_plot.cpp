// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "ui/charts/plotdata.h"
#include "ui/charts/plotpainter.h"
#include "ui/charts/scale.h"

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

const QLatin1String opsId("redis.ops");
constexpr qint64 end = 1'750'000'000'000;
const QRectF area(10, 10, 300, 100);

PanelInfo panelOf(std::vector<SeriesInfo> series, Unit unit = Unit::PerSecond) {
  return {.id = QLatin1String("test"), .title = "Test", .subtitle = "", .description = "", .kind = PanelInfo::Kind::Chart, .unit = unit,
          .sources = {QLatin1String("redis")}, .series = std::move(series)};
}

PlotData built(const PanelInfo& panel, const History& history, const TimeSpan& span) {
  PlotData data = buildPlot(panel, history, span, area.width(), {});
  ValueScale scale(panel.unit);
  fitScale(data, panel, scale, 4);
  return data;
}

QImage painted(const PlotData& data) {
  QImage image(320, 120, QImage::Format_RGB32);
  image.fill(Theme::paletteOf(true).card);
  QPainter painter(&image);
  paintPlot(painter, area, data, Theme::paletteOf(true));
  return image;
}

bool isNear(const QColor& a, const QColor& b, int room = 40) {
  return std::abs(a.red() - b.red()) < room && std::abs(a.green() - b.green()) < room && std::abs(a.blue() - b.blue()) < room;
}

/// Columns of the plot area, as a share of all, in which some pixel is of a colour.
double columnsWith(const QImage& image, const QColor& colour, double from = 0, double to = 1) {
  int hits = 0, all = 0;
  for (int x = static_cast<int>(area.left() + area.width() * from) + 1; x < area.left() + area.width() * to - 1; ++x, ++all) {
    bool found = false;
    for (int y = 8; y < 112 && !found; ++y) found = isNear(image.pixelColor(x, y), colour);
    hits += found;
  }
  return all ? static_cast<double>(hits) / all : 0;
}

/// The highest pixel of a colour in a column, or -1.
int topOf(const QImage& image, int x, const QColor& colour) {
  for (int y = 0; y < image.height(); ++y)
    if (isNear(image.pixelColor(x, y), colour)) return y;
  return -1;
}

const QColor series1 = Theme::paletteOf(true).series[0], series5 = Theme::paletteOf(true).series[4];

}  // namespace

class TestChartPlot : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void lineRunsThroughEveryColumn() {
    History history;
    for (int i = 300; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, 50 + 30 * std::sin(i / 20.0)}});
    const QImage image = painted(built(panelOf({{opsId, 1}}), history, {end - 300'000, end}));
    QVERIFY(columnsWith(image, series1) > 0.97);
  }

  void lineStandsAtItsValue() {
    History history;
    for (int i = 60; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, i > 30 ? 25.0 : 75.0}});
    PlotData data = buildPlot(panelOf({{opsId, 1}}), history, {end - 60'000, end}, area.width(), {});
    data.low = 0;
    data.high = 100;
    const QImage image = painted(data);
    QVERIFY(std::abs(topOf(image, 60, series1) - 85) <= 2);
    QVERIFY(std::abs(topOf(image, 260, series1) - 35) <= 2);
  }

  void gapStaysEmpty() {
    History history;
    for (int i = 300; i >= 0; --i)
      if (i < 100 || i > 200) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, 50.0}});
    for (const SeriesStyle style : {SeriesStyle::Line, SeriesStyle::Area, SeriesStyle::Dashed, SeriesStyle::Stacked, SeriesStyle::Bars}) {
      const QImage image = painted(built(panelOf({{opsId, 1, style}}), history, {end - 300'000, end}));
      const QImage empty = painted(built(panelOf({{opsId, 1, style}}), History(), {end - 300'000, end}));
      for (int x = 10 + 106; x < 10 + 194; ++x)
        for (int y = 8; y < 112; ++y) QCOMPARE(image.pixelColor(x, y), empty.pixelColor(x, y));
      QVERIFY(columnsWith(image, series1, 0.02, 0.3) > (style == SeriesStyle::Dashed || style == SeriesStyle::Bars ? 0.3 : 0.6));
    }
  }

  // Many samples a bucket: the one empty row of an outage must not drown in the samples beside it.
  void gapStaysEmptyWhenZoomedOut() {
    History history;
    for (int i = 3600; i >= 0; --i)
      if (i < 1000 || i > 1600) history.append(QLatin1String("redis"), end - i * 1000LL, {{opsId, 50.0}});
    for (const SeriesStyle style : {SeriesStyle::Line, SeriesStyle::Area, SeriesStyle::Dashed, SeriesStyle::Stacked, SeriesStyle::Bars}) {
      const QImage image = painted(built(panelOf({{opsId, 1, style}}), history, {end - 3'600'000, end}));
      QVERIFY2(columnsWith(image, series1, 0.565, 0.715) == 0, qPrintable(QString::number(static_cast<int>(style))));
      QVERIFY(columnsWith(image, series1, 0.02, 0.5) > 0.3);
    }
  }

  void notANumberIsAGap() {
    History history;
    for (int i = 300; i >= 0; --i)
      history.append(QLatin1String("redis"), end - i * 1000, {{opsId, i % 100 < 50 ? NAN : 40.0}, {QLatin1String("redis.hits"), static_cast<double>(NAN)}});
    const PlotData data = built(panelOf({{opsId, 1}, {QLatin1String("redis.hits"), 5, SeriesStyle::Stacked}, {QLatin1String("redis.misses"), 5}}), history, {end - 300'000, end});
    QVERIFY(std::isfinite(data.high) && data.high > 40);
    const QImage image = painted(data);
    QCOMPARE(columnsWith(image, series5), 0.0);
    const double share = columnsWith(image, series1);
    QVERIFY2(share > 0.4 && share < 0.6, qPrintable(QString::number(share)));
  }

  void nothingOneAndManySamples_data() {
    QTest::addColumn<int>("samples");
    for (const int samples : {0, 1, 2, 3, 1'000'000}) QTest::addRow("%d", samples) << samples;
  }
  void nothingOneAndManySamples() {
    QFETCH(int, samples);
    History history;
    for (int i = samples - 1; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000LL, {{opsId, 50.0 + i % 7}});
    const qint64 length = std::max(60, samples) * 1000LL;
    for (const SeriesStyle style : {SeriesStyle::Line, SeriesStyle::Area, SeriesStyle::Dashed, SeriesStyle::Stacked, SeriesStyle::Bars}) {
      const PlotData data = built(panelOf({{opsId, 1, style}}), history, {end - length, end});
      QCOMPARE(data.isEmpty(), samples == 0);
      if (samples > 0) QVERIFY(data.series.front().buckets.size() <= 2 * static_cast<size_t>(area.width()) + 4);
      const QImage image = painted(data);
      if (samples > 1000) QVERIFY(columnsWith(image, series1) > 0.5);
    }
  }

  void aLonelySampleIsSeen() {
    History history;
    history.append(QLatin1String("redis"), end - 30'000, {{opsId, 50.0}});
    QVERIFY(columnsWith(painted(built(panelOf({{opsId, 1}}), history, {end - 60'000, end})), series1, 0.45, 0.55) > 0.05);
  }

  void oneSpikeOfManySamplesIsSeen() {
    History history;
    for (int i = 3599; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000LL, {{opsId, i == 1777 ? 1000.0 : 10.0}});
    const PlotData data = built(panelOf({{opsId, 1}}), history, {end - 3'600'000, end});
    QVERIFY(data.high >= 1000);
    const QImage image = painted(data);
    int top = 120;
    for (int x = 140; x < 180; ++x)
      if (const int y = topOf(image, x, series1); y >= 0) top = std::min(top, y);
    QVERIFY2(std::abs(top - PlotMap(area, data).y(1000)) < 3, qPrintable(QString::number(top)));
  }

  void stackedSeriesAddUp() {
    History history;
    for (int i = 60; i >= 0; --i)
      history.append(QLatin1String("redis"), end - i * 1000, {{QLatin1String("redis.hits"), 30.0}, {QLatin1String("redis.misses"), 20.0}});
    const PlotData data = built(panelOf({{QLatin1String("redis.hits"), 1, SeriesStyle::Stacked}, {QLatin1String("redis.misses"), 5, SeriesStyle::Stacked}}), history, {end - 60'000, end});
    QCOMPARE(data.series[0].buckets[5].mean, 30.f);
    QCOMPARE(data.series[1].floor[5], 30.f);
    QCOMPARE(data.series[1].buckets[5].mean, 50.f);
    QVERIFY(data.high >= 50);
  }

  void hiddenSeriesAreNotBuilt() {
    History history;
    fillRedis(history, end, 60);
    const PanelInfo panel = panelOf({{opsId, 1}, {QLatin1String("redis.hits"), 5}});
    const PlotData data = buildPlot(panel, history, {end - 60'000, end}, 300, {opsId});
    QCOMPARE(data.series.size(), 1u);
    QCOMPARE(data.series.front().metric, QLatin1String("redis.hits"));
  }

  void thresholdIsDrawnWhereItStands() {
    History history;
    for (int i = 60; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, 30.0}});
    PanelInfo panel = panelOf({{opsId, 1}});
    panel.thresholds = {{Level::Critical, "limit %1", 60}};
    const PlotData data = built(panel, history, {end - 60'000, end});
    QCOMPARE(data.thresholds.size(), 1u);
    QCOMPARE(data.thresholds.front().label, QStringLiteral("limit 60 /s"));
    const QImage image = painted(data);
    const int y = static_cast<int>(PlotMap(area, data).y(60));
    int dashes = 0;
    for (int x = 200; x < 300; ++x)
      for (int row = y - 1; row <= y + 1; ++row)
        if (isNear(image.pixelColor(x, row), Theme::paletteOf(true).critical, 60)) { ++dashes; break; }
    QVERIFY2(dashes > 40 && dashes < 75, qPrintable(QString::number(dashes)));
    QVERIFY(image.pixelColor(200, y - 12) != image.pixelColor(200, y + 12));  // the band above it
  }

  void aFarThresholdDoesNotSquashTheLines() {
    History history;
    for (int i = 60; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, 5.0}});
    PanelInfo panel = panelOf({{opsId, 1}});
    panel.thresholds = {{Level::Critical, "limit", 200}};
    const PlotData data = built(panel, history, {end - 60'000, end});
    QVERIFY(data.thresholds.empty());
    QVERIFY(data.high <= 10);
  }

  void thresholdFollowsAnotherMetric() {
    History history;
    fillRedis(history, end, 60);
    PanelInfo panel = panelOf({{QLatin1String("redis.memory_used"), 6}}, Unit::Bytes);
    panel.thresholds = {{Level::Critical, "maxmemory %1", NAN, QLatin1String("redis.memory_limit")}};
    QCOMPARE(built(panel, history, {end - 60'000, end}).thresholds.front().label, QStringLiteral("maxmemory 8 GiB"));
    History unlimited;
    unlimited.append(QLatin1String("redis"), end, {{QLatin1String("redis.memory_used"), 5e9}});
    QVERIFY(built(panel, unlimited, {end - 60'000, end}).thresholds.empty());
  }

  void marksAndRunsAreDrawn() {
    PlotData data;
    data.span = {end - 60'000, end};
    const QImage before = painted(data);
    data.marks.push_back({end - 30'000, QStringLiteral("<b>deploy</b>"), 4});
    data.runs.push_back({end - 20'000, 0, QStringLiteral("load run"), 6});
    data.marks.push_back({end - 900'000, QStringLiteral("outside"), 4});
    const QImage after = painted(data);
    QVERIFY(before.pixelColor(162, 60) != after.pixelColor(162, 60) || before.pixelColor(160, 60) != after.pixelColor(160, 60) || before.copy(158, 40, 6, 40) != after.copy(158, 40, 6, 40));
    QVERIFY(before.pixelColor(280, 60) != after.pixelColor(280, 60));
    QCOMPARE(before.pixelColor(40, 60), after.pixelColor(40, 60));
  }

  void staleLinesLoseColour() {
    History history;
    fillRedis(history, end, 60);
    PlotData data = built(panelOf({{opsId, 1}}), history, {end - 60'000, end});
    QVERIFY(columnsWith(painted(data), series1) > 0.8);
    data.stale = true;
    QVERIFY(columnsWith(painted(data), seriesColour(Theme::paletteOf(true), 1, true)) > 0.8);
    QVERIFY(seriesColour(Theme::paletteOf(true), 1, true).saturation() < series1.saturation());
  }

  void endDotStandsOnTheLastValue() {
    History history;
    for (int i = 60; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000, {{opsId, 50.0}});
    PlotData data = built(panelOf({{opsId, 1}}), history, {end - 60'000, end});
    const int y = static_cast<int>(PlotMap(area, data).y(50));
    QVERIFY(isNear(painted(data).pixelColor(312, y), series1));
    data.following = false;
    QVERIFY(!isNear(painted(data).pixelColor(312, y), series1));
  }

  void aMovingWindowKeepsItsBuckets() {
    History history;
    for (int i = 3599; i >= 0; --i) history.append(QLatin1String("redis"), end - i * 1000LL, {{opsId, static_cast<double>((i * 7919) % 100)}});
    const PanelInfo panel = panelOf({{opsId, 1}});
    const auto first = buildPlot(panel, history, {end - 3'000'000, end - 1000}, 300, {}).series[0].buckets;
    const auto next = buildPlot(panel, history, {end - 2'999'000, end}, 300, {}).series[0].buckets;
    int same = 0;
    for (const Bucket& bucket : first)
      same += std::any_of(next.begin(), next.end(), [&](const Bucket& b) { return b.fromMs == bucket.fromMs && b.toMs == bucket.toMs && b.max == bucket.max; });
    QVERIFY(same >= static_cast<int>(first.size()) - 3);  // only the edges differ: nothing shimmers
  }
};

QTEST_MAIN(TestChartPlot)
#include "tst_chart_plot.moc"
