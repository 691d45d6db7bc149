// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/panelpicture.h"
#include "ui/overview/overviewpage.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

/// Pictures of a panel and of the page: on the clipboard, as PNG and as SVG.
class TestPictures : public QObject {
  Q_OBJECT
  static constexpr qint64 now = 1'750'000'000'000;
  FixedClock m_clock;
  History m_history;
  TimeView m_view;
  FrameClock m_frames{m_clock};
  std::unique_ptr<OverviewPage> m_page;
  QTemporaryDir m_dir;

  static QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  static int coloursIn(const QImage& image) {
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 3)
      for (int x = 0; x < image.width(); x += 3) seen.insert(image.pixel(x, y));
    return static_cast<int>(seen.size());
  }

 private Q_SLOTS:
  void initTestCase() {
    fill(m_history, now, 600);
    m_page = std::make_unique<OverviewPage>(m_history, m_view, m_frames);
    m_page->setSourceState(QStringLiteral("redis"), live(now), QStringLiteral("Redis"));
    m_page->setSourceState(QStringLiteral("postgres"), live(now), QStringLiteral("PostgreSQL"));
    m_page->resize(1200, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->refresh(now);
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)).*"))); }

  void onTheClipboardInTwoForms() {
    m_page->panels().front()->copyPicture();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    const QImage image = qvariant_cast<QImage>(data->imageData());
    QCOMPARE(image.size(), m_page->panels().front()->size() * 2);
    QVERIFY(coloursIn(image) > 8);
    QVERIFY(QSvgRenderer(data->data(QStringLiteral("image/svg+xml"))).isValid());
  }

  // Of the page there was only a file: for a chat or a ticket it had to be saved first.
  void thePageOnTheClipboardToo() {
    ChartPanel* const panel = m_page->panels().front();
    QContextMenuEvent wanted(QContextMenuEvent::Keyboard, QPoint(5, 5), panel->mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(panel, &wanted);
    QMenu* const menu = panel->findChild<QMenu*>();
    QVERIFY(menu);
    const QList<QAction*> actions = menu->actions();
    const auto copy = std::find_if(actions.begin(), actions.end(), [](const QAction* action) { return action->text() == QStringLiteral("Copy picture of the page"); });
    QVERIFY(copy != actions.end());
    (*copy)->trigger();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    const QImage image = qvariant_cast<QImage>(data->imageData());
    QCOMPARE(image.size(), m_page->widget()->size() * 2);
    QVERIFY(image.height() > 2 * m_page->viewport()->height());  // what the window does not show as well
    QVERIFY(coloursIn(image.copy(0, image.height() - 300, image.width(), 300)) > 3);
    QVERIFY(QSvgRenderer(data->data(QStringLiteral("image/svg+xml"))).isValid());
    menu->close();
  }

  void inFiles_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("whole");
    QTest::newRow("panel, PNG") << QStringLiteral("a.png") << false;
    QTest::newRow("panel, SVG") << QStringLiteral("a.SVG") << false;
    QTest::newRow("page, PNG") << QStringLiteral("b.png") << true;
    QTest::newRow("page, SVG") << QStringLiteral("b.svg") << true;
  }
  void inFiles() {
    QFETCH(QString, name);
    QFETCH(bool, whole);
    const QString file = m_dir.filePath(name);
    QSignalSpy saved(m_page.get(), &OverviewPage::saved);
    m_page->savePicture(file, whole ? nullptr : m_page->panels().front());
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 60000);
    QVERIFY((QFileInfo(file).permissions() & (QFile::ReadGroup | QFile::ReadOther)) == 0);
    if (pictureFormOf(name) == PictureForm::Svg) {
      const QByteArray svg = contentOf(file);
      QSvgRenderer renderer(svg);
      QVERIFY(renderer.isValid());
      QVERIFY(svg.contains("<text") && svg.contains("<path"));  // vectors and words, not an image in a wrapping
      QVERIFY(!svg.contains("<image"));
      return;
    }
    const QImage image(file);
    QCOMPARE(image.devicePixelRatio(), 1.0);
    QVERIFY(image.width() >= (whole ? 2300 : 400));
    QVERIFY2(coloursIn(image) > 8, qPrintable(QString::number(coloursIn(image))));
    // The page below what the window shows is in it too.
    if (whole) QVERIFY(image.height() > 2 * m_page->viewport()->height() && coloursIn(image.copy(0, image.height() - 300, image.width(), 300)) > 3);
  }

  void anUnwritablePlaceIsSaid() {
    QSignalSpy failed(m_page.get(), &OverviewPage::notSaved);
    m_page->savePicture(m_dir.filePath(QStringLiteral("no/such/folder.png")));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
    QVERIFY(failed.front().front().toString().contains(QLatin1String("folder.png")));
  }
};

QTEST_MAIN(TestPictures)
#include "tst_pictures.moc"
