// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowpainter.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowparts.h"

#include <QIcon>
#include <QPainter>

namespace cachedeck {

namespace {

constexpr int rowHeight = 44, side = 8, iconSize = 16, iconGap = 9;

}  // namespace

QSize TwoLinePainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {120, rowHeight}; }

void TwoLinePainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = Theme::instance().palette();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF row = QRectF(option.rect).adjusted(0, 1, -2, -1);
  const QColor surface = paintRowGround(*painter, row, option), quiet = readable(p.text3, surface);
  const QString icon = index.data(IconRole).toString();
  if (!icon.isEmpty()) Theme::instance().icon(icon, index.data(IconColourRole).value<QColor>()).paint(painter, QRect(static_cast<int>(row.left()) + side, static_cast<int>(row.top()) + 13, iconSize, iconSize));
  const double from = row.left() + side + iconSize + iconGap, end = row.right() - side;
  const double first = row.top() + 17, second = row.top() + 34;
  double to = paintRight(*painter, end, first, index.data(RightRole).toString(), TextRole::Secondary, quiet);
  paintLeft(*painter, from, to, first, index.data().toString(), TextRole::LabelStrong, p.text1);
  to = paintRight(*painter, end, second, index.data(RightSecondRole).toString(), TextRole::Mark, index.data(PinnedRole).toBool() ? readable(p.accent, surface) : quiet);
  paintLeft(*painter, from, to, second, index.data(SecondLineRole).toString(), TextRole::Secondary, readable(p.text2, surface));
  paintRowFocus(*painter, row, option);
  painter->restore();
}

}  // namespace cachedeck
