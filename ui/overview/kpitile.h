// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelstatus.h"
#include "ui/overview/tilecatalog.h"
#include "ui/widgets/card.h"

namespace cachedeck {

/// A card with one key figure: value, unit, sparkline, change, and a shape when a threshold is passed or its source is not live.
class KpiTile : public Card {
  Q_OBJECT
 public:
  explicit KpiTile(const TileInfo& info, QWidget* parent = nullptr);
  const TileInfo& info() const { return m_info; }
  void setSource(const PanelSource& source);
  void refresh(const History& history, const TimeSpan& span, qint64 nowMs);
  const TileFigures& figures() const { return m_figures; }
  /// What stands in the last line: change and detail, or why there is no figure.
  QString footer() const { return m_footer; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void updateFooter(const PanelStatus& status);
  double paintValue(QPainter& painter) const;
  void paintFooter(QPainter& painter, double right) const;
  void paintUse(QPainter& painter, const QRectF& track) const;
  void paintShape(QPainter& painter) const;

  const TileInfo& m_info;
  PanelSource m_source;
  TileFigures m_figures;
  TimeSpan m_span;
  QString m_footer, m_shape;
  bool m_stale = false, m_blank = true;
};

}  // namespace cachedeck
