// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace cachedeck {

/// The colour on the way from `a` (share 0) to `b` (share 1); opaque.
QColor mixed(const QColor& a, const QColor& b, double share);
/// The same colour with an alpha of 0 to 255.
QColor withAlpha(QColor colour, int alpha);
/// WCAG 2.1 contrast of two opaque colours, 1 to 21.
double contrast(const QColor& a, const QColor& b);
/// The colour as text on a surface: moved towards black or white just as far as a contrast of 4.5 needs.
QColor readable(const QColor& text, const QColor& surface);

}  // namespace cachedeck
