// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/tst_window_pictures.h"
#include "ui/window/chipbar.h"
#include "ui/window/choicecard.h"
#include "ui/window/environmentmark.h"
#include "ui/window/livebutton.h"
#include "ui/window/mainwindow.h"
#include "ui/window/noticebar.h"
#include "ui/window/rail.h"
#include "ui/window/sourcepopup.h"
#include "ui/window/topbar.h"
#include "ui/window/welcomepage.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = SourceState::Kind;

namespace {

const QString hostile = QStringLiteral("<img src=\"/dev/zero\">");

class TestClock : public Clock {
 public:
  Instant now() const override { return {wallMs * 1000000, wallMs}; }
  qint64 wallMs = 1'700'000'000'000;
};

SourceState stateOf(Kind kind, qint64 nowMs) {
  SourceState state;
  state.kind = kind;
  state.lastGoodMs = nowMs - 48'000;
  state.roundTripSeconds = 0.0004;
  state.identity = {QStringLiteral("Redis"), QStringLiteral("7.0.15"), QStringLiteral("127.0.0.1:6379"), QStringLiteral("master"), {}};
  return state;
}

SourceState failedState(Error::Kind kind, qint64 retryAtMs) {
  SourceState state;
  state.kind = Kind::Failed;
  state.retryAtMs = retryAtMs;
  state.error = fail(kind, QStringLiteral("10.0.0.7:5432 refused the connection. Is PostgreSQL running there?"), hostile);
  return state;
}

}  // namespace

class TestWindow : public QObject {
  Q_OBJECT

  TestClock m_clock;
  std::unique_ptr<MainWindow> m_window;

