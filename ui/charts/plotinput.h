// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeview.h"

#include <QObject>
#include <QPointF>

class QHelpEvent;
class QKeyEvent;
class QMouseEvent;

namespace cachedeck {

class ChartBackend;

/// Turns the pointer and the keys over a plot into the shared cursor, zoom by drag and reset by double click; a pointer that rests on a mark is told what it says.
class PlotInput : public QObject {
  Q_OBJECT
 public:
  PlotInput(ChartBackend& backend, TimeView& view, QObject* parent);
  /// The pointer (or the keyboard's cursor) is in this plot: here stands the card with the values.
  bool isActive() const { return m_active; }
  /// Arrow keys move the cursor, Home and End go to the edges, Escape clears it and ends a zoom. True when it was used.
  bool handleKey(const QKeyEvent& event);
  void leave();
  /// Draws the rectangle of the drag under way where the pointer has it; false when there is none.
  bool showDrag();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  qint64 timeAt(double x) const;
  void press(const QMouseEvent& event);
  void move(const QMouseEvent& event);
  void release(const QMouseEvent& event);
  void showMarks(const QHelpEvent& event) const;
  void step(qint64 byMs);

  ChartBackend& m_backend;
  TimeView& m_view;
  bool m_active = false;
  std::optional<double> m_dragFrom, m_dragTo;  ///< pixels; the end is known once it is more than a shaky click
};

}  // namespace cachedeck
