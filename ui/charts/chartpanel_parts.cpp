// SPDX-License-Identifier: GPL-3.0-or-later
// How a ChartPanel is put together and how it answers keys, menu and size.
#include "ui/charts/panelpicture.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/gaugerow.h"
#include "ui/charts/legend.h"
#include "ui/charts/paneltable.h"
#include "ui/charts/plotinput.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace cachedeck {

namespace {
// The chart's square corners stay clear of the card's round ones. Insets are those of the look, less this and the margin.
constexpr int edgeRoom = 4;
constexpr QMargins plotInsets(46 - edgeRoom, 14, 20 - edgeRoom, 28 - edgeRoom), lowPlotInsets(46 - edgeRoom, 12, 20 - edgeRoom, 26 - edgeRoom);
constexpr int headerHeight = 40;
}  // namespace

ChartPanel::ChartPanel(const PanelInfo& info, const History& history, TimeView& view, QWidget* parent)
    : Card(parent), m_info(info), m_history(history), m_view(view), m_scale(info.unit) {
  for (const QLatin1String id : info.sources) m_sources.push_back({id, id, {}});
  setObjectName(info.id);
  setFocusPolicy(Qt::TabFocus);
  setAccessibleName(QCoreApplication::translate("Panel", info.title));
  buildHeader();
  buildBody();
  m_input = new PlotInput(*m_backend, view, this);
  connect(&view, &TimeView::cursorMoved, this, [this] {
    if (!isSeen()) return;
    updateLegend();
    updateCursor();
  });
  connect(m_backend, &ChartBackend::resized, this, &ChartPanel::frameWanted);
  connect(&Theme::instance(), &Theme::changed, this, &ChartPanel::restyle);
}

void ChartPanel::buildHeader() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, Theme::cardPadding - 3, 0, 1);
  column->setSpacing(2);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(Theme::cardPadding, 0, Theme::cardPadding - 2, 0);
  head->setSpacing(2 * Theme::grid);
  m_title = new ElidedLabel(TextRole::CardTitle, 1, this);
  m_title->setText(QCoreApplication::translate("Panel", m_info.title));
  m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  m_subtitle = new ElidedLabel(TextRole::Secondary, 3, this);
  m_subtitle->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_pill = new Pill(this);
  head->addWidget(m_title);
  head->addWidget(m_subtitle, 1);
  head->addWidget(m_pill);
  head->addStrut(20);
  column->addLayout(head);
  auto* legend = new QHBoxLayout;
  legend->setContentsMargins(Theme::cardPadding - 3, 0, Theme::cardPadding - 3, 0);
  m_legend = new LegendRow(m_info, this);
  m_legend->setHidden(m_info.kind == PanelInfo::Kind::Donut);
  legend->addWidget(m_legend);
  column->addLayout(legend);
  connect(m_legend, &LegendRow::toggled, this, [this](QLatin1String metric, bool shown) {
    if (shown) m_hidden.remove(metric);
    else m_hidden.insert(metric);
    m_drawn.reset();
    Q_EMIT frameWanted();
  });
}

void ChartPanel::buildBody() {
  m_body = new QWidget(this);
  for (QWidget* part : {m_body, static_cast<QWidget*>(m_legend)}) {
    if (part == m_legend && m_info.kind == PanelInfo::Kind::Donut) continue;  // it has none
    QSizePolicy policy = part->sizePolicy();
    policy.setRetainSizeWhenHidden(true);  // the header stays where it is when a notice covers them
    part->setSizePolicy(policy);
  }
  auto* column = new QVBoxLayout(m_body);
  column->setContentsMargins(edgeRoom, 0, edgeRoom, edgeRoom - 1);
  column->setSpacing(0);
  m_backend = new ChartBackend(m_body);
  if (m_info.kind == PanelInfo::Kind::Donut) {
    auto* inset = new QHBoxLayout;
    inset->setContentsMargins(Theme::cardPadding - edgeRoom, 2 * Theme::grid, Theme::cardPadding - edgeRoom, 0);
    m_gauge = new GaugeRow(m_body);
    inset->addWidget(m_gauge);
    column->addLayout(inset);
    column->addWidget(m_backend, 1);
    m_backend->setInsets(lowPlotInsets);
  } else {
    column->addWidget(m_backend);
    m_backend->setInsets(plotInsets);
  }
  static_cast<QVBoxLayout*>(layout())->addWidget(m_body, 1);
  m_cover = new Notice(Notice::Form::Full, this);
  m_banner = new Notice(Notice::Form::Compact, this);
  for (Notice* notice : {m_cover, m_banner}) {
    notice->hide();
    connect(notice, &Notice::buttonClicked, this, [this] { Q_EMIT retryRequested(m_status.retrySource); });
  }
}

void ChartPanel::placeNotices() {
  const int top = headerHeight;
  m_cover->setGeometry(1, top, width() - 2, height() - top - 2);
  const int wide = width() - 2 * Theme::cardPadding;
  const int tall = m_banner->hasHeightForWidth() ? m_banner->heightForWidth(wide) : m_banner->sizeHint().height();
  m_banner->setGeometry(Theme::cardPadding, top + (m_gauge ? 0 : m_legend->height() + 2), wide, tall);
  m_banner->raise();
}

void ChartPanel::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  if (m_gauge) m_gauge->setFixedHeight(std::max(60, std::min({(height() - 44) * 58 / 100, std::max(width() * 46 / 100, 190), 300})));
  placeNotices();
}

void ChartPanel::restyle() {
  m_drawn.reset();
  Q_EMIT frameWanted();
}

void ChartPanel::paintEvent(QPaintEvent* event) {
  Card::paintEvent(event);
  if (!m_keyboardFocus) return;
  QPainter painter(this);
  drawFocusRing(painter, rect(), Theme::radius);
}

void ChartPanel::keyPressEvent(QKeyEvent* event) {
  if (!m_input->handleKey(*event)) Card::keyPressEvent(event);
}

void ChartPanel::focusInEvent(QFocusEvent* event) {
  m_keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
  Card::focusInEvent(event);
  update();
}

void ChartPanel::focusOutEvent(QFocusEvent* event) {
  m_keyboardFocus = false;
  update();
  m_input->leave();
  Card::focusOutEvent(event);
}

void ChartPanel::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);  // no event loop of its own: a panel may go while its menu is open
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Show as table"), this, &ChartPanel::showAsTable);
  menu->addAction(tr("Leave zoom"), &m_view, &TimeView::resetZoom)->setEnabled(m_view.isZoomed());
  menu->addAction(m_view.isPaused() ? tr("Continue") : tr("Pause"), this, [this] { m_view.setPaused(!m_view.isPaused()); });
  menu->addSeparator();
  menu->addAction(tr("Copy picture"), this, &ChartPanel::copyPicture);
  menu->addAction(tr("Save picture…"), this, [this] { Q_EMIT pictureWanted(false); });
  menu->addAction(tr("Copy picture of the page"), this, &ChartPanel::pageCopyWanted);
  menu->addAction(tr("Save picture of the page…"), this, [this] { Q_EMIT pictureWanted(true); });
  if (m_removable) {
    menu->addSeparator();
    menu->addAction(tr("Remove this chart"), this, &ChartPanel::removeRequested);
  }
  menu->popup(event->globalPos());
}

void ChartPanel::copyPicture() {
  QGuiApplication::clipboard()->setMimeData(pictureForClipboard([this](QPainter& painter) { drawing(painter, size()); }, size(), m_title->text()));
}

void ChartPanel::showAsTable() {
  auto* dialog = new PanelTableDialog(m_info, m_history, m_view.span(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace cachedeck
