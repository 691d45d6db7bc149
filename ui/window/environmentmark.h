// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"

#include <QColor>
#include <QString>

class QPainter;
class QRectF;

namespace cachedeck {

/// "PRODUCTION", "STAGING", "DEVELOPMENT", translated: the word that stands beside the colour.
QString environmentWord(Environment environment);
QColor environmentColour(Environment environment);

/// The word in a small filled frame, as a list or a button shows it. `left` is the middle of its left edge.
void drawEnvironment(QPainter& painter, const QPointF& left, Environment environment);
/// How wide drawEnvironment draws.
double environmentWidth(Environment environment);

}  // namespace cachedeck
