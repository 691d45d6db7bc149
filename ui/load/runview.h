// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"
#include "ui/charts/timeview.h"
#include "ui/load/loadcontroller.h"
#include "ui/load/runcurves.h"

#include <QScrollArea>

class QButtonGroup;
class QStackedWidget;

namespace cachedeck {

class CellTable;
class ChartPanel;
class FigureTile;
class FrameClock;
class Notice;
class RowList;
class RunHead;

/// One run, while it goes on and afterwards: figures, curves of it and of the servers under one time axis, thresholds, percentiles, scorecard.
class RunView : public QWidget {
  Q_OBJECT
 public:
  enum Tab { Curves, Percentiles, Scorecard };

  /// Both outlive it.
  RunView(const History& live, FrameClock& clock, QWidget* parent = nullptr);
  ~RunView() override;

  void begin(const runs::RunRecord& record, const load::Scenario& scenario, double levelCap);
  void move(const FiguresShot& figures);
  /// A run that has ended: `fresh` the one whose curves are here already.
  void show(const RecordShot& record, bool fresh);
  /// Nothing is on show any more, and no run goes on.
  void clear();
  void setSource(const QString& id, const SourceState& state, const QString& title);
  void setTab(Tab tab);
  /// Whether the run on show still goes on.
  bool isLive() const { return m_live; }
  const RecordShot& record() const { return m_record; }
  const RunCurves& curves() const { return m_curves; }
  RunHead* head() const { return m_head; }
  const std::vector<ChartPanel*>& panels() const { return m_panels; }
  const std::vector<FigureTile*>& tiles() const { return m_tiles; }
  RowList* judgement() const { return m_judgement; }
  /// What stands in place of the curves of a run that measured nothing.
  Notice* instead() const { return m_instead; }
  Notice* banner() const { return m_banner; }
  CellTable* percentiles() const { return m_percentiles; }
  CellTable* scorecard() const { return m_scorecard; }

 Q_SIGNALS:
  void retryRequested(const QString& sourceId);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* buildCurves();
  QWidget* buildTables();
  void layOut();  // as the room of the scroll area is
  void refresh(qint64 nowMs);
  void showWindow();
  bool measuredNothing() const;
  void showTiles(const load::RunFigures& figures);
  void showJudgement(const load::RunFigures& figures);
  void showNothing();
  void showPercentiles(const load::RunFigures& figures);
  void showScorecard();
  void setSources();

  const History& m_servers;
  FrameClock& m_clock;
  RunCurves m_curves;
  TimeView m_view;
  std::optional<TimeSpan> m_window;  ///< what was last put into the view; another span there is the operator's zoom
  bool m_live = false, m_byK6 = false;
  qint64 m_startedMs = 0, m_elapsedMs = 0, m_lengthMs = 0;
  RecordShot m_record;
  std::map<QString, std::pair<QString, SourceState>> m_sources;

  RunHead* m_head;
  Notice* m_banner;
  std::vector<FigureTile*> m_tiles;
  QButtonGroup* m_tabs;
  QWidget* m_tabRow;
  QStackedWidget* m_stack;
  QScrollArea* m_scroll;
  QWidget* m_content;
  std::vector<ChartPanel*> m_panels;
  QWidget *m_judgementCard, *m_insteadCard;
  Notice* m_instead;
  RowList* m_judgement;
  CellTable *m_percentiles, *m_scorecard;
  RowList *m_facts, *m_scoreNotes;
};

}  // namespace cachedeck
