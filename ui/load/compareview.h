// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeview.h"
#include "ui/load/loadcontroller.h"

#include <QScrollArea>

#include <deque>

class QVBoxLayout;

namespace cachedeck {

class CellTable;
class ChartPanel;
class ElidedLabel;
class FrameClock;
class Notice;
class RowList;

/// Two or more runs over each other, as if all had begun at the same moment, and what changed between the first and each other.
class CompareView : public QWidget {
  Q_OBJECT
 public:
  static constexpr int mostRuns = 6;

  explicit CompareView(FrameClock& clock, QWidget* parent = nullptr);
  ~CompareView() override;
  /// Nothing yet: it is being computed.
  void begin(int runs);
  void show(const ComparedRuns& runs);
  const std::vector<CellTable*>& tables() const { return m_tables; }
  const std::vector<ChartPanel*>& panels() const { return m_panels; }
  /// Which runs are compared, in words.
  QString title() const;
  /// What each table is called, in their order.
  const QStringList& titles() const { return m_titles; }

 Q_SIGNALS:
  void closed();

 private:
  void clear();
  void buildPanels(const ComparedRuns& runs);
  void addTable(const ComparedRuns& runs, qsizetype run);
  void refresh(qint64 nowMs);

  FrameClock& m_clock;
  History m_history;
  TimeView m_view;
  std::optional<TimeSpan> m_window;
  std::deque<QByteArray> m_labels;  ///< what the panels' rows point to
  std::deque<PanelInfo> m_infos;
  std::vector<ChartPanel*> m_panels;
  std::vector<CellTable*> m_tables;
  QStringList m_titles;
  ElidedLabel* m_title;
  Notice* m_waiting;
  QScrollArea* m_scroll;
  QWidget *m_body = nullptr, *m_charts = nullptr;
  QVBoxLayout* m_column = nullptr;
};

}  // namespace cachedeck
