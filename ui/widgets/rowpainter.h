// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace cachedeck {

/// What rows of a list say besides their first line (DisplayRole).
enum RowRole {
  SecondLineRole = Qt::UserRole + 1,  ///< QString
  RightRole,                          ///< QString at the right of the first line
  RightSecondRole,                    ///< QString at the right of the second line
  IconRole,                           ///< QString, name of an icon before the first line
  IconColourRole,                     ///< QColor
  IdRole,                             ///< QString: what the row stands for
  PinnedRole,                         ///< bool
};

/// A row of two lines with an icon before and figures at its right (see RowRole).
class TwoLinePainter : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace cachedeck
