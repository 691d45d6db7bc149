// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QFrame>

class QPainter;

namespace cachedeck {

/// The rounded surface that everything stands on. Its edge takes a colour when something needs attention.
class Card : public QFrame {
  Q_OBJECT
 public:
  explicit Card(QWidget* parent = nullptr);
  void setEdge(Level level);
  Level edge() const { return m_edge; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Level m_edge = Level::Good;
};

/// The colour of a level as text and line; text 2 for Good.
QColor levelColour(Level level);
/// The word of a level ("warning"), translated.
QString levelWord(Level level);
/// The ring around a control that has the keyboard.
void drawFocusRing(QPainter& painter, const QRectF& rect, double radius);

}  // namespace cachedeck
