// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/overviewpage.h"

#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/panelstatus.h"
#include "ui/overview/kpitile.h"
#include "ui/overview/pagelayout.h"
#include "ui/overview/panelcatalog.h"
#include "ui/theme/theme.h"

#include <QScrollBar>

#include <algorithm>

namespace cachedeck {

OverviewPage::OverviewPage(const History& history, TimeView& view, FrameClock& clock, QWidget* parent)
    : QScrollArea(parent), m_history(history), m_view(view), m_clock(clock), m_content(new QWidget), m_custom(history, view, m_content) {
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Overview"));
  setFocusPolicy(Qt::NoFocus);
  m_content->setProperty("scrollContent", true);
  setWidget(m_content);
  for (const TileInfo& info : tileCatalog()) m_tiles.push_back(new KpiTile(info, m_content));
  choosePanels();
  connect(&clock, &FrameClock::frame, this, &OverviewPage::refresh);
  connect(&view, &TimeView::changed, &clock, &FrameClock::request);
  connect(verticalScrollBar(), &QScrollBar::valueChanged, &clock, &FrameClock::request);
}

ChartPanel* OverviewPage::addPanel(const PanelInfo& info) {
  auto* panel = new ChartPanel(info, m_history, m_view, m_content);
  adopt(panel);
  return panel;
}

void OverviewPage::adopt(ChartPanel* panel) {
  connect(panel, &ChartPanel::retryRequested, this, &OverviewPage::retryRequested);
  connect(panel, &ChartPanel::frameWanted, &m_clock, &FrameClock::request);
  connect(panel, &ChartPanel::pageCopyWanted, this, &OverviewPage::copyPicture);
  connect(panel, &ChartPanel::pictureWanted, this, [this, panel](bool ofPage) { askWhereTo(ofPage ? nullptr : panel); });
  for (const auto& [id, source] : m_sources) panel->setSource(source);
}

void OverviewPage::setCustomPanels(const QList<CustomPanelState>& states) {
  for (ChartPanel* panel : m_custom.setStates(states)) {
    adopt(panel);
    connect(panel, &ChartPanel::removeRequested, this, [this, panel] { Q_EMIT customPanelRemoved(m_custom.numberOf(panel)); });
    panel->show();
  }
  choosePanels();
}

// Panels of what this system does not have are not made: they would cost place, and time at each start. One that was made
// is only hidden when the profile changes, since its menu may be open.
void OverviewPage::choosePanels() {
  std::vector<ChartPanel*> chosen;
  for (const PanelInfo& info : panelCatalog()) {
    ChartPanel*& panel = m_made[&info];
    const bool wanted = info.onlyWith.isEmpty() || m_history.lastMs(info.onlyWith) > 0;
    if (wanted && !panel) panel = addPanel(info);
    if (panel) panel->setVisible(wanted);
    if (wanted) chosen.push_back(panel);
  }
  chosen.insert(chosen.end(), m_custom.panels().begin(), m_custom.panels().end());
  if (chosen == m_panels) return;
  m_panels = std::move(chosen);
  layOut();
}

void OverviewPage::reveal(const QString& query) {
  const auto about = std::ranges::find_if(m_panels, [&](const ChartPanel* panel) { return isAbout(panel->info(), query); });
  if (about == m_panels.end()) return;
  ensureWidgetVisible(*about, 0, Theme::cardGap);
  (*about)->setFocus(Qt::OtherFocusReason);
}

void OverviewPage::setSourceState(const QString& sourceId, const SourceState& state, const QString& title) {
  PanelSource& source = m_sources[sourceId];
  const QString known = source.title.isEmpty() ? sourceId : source.title;
  source = {sourceId, title.isEmpty() ? known : title, state};
  for (KpiTile* tile : m_tiles) tile->setSource(source);
  for (const auto& [info, panel] : m_made)
    if (panel) panel->setSource(source);
  for (ChartPanel* panel : m_custom.panels()) panel->setSource(source);
  m_clock.request();
}

qint64 OverviewPage::newestMs() const {
  qint64 newest = 0;
  for (const KpiTile* tile : m_tiles) newest = std::max(newest, m_history.lastMs(tile->info().metric));
  return newest;
}

void OverviewPage::refresh(qint64 nowMs) {
  choosePanels();
  m_view.advance(nowMs, m_history.firstMs(), newestMs());
  if (!isVisible()) return;
  for (KpiTile* tile : m_tiles)
    if (!tile->visibleRegion().isEmpty()) tile->refresh(m_history, m_view.span(), nowMs);
  for (ChartPanel* panel : m_panels) panel->refresh(nowMs);
}

void OverviewPage::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  layOut();
}

void OverviewPage::showEvent(QShowEvent* event) {
  QScrollArea::showEvent(event);
  m_clock.request();
}

void OverviewPage::layOut() {
  std::vector<int> spans;
  for (const ChartPanel* panel : m_panels) spans.push_back(panel->info().columns);
  const PageLayout layout = layOutPage(viewport()->size(), static_cast<int>(m_tiles.size()), spans);
  m_content->resize(viewport()->width(), layout.height);
  for (size_t i = 0; i < m_tiles.size(); ++i) m_tiles[i]->setGeometry(layout.tiles[i]);
  for (size_t i = 0; i < m_panels.size(); ++i) m_panels[i]->setGeometry(layout.panels[i]);
  m_clock.request();
}

}  // namespace cachedeck
