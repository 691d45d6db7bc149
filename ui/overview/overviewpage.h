// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/sources/poller.h"
#include "ui/charts/timeview.h"
#include "ui/overview/customcharts.h"

#include <QScrollArea>

#include <map>

namespace cachedeck {

class ChartPanel;
class FrameClock;
class KpiTile;
struct PanelInfo;
struct PanelSource;

/// The page that the console opens on: key figures and the panels of the catalog, all on one time axis.
class OverviewPage : public QScrollArea {
  Q_OBJECT
 public:
  /// All three outlive the page.
  OverviewPage(const History& history, TimeView& view, FrameClock& clock, QWidget* parent = nullptr);

  /// How a source stands. `title` is its name for people ("Redis"); one that was said before stays when it is empty.
  void setSourceState(const QString& sourceId, const SourceState& state, const QString& title = {});
  /// The person's own charts, behind those of the catalog.
  void setCustomPanels(const QList<CustomPanelState>& states);
  /// The panels that stand on the page now: in the catalog's order, then the own ones.
  const std::vector<ChartPanel*>& panels() const { return m_panels; }
  const std::vector<KpiTile*>& tiles() const { return m_tiles; }
  /// Brings the panel into sight that an alerting rule with this expression is about, with the focus on it; nothing when there is none.
  void reveal(const QString& query);
  /// A picture of the page, whatever of it is seen, or of one panel; its form goes by the file's name. saved() or notSaved() follows.
  void savePicture(const QString& file, ChartPanel* panel = nullptr);
  /// A picture of the page onto the clipboard, as an image and as vectors.
  void copyPicture();
  /// One frame: the time axis moves on and everything that is seen is drawn anew.
  void refresh(qint64 nowMs);

 Q_SIGNALS:
  void retryRequested(const QString& sourceId);
  /// The person wants an own chart no more.
  void customPanelRemoved(int number);
  void saved(const QString& file);
  void notSaved(const QString& sentence);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void layOut();
  void choosePanels();
  ChartPanel* addPanel(const PanelInfo& info);
  void adopt(ChartPanel* panel);
  void askWhereTo(ChartPanel* panel);
  void drawPage(QPainter& painter);
  qint64 newestMs() const;

  const History& m_history;
  TimeView& m_view;
  FrameClock& m_clock;
  QWidget* m_content;
  std::vector<KpiTile*> m_tiles;
  std::map<const PanelInfo*, ChartPanel*> m_made;
  std::vector<ChartPanel*> m_panels;
  CustomCharts m_custom;
  std::map<QString, PanelSource> m_sources;  // what is known, for panels that come later
  Worker m_pictures{QStringLiteral("pictures")};
};

}  // namespace cachedeck
