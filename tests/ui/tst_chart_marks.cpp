// SPDX-License-Identifier: GPL-3.0-or-later
// What was done, on the charts: marks, stretches and what a pointer that rests on them is told.
#include "tests/ui/chart_data.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/eventmarks.h"
#include "ui/charts/plotpainter.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace cachedeck;
using namespace cachedeck::charttest;

namespace {

constexpr qint64 end = 1'750'000'000'000;
const QRectF area(10, 10, 600, 100);

ActionEvent action(qint64 fromSeconds, qint64 toSeconds, const QString& label = QStringLiteral("Delete 20,000 keys: risk:*")) {
  ActionEvent event;
  event.fromMs = end + 1000 * fromSeconds;
  event.toMs = end + 1000 * toSeconds;
  event.label = label;
  event.detail = QStringLiteral("done: 20,000 deleted");
  event.kind = ActionEvent::Kind::Delete;
  event.state = ActionEvent::State::Done;
  event.operation = QStringLiteral("op-1");
  return event;
}

ActionEvent open(qint64 fromSeconds, ActionEvent::State state) {
  ActionEvent event = action(fromSeconds, 0);
  event.toMs = 0;
  event.state = state;
  return event;
}

PlotData with(const QList<ActionEvent>& events, double seconds = 300) {
  PlotData data;
  data.span = {end - static_cast<qint64>(1000 * seconds), end};
  markActions(data, events, area.width());
  return data;
}

QFontMetricsF metrics() { return QFontMetricsF(Theme::instance().font(TextRole::Mark)); }
QStringList at(const PlotData& data, double x, double y = 80) { return marksAt(data, area, metrics(), {x, y}); }

const PanelInfo rates{.id = QLatin1String("rates"), .title = "Operations", .subtitle = "Redis", .description = "What Redis does",
                      .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {QLatin1String("redis")},
                      .series = {{QLatin1String("redis.ops"), 1, SeriesStyle::Area}}};

}  // namespace

