// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/customcharts.h"

#include "ui/charts/ownedpanel.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("CustomCharts", text); }

}  // namespace

ChartPanel* CustomCharts::make(const CustomPanelState& state) {
  OwnPanelText text;
  text.id = QStringLiteral("custom.%1").arg(state.panel.number);
  text.title = state.panel.title;
  text.subtitle = state.trouble.isEmpty() || state.series.isEmpty() ? tr("own query") : state.trouble;
  text.description = tr("Own query: %1").arg(state.panel.query.simplified());
  text.idle = state.trouble;
  text.source = QStringLiteral("prometheus");
  text.unit = state.panel.unit;
  for (const CustomSeries& series : state.series) text.lines.push_back({series.metric, series.label});
  auto* panel = new OwnedPanel(text, m_history, m_view, m_parent);
  panel->setRemovable(true);
  return panel;
}

std::vector<ChartPanel*> CustomCharts::setStates(const QList<CustomPanelState>& states) {
  std::vector<ChartPanel*> panels, made;
  for (const CustomPanelState& state : states) {
    const qsizetype before = m_states.indexOf(state);
    ChartPanel* panel = before >= 0 ? std::exchange(m_panels[static_cast<size_t>(before)], nullptr) : nullptr;
    if (!panel) made.push_back(panel = make(state));
    panels.push_back(panel);
  }
  for (ChartPanel* gone : m_panels)
    if (gone) {
      gone->hide();
      gone->deleteLater();
    }
  m_states = states;
  m_panels = std::move(panels);
  return made;
}

int CustomCharts::numberOf(const ChartPanel* panel) const {
  const auto found = std::find(m_panels.begin(), m_panels.end(), panel);
  return found == m_panels.end() ? 0 : m_states[found - m_panels.begin()].panel.number;
}

}  // namespace cachedeck
