// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowpainter.h"

#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QIcon>
#include <QPainter>

namespace cachedeck {

namespace {

constexpr int rowHeight = 44, side = 8, iconSize = 16, iconGap = 9;

/// Draws at the right and gives back where it begins.
double right(QPainter& painter, double end, double baseline, const QString& text, TextRole role, const QColor& colour) {
  if (text.isEmpty()) return end;
  painter.setFont(Theme::instance().font(role));
  painter.setPen(colour);
  const double width = figureWidth(text, painter.font());
  drawFigures(painter, {end - width, baseline}, text);
  return end - width - 8;
}

void left(QPainter& painter, double from, double to, double baseline, const QString& text, TextRole role, const QColor& colour) {
  painter.setFont(Theme::instance().font(role));
  painter.setPen(colour);
  if (figureWidth(text, painter.font()) <= to - from) drawFigures(painter, {from, baseline}, text);
  else painter.drawText(QPointF(from, baseline), QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, to - from));
}

}  // namespace

QSize TwoLinePainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {120, rowHeight}; }

void TwoLinePainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = Theme::instance().palette();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF row = QRectF(option.rect).adjusted(0, 1, -2, -1);
  const bool selected = option.state & QStyle::State_Selected;
  if (selected || (option.state & QStyle::State_MouseOver)) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(selected ? mixed(p.card, p.accent, 0.20) : mixed(p.card, p.raised, 0.8));
    painter->drawRoundedRect(row, 6, 6);
  }
  const QColor surface = selected ? mixed(p.card, p.accent, 0.20) : p.card, quiet = readable(p.text3, surface);
  const QString icon = index.data(IconRole).toString();
  if (!icon.isEmpty()) Theme::instance().icon(icon, index.data(IconColourRole).value<QColor>()).paint(painter, QRect(static_cast<int>(row.left()) + side, static_cast<int>(row.top()) + 13, iconSize, iconSize));
  const double from = row.left() + side + iconSize + iconGap, end = row.right() - side;
  const double first = row.top() + 17, second = row.top() + 34;
  double to = right(*painter, end, first, index.data(RightRole).toString(), TextRole::Secondary, quiet);
  left(*painter, from, to, first, index.data().toString(), TextRole::LabelStrong, p.text1);
  to = right(*painter, end, second, index.data(RightSecondRole).toString(), TextRole::Mark, index.data(PinnedRole).toBool() ? readable(p.accent, surface) : quiet);
  left(*painter, from, to, second, index.data(SecondLineRole).toString(), TextRole::Secondary, readable(p.text2, surface));
  if (option.state & QStyle::State_HasFocus) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(p.accent, 1.5));
    painter->drawRoundedRect(row.adjusted(1, 1, -1, -1), 6, 6);
  }
  painter->restore();
}

}  // namespace cachedeck
