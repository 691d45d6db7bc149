// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/plotpainter.h"
#include "ui/overview/figures_of.h"
#include "ui/overview/kpitile.h"
#include "ui/overview/overviewpage.h"
#include "ui/overview/pagelayout.h"
#include "ui/overview/panelcatalog.h"
#include "ui/overview/tilecatalog.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

constexpr qint64 now = 1'750'000'000'000;
const std::vector<int> spans{1, 1, 1, 1, 1, 1, 2}, spansWithService{1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1};

struct Console {
  FixedClock clock;
  History history;
  TimeView view;
  FrameClock frames{clock};
  OverviewPage page{history, view, frames};
  explicit Console(const QSize& size = {1540, 944}) {
    page.resize(size);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
  }
  void liveAll() {
    page.setSourceState(QStringLiteral("redis"), live(now), QStringLiteral("Redis"));
    page.setSourceState(QStringLiteral("postgres"), live(now), QStringLiteral("PostgreSQL"));
    page.setSourceState(QStringLiteral("prometheus"), live(now), QStringLiteral("Prometheus"));
  }
  void refresh() {
    page.refresh(now);
    QCoreApplication::processEvents();
  }
  KpiTile& tile(const char* id) {
    for (KpiTile* tile : page.tiles())
      if (tile->info().id == QLatin1String(id)) return *tile;
    qFatal("no tile %s", id);
  }
  ChartPanel& panel(const char* id) {
    for (ChartPanel* panel : page.panels())
      if (panel->info().id == QLatin1String(id)) return *panel;
    qFatal("no panel %s", id);
  }
};

}  // namespace

