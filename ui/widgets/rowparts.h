// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QStyleOptionViewItem>

class QPainter;

namespace cachedeck {

/// What delegates draw rows of lists with.

/// A row's ground where it is selected or under the pointer; gives the colour that texts stand on.
QColor paintRowGround(QPainter& painter, const QRectF& row, const QStyleOptionViewItem& option);
/// The ring of the row that has the focus.
void paintRowFocus(QPainter& painter, const QRectF& row, const QStyleOptionViewItem& option);
/// A text that ends at `end`; gives back where it begins, less `gap`.
double paintRight(QPainter& painter, double end, double baseline, const QString& text, TextRole role, const QColor& colour, double gap = 8);
/// A text from `from` on, cut with an ellipsis where it would pass `to`.
void paintLeft(QPainter& painter, double from, double to, double baseline, const QString& text, TextRole role, const QColor& colour, Qt::TextElideMode cut = Qt::ElideRight);

}  // namespace cachedeck
