// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/format.h"
#include "ui/charts/panelinfo.h"
#include "ui/widgets/card.h"

namespace cachedeck {

/// A figure of a run: its name, its value now, how it went, and a quiet line.
class FigureTile : public Card {
  Q_OBJECT
 public:
  /// `colour`: the series colour of its course, 1–8.
  FigureTile(const QString& title, int colour, QWidget* parent = nullptr);
  void setFigure(const Quantity& value, const QString& footer, Level level = Level::Good);
  /// Means, oldest first; empty: no course is drawn.
  void setCourse(std::vector<Bucket> course, const TimeSpan& span);
  QString text() const { return m_value.text(); }
  QString footer() const { return m_footer; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const int m_colour;
  Quantity m_value{QStringLiteral("–"), {}};
  QString m_footer;
  std::vector<Bucket> m_course;
  TimeSpan m_span;
};

}  // namespace cachedeck
