// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

#include <QWidget>

namespace cachedeck {

class GaugeBackend;

/// The rings of a Donut panel and, beside them, what each stands for with its figure.
class GaugeRow : public QWidget {
  Q_OBJECT
 public:
  explicit GaugeRow(QWidget* parent = nullptr);
  void setData(GaugeData data, bool stale);
  const GaugeData& data() const { return m_data; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  double paintRings(QPainter& painter, double left, double y) const;
  void paintBars(QPainter& painter, double left, double y) const;
  void describe();

  GaugeBackend* m_gauge;
  GaugeData m_data;
  bool m_stale = false;
};

}  // namespace cachedeck
