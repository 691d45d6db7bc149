// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/custom_panel.h"

#include <vector>

class QWidget;

namespace cachedeck {

class ChartPanel;
class History;
class TimeView;

/// The own charts of the Overview: one is made anew only when what it shows is another.
class CustomCharts {
 public:
  CustomCharts(const History& history, TimeView& view, QWidget* parent) : m_history(history), m_view(view), m_parent(parent) {}
  /// Those that were made anew, which nobody is connected to yet.
  std::vector<ChartPanel*> setStates(const QList<CustomPanelState>& states);
  const std::vector<ChartPanel*>& panels() const { return m_panels; }
  int numberOf(const ChartPanel* panel) const;

 private:
  ChartPanel* make(const CustomPanelState& state);

  const History& m_history;
  TimeView& m_view;
  QWidget* m_parent;
  QList<CustomPanelState> m_states;
  std::vector<ChartPanel*> m_panels;  ///< one a state
};

}  // namespace cachedeck
