// SPDX-License-Identifier: GPL-3.0-or-later
// When alerts were firing, on the charts: strips, tints, names and what a pointer that rests on them is told.
#include "tests/ui/chart_data.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/eventmarks.h"
#include "ui/charts/plotpainter.h"
#include "ui/overview/panelcatalog.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

constexpr qint64 end = 1'750'000'000'000;
const QRectF area(10, 10, 600, 100);
const QString memoryQuery = QStringLiteral("100 * redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 85");

ChartAlert alert(qint64 fromSeconds, qint64 toSeconds, Level level = Level::Critical, const QString& query = memoryQuery) {
  return {end + 1000 * fromSeconds, end + 1000 * toSeconds, QStringLiteral("HighRedisMemory"), QStringLiteral("redis-1:9121"), query, level};
}

const PanelInfo& panelNamed(const char* id) {
  for (const PanelInfo& panel : panelCatalog())
    if (panel.id == QLatin1String(id)) return panel;
  qFatal("no such panel");
}

PlotData with(const QList<ChartAlert>& alerts, const char* panel = "memory") {
  PlotData data;
  data.span = {end - 300'000, end};
  markAlerts(data, alerts, panelNamed(panel));
  return data;
}

QImage painted(const PlotData& data) {
  QImage image(640, 130, QImage::Format_ARGB32_Premultiplied);
  image.fill(Theme::instance().palette().card);
  QPainter painter(&image);
  paintPlot(painter, area, data, Theme::instance().palette());
  return image;
}

QStringList at(const PlotData& data, double x, double y) { return marksAt(data, area, QFontMetricsF(Theme::instance().font(TextRole::Mark)), {x, y}); }

}  // namespace

class TestChartAlerts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints).*"))); }

  void aRuleIsAboutThePanelsOfWhatItMeasures_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("panels");
    QTest::newRow("memory") << memoryQuery << "memory";
    QTest::newRow("hit ratio") << "100 * sum(rate(redis_keyspace_hits_total[5m])) / sum(rate(redis_keyspace_misses_total[5m])) < 75" << "hit_ratio operations";
    QTest::newRow("evictions") << "sum by (instance) (rate(redis_evicted_keys_total[5m])) > 0" << "operations memory";
    QTest::newRow("connections") << "sum by (instance) (pg_stat_activity_count) > 40" << "connections";
    QTest::newRow("queries") << "sum(rate(pg_stat_statements_seconds_total[5m])) / sum(rate(pg_stat_statements_calls_total[5m])) > 1" << "query_time";
    QTest::newRow("errors") << "100 * instance:http_errors:ratio_rate5m > 1 and instance:http_requests:rate5m > 0.2" << "requests";
    QTest::newRow("latency") << "instance:http_request_duration_seconds:p95_5m > 0.3 and instance:http_requests:rate5m > 0.2" << "latency";
    QTest::newRow("another") << "node_load1 > 8" << "";
    QTest::newRow("unknown") << "" << "";
  }
  void aRuleIsAboutThePanelsOfWhatItMeasures() {
    QFETCH(QString, query);
    QStringList found;
    for (const PanelInfo& panel : panelCatalog())
      if (isAbout(panel, query)) found << panel.id;
    QTEST(found.join(QLatin1Char(' ')), "panels");
  }

  void whatLiesOutsideIsLeftOut() {
    QVERIFY(with({alert(-900, -301), alert(1, 30)}).alerts.empty());
    QCOMPARE(with({alert(-900, -299), alert(-1, 30)}).alerts.size(), 2u);
  }

  void theWorstIsOnTop() {
    const PlotData data = with({alert(-200, -100, Level::Critical), alert(-200, -100, Level::Warning)});
    QVERIFY(data.alerts.back().level == Level::Critical);
    const QColor strip = painted(data).pixelColor(300, 12);
    QCOMPARE(strip, painted(with({alert(-200, -100, Level::Warning), alert(-200, -100, Level::Critical)})).pixelColor(300, 12));
    QVERIFY(strip != painted(with({alert(-200, -100, Level::Warning)})).pixelColor(300, 12));
  }

  void everyPanelHasTheStripAndItsOwnATint() {
    const QList<ChartAlert> alerts{alert(-200, -100)};
    const QImage none = painted(with({})), own = painted(with(alerts)), other = painted(with(alerts, "connections"));
    QVERIFY(own.pixelColor(300, 12) != none.pixelColor(300, 12));
    QVERIFY(other.pixelColor(300, 11) != none.pixelColor(300, 11));
    QVERIFY(own.pixelColor(300, 90) != none.pixelColor(300, 90));
    QCOMPARE(other.pixelColor(300, 90), none.pixelColor(300, 90));
    QCOMPARE(own.pixelColor(500, 12), none.pixelColor(500, 12));
    QVERIFY(own.copy(210, 16, 200, 16) != none.copy(210, 16, 200, 16));  // its name
  }

  void whatGoesOnReachesTheEdge() {
    ChartAlert goesOn = alert(-200, 0);
    goesOn.toMs = 0;
    const PlotData data = with({goesOn});
    QVERIFY(painted(data).pixelColor(608, 12) != painted(with({})).pixelColor(608, 12));
    QVERIFY(at(data, 600, 80).value(0).contains(QLatin1String("\nfiring since ")));
  }

  // It fired for one reading: of a day that is far less than a pixel.
  void aShortOneIsSeen() {
    PlotData data;
    data.span = {end - 86'400'000, end};
    markAlerts(data, {alert(-3600, -3600)}, panelNamed("memory"));
    QVERIFY(painted(data).copy(560, 10, 40, 4) != painted(with({})).copy(560, 10, 40, 4));
  }

  void thePointerFindsThem() {
    const PlotData own = with({alert(-200, -100)}), other = with({alert(-200, -100)}, "connections");
    const QString said = at(own, 300, 80).value(0);
    QVERIFY(said.startsWith(QLatin1String("HighRedisMemory, critical\nfiring from ")) && said.endsWith(QLatin1String("\nredis-1:9121")));
    QCOMPARE(at(other, 300, 14).value(0), said);
    QVERIFY(at(other, 300, 80).isEmpty());
    QVERIFY(at(own, 500, 80).isEmpty());
    QCOMPARE(at(with(QList<ChartAlert>(40, alert(-200, -100))), 300, 80).size(), 7);  // six, and how many more
  }

  void everyPanelShowsThemAtOnce() {
    History history;
    fillRedis(history, end, 300);
    TimeView view;
    ChartPanel panel(panelNamed("operations"), history, view);
    panel.resize(420, 300);
    panel.setSource({QStringLiteral("redis"), QStringLiteral("Redis"), live(end)});
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    const auto refresh = [&] {
      view.advance(end, history.firstMs(), end);
      panel.refresh(end);
    };
    refresh();
    QSignalSpy changed(&view, &TimeView::changed);
    view.setAlerts({alert(-200, -100, Level::Warning, QStringLiteral("redis_up == 0"))});
    view.setAlerts({alert(-200, -100, Level::Warning, QStringLiteral("redis_up == 0"))});
    QCOMPARE(changed.size(), 1);
    refresh();
    QCOMPARE(panel.backend().plot().data().alerts.size(), 1u);
    QVERIFY(panel.accessibleDescription().contains(QLatin1String("HighRedisMemory, warning")));
    view.setAlerts({});
    refresh();
    QVERIFY(panel.backend().plot().data().alerts.empty());
  }
};

QTEST_MAIN(TestChartAlerts)
#include "tst_chart_alerts.moc"
