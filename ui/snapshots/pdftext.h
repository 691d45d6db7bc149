// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QStringList>

namespace cachedeck {

/// The lines of a text in a column: broken at spaces, a word that is longer than a line behind its . _ - / and the like, and only where there is none of these anywhere. At most
/// `most` lines; what is left out shows as an ellipsis.
QStringList brokenLines(const QString& text, const QFontMetricsF& metrics, double width, int most);

/// How wide the longest piece of a text is that such lines do not break.
double longestPiece(const QString& text, const QFontMetricsF& metrics);

}  // namespace cachedeck
