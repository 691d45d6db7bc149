// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowparts.h"

#include "ui/theme/colour.h"
#include "ui/theme/figures.h"

#include <QPainter>

namespace cachedeck {

namespace {

constexpr double radius = 6;

}  // namespace

QColor paintRowGround(QPainter& painter, const QRectF& row, const QStyleOptionViewItem& option) {
  const Palette& p = Theme::instance().palette();
  const bool selected = option.state & QStyle::State_Selected;
  if (!selected && !(option.state & QStyle::State_MouseOver)) return p.card;
  const QColor ground = selected ? mixed(p.card, p.accent, 0.20) : mixed(p.card, p.raised, 0.8);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ground);
  painter.drawRoundedRect(row, radius, radius);
  return ground;
}

void paintRowFocus(QPainter& painter, const QRectF& row, const QStyleOptionViewItem& option) {
  if (!(option.state & QStyle::State_HasFocus)) return;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(Theme::instance().palette().accent, 1.5));
  painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), radius, radius);
}

double paintRight(QPainter& painter, double end, double baseline, const QString& text, TextRole role, const QColor& colour, double gap) {
  if (text.isEmpty()) return end;
  painter.setFont(Theme::instance().font(role));
  painter.setPen(colour);
  const double width = figureWidth(text, painter.font());
  drawFigures(painter, {end - width, baseline}, text);
  return end - width - gap;
}

void paintLeft(QPainter& painter, double from, double to, double baseline, const QString& text, TextRole role, const QColor& colour, Qt::TextElideMode cut) {
  painter.setFont(Theme::instance().font(role));
  painter.setPen(colour);
  if (figureWidth(text, painter.font()) <= to - from) drawFigures(painter, {from, baseline}, text);
  else painter.drawText(QPointF(from, baseline), QFontMetricsF(painter.font()).elidedText(text, cut, to - from));
}

}  // namespace cachedeck