class TestOverview : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QLatin1String(charttest::anyWarning)));
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void catalogNamesKnownMetrics() {
    QSet<QLatin1String> ids;
    for (const PanelInfo& panel : panelCatalog()) {
      QVERIFY2(!ids.contains(panel.id), panel.id.data());
      ids << panel.id;
      for (const SeriesInfo& series : panel.series) {
        const MetricInfo* metric = findMetric(series.metric);
        QVERIFY2(metric, series.metric.data());
        QCOMPARE(metric->unit, panel.unit);
        QVERIFY(series.colour >= 1 && series.colour <= 8);
      }
      for (const ThresholdInfo& line : panel.thresholds) QVERIFY(std::isfinite(line.value) || findMetric(line.metric));
      QVERIFY(panel.onlyWith.isEmpty() || findMetric(panel.onlyWith));
      QVERIFY(!panel.sources.empty() && qstrlen(panel.description) > 0);
    }
    for (const TileInfo& tile : tileCatalog()) {
      QVERIFY2(findMetric(tile.metric), tile.metric.data());
      for (const QLatin1String id : {tile.judged, tile.limit, tile.usedPercent}) QVERIFY(id.isEmpty() || findMetric(id));
    }
    QCOMPARE(panelCatalog().size(), 11u);
    QCOMPARE(tileCatalog().size(), 6u);
  }

  void thresholdsAreThoseOfTheCatalog() {
    for (const PanelInfo& panel : panelCatalog())
      for (const ThresholdInfo& line : panel.thresholds) {
        const MetricInfo* judged = findMetric(panel.judged);
        QVERIFY(judged);
        if (std::isfinite(line.value)) QCOMPARE(line.value, line.level == Level::Critical ? judged->critical : judged->warning);
        else if (line.factor < 1) QCOMPARE(line.factor * 100, judged->warning);
      }
  }

  void pageReflows_data() {
    QTest::addColumn<QSize>("page");
    QTest::addColumn<std::vector<int>>("panels");
    QTest::addColumn<int>("columns");
    QTest::addColumn<bool>("scrolls");
    const auto row = [](const char* name, const QSize& page, int columns, bool scrolls, bool scrollsWithService) {
      QTest::addRow("%s", name) << page << spans << columns << scrolls;
      QTest::addRow("%s, with a service", name) << page << spansWithService << columns << scrollsWithService;
    };
    row("3840x2160", QSize(3780, 2104), 4, false, false);
    row("1600x1000", QSize(1540, 944), 4, false, false);
    row("1280x800", QSize(1220, 744), 3, true, true);
    row("900x800", QSize(840, 744), 2, true, true);
    row("800x700", QSize(740, 640), 2, true, true);
    row("500x500", QSize(440, 440), 1, true, true);
  }
  void pageReflows() {
    QFETCH(QSize, page);
    QFETCH(std::vector<int>, panels);
    QFETCH(int, columns);
    QFETCH(bool, scrolls);
    const PageLayout layout = layOutPage(page, 6, panels);
    QCOMPARE(layout.panels.size(), panels.size());
    QSet<int> lefts;
    for (const QRect& rect : layout.panels) lefts << rect.left();
    QCOMPARE(lefts.size(), columns);
    QCOMPARE(layout.height > page.height(), scrolls);
    std::vector<QRect> all = layout.tiles;
    all.insert(all.end(), layout.panels.begin(), layout.panels.end());
    for (size_t i = 0; i < all.size(); ++i) {
      QVERIFY(all[i].left() >= 16 && all[i].right() < page.width() - 15);
      for (size_t j = i + 1; j < all.size(); ++j) QVERIFY(!all[i].intersects(all[j]));
    }
    for (const QRect& rect : layout.panels) QVERIFY(rect.height() >= 220);
    QVERIFY(layout.panels.back().right() >= page.width() - 18);  // no hole at the end
  }

  void windowedHitRatioIsSumOverSum() {
    History history;
    // 10 hits of 10 look-ups, then 900 of 1000: the ratio is 910 / 1010, not the mean of 100 % and 90 %.
    history.append(QLatin1String("redis"), now - 1000, {{QLatin1String("redis.hits"), 10.0}, {QLatin1String("redis.misses"), 0.0}});
    history.append(QLatin1String("redis"), now, {{QLatin1String("redis.hits"), 900.0}, {QLatin1String("redis.misses"), 100.0}});
    QVERIFY(std::abs(hitRatio(history, {now - 5000, now}) - 100.0 * 910 / 1010) < 1e-3);
    QVERIFY(std::isnan(hitRatio(history, {now + 5000, now + 9000})));
    History idle;
    idle.append(QLatin1String("redis"), now, {{QLatin1String("redis.hits"), 0.0}, {QLatin1String("redis.misses"), 0.0}});
    QVERIFY(std::isnan(hitRatio(idle, {now - 5000, now})));
  }

  void hitRatioIsJudgedAsItsTileIs() {
    Console console;
    for (int i = 60; i >= 0; --i)
      console.history.append(QLatin1String("redis"), now - i * 1000,
                             {{QLatin1String("redis.hits"), i > 0 ? 90.0 : 1.0}, {QLatin1String("redis.misses"), i > 0 ? 10.0 : 9.0}, {QLatin1String("redis.hit_ratio"), i > 0 ? 90.0 : 10.0}});
    console.liveAll();
    console.refresh();
    QCOMPARE(console.tile("hit_ratio").edge(), Level::Good);
    QCOMPARE(console.panel("hit_ratio").edge(), Level::Good);
  }

  void anIdleRedisIsNotBlamedOnItsNotes() {
    Console console;
    SourceState state = live(now - 10'000);
    state.notes = {QStringLiteral("There is no memory limit (maxmemory 0), so that used memory has nothing to be measured against.")};
    console.history.append(QLatin1String("redis"), now, {{QLatin1String("redis.ops"), 1.0}, {QLatin1String("redis.hits"), 0.0}});
    console.page.setSourceState(QStringLiteral("redis"), state, QStringLiteral("Redis"));
    console.refresh();
    QCOMPARE(console.panel("hit_ratio").status().notice.sentence, QStringLiteral("There were no key look-ups in this time."));
  }

  void tilesShowValueLimitAndLevel() {
    Console console;
    fill(console.history, now, 900);
    console.liveAll();
    console.refresh();
    QCOMPARE(console.tile("memory").figures().value.unit, QStringLiteral("GiB"));
    QCOMPARE(console.tile("memory").edge(), Level::Warning);  // 80 % of maxmemory
    QCOMPARE(console.tile("connections").figures().limit, QStringLiteral("/ 200"));
    QVERIFY(console.tile("hit_ratio").footer().contains(QStringLiteral("since start 93.1 %")));
    QCOMPARE(console.tile("evictions").figures().value.text(), QStringLiteral("0 /s"));
    QVERIFY(console.tile("evictions").footer().contains(QStringLiteral("steady vs 15 min ago")));
    QVERIFY(console.tile("memory").accessibleDescription().contains(QStringLiteral("GiB")));
    QCOMPARE(console.tile("query_mean").figures().value.unit, QStringLiteral("ms"));
  }

  void trendSaysWhetherItIsBad() {
    History history;
    for (int i = 99; i >= 0; --i)
      history.append(QLatin1String("postgres"), now - i * 1000, {{QLatin1String("postgres.connections"), i > 50 ? 10.0 : 20.0}});
    const TileFigures figures = tileFigures(tileCatalog()[3], history, {now - 100'000, now}, 50);
    QCOMPARE(figures.trend, TileFigures::Trend::Up);
    QCOMPARE(figures.trendLevel, Level::Warning);
    QCOMPARE(figures.delta, QStringLiteral("100 %"));
  }

  void aDeadSourceTakesOnlyItsOwnAway() {
    Console console;
    fillRedis(console.history, now, 300);
    console.page.setSourceState(QStringLiteral("redis"), live(now), QStringLiteral("Redis"));
    console.page.setSourceState(QStringLiteral("postgres"), failed(0, now + 4000, QStringLiteral("Nothing listens on 127.0.0.1:5432.")), QStringLiteral("PostgreSQL"));
    console.refresh();
    QCOMPARE(console.panel("operations").status().body, PanelStatus::Body::Chart);
    QVERIFY(!console.panel("operations").status().stale);
    QCOMPARE(console.panel("connections").status().body, PanelStatus::Body::Covered);
    QCOMPARE(console.panel("offload").status().body, PanelStatus::Body::Banner);
    QCOMPARE(console.tile("connections").footer(), QStringLiteral("no connection"));
    QVERIFY(console.tile("connections").figures().value.number == QStringLiteral("–"));
    QVERIFY(console.tile("operations").figures().isKnown);
  }

  void staleTilesSaySinceWhen() {
    Console console;
    fill(console.history, now - 48'000, 300);
    SourceState state = live(now - 48'000);
    state.kind = SourceState::Kind::Stale;
    console.page.setSourceState(QStringLiteral("redis"), state, QStringLiteral("Redis"));
    console.refresh();
    QCOMPARE(console.tile("hit_ratio").footer(), QStringLiteral("stale 48 s"));
    QCOMPARE(console.tile("memory").edge(), Level::Good);  // nobody knows how it is now
  }

  void retryIsPassedOn() {
    Console console;
    console.page.setSourceState(QStringLiteral("postgres"), failed(0, 0, QStringLiteral("x")), QStringLiteral("PostgreSQL"));
    console.refresh();
    QSignalSpy retry(&console.page, &OverviewPage::retryRequested);
    for (QPushButton* button : console.panel("connections").findChildren<QPushButton*>())
      if (button->isVisible()) button->click();
    QCOMPARE(retry.size(), 1);
    QCOMPARE(retry.first().first().toString(), QStringLiteral("postgres"));
  }

  // From an alert's band to the chart of what its rule measures.
  void anAlertLeadsToItsPanel() {
    Console console({700, 400});
    console.liveAll();
    console.refresh();
    console.page.reveal(QStringLiteral("sum(rate(pg_stat_statements_seconds_total[5m])) > 1"));
    const ChartPanel& panel = console.panel("query_time");
    QVERIFY(!panel.visibleRegion().isEmpty());
    QVERIFY(panel.hasFocus());
    console.page.reveal(QStringLiteral("node_load1 > 8"));
    QVERIFY(panel.hasFocus());
  }

  void everyPanelDrawsItsData() {
    Console console;
    fill(console.history, now, 900);
    console.liveAll();
    console.refresh();
    for (ChartPanel* panel : console.page.panels()) {
      QVERIFY2(!panel->backend().plot().data().isEmpty(), panel->info().id.data());
      QVERIFY(panel->backend().plot().area().width() > 100);
    }
    QVERIFY(!console.panel("memory").backend().plot().data().thresholds.empty());
    // 200 connections allowed, 30 used: the axis fits what is used.
    QVERIFY(console.panel("connections").backend().plot().data().high < 100);
    QCOMPARE(console.page.verticalScrollBar()->maximum(), 0);
  }

  void aServiceBringsItsPanels() {
    Console console;
    fill(console.history, now, 300);
    console.liveAll();
    console.refresh();
    QCOMPARE(console.page.panels().size(), 7u);
    const QRect before = console.panel("offload").geometry();
    // A Prometheus that scrapes no service has figures of its own all the same.
    console.history.append(QLatin1String("prometheus"), now - 400'000, {{QLatin1String("prometheus.targets_up"), 3.0}});
    console.refresh();
    QCOMPARE(console.page.panels().size(), 7u);
    fillService(console.history, now, 300);
    console.refresh();
    QCOMPARE(console.page.panels().size(), 11u);
    QVERIFY(console.panel("offload").height() < before.height());
    for (const char* id : {"requests", "latency", "hit_ratio_by_class", "pool"}) {
      QVERIFY(console.panel(id).isVisible());
      QVERIFY(!console.panel(id).geometry().isEmpty());
      QVERIFY(console.panel(id).y() > console.panel("offload").geometry().bottom());
    }
    console.refresh();
    for (ChartPanel* panel : console.page.panels()) {
      QCOMPARE(panel->status().body, PanelStatus::Body::Chart);
      QVERIFY2(!panel->backend().plot().data().isEmpty(), panel->info().id.data());
    }
    // Another profile: the page is as it was.
    console.history.clear();
    fill(console.history, now, 300);
    console.refresh();
    QCOMPARE(console.page.panels().size(), 7u);
    QCOMPARE(console.panel("offload").geometry(), before);
    for (const ChartPanel* panel : console.page.findChildren<ChartPanel*>()) QCOMPARE(panel->isVisible(), panel->info().onlyWith.isEmpty());
  }

  void aServiceIsJudgedByTheReferenceBands() {
    Console console;
    const auto append = [&](qint64 ms, double p95, double waiting, double errors) {
      console.history.append(QLatin1String("prometheus"), ms,
                             {{QLatin1String("app.pool_max"), 10.0}, {QLatin1String("app.pool_in_use"), 9.0}, {QLatin1String("app.pool_idle"), 1.0},
                              {QLatin1String("app.pool_waiting"), waiting}, {QLatin1String("app.requests"), 100.0}, {QLatin1String("app.errors"), errors},
                              {QLatin1String("app.error_ratio"), errors}, {QLatin1String("app.latency_p95"), p95}});
    };
    append(now - 2000, 0.05, 0, 0);
    console.liveAll();
    console.refresh();
    for (const char* id : {"requests", "latency", "pool"}) QCOMPARE(console.panel(id).edge(), Level::Good);
    append(now - 1000, 0.2, 3, 0.5);
    console.refresh();
    for (const char* id : {"requests", "latency", "pool"}) QCOMPARE(console.panel(id).edge(), Level::Warning);
    append(now, 0.31, 0, 1);
    console.refresh();
    QCOMPARE(console.panel("requests").edge(), Level::Critical);
    QCOMPARE(console.panel("latency").edge(), Level::Critical);
    QCOMPARE(console.panel("pool").edge(), Level::Good);
    // Its limit is a line, and both lines of the latency are there once it is as slow.
    QCOMPARE(console.panel("pool").backend().plot().data().thresholds.size(), 1u);
    QCOMPARE(console.panel("latency").backend().plot().data().thresholds.size(), 2u);
  }

  void anIdleServiceSaysSo() {
    Console console;
    console.liveAll();
    for (const qint64 ms : {now - 1000, now})
      console.history.append(QLatin1String("prometheus"), ms, {{QLatin1String("app.pool_max"), 10.0}, {QLatin1String("app.requests"), 0.0}});
    console.page.setSourceState(QStringLiteral("prometheus"), live(now - 10'000), QStringLiteral("Prometheus"));
    console.refresh();
    QCOMPARE(console.panel("requests").status().body, PanelStatus::Body::Chart);
    QCOMPARE(console.panel("latency").status().body, PanelStatus::Body::Covered);
    QCOMPARE(console.panel("latency").status().notice.sentence, QStringLiteral("The service answered no request in this time."));
  }

  /// Once its panels showed dashes and no reason when the service was stopped, since Prometheus itself was well.
  void aServiceThatWentSaysWhy() {
    Console console;
    console.liveAll();
    for (const qint64 ms : {now - 2000, now - 1000})
      console.history.append(QLatin1String("prometheus"), ms, {{QLatin1String("app.pool_max"), 10.0}, {QLatin1String("app.requests"), 5.0}});
    console.history.append(QLatin1String("prometheus"), now, {{QLatin1String("prometheus.targets_down"), 1.0}});
    SourceState state = live(now - 10'000);
    state.notes = {QStringLiteral("Target app (a:1) is down: refused"), QStringLiteral("The service's figures stopped: Prometheus cannot scrape app (a:1). refused")};
    console.page.setSourceState(QStringLiteral("prometheus"), state, QStringLiteral("Prometheus"));
    console.refresh();
    const PanelStatus& status = console.panel("requests").status();
    QCOMPARE(status.body, PanelStatus::Body::Banner);
    QVERIFY(status.stale);
    QCOMPARE(status.edge, Level::Warning);
    QCOMPARE(status.notice.sentence, state.notes.last());
    QCOMPARE(console.panel("operations").status().body, PanelStatus::Body::Covered);  // has nothing to do with it
  }

  void changeAndDetailAreTwoThings() {
    Console console;
    console.liveAll();
    for (int i = 60; i >= 0; --i)
      console.history.append(QLatin1String("redis"), now - i * 1000,
                             {{QLatin1String("redis.memory_used"), (2 << 20) + (60 - i) * 40'000.0}, {QLatin1String("redis.memory_limit"), 64.0 * (1 << 20)},
                              {QLatin1String("redis.hit_ratio"), 70 + (60 - i) * 0.3}, {QLatin1String("redis.hit_ratio_lifetime"), 80.0},
                              {QLatin1String("redis.hits"), 70 + (60 - i) * 0.3}, {QLatin1String("redis.misses"), 30 - (60 - i) * 0.3},
                              {QLatin1String("redis.evicted"), i == 0 ? 0.0 : 60.0 - i}});
    console.refresh();
    QCOMPARE(console.tile("memory").figures().value.number + QLatin1Char(' ') + console.tile("memory").figures().limit, QStringLiteral("4.29 / 64 MiB"));
    QVERIFY2(console.tile("memory").footer().contains(QStringLiteral(" vs ")), qPrintable(console.tile("memory").footer()));  // not "110 % of 64 MiB"
    QVERIFY2(console.tile("hit_ratio").footer().contains(QStringLiteral(" pt · since start 80.0 %")), qPrintable(console.tile("hit_ratio").footer()));
    QCOMPARE(console.tile("evictions").footer(), QString());  // no rise beside a zero
  }

  // At 1280 × 800 the tile of the memory had neither its course nor the bar of what is used.
  void aFigureWithItsLimitLeavesRoomForItsCourse() {
    Console console({1220, 744});
    console.liveAll();
    for (int i = 60; i >= 0; --i)
      console.history.append(QLatin1String("redis"), now - i * 1000,
                             {{QLatin1String("redis.memory_used"), (46.6 - i % 7) * (1 << 20)}, {QLatin1String("redis.memory_limit"), 64.0 * (1 << 20)}, {QLatin1String("redis.memory_used_percent"), 72.8 - i % 7}});
    console.refresh();
    KpiTile& tile = console.tile("memory");
    QVERIFY2(tile.width() < 200, qPrintable(QString::number(tile.width())));
    QCOMPARE(tile.figures().value.number + QLatin1Char(' ') + tile.figures().limit, QStringLiteral("46.6 / 64 MiB"));
    const QImage image = tile.grab().toImage();
    const QRgb colour = seriesColour(Theme::instance().palette(), tile.info().colour, false).rgb();
    const auto pixels = [&](int top, int bottom) {
      int found = 0;
      for (int y = top; y < bottom; ++y)
        for (int x = image.width() / 2; x < image.width(); ++x) found += image.pixel(x, y) == colour;
      return found;
    };
    QVERIFY(pixels(30, 70) > 5);
    QVERIFY(pixels(78, 84) > 5);
  }

  void panelsOutsideTheViewAreNotDrawn() {
    Console console({900, 500});
    fill(console.history, now, 300);
    console.liveAll();
    console.refresh();
    QVERIFY(!console.panel("hit_ratio").backend().plot().data().series.empty());
    QVERIFY(console.panel("offload").backend().plot().data().series.empty());
    console.page.verticalScrollBar()->setValue(console.page.verticalScrollBar()->maximum());
    console.refresh();
    QVERIFY(!console.panel("offload").backend().plot().data().series.empty());
  }

  void framesComeFromOneClock() {
    Console console;
    fill(console.history, now, 300);
    console.liveAll();
    QSignalSpy frames(&console.frames, &FrameClock::frame);
    console.frames.request();
    console.frames.request();
    QVERIFY(frames.wait(60000));
    QCOMPARE(frames.size(), 1);
    QVERIFY(!console.panel("operations").backend().plot().data().series.empty());
  }

  void rangeIsSharedByAllPanels() {
    Console console;
    fill(console.history, now, 900);
    console.liveAll();
    console.view.setRange(300);
    console.refresh();
    for (ChartPanel* panel : console.page.panels()) QCOMPARE(panel->backend().plot().data().span, (TimeSpan{now - 300'000, now}));
  }

  void bothSchemesShowTheirSurface() {
    Console console;
    fill(console.history, now, 300);
    console.liveAll();
    for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
      Theme::instance().setScheme(scheme);
      console.refresh();
      QCOMPARE(console.page.grab().toImage().pixelColor(24, 60), Theme::instance().palette().card);
    }
  }
};

QTEST_MAIN(TestOverview)
#include "tst_overview.moc"
