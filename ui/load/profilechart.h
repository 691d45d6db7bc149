// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/scenario.h"

#include <QWidget>

namespace cachedeck {

/// The course of a schedule: users or rate over time, its events as marks.
class ProfileChart : public QWidget {
  Q_OBJECT
 public:
  explicit ProfileChart(QWidget* parent = nullptr);
  void setScenario(const load::Scenario& scenario);
  QSize sizeHint() const override { return {420, 170}; }
  QSize minimumSizeHint() const override { return {200, 110}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void sample();
  void paintAxes(QPainter& painter, const QRectF& area) const;
  void paintCourse(QPainter& painter, const QRectF& area) const;
  void paintEvents(QPainter& painter, const QRectF& area) const;
  double xOf(const QRectF& area, load::Millis at) const;

  load::Scenario m_scenario;
  load::Millis m_length{0};
  std::vector<double> m_levels;  ///< at equal distances over the length
  double m_top = 1;
  bool m_byIterations = false;
};

}  // namespace cachedeck
