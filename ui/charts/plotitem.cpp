// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotitem.h"

#include "ui/charts/plotpainter.h"

namespace cachedeck {

PlotItem::PlotItem(QGraphicsItem* parent) : QGraphicsItem(parent) { setZValue(5); }

void PlotItem::setArea(const QRectF& area) {
  if (area == m_area) return;
  prepareGeometryChange();
  m_area = area;
}

void PlotItem::setData(PlotData data) {
  m_data = std::move(data);
  update();
}

QRectF PlotItem::boundingRect() const { return m_area.adjusted(-1, -3, 8, 7); }  // end dots stand over the edge

void PlotItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  paintPlot(*painter, m_area, m_data, Theme::instance().palette());
}

}  // namespace cachedeck
