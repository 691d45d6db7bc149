// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "core/base/text.h"
#include "ui/window/chipbar.h"
#include "ui/window/noticebar.h"
#include "ui/window/rail.h"
#include "ui/window/sourcepopup.h"
#include "ui/window/topbar.h"
#include "ui/window/welcomepage.h"

#include <QApplication>
#include <QBoxLayout>
#include <QScreen>
#include <QStackedWidget>
#include <QStyle>

namespace cachedeck {

namespace {

constexpr int mostNotices = 3;
constexpr QSize smallest{900, 600}, liked{1600, 1000};

}  // namespace

MainWindow::MainWindow(const Clock& clock, QWidget* parent) : QMainWindow(parent), m_clock(clock) {
  build();
  connectSignals();
  setMinimumSize(smallest);
  resize(firstSize());
  setProfile({});
  showWelcome();
  m_stack->setFocus();  // and not on the first button of the rail
  m_second.setInterval(1000);
}

QSize MainWindow::firstSize() {
  const QScreen* const screen = QGuiApplication::primaryScreen();
  if (!screen) return liked;
  const int titleBar = QApplication::style()->pixelMetric(QStyle::PM_TitleBarHeight);
  return liked.boundedTo(screen->availableGeometry().size() - QSize(0, titleBar));
}

void MainWindow::build() {
  m_rail = new Rail;
  m_bar = new TopBar;
  m_stack = new QStackedWidget;
  m_welcome = new WelcomePage;
  m_popup = new SourcePopup(this);
  m_stack->addWidget(m_welcome);
  m_notices = new QVBoxLayout;
  m_notices->setSpacing(0);
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  column->addWidget(m_bar);
  column->addLayout(m_notices);
  column->addWidget(m_stack, 1);
  auto* central = new QWidget;
  auto* row = new QHBoxLayout(central);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_rail);
  row->addLayout(column, 1);
  setCentralWidget(central);
}

void MainWindow::connectSignals() {
  connect(m_rail, &Rail::pageChosen, this, &MainWindow::showPage);
  connect(m_rail, &Rail::schemeToggled, this, [this] {
    Theme& theme = Theme::instance();
    theme.setScheme(theme.isDark() ? Theme::Scheme::Light : Theme::Scheme::Dark);
    Q_EMIT schemeChosen(theme.scheme());
  });
  connect(m_bar, &TopBar::rangeChosen, this, &MainWindow::rangeChosen);
  connect(m_bar, &TopBar::pauseToggled, this, &MainWindow::pauseToggled);
  connect(m_bar->chips(), &ChipBar::clicked, this, &MainWindow::showPopup);
  connect(m_bar->profile(), &ProfileButton::profileChosen, this, &MainWindow::profileChosen);
  connect(m_bar->profile(), &ProfileButton::newConnection, this, &MainWindow::newConnection);
  connect(m_bar->profile(), &ProfileButton::trySandbox, this, &MainWindow::trySandbox);
  connect(m_bar->profile(), &ProfileButton::manageRequested, this, [this] { showPage(QStringLiteral("connections")); });
  connect(m_popup, &SourcePopup::retryRequested, this, &MainWindow::retryRequested);
  connect(m_welcome, &WelcomePage::newConnection, this, &MainWindow::newConnection);
  connect(m_welcome, &WelcomePage::trySandbox, this, &MainWindow::trySandbox);
  connect(&m_second, &QTimer::timeout, this, &MainWindow::refreshTimes);
}

const MainWindow::Page* MainWindow::page(const QString& id) const {
  for (const Page& page : m_pages)
    if (page.id == id) return &page;
  return nullptr;
}

void MainWindow::addPage(const QString& id, const QString& title, const QString& iconName, QWidget* page, TimeRange range) {
  m_rail->addPage(id, title, iconName);
  m_pages += Page{id, title, page, range};
  m_stack->addWidget(page);
  if (m_pages.size() == 1) showPage(id);
}

void MainWindow::showPage(const QString& id) {
  const Page* const shown = page(id);
  if (!shown) return;
  m_stack->setCurrentWidget(shown->widget);
  m_rail->setCurrent(id);
  m_bar->setTitle(shown->title);
  m_bar->setViewControlsVisible(true);
  m_bar->setRangeVisible(shown->range == TimeRange::Followed);
  Q_EMIT pageShown(id);
}

QString MainWindow::currentPage() const {
  for (const Page& page : m_pages)
    if (page.widget == m_stack->currentWidget()) return page.id;
  return {};
}

void MainWindow::showWelcome() {
  m_stack->setCurrentWidget(m_welcome);
  m_rail->setCurrent({});
  m_bar->setTitle(tr("Welcome"));
  m_bar->setViewControlsVisible(false);
}

const MainWindow::SourceEntry* MainWindow::source(const QString& id) const {
  for (const SourceEntry& entry : m_sources)
    if (entry.id == id) return &entry;
  return nullptr;
}

void MainWindow::setSource(const QString& id, const QString& title, const SourceState& state) {
  const qint64 now = m_clock.now().wallMs;
  if (const SourceEntry* const known = source(id)) m_sources[known - m_sources.constData()] = {id, title, state};
  else m_sources += SourceEntry{id, title, state};
  m_bar->chips()->setSource(id, title, state, now);
  if (m_popup->isVisible() && m_popup->sourceId() == id) m_popup->setState(id, title, state, now);
  if (!m_second.isActive()) m_second.start();
}

void MainWindow::clearSources() {
  m_sources.clear();
  m_popup->hide();
  m_bar->chips()->clear();
  m_second.stop();
}

void MainWindow::refreshTimes() {
  const qint64 now = m_clock.now().wallMs;
  m_bar->chips()->refresh(now);
  const SourceEntry* const shown = m_popup->isVisible() ? source(m_popup->sourceId()) : nullptr;
  if (shown) m_popup->setState(shown->id, shown->title, shown->state, now);
}

void MainWindow::showPopup(const QString& sourceId) {
  const SourceEntry* const entry = source(sourceId);
  if (!entry) return;
  m_popup->setState(entry->id, entry->title, entry->state, m_clock.now().wallMs);
  m_popup->openBelow(m_bar->chips()->chip(sourceId));
}

void MainWindow::setProfile(const std::optional<ProfileEntry>& entry) {
  m_bar->setProfile(entry);
  // Qt appends the application's display name to a title that does not end in it.
  setWindowTitle(entry ? QStringLiteral("%1 — Cachedeck").arg(printable(entry->name)) : QStringLiteral("Cachedeck"));
}

void MainWindow::setProfiles(const QList<ProfileEntry>& entries) { m_bar->profile()->setEntries(entries); }

void MainWindow::setRange(int seconds) { m_bar->setRange(seconds); }

void MainWindow::setPaused(bool paused) { m_bar->setPaused(paused); }

void MainWindow::setKept(bool kept) { m_bar->setKept(kept); }

void MainWindow::notify(Level level, const QString& text) {
  for (const NoticeBar* const bar : findChildren<NoticeBar*>())
    if (bar->text() == text) return;
  if (m_notices->count() >= mostNotices) delete m_notices->itemAt(0)->widget();
  m_notices->addWidget(new NoticeBar(level, text));
}

}  // namespace cachedeck
