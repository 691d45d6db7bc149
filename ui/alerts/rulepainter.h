// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace cachedeck {

/// A rule's row: shape, name and value; below them its state and how much of the way to the threshold is gone (see AlertRuleRole).
class AlertRulePainter : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A bar whose tick is the threshold: full and in the colour beyond it. `reach` NaN: nothing is drawn.
void paintReach(QPainter& painter, const QRectF& bar, double reach, const QColor& beyond, const QColor& surface);

}  // namespace cachedeck
