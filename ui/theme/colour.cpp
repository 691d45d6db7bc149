// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colour.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

double linear(double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); }

// WCAG 2.1, relative luminance.
double luminance(const QColor& c) {
  return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

int between(int a, int b, double share) { return static_cast<int>(std::lround(a + (b - a) * share)); }

}  // namespace

QColor mixed(const QColor& a, const QColor& b, double share) {
  return QColor(between(a.red(), b.red(), share), between(a.green(), b.green(), share), between(a.blue(), b.blue(), share));
}

QColor withAlpha(QColor colour, int alpha) {
  colour.setAlpha(alpha);
  return colour;
}

double contrast(const QColor& a, const QColor& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

QColor readable(const QColor& text, const QColor& surface) {
  const QColor end = luminance(surface) > 0.18 ? QColor(Qt::black) : QColor(Qt::white);
  for (double share = 0; share < 1; share += 0.05)
    if (const QColor colour = mixed(text, end, share); contrast(colour, surface) >= 4.5) return colour;
  return end;
}

}  // namespace cachedeck
