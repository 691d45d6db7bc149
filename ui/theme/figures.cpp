// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/figures.h"

#include <QFontMetricsF>
#include <QPainter>

namespace cachedeck {

namespace {

bool isDigit(QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); }

/// Calls `run(part, isDigit)` for every digit and every stretch between digits.
template <typename Run>
void eachRun(const QString& text, Run run) {
  for (qsizetype at = 0; at < text.size();) {
    qsizetype end = at + 1;
    const bool digit = isDigit(text[at]);
    while (!digit && end < text.size() && !isDigit(text[end])) ++end;
    run(text.mid(at, end - at), digit);
    at = end;
  }
}

}  // namespace

double figureWidth(const QString& text, const QFont& font) {
  const QFontMetricsF metrics(font);
  const double cell = metrics.horizontalAdvance(QLatin1Char('0'));
  double width = 0;
  eachRun(text, [&](const QString& part, bool digit) { width += digit ? cell : metrics.horizontalAdvance(part); });
  return width;
}

void drawFigures(QPainter& painter, const QPointF& baseline, const QString& text) {
  const QFontMetricsF metrics(painter.font());
  const double cell = metrics.horizontalAdvance(QLatin1Char('0'));
  QPointF at = baseline;
  eachRun(text, [&](const QString& part, bool digit) {
    const double width = metrics.horizontalAdvance(part);
    painter.drawText(digit ? at + QPointF((cell - width) / 2, 0) : at, part);
    at.rx() += digit ? cell : width;
  });
}

}  // namespace cachedeck
