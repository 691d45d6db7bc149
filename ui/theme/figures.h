// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QFont;
class QPainter;
class QPointF;

namespace cachedeck {

/// Text whose digits stand in equal cells, so that live figures do not dance (Qt 6.4 cannot switch on tabular figures).
/// Width in pixels of the font.
double figureWidth(const QString& text, const QFont& font);
/// Draws with the painter's font and pen, from `baseline` to the right.
void drawFigures(QPainter& painter, const QPointF& baseline, const QString& text);

}  // namespace cachedeck
