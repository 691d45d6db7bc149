// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/load/figuretile.h"
#include "ui/load/rungrid.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QButtonGroup>
#include <QEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>

namespace cachedeck {

namespace {

QScrollArea* scrolled(QWidget* body) {
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  area->setWidget(body);
  body->setProperty("scrollContent", true);
  return area;
}

QVBoxLayout* cardColumn(Card* card, const QString& title) {
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding - 2, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(2 * Theme::grid);
  if (!title.isEmpty()) column->addWidget(plainLabel(title, TextRole::CardTitle));
  return column;
}

}  // namespace

RunView::RunView(const History& live, FrameClock& clock, QWidget* parent) : QWidget(parent), m_servers(live), m_clock(clock) {
  setAccessibleName(tr("Load run"));
  m_head = new RunHead;
  m_banner = new Notice(Notice::Form::Compact);
  m_banner->hide();
  auto* tiles = new QHBoxLayout;
  tiles->setSpacing(Theme::cardGap);
  for (const auto& [title, colour] : {std::pair{tr("Requests"), 1}, std::pair{tr("Latency p95"), 4}, std::pair{tr("Errors"), 5}, std::pair{tr("Hit ratio"), 3}, std::pair{tr("Users"), 6}, std::pair{tr("Dropped"), 2}}) {
    m_tiles.push_back(new FigureTile(title, colour));
    tiles->addWidget(m_tiles.back(), 1);
  }
  m_tabs = new QButtonGroup(this);
  m_tabRow = new QWidget;
  auto* tabs = new QHBoxLayout(m_tabRow);
  tabs->setContentsMargins(0, 0, 0, 0);
  tabs->setSpacing(Theme::grid);
  for (const auto& [title, tab] : {std::pair{tr("Curves"), Curves}, std::pair{tr("Percentiles"), Percentiles}, std::pair{tr("Scorecard"), Scorecard}}) {
    auto* button = new QPushButton(title);
    button->setCheckable(true);
    button->setAutoDefault(false);
    m_tabs->addButton(button, tab);
    tabs->addWidget(button);
  }
  tabs->addStretch(1);
  m_stack = new QStackedWidget;
  m_stack->addWidget(buildCurves());
  QWidget* const tables = buildTables();
  m_stack->addWidget(tables);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_head);
  column->addWidget(m_banner);
  column->addLayout(tiles);
  column->addWidget(m_tabRow);
  column->addWidget(m_stack, 1);
  connect(m_tabs, &QButtonGroup::idClicked, this, [this](int tab) { setTab(static_cast<Tab>(tab)); });
  connect(&clock, &FrameClock::frame, this, &RunView::refresh);
  connect(&m_view, &TimeView::changed, &clock, &FrameClock::request);
  connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, &clock, &FrameClock::request);
  // Between two frames a server may have said two things.
  connect(&live, &History::appended, this, [this] {
    if (m_live) m_curves.follow(m_servers);
  });
  setTab(Curves);
}

RunView::~RunView() {
  for (ChartPanel* const panel : m_panels) delete panel;  // they look at curves and view, which go before the children
}

QWidget* RunView::buildCurves() {
  m_content = new QWidget;
  for (const PanelInfo& info : loadPanels()) {
    auto* panel = new ChartPanel(info, m_curves.history(), m_view, m_content);
    connect(panel, &ChartPanel::retryRequested, this, &RunView::retryRequested);
    connect(panel, &ChartPanel::frameWanted, &m_clock, &FrameClock::request);
    m_panels.push_back(panel);
  }
  auto* card = new Card(m_content);
  m_judgementCard = card;
  m_judgement = new RowList;
  m_judgement->setAccessibleName(tr("Thresholds, failures and checks"));
  auto* body = new QWidget;
  auto* inner = new QVBoxLayout(body);
  inner->setContentsMargins(0, 0, 2 * Theme::grid, 0);
  inner->addWidget(m_judgement);
  inner->addStretch(1);
  QScrollArea* const rows = scrolled(body);
  rows->setWidgetResizable(true);
  auto* column = cardColumn(card, {});
  column->addWidget(rows, 1);
  auto* instead = new Card(m_content);
  m_insteadCard = instead;
  m_instead = new Notice(Notice::Form::Full);
  (new QVBoxLayout(instead))->addWidget(m_instead);
  instead->hide();
  m_scroll = scrolled(m_content);
  m_scroll->viewport()->installEventFilter(this);
  return m_scroll;
}

QWidget* RunView::buildTables() {
  auto* pages = new QStackedWidget;
  pages->setObjectName(QStringLiteral("tables"));
  m_percentiles = new CellTable(tr("Percentiles by step"));
  m_facts = new RowList;
  m_scorecard = new CellTable(tr("Scorecard"));
  m_scoreNotes = new RowList;
  const auto page = [&](const QString& title, CellTable* table, RowList* notes) {
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::cardGap);
    auto* first = new Card;
    cardColumn(first, title)->addWidget(table);
    auto* second = new Card;
    notes->setReach(560);  // a value stays near its name
    cardColumn(second, {})->addWidget(notes);
    column->addWidget(first);
    column->addWidget(second);
    column->addStretch(1);
    QScrollArea* const area = scrolled(body);
    area->setWidgetResizable(true);
    pages->addWidget(area);
  };
  page(tr("Latency by step"), m_percentiles, m_facts);
  page(tr("Against the reference system's targets"), m_scorecard, m_scoreNotes);
  return pages;
}

void RunView::setTab(Tab tab) {
  m_tabs->button(tab)->setChecked(true);
  m_stack->setCurrentIndex(tab == Curves ? 0 : 1);
  if (tab != Curves) static_cast<QStackedWidget*>(m_stack->widget(1))->setCurrentIndex(tab == Percentiles ? 0 : 1);
  m_clock.request();
}

void RunView::layOut() {
  const QSize room = m_scroll->viewport()->size();
  const int judgementTall = m_judgement->sizeHint().height() + 2 * Theme::cardPadding;
  const bool nothing = measuredNothing();
  const RunGrid grid = nothing ? layOutNothing(room.width(), room.height(), judgementTall) : layOutRun(room.width(), room.height(), judgementTall);
  m_content->resize(room.width(), grid.height);
  for (std::size_t i = 0; i < m_panels.size(); ++i) {
    m_panels[i]->setVisible(!nothing);
    if (!nothing) m_panels[i]->setGeometry(grid.panels[i]);
  }
  m_insteadCard->setVisible(nothing);
  m_insteadCard->setGeometry(grid.instead);
  m_judgementCard->setGeometry(grid.judgement);
  m_clock.request();
}

bool RunView::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && watched == m_scroll->viewport()) layOut();
  return QWidget::eventFilter(watched, event);
}

void RunView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  layOut();
}

}  // namespace cachedeck
