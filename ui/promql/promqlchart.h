// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeview.h"
#include "ui/promql/promqlcontroller.h"

#include <QWidget>

namespace cachedeck {

class ChartPanel;
class FrameClock;

/// The chart of one answer, on a time axis of its own: what was asked stands still while the window's charts move on.
class PromqlChart : public QWidget {
  Q_OBJECT
 public:
  explicit PromqlChart(FrameClock& clock, QWidget* parent = nullptr);
  ~PromqlChart() override;
  /// `fits`: it begins where the values do, if that is later than what was asked for.
  void setAnswer(const PromqlAnswer& answer, Unit unit, bool fits = false);
  void setUnit(Unit unit);
  ChartPanel* panel() const { return m_panel; }

 private:
  FrameClock& m_clock;
  History m_history;
  TimeView m_view;
  TimeSpan m_span;
  QStringList m_lines;
  QString m_note;
  ChartPanel* m_panel = nullptr;
};

}  // namespace cachedeck