class TestChartMarks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // The offscreen platform can neither tell size hints nor raise a tooltip.
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise)).*"))); }

  void aShortActionIsAMoment() {
    const PlotData data = with({action(-150, -149)});
    QCOMPARE(data.marks.size(), 1u);
    QVERIFY(data.runs.empty());
    QCOMPARE(data.marks[0].label, QStringLiteral("Delete 20,000 keys: risk:*"));
    QCOMPARE(data.marks[0].toMs, 0);
    QVERIFY(data.marks[0].detail.endsWith(QLatin1String("done: 20,000 deleted")));
  }

  void aLongOneIsAStretch() {
    const PlotData data = with({action(-150, -100)});
    QCOMPARE(data.runs.size(), 1u);
    QCOMPARE(data.runs[0].fromMs, end - 150'000);
    QCOMPARE(data.runs[0].toMs, end - 100'000);
    QVERIFY(with({action(-150, -100)}, 86'400).runs.empty());  // of a day it is less than a pixel
  }

  void whatGoesOnReachesTheEdge() {
    const PlotData data = with({open(-100, ActionEvent::State::UnderWay)});
    QCOMPARE(data.runs.size(), 1u);
    QCOMPARE(data.runs[0].toMs, 0);
    QVERIFY(data.marks[0].detail.contains(QLatin1String("under way")));
  }

  void anInterruptedOneIsOnlyItsBeginning() {
    const PlotData data = with({open(-100, ActionEvent::State::Interrupted)});
    QVERIFY(data.runs.empty());
    QCOMPARE(data.marks.size(), 1u);
    QVERIFY(with({open(-1000, ActionEvent::State::Interrupted)}).marks.empty());
  }

  void whatLiesOutsideIsLeftOut() {
    QVERIFY(with({action(-2000, -1000), action(10, 20)}).marks.empty());
    const PlotData data = with({action(-2000, -200)});  // ends inside: its name stands at the edge
    QCOMPARE(data.runs.size(), 1u);
    const auto chips = markChips(data, area, metrics());
    QCOMPARE(chips.size(), 1u);
    QCOMPARE(chips[0].rect.left(), area.left());
  }

  void namesDoNotCoverEachOther() {
    QList<ActionEvent> events;
    for (int i = 0; i < 200; ++i) events << action(-300 + i, -300 + i);
    const PlotData data = with(events);
    QCOMPARE(data.marks.size(), 200u);
    const auto chips = markChips(data, area, metrics());
    QVERIFY(!chips.empty() && chips.size() < 10);
    QCOMPARE(chips[0].mark, &data.marks.back());  // the newest has its name
    for (size_t i = 0; i < chips.size(); ++i)
      for (size_t j = 0; j < i; ++j) QVERIFY(!chips[i].rect.intersects(chips[j].rect));
    for (const MarkChip& chip : chips) QVERIFY(area.contains(chip.rect));
  }

  void aLongNameIsCut() {
    const PlotData data = with({action(-100, -100, QString(2000, QLatin1Char('W')))});
    const auto chips = markChips(data, area, metrics());
    QVERIFY(chips[0].rect.width() < 250);
    QVERIFY(chips[0].text.endsWith(QChar(0x2026)));
  }

  void thePointerFindsThem() {
    const PlotData data = with({action(-150, -150, QStringLiteral("first")), action(-60, -30, QStringLiteral("second"))});
    QVERIFY(at(data, 310).value(0).startsWith(QLatin1String("first\n")));
    QVERIFY(at(data, 306).value(0).startsWith(QLatin1String("first\n")));
    QVERIFY(at(data, 290).isEmpty());
    QVERIFY(at(data, 520).value(0).startsWith(QLatin1String("second\n")));  // in its stretch
    QVERIFY(at(data, 600).isEmpty());
    QVERIFY(marksAt(data, area, metrics(), {310, 200}).isEmpty());
    const QPointF onChip = markChips(data, area, metrics()).back().rect.center();
    QVERIFY(marksAt(data, area, metrics(), onChip).value(0).startsWith(QLatin1String("first\n")));
    QCOMPARE(at(with(QList<ActionEvent>(50, action(-150, -150))), 310).size(), 7);
  }

  void aToolTipIsPlain() {
    const QString text = markToolTip({QStringLiteral("Delete 1 key: <img src=\"/dev/zero\">\na & b")});
    QVERIFY(!text.contains(QLatin1String("<img")));
    QVERIFY(text.contains(QLatin1String("&lt;img src=&quot;/dev/zero&quot;&gt;<br>a &amp; b")));
  }

  void theyArePainted() {
    const auto painted = [](const PlotData& data) {
      QImage image(640, 130, QImage::Format_ARGB32_Premultiplied);
      image.fill(Theme::instance().palette().card);
      QPainter painter(&image);
      paintPlot(painter, area, data, Theme::instance().palette());
      return image;
    };
    const QImage none = painted(with({})), some = painted(with({action(-150, -100)}));
    QVERIFY(none.copy(308, 60, 6, 40) != some.copy(308, 60, 6, 40));
    QVERIFY(none.pixelColor(360, 90) != some.pixelColor(360, 90));
    QCOMPARE(none.pixelColor(200, 90), some.pixelColor(200, 90));
  }

  void everyPanelShowsThemAtOnce() {
    History history;
    fillRedis(history, end, 300);
    TimeView view;
    ChartPanel panel(rates, history, view);
    panel.resize(420, 300);
    panel.setSource({QStringLiteral("redis"), QStringLiteral("Redis"), live(end)});
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    const auto refresh = [&] {
      view.advance(end, history.firstMs(), end);
      panel.refresh(end);
    };
    refresh();
    QVERIFY(panel.backend().plot().data().marks.empty());
    QSignalSpy changed(&view, &TimeView::changed);
    view.setActions({action(-150, -149)});
    view.setActions({action(-150, -149)});
    QCOMPARE(changed.size(), 1);
    refresh();
    QCOMPARE(panel.backend().plot().data().marks.size(), 1u);
    QVERIFY(panel.accessibleDescription().contains(QLatin1String("Delete 20,000 keys: risk:*")));

    const QRectF plot = panel.backend().plotArea();
    QHelpEvent help(QEvent::ToolTip, plot.center().toPoint(), panel.backend().viewport()->mapToGlobal(plot.center().toPoint()));
    QCoreApplication::sendEvent(panel.backend().viewport(), &help);
    QVERIFY(QToolTip::text().contains(QLatin1String("Delete 20,000 keys: risk:*")));
    QToolTip::hideText();
    view.setActions({});
    refresh();
    QVERIFY(panel.backend().plot().data().marks.empty());
  }
};

QTEST_MAIN(TestChartMarks)
#include "tst_chart_marks.moc"
