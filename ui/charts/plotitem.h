// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotdata.h"

#include <QGraphicsItem>

#include <optional>

namespace cachedeck {

/// The contents of a plot area as one item of a scene. New data repaints this item alone: axes are left as they are.
class PlotItem : public QGraphicsItem {
 public:
  explicit PlotItem(QGraphicsItem* parent);
  void setArea(const QRectF& area);
  const QRectF& area() const { return m_area; }
  void setData(PlotData data);
  const PlotData& data() const { return m_data; }

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  QRectF m_area;
  PlotData m_data;
};

/// The shared cursor in one plot: a vertical, a dot on every line and, under the pointer, a card with time and values; or
/// the stretch that is being dragged for a zoom.
class CursorItem : public QGraphicsItem {
 public:
  struct Row {
    QString label, value;
    double plotValue;  ///< where its dot stands; NaN = no dot
    int colour;
  };
  CursorItem(const PlotItem& plot, QGraphicsItem* parent);
  void showAt(qint64 wallMs, std::vector<Row> rows, bool withCard);
  void showDrag(qint64 fromMs, qint64 toMs);
  void clear();

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  QRectF cardRect() const;
  void paintCard(QPainter& painter) const;
  void paintDots(QPainter& painter, double x) const;
  double xOf(qint64 wallMs) const;

  const PlotItem& m_plot;
  std::optional<qint64> m_at, m_dragTo;
  std::vector<Row> m_rows;
  bool m_withCard = false;
};

}  // namespace cachedeck
