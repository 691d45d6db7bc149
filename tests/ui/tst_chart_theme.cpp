// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QDir>
#include <QFontMetricsF>
#include <QIcon>
#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;

class TestChartTheme : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QLatin1String(charttest::anyWarning)));
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void textHasContrast_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
  }
  // WCAG 2.1 AA for text on the surfaces that it stands on.
  void textHasContrast() {
    QFETCH(bool, dark);
    const Palette& p = Theme::paletteOf(dark);
    for (const QColor& surface : {p.window, p.rail, p.card, p.raised})
      for (const QColor& text : {p.text1, p.text2})
        QVERIFY2(contrast(text, surface) >= 4.5, qPrintable(text.name() + QStringLiteral(" on ") + surface.name()));
    for (const QColor& text : {p.text3, p.accent, p.info}) QVERIFY2(contrast(text, p.card) >= 4.5, qPrintable(text.name()));
    // Colours of lines and shapes become text through readable().
    for (const QColor& colour : {p.good, p.warning, p.critical, p.stale, p.series[0], p.series[3], p.series[5]})
      for (const QColor& surface : {p.window, p.card, p.raised, mixed(p.card, colour, 0.16), mixed(p.card, colour, 0.28)})
        QVERIFY2(contrast(readable(colour, surface), surface) >= 4.5, qPrintable(colour.name() + QStringLiteral(" on ") + surface.name()));
    QCOMPARE(readable(p.text1, p.card), p.text1);
    QVERIFY(contrast(p.onAccent(), p.accent) >= 4.5);
  }

  void seriesStandOutFromTheCard() {
    for (const bool dark : {true, false})
      for (const QColor& colour : Theme::paletteOf(dark).series)
        QVERIFY2(contrast(colour, Theme::paletteOf(dark).card) >= 3, qPrintable(colour.name()));  // WCAG 1.4.11
  }

  void schemesDifferAndTellIt() {
    QSignalSpy changed(&Theme::instance(), &Theme::changed);
    const QColor before = Theme::instance().palette().card;
    Theme::instance().setScheme(Theme::Scheme::Light);
    QCOMPARE(changed.size(), 1);
    QVERIFY(!Theme::instance().isDark());
    QVERIFY(Theme::instance().palette().card != before);
    QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@')));  // every word of the sheet was replaced
    QCOMPARE(qApp->palette().color(QPalette::Window), Theme::instance().palette().window);
  }

  void everyIconDraws() {
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() > 30);
    for (const QString& file : files) {
      const QImage image = Theme::instance().icon(file.chopped(4), Qt::red).pixmap(32, 32).toImage();
      bool drawn = false;
      for (int y = 0; y < 32 && !drawn; ++y)
        for (int x = 0; x < 32 && !drawn; ++x) drawn = image.pixelColor(x, y).alpha() > 100;
      QVERIFY2(drawn, qPrintable(file));
    }
  }

  void iconsTakeTheColour() {
    const QImage image = Theme::instance().icon(QStringLiteral("check"), QColor(0, 255, 0)).pixmap(48, 48).toImage();
    int green = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) green += image.pixelColor(x, y) == QColor(0, 255, 0);
    QVERIFY(green > 20);
  }

  void unknownIconIsSaid() {
    QTest::ignoreMessage(QtWarningMsg, "There is no icon 'no-such'.");
    QVERIFY(Theme::instance().icon(QStringLiteral("no-such"), Qt::red).isNull());
  }

  void figuresStandInEqualCells() {
    const QFont font = Theme::instance().font(TextRole::Kpi);
    QCOMPARE(figureWidth(QStringLiteral("111.11"), font), figureWidth(QStringLiteral("000.00"), font));
    QVERIFY(figureWidth(QStringLiteral("1"), font) > 0);
    QCOMPARE(figureWidth(QString(), font), 0.0);
  }

  void labelsShowMarkupLiterally() {
    const QString hostile = QStringLiteral("<img src=x><b>bold</b>");
    const std::unique_ptr<QLabel> label(plainLabel(hostile, TextRole::Label));
    QCOMPARE(label->textFormat(), Qt::PlainText);
    QCOMPARE(label->text(), hostile);
    Notice notice(Notice::Form::Full);
    notice.setText({QStringLiteral("failed"), Qt::red, hostile, hostile, hostile, QStringLiteral("Retry now")});
    const QList<QLabel*> labels = notice.findChildren<QLabel*>();
    int shown = 0;
    for (const QLabel* part : labels) {
      if (part->text() != hostile) continue;
      QCOMPARE(part->textFormat(), Qt::PlainText);
      ++shown;
    }
    QCOMPARE(shown, 3);
  }

  void elidedLabelKeepsTheWholeTextInItsTooltip() {
    ElidedLabel label(TextRole::Secondary);
    label.setText(QStringLiteral("a text that is <longer> than its room"));
    label.resize(40, 16);
    label.show();
    QVERIFY(label.toolTip().contains(QStringLiteral("&lt;longer&gt;")));
    label.resize(600, 16);
    QVERIFY(label.toolTip().isEmpty());
  }

  void elidedLabelShowsLinesBehindOneAnother() {
    ElidedLabel one(TextRole::Secondary), two(TextRole::Secondary);
    one.setText(QStringLiteral("before the <index>"));
    two.setText(QStringLiteral("before the\n<index>"));
    for (ElidedLabel* const label : {&one, &two}) {
      label->resize(600, 16);
      label->show();
    }
    QCOMPARE(two.grab().toImage(), one.grab().toImage());
    QVERIFY(two.toolTip().contains(QStringLiteral("before the<br>&lt;index&gt;")));
  }

  void noticeButtonIsReachable() {
    Notice notice(Notice::Form::Compact);
    notice.setText({QStringLiteral("failed"), Qt::red, QStringLiteral("t"), QStringLiteral("s"), QStringLiteral("d"), QStringLiteral("Retry now")});
    notice.show();
    auto* button = notice.findChild<QPushButton*>();
    QVERIFY(button->focusPolicy() & Qt::TabFocus);
    QSignalSpy clicked(&notice, &Notice::buttonClicked);
    QTest::keyClick(button, Qt::Key_Space);
    QCOMPARE(clicked.size(), 1);
  }
};

QTEST_MAIN(TestChartTheme)
#include "tst_chart_theme.moc"
