// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"
#include "tests/ui/chart_data.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/legend.h"
#include "ui/charts/paneltable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pill.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

constexpr qint64 now = 1'750'000'000'000;

const PanelInfo rates{.id = QLatin1String("rates"), .title = "Operations", .subtitle = "Redis", .description = "What Redis does",
                      .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {QLatin1String("redis")},
                      .series = {{QLatin1String("redis.ops"), 1, SeriesStyle::Area}, {QLatin1String("redis.misses"), 5}}};

/// A shown panel with its surroundings.
struct Bench {
  History history;
  TimeView view;
  std::unique_ptr<ChartPanel> panel;
  explicit Bench(const PanelInfo& info = rates) : panel(std::make_unique<ChartPanel>(info, history, view)) {
    panel->resize(420, 300);
    panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel.get()));
    state(live(now));
  }
  void state(const SourceState& state) { panel->setSource({QStringLiteral("redis"), QStringLiteral("Redis"), state}); }
  void refresh(qint64 at = now) {
    view.advance(at, history.firstMs(), history.lastMs(QLatin1String("redis.ops")));
    panel->refresh(at);
    QCoreApplication::processEvents();
  }
  QWidget* viewport() { return panel->backend().viewport(); }
  QPoint at(double share) {
    const QRectF area = panel->backend().plotArea();
    return QPointF(area.left() + area.width() * share, area.center().y()).toPoint();
  }
  void drag(double from, double to) {
    QTest::mousePress(viewport(), Qt::LeftButton, {}, at(from));
    for (int i = 1; i <= 4; ++i) {
      QMouseEvent move(QEvent::MouseMove, at(from + (to - from) * i / 4), viewport()->mapToGlobal(at(from)), Qt::NoButton, Qt::LeftButton, {});
      QCoreApplication::sendEvent(viewport(), &move);
    }
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, at(to));
  }
  void hover(double share) {
    QMouseEvent move(QEvent::MouseMove, at(share), viewport()->mapToGlobal(at(share)), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(viewport(), &move);
  }
  QStringList shownTexts() {
    QStringList out;
    const QList<QLabel*> labels = panel->findChildren<QLabel*>();
    for (const QLabel* label : labels)
      if (label->isVisible() && !label->text().isEmpty()) out << label->text();
    if (auto* pill = panel->findChild<Pill*>(); pill->isVisible()) out << pill->text();
    return out;
  }
  LegendEntry* entry(int i) { return panel->findChildren<LegendEntry*>().at(i); }
};

bool hasColour(const QImage& image, const QColor& colour) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) == colour) return true;
  return false;
}

}  // namespace

class TestChartPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QLatin1String(charttest::anyWarning)));
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void drawsInBothSchemes() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    for (const auto scheme : {Theme::Scheme::Dark, Theme::Scheme::Light}) {
      Theme::instance().setScheme(scheme);
      bench.refresh();
      const QImage image = bench.panel->grab().toImage();
      QVERIFY(hasColour(image, Theme::instance().palette().card));
      QVERIFY(hasColour(image, Theme::instance().palette().grid));
      QVERIFY(hasColour(image, Theme::instance().palette().series[4]));
    }
  }

  void linesFollowNewSamples() {
    Bench bench;
    fillRedis(bench.history, now - 10'000, 300);
    bench.refresh(now - 10'000);
    const QImage before = bench.panel->grab().toImage();
    for (int i = 9; i >= 0; --i) bench.history.append(QLatin1String("redis"), now - i * 1000, {{QLatin1String("redis.ops"), 52'000.0}, {QLatin1String("redis.misses"), 9'000.0}});
    bench.refresh();
    QVERIFY(before != bench.panel->grab().toImage());
  }

  void anEqualFrameDrawsNothing() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    QSignalSpy changed(bench.panel->backend().scene(), &QGraphicsScene::changed);
    bench.refresh();
    bench.refresh();
    QCOMPARE(changed.size(), 0);
  }

  void aHiddenPanelDrawsNothing() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.panel->hide();
    bench.refresh();
    QVERIFY(bench.panel->backend().plot().data().series.empty());
  }

  void legendShowsLiveValues() {
    Bench bench;
    bench.history.append(QLatin1String("redis"), now - 1000, {{QLatin1String("redis.ops"), 31'000.0}, {QLatin1String("redis.misses"), 120.0}});
    bench.history.append(QLatin1String("redis"), now, {{QLatin1String("redis.ops"), 31'800.0}, {QLatin1String("redis.misses"), 150.0}});
    bench.refresh();
    QCOMPARE(bench.entry(0)->value(), QStringLiteral("31.8 k/s"));  // beside "150 /s" a bare 31.8 was read as 31.8 /s
    QCOMPARE(bench.entry(1)->value(), QStringLiteral("150 /s"));
    QVERIFY(bench.panel->accessibleDescription().contains(QStringLiteral("operations 31.8 k/s")));
    bench.history.append(QLatin1String("redis"), now + 1000, {{QLatin1String("redis.ops"), 31'900.0}, {QLatin1String("redis.misses"), 12'000.0}});
    bench.refresh();
    QCOMPARE(bench.entry(0)->value(), QStringLiteral("31.9"));  // all of the axis's size: the subtitle has the unit
    QCOMPARE(bench.entry(1)->value(), QStringLiteral("12.0"));
  }

  void legendTogglesByClickAndKey() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    QCOMPARE(bench.panel->backend().plot().data().series.size(), 2u);
    QSignalSpy wanted(bench.panel.get(), &ChartPanel::frameWanted);
    QTest::mouseClick(bench.entry(0), Qt::LeftButton);
    QVERIFY(wanted.size() > 0);
    bench.refresh();
    QCOMPARE(bench.panel->backend().plot().data().series.size(), 1u);
    QVERIFY(bench.panel->backend().plot().data().high < 20'000);  // the axis fits what is left
    QTest::keyClick(bench.entry(0), Qt::Key_Space);
    bench.refresh();
    QCOMPARE(bench.panel->backend().plot().data().series.size(), 2u);
  }

  void everythingIsReachedByTab() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.state(failed(now - 9000, now + 4000, QStringLiteral("no answer")));
    bench.refresh();
    QSet<QWidget*> reached;
    QWidget* widget = bench.panel.get();
    for (int i = 0; i < 200; ++i) {
      if (widget->isVisible() && widget->focusPolicy() & Qt::TabFocus) reached << widget;
      widget = widget->nextInFocusChain();
    }
    QVERIFY(reached.contains(bench.panel.get()));
    QVERIFY(reached.contains(bench.entry(0)) && reached.contains(bench.entry(1)));
    bool retry = false;
    for (QWidget* one : reached) {
      retry = retry || qobject_cast<QPushButton*>(one);
      QVERIFY2(!one->accessibleName().isEmpty() || qobject_cast<QPushButton*>(one), one->metaObject()->className());
    }
    QVERIFY(retry);
  }

  void dragZoomsAndDoubleClickResets() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    QCOMPARE(bench.view.span().seconds(), 300.0);
    bench.drag(0.25, 0.75);
    QVERIFY(bench.view.isZoomed());
    QVERIFY(std::abs(bench.view.span().seconds() - 150) < 3);
    QVERIFY(std::abs(bench.view.span().fromMs - (now - 225'000)) < 2000);
    bench.refresh();
    QVERIFY(!bench.panel->backend().plot().data().following);
    QTest::mouseDClick(bench.viewport(), Qt::LeftButton, {}, bench.at(0.5));
    QVERIFY(!bench.view.isZoomed());
  }

  void aClickIsNoZoom() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    QTest::mouseClick(bench.viewport(), Qt::LeftButton, {}, bench.at(0.5));
    QVERIFY(!bench.view.isZoomed());
  }

  void cursorIsSharedByAllPanels() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    ChartPanel other(rates, bench.history, bench.view);
    other.resize(300, 240);
    other.setSource({QStringLiteral("redis"), QStringLiteral("Redis"), live(now)});
    other.show();
    QVERIFY(QTest::qWaitForWindowExposed(&other));
    bench.refresh();
    other.refresh(now);
    bench.hover(0.5);
    QVERIFY(bench.view.cursor().has_value());
    QVERIFY(std::abs(*bench.view.cursor() - (now - 150'000)) < 2000);
    for (ChartPanel* panel : {bench.panel.get(), &other}) {
      QVERIFY(panel->backend().cursor().isVisible());
      const QString there = formatQuantity(bench.history.at(QLatin1String("redis.ops"), *bench.view.cursor()), Unit::PerSecond).number;
      QCOMPARE(panel->findChildren<LegendEntry*>().first()->value(), there);
    }
    // The card with time and values stands under the pointer alone.
    QVERIFY(bench.panel->backend().cursor().boundingRect().width() > 80);
    QVERIFY(other.backend().cursor().boundingRect().width() < 20);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(bench.viewport(), &leave);
    QVERIFY(!bench.view.cursor() && !other.backend().cursor().isVisible());
  }

  void cursorRepaintsNoSeries() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    bench.hover(0.3);
    QCOMPARE(bench.panel->backend().plot().cacheMode(), QGraphicsItem::DeviceCoordinateCache);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(bench.viewport(), &leave);
    QCOMPARE(bench.panel->backend().plot().cacheMode(), QGraphicsItem::NoCache);
  }

  void arrowKeysMoveTheCursor() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    bench.panel->setFocus(Qt::TabFocusReason);
    QTest::keyClick(bench.panel.get(), Qt::Key_Left);
    QCOMPARE(bench.view.cursor().value(), bench.view.span().toMs - 3000);
    QTest::keyClick(bench.panel.get(), Qt::Key_Home);
    QCOMPARE(bench.view.cursor().value(), bench.view.span().fromMs);
    QTest::keyClick(bench.panel.get(), Qt::Key_Escape);
    QVERIFY(!bench.view.cursor());
  }

  void saysThatNothingCameYet() {
    Bench bench;
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("No data yet"), QStringLiteral("The first figures need two samples of Redis.")}));
  }

  void saysWhatKeepsFiguresAway() {
    PanelInfo queries = rates;
    queries.noteWords = {QLatin1String("Query times")};
    Bench bench(queries);
    SourceState state = live(now);
    state.notes = {QStringLiteral("GRANT pg_monitor TO console;"), QStringLiteral("Query times are unknown: CREATE EXTENSION pg_stat_statements;")};
    bench.state(state);
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("Redis does not report this"), state.notes.last()}));
  }

  void saysThatThereWasNothingToMeasure() {
    PanelInfo ratio = rates;
    ratio.idle = "There were no key look-ups in this time.";
    Bench bench(ratio);
    SourceState state = live(now - 5000);
    state.notes = {QStringLiteral("There is no memory limit (maxmemory 0).")};
    bench.state(state);
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("Nothing was measured"), QStringLiteral("There were no key look-ups in this time.")}));
  }

  void aFrameLeavesTheDragRectangle() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    bench.hover(0.25);
    QTest::mousePress(bench.viewport(), Qt::LeftButton, {}, bench.at(0.25));
    QMouseEvent move(QEvent::MouseMove, bench.at(0.75), bench.viewport()->mapToGlobal(bench.at(0.75)), Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(bench.viewport(), &move);
    const double half = bench.panel->backend().plotArea().width() / 2;
    bench.refresh(now + 1000);
    QVERIFY(std::abs(bench.panel->backend().cursor().boundingRect().width() - half) < 10);
    QTest::mouseRelease(bench.viewport(), Qt::LeftButton, {}, bench.at(0.75));
    QVERIFY(bench.view.isZoomed());
  }

  void saysThatItConnects() {
    Bench bench;
    SourceState state;
    state.kind = SourceState::Kind::Connecting;
    state.sinceMs = now - 5000;
    bench.state(state);
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("Connecting to Redis…"), QStringLiteral("The first figures come with its first answer."),
                                              QStringLiteral("for 5 s"), QStringLiteral("connecting")}));
  }

  void saysThatItIsNotPartOfTheProfile() {
    Bench bench;
    bench.state({});
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("Redis is not connected"), QStringLiteral("Add it to this profile under Connections.")}));
  }

  void saysSinceWhenItIsStale() {
    Bench bench;
    fillRedis(bench.history, now - 48'000, 300);
    SourceState state = live(now - 48'000);
    state.kind = SourceState::Kind::Stale;
    bench.state(state);
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("stale 48 s")}));
    QVERIFY(bench.panel->backend().plot().data().stale);
    bench.refresh(now + 5000);
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("stale 53 s")}));
  }

  void failureWithHistoryKeepsTheChart() {
    Bench bench;
    fillRedis(bench.history, now - 9000, 300);
    bench.state(failed(now - 9000, now + 3500, QStringLiteral("127.0.0.1:6379 refused the connection.")));
    bench.refresh();
    const QStringList texts = bench.shownTexts();
    QVERIFY(texts.contains(QStringLiteral("Redis is not reachable")));
    QVERIFY(texts.contains(QStringLiteral("127.0.0.1:6379 refused the connection.")));
    QVERIFY(texts.contains(QStringLiteral("Last good sample %1 · retry in 4 s").arg(QDateTime::fromMSecsSinceEpoch(now - 9000).toString(QStringLiteral("HH:mm:ss")))));
    QVERIFY(texts.contains(QStringLiteral("failed")));
    QVERIFY(bench.panel->backend().isVisible());
    QCOMPARE(bench.panel->edge(), Level::Critical);
  }

  void failureWithoutHistoryCoversThePanel() {
    Bench bench;
    SourceState state = failed(0, 0, QStringLiteral("Wrong password for user console."));
    state.error->kind = Error::Kind::Auth;
    bench.state(state);
    bench.refresh();
    QVERIFY(!bench.panel->backend().isVisible());
    const QStringList texts = bench.shownTexts();
    QVERIFY(texts.contains(QStringLiteral("Redis does not let this console in")));
    QVERIFY(texts.contains(QStringLiteral("waits for you: nothing is tried by itself")));
    QSignalSpy retry(bench.panel.get(), &ChartPanel::retryRequested);
    for (QPushButton* button : bench.panel->findChildren<QPushButton*>())
      if (button->isVisible()) QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(retry.size(), 1);
    QCOMPARE(retry.first().first().toString(), QStringLiteral("redis"));
  }

  void comesBackByItself() {
    Bench bench;
    fillRedis(bench.history, now - 9000, 300);
    bench.state(failed(now - 9000, now + 4000, QStringLiteral("gone")));
    bench.refresh();
    bench.history.append(QLatin1String("redis"), now, {{QLatin1String("redis.ops"), 100.0}});
    bench.state(live(now));
    bench.refresh();
    QVERIFY(bench.shownTexts().isEmpty());
    QCOMPARE(bench.panel->edge(), Level::Good);
    QVERIFY(!bench.panel->backend().plot().data().stale);
  }

  void saysThatItIsPaused() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    bench.view.setPaused(true);
    bench.refresh(now + 30'000);
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("paused")}));
    QCOMPARE(bench.panel->backend().plot().data().span.toMs, now);
  }

  void aPassedThresholdColoursTheCard() {
    PanelInfo memory = rates;
    memory.judged = QLatin1String("redis.memory_used_percent");
    Bench bench(memory);
    fillRedis(bench.history, now - 1000, 60);
    bench.history.append(QLatin1String("redis"), now, {{QLatin1String("redis.ops"), 1.0}, {QLatin1String("redis.memory_used_percent"), 91.0}});
    bench.refresh();
    QCOMPARE(bench.panel->edge(), Level::Critical);
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("critical")}));
    bench.view.setPaused(true);
    bench.refresh();
    QCOMPARE(bench.shownTexts(), QStringList({QStringLiteral("critical")}));
  }

  void hostileNamesAreShownLiterally() {
    PanelInfo hostile = rates;
    hostile.title = "<img src=x>";
    hostile.series[0].label = "<b>ops</b>";
    Bench bench(hostile);
    fillRedis(bench.history, now, 60);
    bench.state(failed(now, now + 1000, QStringLiteral("<a href='x'>click</a>")));
    bench.refresh();
    QCOMPARE(bench.entry(0)->text(), QStringLiteral("<b>ops</b>"));
    QVERIFY(bench.shownTexts().contains(QStringLiteral("<a href='x'>click</a>")));
    for (const QLabel* label : bench.panel->findChildren<QLabel*>()) QCOMPARE(label->textFormat() == Qt::PlainText || label->text().isEmpty(), true);
    QCOMPARE(bench.panel->accessibleName(), QStringLiteral("<img src=x>"));
  }

  void tableHoldsTheValues() {
    History history;
    fillRedis(history, now, 300);
    PanelTableModel model(rates, history, {now - 300'000, now});
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.columnCount(), 3);
    QVERIFY(model.rowCount() > 100);
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("operations"));
    QVERIFY(model.index(0, 1).data().toString().endsWith(QStringLiteral("k/s")));
    QCOMPARE(model.toText().count(QLatin1Char('\n')), model.rowCount() + 1);
  }

  void tableOpensFromThePanel() {
    Bench bench;
    fillRedis(bench.history, now, 60);
    bench.refresh();
    bench.panel->showAsTable();
    auto* table = bench.panel->findChild<QTableView*>();
    QVERIFY(table && table->model()->rowCount() > 10);
    QVERIFY(!table->accessibleName().isEmpty());
  }

  void drawsOnOtherDevices() {
    Bench bench;
    fillRedis(bench.history, now, 300);
    bench.refresh();
    const QRectF before = bench.panel->backend().plotArea();
    QImage image(1600, 1000, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(2, 2);
    bench.panel->drawing(painter, {800, 500});
    painter.end();
    QVERIFY(hasColour(image, Theme::instance().palette().series[4]));
    QCOMPARE(bench.panel->backend().plotArea(), before);
  }

  void tinySizesAreHarmless() {
    Bench bench;
    fillRedis(bench.history, now, 60);
    for (const QSize size : {QSize(1, 1), QSize(60, 40), QSize(150, 90), QSize(3000, 1500)}) {
      bench.panel->resize(size);
      bench.refresh();
      QVERIFY(!bench.panel->grab().isNull());
    }
  }
};

QTEST_MAIN(TestChartPanel)
#include "tst_chart_panel.moc"
