// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotitem.h"
#include "ui/charts/plotpainter.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"

#include <QDateTime>
#include <QGraphicsScene>
#include <QPainter>

#include <algorithm>

namespace cachedeck {

namespace {
constexpr double padding = 10, rowHeight = 18, swatch = 9, columnGap = 18;
}

CursorItem::CursorItem(const PlotItem& plot, QGraphicsItem* parent) : QGraphicsItem(parent), m_plot(plot) {
  setZValue(10);
  hide();
}

void CursorItem::showAt(qint64 wallMs, std::vector<Row> rows, bool withCard) {
  prepareGeometryChange();
  m_at = wallMs;
  m_dragTo.reset();
  m_rows = std::move(rows);
  m_withCard = withCard;
  show();
  update();
}

void CursorItem::showDrag(qint64 fromMs, qint64 toMs) {
  prepareGeometryChange();
  m_at = fromMs;
  m_dragTo = toMs;
  show();
  update();
}

void CursorItem::clear() {
  m_at.reset();
  m_dragTo.reset();
  hide();
}

double CursorItem::xOf(qint64 wallMs) const {
  const double x = PlotMap(m_plot.area(), m_plot.data()).x(wallMs);
  return std::clamp(x, m_plot.area().left(), m_plot.area().right());
}

QRectF CursorItem::boundingRect() const {
  if (!m_at) return {};
  const QRectF& area = m_plot.area();
  if (m_dragTo) return QRectF(QPointF(std::min(xOf(*m_at), xOf(*m_dragTo)), area.top()), QPointF(std::max(xOf(*m_at), xOf(*m_dragTo)), area.bottom())).adjusted(-2, 0, 2, 0);
  const QRectF line(xOf(*m_at) - 6, area.top() - 6, 12, area.height() + 12);
  return m_withCard ? line.united(cardRect().adjusted(-1, -1, 1, 1)) : line;
}

QRectF CursorItem::cardRect() const {
  const QFont font = Theme::instance().font(TextRole::Label), strong = Theme::instance().font(TextRole::LabelStrong);
  double labels = 0, values = 0;
  for (const Row& row : m_rows) {
    labels = std::max(labels, QFontMetricsF(font).horizontalAdvance(row.label));
    values = std::max(values, figureWidth(row.value, strong));
  }
  const double time = figureWidth(QStringLiteral("00:00:00"), font);
  const QSizeF size(std::max(time, swatch + 7 + labels + columnGap + values) + 2 * padding,
                    2 * padding - 4 + rowHeight * static_cast<double>(m_rows.size() + 1));
  // Right of the line, or left of it where the view ends.
  const QRectF view = scene() ? scene()->sceneRect() : m_plot.area();
  const double x = xOf(*m_at);
  const bool fitsRight = x + 12 + size.width() <= view.right() - 2;
  const double left = fitsRight ? x + 12 : std::max(view.left() + 2, x - 12 - size.width());
  const double top = std::max(view.top() + 2, std::min(m_plot.area().top() + 8, view.bottom() - 2 - size.height()));
  return {QPointF(left, top), size};
}

void CursorItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  if (!m_at) return;
  const Palette& p = Theme::instance().palette();
  const QRectF& area = m_plot.area();
  const double x = xOf(*m_at);
  if (m_dragTo) {
    const QRectF drag(QPointF(std::min(x, xOf(*m_dragTo)), area.top()), QPointF(std::max(x, xOf(*m_dragTo)), area.bottom()));
    painter->fillRect(drag, withAlpha(p.accent, 46));
    painter->setPen(QPen(p.accent, 1));
    painter->drawLine(drag.topLeft(), drag.bottomLeft());
    painter->drawLine(drag.topRight(), drag.bottomRight());
    return;
  }
  painter->setPen(QPen(withAlpha(p.text1, 150), 1));
  painter->drawLine(QPointF(std::round(x) + 0.5, area.top()), QPointF(std::round(x) + 0.5, area.bottom()));
  painter->setRenderHint(QPainter::Antialiasing);
  paintDots(*painter, x);
  if (m_withCard) paintCard(*painter);
}

void CursorItem::paintDots(QPainter& painter, double x) const {
  const Palette& p = Theme::instance().palette();
  const PlotMap map(m_plot.area(), m_plot.data());
  painter.setPen(QPen(p.card, 1.2));
  for (const Row& row : m_rows) {
    if (!std::isfinite(row.plotValue)) continue;
    painter.setBrush(seriesColour(p, row.colour, m_plot.data().stale));
    painter.drawEllipse(QPointF(x, map.y(row.plotValue)), 3.6, 3.6);
  }
}

void CursorItem::paintCard(QPainter& painter) const {
  const Palette& p = Theme::instance().palette();
  const QRectF card = cardRect();
  painter.setPen(QPen(p.axis, 1));
  painter.setBrush(withAlpha(p.raised, 244));
  painter.drawRoundedRect(card, 7, 7);
  const QFont label = Theme::instance().font(TextRole::Label), strong = Theme::instance().font(TextRole::LabelStrong);
  double y = card.top() + padding + 9;
  painter.setFont(label);
  painter.setPen(p.text2);
  drawFigures(painter, {card.left() + padding, y}, QDateTime::fromMSecsSinceEpoch(*m_at).toString(QStringLiteral("HH:mm:ss")));
  for (const Row& row : m_rows) {
    y += rowHeight;
    painter.setPen(Qt::NoPen);
    painter.setBrush(seriesColour(p, row.colour, m_plot.data().stale));
    painter.drawRoundedRect(QRectF(card.left() + padding, y - swatch + 0.5, swatch, swatch), 2, 2);
    painter.setFont(label);
    painter.setPen(p.text2);
    painter.drawText(QPointF(card.left() + padding + swatch + 7, y), row.label);
    painter.setFont(strong);
    painter.setPen(p.text1);
    drawFigures(painter, {card.right() - padding - figureWidth(row.value, strong), y}, row.value);
  }
}

}  // namespace cachedeck
