// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"
#include "ui/charts/timeview.h"

#include <QScrollArea>

namespace cachedeck {

class ChartPanel;
class FrameClock;
class KpiTile;

/// The page that the console opens on: key figures and the panels of the catalog, all on one time axis.
class OverviewPage : public QScrollArea {
  Q_OBJECT
 public:
  /// All three outlive the page.
  OverviewPage(const History& history, TimeView& view, FrameClock& clock, QWidget* parent = nullptr);

  /// How a source stands. `title` is its name for people ("Redis"); one that was said before stays when it is empty.
  void setSourceState(const QString& sourceId, const SourceState& state, const QString& title = {});
  const std::vector<ChartPanel*>& panels() const { return m_panels; }
  const std::vector<KpiTile*>& tiles() const { return m_tiles; }
  /// One frame: the time axis moves on and everything that is seen is drawn anew.
  void refresh(qint64 nowMs);

 Q_SIGNALS:
  void retryRequested(const QString& sourceId);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void layOut();
  qint64 newestMs() const;

  const History& m_history;
  TimeView& m_view;
  FrameClock& m_clock;
  QWidget* m_content;
  std::vector<KpiTile*> m_tiles;
  std::vector<ChartPanel*> m_panels;
  QMap<QString, QString> m_titles;
};

}  // namespace cachedeck
