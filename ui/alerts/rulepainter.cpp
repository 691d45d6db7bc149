// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/rulepainter.h"

#include "ui/alerts/rulemodel.h"
#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowparts.h"

#include <QIcon>
#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {

constexpr int rowHeight = 50, side = 8, iconSize = 16, iconGap = 9, barWidth = 92;
constexpr double tickAt = 0.8, barHeight = 5;

}  // namespace

void paintReach(QPainter& painter, const QRectF& bar, double reach, const QColor& beyond, const QColor& surface) {
  if (std::isnan(reach)) return;
  const Palette& p = Theme::instance().palette();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(surface, p.text3, 0.28));
  painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2);
  const double share = reach >= 1 ? 1 : std::max(0.0, reach) * tickAt;
  if (share > 0) {
    painter.setBrush(reach >= 1 ? beyond : p.series[0]);
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), std::max(bar.height(), bar.width() * share), bar.height()), bar.height() / 2, bar.height() / 2);
  }
  painter.fillRect(QRectF(bar.left() + bar.width() * tickAt - 0.75, bar.top() - 3, 1.5, bar.height() + 6), p.text1);
  painter.restore();
}

QSize AlertRulePainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {160, rowHeight}; }

void AlertRulePainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = Theme::instance().palette();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF row = QRectF(option.rect).adjusted(0, 1, -2, -1);
  const QColor surface = paintRowGround(*painter, row, option);
  const QColor colour = index.data(IconColourRole).value<QColor>();
  Theme::instance().icon(index.data(IconRole).toString(), colour).paint(painter, QRect(static_cast<int>(row.left()) + side, static_cast<int>(row.top()) + 16, iconSize, iconSize));
  const double from = row.left() + side + iconSize + iconGap, end = row.right() - side, first = row.top() + 20, second = row.top() + 38;
  const double reach = index.data(ReachRole).toDouble();
  double to = paintRight(*painter, end, first, index.data(ThresholdRole).toString(), TextRole::Secondary, readable(p.text3, surface), 6);
  to = paintRight(*painter, to, first, index.data(RightRole).toString(), TextRole::LabelStrong, reach >= 1 ? readable(index.data(ReachColourRole).value<QColor>(), surface) : p.text1, 6);
  paintLeft(*painter, from, to - 4, first, index.data().toString(), TextRole::LabelStrong, p.text1);
  to = end;
  if (!std::isnan(reach)) {
    paintReach(*painter, QRectF(end - barWidth, second - 6.5, barWidth, barHeight), reach, index.data(ReachColourRole).value<QColor>(), surface);
    to = end - barWidth - 10;
  }
  paintLeft(*painter, from, to, second, index.data(SecondLineRole).toString(), TextRole::Secondary, readable(p.text2, surface));
  paintRowFocus(*painter, row, option);
  painter->restore();
}

}  // namespace cachedeck
