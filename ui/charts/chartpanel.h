// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelstatus.h"
#include "ui/charts/plotitem.h"
#include "ui/charts/scale.h"
#include "ui/charts/timeview.h"
#include "ui/widgets/card.h"

#include <QSet>

namespace cachedeck {

class ChartBackend;
class ElidedLabel;
class GaugeRow;
class LegendRow;
class Pill;
class PlotInput;

/// A card with title, live legend, state and chart, made from one row of a panel catalog.
class ChartPanel : public Card {
  Q_OBJECT
 public:
  ChartPanel(const PanelInfo& info, const History& history, TimeView& view, QWidget* parent = nullptr);

  const PanelInfo& info() const { return m_info; }
  /// How one of its sources stands; sources that the panel does not need are ignored.
  void setSource(const PanelSource& source);
  /// Draws what changed since the last time; does nothing while no pixel of it is seen.
  void refresh(qint64 nowMs);
  const PanelStatus& status() const { return m_status; }
  ChartBackend& backend() { return *m_backend; }
  /// Draws the panel (title, legend, chart) on any device, laid out for `size` in the units of the painter.
  void drawing(QPainter& painter, const QSizeF& size);
  void showAsTable();
  /// Its menu offers to take it away; removeRequested() follows.
  void setRemovable(bool removable) { m_removable = removable; }
  /// Onto the clipboard, as an image and as vectors.
  void copyPicture();

 Q_SIGNALS:
  /// Somebody wants a picture of this panel, or of the whole page, in a file.
  void pictureWanted(bool ofPage);
  /// Somebody wants a picture of the whole page on the clipboard.
  void pageCopyWanted();
  void retryRequested(const QString& sourceId);
  void removeRequested();
  /// Something changed by hand that should be seen before the next frame.
  void frameWanted();

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// What a drawing is made from: the same again needs no new one.
  struct Drawn {
    TimeSpan span;
    qint64 lastMs = 0, firstMs = 0;
    int marks = 0;
    bool stale = false, following = false;
    QRectF area;
    bool operator==(const Drawn& other) const = default;
  };
  void buildHeader();
  void buildBody();
  bool isSeen() const;
  bool isUnchanged();
  void updatePlot();
  void updateTicks(PlotData& data);
  void updateStatus(qint64 nowMs);
  void updatePill();
  void updateSubtitle();
  void updateLegend();
  bool hasUnitOfAxis(double value) const;
  void updateGauge();
  void updateCursor();
  void describe();
  void placeNotices();
  std::vector<CursorItem::Row> cursorRows(qint64 wallMs) const;
  void restyle();

  const PanelInfo& m_info;
  const History& m_history;
  TimeView& m_view;
  ValueScale m_scale;
  std::vector<PanelSource> m_sources;
  PanelStatus m_status;
  QSet<QLatin1String> m_hidden;
  std::optional<Drawn> m_drawn;

  ElidedLabel* m_title;
  ElidedLabel* m_subtitle;
  Pill* m_pill;
  LegendRow* m_legend;
  GaugeRow* m_gauge = nullptr;
  ChartBackend* m_backend;
  PlotInput* m_input;
  Notice* m_cover;
  Notice* m_banner;
  QWidget* m_body;
  bool m_keyboardFocus = false, m_removable = false;
};

}  // namespace cachedeck
