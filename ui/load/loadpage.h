// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/history.h"
#include "core/sources/poller.h"
#include "ui/load/loadcontroller.h"

#include <QWidget>

class QListView;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class CompareView;
class FrameClock;
class LockBar;
class Notice;
class RunModel;
class RunView;
class ScenarioModel;
class SetupPanel;

/// Load runs: scenarios and the runs of the past at the left; beside them what a scenario will do, a run while it goes on and after it, or several compared.
class LoadPage : public QWidget {
  Q_OBJECT
 public:
  /// All three outlive the page. `history` has the servers' samples.
  LoadPage(const Clock& clock, const History& history, FrameClock& frames, QWidget* parent = nullptr);
  ~LoadPage() override;

  void open(const LoadTarget& target);
  /// The runs of a snapshot, to be looked at and compared; nothing can be started or changed.
  void openKept(const KeptRuns& runs);
  /// Nothing is open; a run that goes on is stopped and kept. `title` and `reason` say why, on an empty page.
  void close(const QString& title = {}, const QString& reason = {});
  /// What would be interrupted by closing; empty when nothing is under way.
  QString underWay() const;
  /// How a server stands, for its panels beside a run.
  void setSourceState(const QString& sourceId, const SourceState& state, const QString& title = {});

  LoadController& controller() { return *m_controller; }
  QListView* scenarioList() const { return m_scenarioList; }
  QListView* runList() const { return m_runList; }
  SetupPanel* setup() const { return m_setup; }
  RunView* run() const { return m_run; }
  CompareView* comparison() const { return m_compare; }
  LockBar* lockBar() const { return m_lock; }
  QPushButton* compareButton() const { return m_compareButton; }
  Notice* problem() const { return m_problem; }
  /// What stands in place of the whole page.
  Notice* nothing() const { return m_nothing; }
  QPushButton* removeButton() const { return m_removeButton; }
  void chooseScenario(const QString& name);
  /// Takes a scenario file among the own ones; what is wrong with it is shown.
  void importScenario(const QString& file);
  QPushButton* importButton() const { return m_import; }

 Q_SIGNALS:
  /// A run began, and ended, be it by close(): a stretch on all charts.
  void started(const cachedeck::RecordShot& run);
  void ended(const cachedeck::RecordShot& run);
  /// The journal has this entry of a run.
  void acted(const cachedeck::JournalEntry& entry);
  void retryRequested(const QString& sourceId);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  enum Panel { Setup, Running, Comparing, Blank };
  QWidget* build();
  QWidget* buildLists();
  void setKept(std::optional<qint64> takenMs);
  void connectController();
  void connectRun();
  void connectFiles();
  void askForScenario();
  void askWhereTo(const RunRequest& request, ExportForm form);
  void scenariosCame(const QList<ScenarioEntry>& entries);
  void runsCame(const QList<runs::RunSummary>& runs, const QStringList& problems);
  void runsPicked();
  void begin(const RunRequest& request);
  void beginComparison(const QStringList& ids);
  void again();
  void showScenario(int row);
  void updateBaseline();
  void updateLocks();
  void updateButtons();
  void say(const QString& problem);
  void tell(const QString& done);
  QStringList pickedRuns() const;

  const Clock& m_clock;
  LoadController* m_controller;
  ScenarioModel* m_scenarios;
  RunModel* m_runs;
  bool m_isKept = false;
  QString m_pending;  ///< a scenario to choose as soon as there are any
  RunRequest m_request;

  LockBar* m_lock;
  Notice *m_nothing, *m_problem, *m_noRuns;
  QListView *m_scenarioList, *m_runList;
  QPushButton *m_compareButton, *m_removeButton, *m_live, *m_import;
  SetupPanel* m_setup;
  RunView* m_run;
  CompareView* m_compare;
  QStackedWidget *m_whole, *m_right, *m_runStack;
  QWidget* m_scenarioCard;
};

}  // namespace cachedeck