  template <typename T>
  T* child() const { return m_window->findChild<T*>(); }
  SourceChip* chip(const char* id) const { return child<ChipBar>()->chip(QLatin1String(id)); }
  void setSource(const char* id, const SourceState& state) { m_window->setSource(QLatin1String(id), QLatin1String(id), state); }
  void show(QSize size = {1440, 900}) {
    m_window->resize(size);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
  }
  void connectAll() {
    const qint64 now = m_clock.wallMs;
    m_window->setProfile(ProfileEntry{QUuid::createUuid(), QStringLiteral("Shop"), Environment::Production});
    m_window->setSource(QStringLiteral("redis"), QStringLiteral("Redis"), stateOf(Kind::Live, now));
    m_window->setSource(QStringLiteral("postgres"), QStringLiteral("PostgreSQL"), failedState(Error::Kind::Refused, now + 3'200));
    m_window->setSource(QStringLiteral("prometheus"), QStringLiteral("Prometheus"), stateOf(Kind::Stale, now));
    m_window->setSource(QStringLiteral("alertmanager"), QStringLiteral("Alertmanager"), stateOf(Kind::Connecting, now));
    m_window->setSource(QStringLiteral("pushgateway"), QStringLiteral("Pushgateway"), stateOf(Kind::Live, now));
  }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_window = std::make_unique<MainWindow>(m_clock);
    for (const char* const id : {"overview", "connections"}) {
      auto* page = new QWidget;
      page->setObjectName(QLatin1String(id));
      m_window->addPage(QLatin1String(id), QLatin1String(id), QLatin1String(qstrcmp(id, "overview") == 0 ? "overview" : "plug"), page);
    }
  }
  void cleanup() { m_window.reset(); }

  void chipSaysItsState_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("retryIn");
    QTest::addColumn<int>("error");
    QTest::addColumn<QString>("detail");
    QTest::newRow("idle") << int(Kind::Idle) << qint64(0) << -1 << QStringLiteral("idle");
    QTest::newRow("connecting") << int(Kind::Connecting) << qint64(0) << -1 << QStringLiteral("connecting");
    QTest::newRow("live") << int(Kind::Live) << qint64(0) << -1 << QStringLiteral("7.0.15 · 400 µs");
    QTest::newRow("stale") << int(Kind::Stale) << qint64(0) << -1 << QStringLiteral("stale 48 s");
    QTest::newRow("retry") << int(Kind::Failed) << qint64(3'200) << int(Error::Kind::Refused) << QStringLiteral("retry in 4 s");
    QTest::newRow("due") << int(Kind::Failed) << qint64(-10) << int(Error::Kind::Refused) << QStringLiteral("retrying");
    QTest::newRow("password") << int(Kind::Failed) << qint64(0) << int(Error::Kind::Auth) << QStringLiteral("sign-in failed");
    QTest::newRow("certificate") << int(Kind::Failed) << qint64(0) << int(Error::Kind::Tls) << QStringLiteral("not trusted");
  }
  void chipSaysItsState() {
    QFETCH(int, kind);
    QFETCH(qint64, retryIn);
    QFETCH(int, error);
    QFETCH(QString, detail);
    SourceState state = stateOf(Kind(kind), m_clock.wallMs);
    if (error >= 0) state = failedState(Error::Kind(error), retryIn == 0 ? 0 : m_clock.wallMs + retryIn);
    setSource("redis", state);
    QCOMPARE(chip("redis")->detail(), detail);
    QVERIFY(!chip("redis")->accessibleDescription().isEmpty());
  }

  // On Load the top bar had a range that moved nothing there: a run's charts show the run.
  void aRangeThatMovesNothingIsNotOffered() {
    show();
    m_window->addPage(QStringLiteral("load"), QStringLiteral("load"), QStringLiteral("load"), new QWidget, MainWindow::TimeRange::Ignored);
    auto* const range = child<TopBar>()->findChild<QComboBox*>();
    QVERIFY(range);
    for (const bool kept : {false, true}) {
      m_window->setKept(kept);
      m_window->showPage(QStringLiteral("overview"));
      QVERIFY(range->isVisible());
      m_window->showPage(QStringLiteral("load"));
      QVERIFY(!range->isVisible() && child<LiveButton>()->isVisible());
    }
    m_window->showWelcome();
    QVERIFY(!range->isVisible());
  }

  void chipsCountSeconds() {
    show();
    setSource("redis", failedState(Error::Kind::Refused, m_clock.wallMs + 9'000));
    QCOMPARE(chip("redis")->detail(), QStringLiteral("retry in 9 s"));
    m_clock.wallMs += 2'000;
    QTRY_COMPARE_WITH_TIMEOUT(chip("redis")->detail(), QStringLiteral("retry in 7 s"), 60000);
    m_window->clearSources();
    QVERIFY(child<ChipBar>()->chips().isEmpty());
  }

  void statesDifferInShape() {
    show();
    const auto shape = [&](Kind kind) {
      setSource("redis", stateOf(kind, m_clock.wallMs));
      // Without colour: what a person sees who cannot tell them apart.
      return chip("redis")->grab().toImage().copy(8, 4, 14, 20).convertToFormat(QImage::Format_Grayscale8);
    };
    QList<QImage> shapes;
    for (const Kind kind : {Kind::Idle, Kind::Connecting, Kind::Live, Kind::Stale, Kind::Failed}) {
      const QImage image = shape(kind);
      QVERIFY(!shapes.contains(image));
      shapes += image;
    }
  }

  void narrowWindowsSayLess() {
    connectAll();
    for (const int width : {2400, 1280, 900}) {
      show({width, 700});
      int right = 0;
      for (const SourceChip* const one : child<ChipBar>()->chips()) {
        QVERIFY(one->x() >= right);
        right = one->geometry().right();
      }
      QVERIFY(right <= child<ChipBar>()->width());
      QVERIFY(child<LiveButton>()->geometry().right() < child<QComboBox>()->x());
      picture(*m_window, QStringLiteral("window-%1").arg(width));
    }
    QVERIFY(chip("redis")->toolTip().contains(QStringLiteral("Redis")));
  }

  void popupExplains() {
    show();
    setSource("postgres", failedState(Error::Kind::Auth, 0));
    QSignalSpy retries(m_window.get(), &MainWindow::retryRequested);
    QTest::mouseClick(chip("postgres"), Qt::LeftButton);
    auto* popup = child<SourcePopup>();
    QVERIFY(popup->isVisible());
    QStringList texts;
    for (const QLabel* const label : popup->findChildren<QLabel*>()) texts += label->text();
    const QString all = texts.join(QLatin1Char('\n'));
    QVERIFY2(all.contains(QStringLiteral("refused the connection")) && all.contains(hostile), qPrintable(all));
    QVERIFY(all.contains(QStringLiteral("not tried again until you say so")));
    verifyPlainText(*popup, hostile);
    picture(*popup, QStringLiteral("popup"));
    QTest::mouseClick(popup->findChild<QPushButton*>(), Qt::LeftButton);
    QCOMPARE(retries.size(), 1);
    QCOMPARE(retries[0][0].toString(), QStringLiteral("postgres"));
    QVERIFY(!popup->isVisible());
    chip("postgres")->setFocus();
    QTest::keyClick(chip("postgres"), Qt::Key_Space);
    QVERIFY(popup->isVisible());
    setSource("postgres", stateOf(Kind::Live, m_clock.wallMs));
    QVERIFY(popup->findChild<QPushButton*>()->isHidden());
    QTest::keyClick(popup, Qt::Key_Escape);
    QVERIFY(!popup->isVisible());
  }

  void keyboardMovesBetweenPages() {
    show();
    QSignalSpy shown(m_window.get(), &MainWindow::pageShown);
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentPage(), QStringLiteral("connections"));
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(m_window->currentPage(), QStringLiteral("overview"));
    QCOMPARE(shown.size(), 2);
    const QList<RailButton*> buttons = child<Rail>()->findChildren<RailButton*>();
    QCOMPARE(buttons.size(), 3);
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    m_window->showPage(QStringLiteral("no such page"));
    QCOMPARE(std::count_if(buttons.begin(), buttons.end(), [](const RailButton* button) { return button->isChecked(); }), 1);
  }

  void everyControlIsReachableAndNamed() {
    connectAll();
    m_window->showPage(QStringLiteral("overview"));
    show();
    QSet<QWidget*> visited;
    for (int i = 0; i < 60; ++i) {
      QTest::keyClick(m_window.get(), Qt::Key_Tab);
      visited += QApplication::focusWidget();
    }
    for (QAbstractButton* const button : m_window->findChildren<QAbstractButton*>()) {
      if (!button->isVisible()) continue;
      QVERIFY2(visited.contains(button), qPrintable(button->accessibleName()));
      QVERIFY(!button->accessibleName().isEmpty());
    }
    QVERIFY(visited.contains(child<QComboBox>()));
  }

  void environmentTintsTheFrame_data() {
    QTest::addColumn<int>("environment");
    QTest::newRow("development") << int(Environment::Development);
    QTest::newRow("staging") << int(Environment::Staging);
    QTest::newRow("production") << int(Environment::Production);
  }
  void environmentTintsTheFrame() {
    QFETCH(int, environment);
    show();
    const auto edge = [&] {
      auto* bar = child<TopBar>();
      return bar->grab().toImage().pixelColor(bar->width() / 2, bar->height() - 2);
    };
    QVERIFY(edge() != environmentColour(Environment(environment)));
    m_window->setProfile(ProfileEntry{{}, hostile, Environment(environment)});
    QCOMPARE(edge(), environmentColour(Environment(environment)));
    QVERIFY(child<ProfileButton>()->accessibleDescription().contains(environmentWord(Environment(environment))));
    QCOMPARE(m_window->windowTitle(), hostile + QStringLiteral(" — Cachedeck"));
    m_window->setProfile({});
    QCOMPARE(m_window->windowTitle(), QStringLiteral("Cachedeck"));
  }

  void hostileTextsStayText() {
    m_window->setProfile(ProfileEntry{{}, hostile, Environment::Staging});
    SourceState state = failedState(Error::Kind::Server, 0);
    state.identity.product = state.identity.endpoint = hostile;
    state.notes = QStringList{hostile, QStringLiteral("a\u202eb")};
    m_window->setSource(QStringLiteral("x"), hostile + QStringLiteral("\u202e\n"), state);
    m_window->notify(Level::Warning, hostile);
    m_window->welcome()->showError(fail(Error::Kind::Io, hostile));
    show({900, 600});
    QTest::mouseClick(chip("x"), Qt::LeftButton);
    verifyPlainText(*m_window, hostile);
    QVERIFY(chip("x")->title().contains(QStringLiteral("U+202E")));
  }

  void switcherListsProfiles() {
    const ProfileEntry first{QUuid::createUuid(), QStringLiteral("R&D\t<b>"), Environment::Staging};
    const ProfileEntry second{QUuid::createUuid(), QStringLiteral("Shop"), Environment::Production};
    m_window->setProfiles({first, second});
    m_window->setProfile(second);
    QSignalSpy chosen(m_window.get(), &MainWindow::profileChosen);
    QSignalSpy fresh(m_window.get(), &MainWindow::newConnection);
    QSignalSpy sandbox(m_window.get(), &MainWindow::trySandbox);
    const std::unique_ptr<QMenu> menu(child<ProfileButton>()->makeMenu());
    const QList<QAction*> actions = menu->actions();
    QVERIFY(actions[0]->text().startsWith(QStringLiteral("R&&D\\x09<b>")));
    QVERIFY(actions[0]->text().endsWith(QStringLiteral("STAGING")));
    QVERIFY(actions[1]->isChecked());
    actions[0]->trigger();
    QCOMPARE(chosen[0][0].toUuid(), first.id);
    actions[3]->trigger();
    QCOMPARE(m_window->currentPage(), QStringLiteral("connections"));
    actions[4]->trigger();
    actions[5]->trigger();
    QCOMPARE(fresh.size() + sandbox.size(), 2);
  }

  void rangeAndPause() {
    show();
    QSignalSpy ranges(m_window.get(), &MainWindow::rangeChosen);
    QSignalSpy pauses(m_window.get(), &MainWindow::pauseToggled);
    m_window->setRange(3600);
    m_window->setPaused(true);
    QCOMPARE(ranges.size() + pauses.size(), 0);
    QCOMPARE(child<QComboBox>()->currentText(), QStringLiteral("Last 1 h"));
    QTest::keyClick(child<QComboBox>(), Qt::Key_Home);
    QCOMPARE(ranges[0][0].toInt(), 0);
    QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier);
    QCOMPARE(pauses[0][0].toBool(), false);
    QTest::mouseClick(child<LiveButton>(), Qt::LeftButton);
    QCOMPARE(pauses[1][0].toBool(), true);
  }

  // It was a green "Live" while the only server refused connections.
  void liveIsSaidWhileASourceIs() {
    show();
    const auto word = [this] { return child<LiveButton>()->word(); };
    QCOMPARE(word(), QStringLiteral("No data"));
    setSource("redis", stateOf(Kind::Live, m_clock.wallMs));
    setSource("postgres", failedState(Error::Kind::Refused, m_clock.wallMs + 3'200));
    QCOMPARE(word(), QStringLiteral("Live"));
    QVERIFY(!child<LiveButton>()->toolTip().contains(QStringLiteral("No source is live")));
    const int wide = child<LiveButton>()->width();
    setSource("redis", failedState(Error::Kind::Refused, m_clock.wallMs + 3'200));
    QCOMPARE(word(), QStringLiteral("No data"));
    QCOMPARE(child<LiveButton>()->width(), wide);  // the bar stands still
    QVERIFY(child<LiveButton>()->toolTip().contains(QStringLiteral("No source is live")));
    picture(*m_window, QStringLiteral("window-no-data"));
    QTest::mouseClick(child<LiveButton>(), Qt::LeftButton);
    QCOMPARE(word(), QStringLiteral("Paused"));
    QTest::mouseClick(child<LiveButton>(), Qt::LeftButton);
    setSource("redis", stateOf(Kind::Live, m_clock.wallMs));
    m_window->clearSources();
    QCOMPARE(word(), QStringLiteral("No data"));
  }

  void rangesAreSaidInHours() {
    const auto* ranges = child<QComboBox>();
    QCOMPARE(ranges->itemText(ranges->findData(86400)), QStringLiteral("Last 24 h"));
    QCOMPARE(ranges->itemText(ranges->findData(21600)), QStringLiteral("Last 6 h"));
    QCOMPARE(ranges->itemText(ranges->findData(900)), QStringLiteral("Last 15 min"));
  }

  void rangeListShowsEveryRow() {
    m_window->showPage(QStringLiteral("overview"));
    m_window->setRange(86400);
    m_window->move(0, 0);
    show();
    auto* ranges = child<QComboBox>();
    for (int i = 0; i < 2; ++i) QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
    ranges->showPopup();
    const QAbstractItemView* const list = ranges->view();
    QTRY_VERIFY_WITH_TIMEOUT(list->isVisible(), 60000);
    QWidget* const frame = list->window();
    picture(*frame, QStringLiteral("range-list"));
    const QRect last = list->visualRect(ranges->model()->index(ranges->count() - 1, 0));
    QVERIFY2(last.bottom() < list->viewport()->height(), qPrintable(QStringLiteral("%1 in %2").arg(last.bottom()).arg(list->viewport()->height())));
    QCOMPARE(list->verticalScrollBar()->maximum(), 0);
    for (const QWidget* const part : frame->findChildren<QWidget*>())
      if (part->inherits("QComboBoxPrivateScroller")) QVERIFY(!part->isVisible());
    ranges->hidePopup();
  }

  void rangeHasRoomInBothSchemes() {
    m_window->showPage(QStringLiteral("overview"));
    m_window->setRange(900);
    show();
    auto* ranges = child<QComboBox>();
    ranges->setFocus();  // its frame is thicker then
    const int wide = ranges->width();
    for (int i = 0; i < 2; ++i) {
      QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
      picture(*ranges->window(), QStringLiteral("range-scheme-%1").arg(i));
      QCOMPARE(ranges->width(), wide);
      QVERIFY(ranges->width() >= ranges->sizeHint().width());
    }
  }

  void firstSizeFitsTheScreen() {
    const QSize room = QGuiApplication::primaryScreen()->availableGeometry().size(), first = MainWindow::firstSize();
    QVERIFY(first.width() <= room.width() && first.height() <= room.height());
  }

  void coloursSwitch() {
    connectAll();
    m_window->showPage(QStringLiteral("overview"));
    show();
    QSignalSpy schemes(m_window.get(), &MainWindow::schemeChosen);
    const QImage dark = picture(*m_window, QStringLiteral("window-dark"));
    QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(schemes.size(), 1);
    QVERIFY(!Theme::instance().isDark());
    const QImage light = picture(*m_window, QStringLiteral("window-light"));
    QVERIFY(dark.pixelColor(30, 500).lightness() < 60 && light.pixelColor(30, 500).lightness() > 200);
  }

  void noticesStandOnceAndClose() {
    show();
    for (int i = 0; i < 5; ++i) m_window->notify(Level::Warning, QStringLiteral("The profile file was damaged (%1).").arg(i));
    m_window->notify(Level::Warning, QStringLiteral("The profile file was damaged (4)."));
    QCOMPARE(m_window->findChildren<NoticeBar*>().size(), 3);
    picture(*m_window, QStringLiteral("window-notices"));
    QTest::mouseClick(m_window->findChild<NoticeBar*>()->findChild<QToolButton*>(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->findChildren<NoticeBar*>().size(), 2, 60000);
  }

  void welcomeOffersTwoWays() {
    m_window->showWelcome();
    show();
    QCOMPARE(m_window->currentPage(), QString());
    QVERIFY(!child<LiveButton>()->isVisible());
    QSignalSpy fresh(m_window.get(), &MainWindow::newConnection);
    QSignalSpy sandbox(m_window.get(), &MainWindow::trySandbox);
    const QList<ChoiceCard*> cards = m_window->findChildren<ChoiceCard*>();
    QTest::mouseClick(cards[0], Qt::LeftButton);
    cards[1]->setFocus();
    QTest::keyClick(cards[1], Qt::Key_Space);
    QCOMPARE(sandbox.size(), 1);
    QCOMPARE(fresh.size(), 1);
    picture(*m_window, QStringLiteral("welcome"));
    m_window->welcome()->addProgress(QStringLiteral("Starting Redis"));
    m_window->welcome()->addProgress(QStringLiteral("Starting PostgreSQL"));
    QVERIFY(!cards[0]->isEnabled());
    picture(*m_window, QStringLiteral("welcome-progress"));
    m_window->welcome()->showError(fail(Error::Kind::NotFound, QStringLiteral("redis-server is not installed. On Debian: apt install redis-server."), QStringLiteral("Looked in /usr/bin.")));
    QVERIFY(cards[0]->isEnabled());
    bool said = false;
    for (const QLabel* const label : m_window->welcome()->findChildren<QLabel*>())
      said = said || (label->isVisible() && label->text().contains(QStringLiteral("apt install redis-server")));
    QVERIFY(said);
    picture(*m_window, QStringLiteral("welcome-error"));
    m_window->showPage(QStringLiteral("overview"));
    QVERIFY(child<LiveButton>()->isVisible());
  }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
