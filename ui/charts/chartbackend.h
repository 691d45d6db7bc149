// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/scale.h"

#include <QGraphicsView>
#include <QMargins>

class QPainter;

namespace cachedeck {

class CursorItem;
class PlotItem;

/// Axes and grid of one chart, with the plot and the cursor as items of its scene. Qt Charts draws axes and grid and never
/// sees a sample; it is named in chartbackend.cpp alone, since it is deprecated from Qt 6.10 on.
class ChartBackend : public QGraphicsView {
  Q_OBJECT
 public:
  explicit ChartBackend(QWidget* parent = nullptr);
  ~ChartBackend() override;

  /// Room for the axis labels around the plot area, equal in all panels so that times stand below each other.
  void setInsets(const QMargins& insets);
  /// Labels and grid; a call with what is there already costs nothing.
  void setTicks(const std::vector<Tick>& time, const std::vector<Tick>& value);
  PlotItem& plot() { return *m_plot; }
  CursorItem& cursor() { return *m_cursor; }
  /// The plot area in pixels of this widget.
  QRectF plotArea() const;
  /// While many cursor moves come, the plot is kept as a picture, so that it need not be drawn for each.
  void keepPicture(bool keep);
  /// Draws axes and plot on any device, laid out for `size`.
  void draw(QPainter& painter, const QSizeF& size);

 Q_SIGNALS:
  void resized();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void layOut(const QSizeF& size);
  void restyle();

  struct Parts;
  std::unique_ptr<Parts> m_parts;
  PlotItem* m_plot;
  CursorItem* m_cursor;
  QMargins m_insets{46, 14, 20, 28};
};

/// A gauge of concentric rings over 270°, with a figure in the middle.
class GaugeBackend : public QGraphicsView {
  Q_OBJECT
 public:
  explicit GaugeBackend(QWidget* parent = nullptr);
  ~GaugeBackend() override;
  void setRings(const std::vector<GaugeData::Ring>& rings, const QString& caption, bool stale);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  void restyle();

  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace cachedeck
