// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/worker.h"
#include "core/journal/journal.h"
#include "core/keys/guard.h"
#include "core/runs/run_store.h"
#include "ui/load/keptruns.h"
#include "ui/load/loadtarget.h"
#include "ui/load/scenarioshelf.h"

#include <QTimer>

namespace cachedeck {

/// A run as it stands at one moment. Shared, since histograms are large.
using FiguresShot = std::shared_ptr<const load::RunFigures>;

/// Runs load, keeps what came of it, and stands between the page and the disk. Three workers: one has the run, one the files, one waits for the Pushgateway. One run at a time.
/// Of a snapshot it gives the runs, and does nothing else.
class LoadController : public QObject {
  Q_OBJECT
 public:
  enum class State { Closed, Idle, Starting, Running };

  explicit LoadController(const Clock& clock, QObject* parent = nullptr);
  ~LoadController() override;
  /// Reads the key of the journal, scenarios and runs; opened() follows.
  void open(const LoadTarget& target);
  /// In place of a target: runsCame() follows, load() and compare() answer from memory.
  void openKept(KeptRuns runs);
  /// A run that is under way is stopped and kept.
  void close();

  State state() const { return m_state; }
  const LoadTarget& target() const { return m_target; }
  /// Why nothing can be started at all (no key for the journal); empty when it can.
  QString unavailable() const { return m_unavailable; }
  bool isProduction() const { return m_target.environment == Environment::Production; }
  qint64 unlockedForMs() const;
  /// The journal gets the reason first; guardChanged() or unlockFailed() follows.
  void unlock(const QString& reason);
  void lock();

  /// Why the request may not be started now; started() or startFailed() follow otherwise.
  Result<void> start(const RunRequest& request);
  void stop();
  void setPaused(bool paused);
  /// Users, or iterations a second.
  void setLevel(double level);
  /// The servers' samples of a stretch, for the record; called on this thread.
  void setSeriesReader(std::function<QList<runs::ServerSeries>(qint64, qint64)> reader) { m_series = std::move(reader); }

  void refreshScenarios();
  /// Whether k6 is installed: k6Came() follows.
  void lookForK6();
  void refreshRuns();
  /// loaded() follows.
  void load(const QString& id);
  /// compared() follows; takes some tenths of a second a run.
  void compare(const QStringList& ids);
  void pin(const QString& id, bool pinned);
  void setNote(const QString& id, const QString& note);
  void setTags(const QString& id, const QStringList& tags);
  void remove(const QStringList& ids);
  /// A file of the operator's among the own scenarios: imported() follows with where it lies, or importFailed() with its mistakes.
  void importScenario(const QString& file);
  /// Writes what a request would do as a file for k6; exported() follows.
  void exportScenario(const RunRequest& request, ExportForm form, const QString& file);
  /// Pushes a run that has ended to the profile's Pushgateway; pushed() follows.
  void push(const QString& id);

 Q_SIGNALS:
  void opened();
  /// Locked, unlocked, or the time has run out.
  void guardChanged();
  void unlockFailed(const QString& problem);
  /// Why k6 cannot make the load (what to install); empty: it can.
  void k6Came(const QString& hindrance);
  void scenariosCame(const QList<cachedeck::ScenarioEntry>& entries);
  void runsCame(const QList<cachedeck::runs::RunSummary>& runs, const QStringList& problems);
  void started(const cachedeck::RecordShot& run);
  void startFailed(const QString& problem);
  void moved(const cachedeck::FiguresShot& figures);
  void ended(const cachedeck::RecordShot& run);
  /// A run that was under way at close(), by which it has been stopped and kept; ended() does not follow.
  void cutShort(const cachedeck::RecordShot& run);
  void loaded(const cachedeck::RecordShot& run);
  void compared(const cachedeck::ComparedRuns& runs);
  /// Something with the files of runs did not work.
  void failed(const QString& problem);
  void imported(const QString& file);
  void importFailed(const cachedeck::ScenarioEntry& entry);
  void exported(const QString& file);
  /// `problem` is empty when it went well; `said`: what was done.
  void pushed(const QString& said, const QString& problem);
  /// The journal has this entry of a run.
  void journaled(const cachedeck::JournalEntry& entry);

 private:
  struct Run;
  struct Work {
    Worker files{QStringLiteral("load files")};
    Worker run{QStringLiteral("load run")};
    Worker push{QStringLiteral("load push")};
  };
  struct Kept {
    KeptRuns runs;
    Worker worker{QStringLiteral("kept runs")};
    void list(LoadController& controller);
    void load(LoadController& controller, const QString& id) const;
    void compare(LoadController& controller, const QStringList& ids);
  };
  void poll();
  void finish();
  QList<runs::ServerSeries> seriesUntil(qint64 nowMs) const;
  void change(std::function<Result<void>(const runs::RunStore&, qint64)> job);

  const Clock& m_clock;
  LoadTarget m_target;
  State m_state = State::Closed;
  QString m_unavailable;
  std::shared_ptr<Journal> m_journal;
  std::unique_ptr<keys::Guard> m_guard;
  std::shared_ptr<Run> m_run;
  bool m_polling = false, m_wasUnlocked = false;
  int m_polls = 0, m_generation = 0;  // of the guard: what was asked before it was locked comes too late
  std::function<QList<runs::ServerSeries>(qint64, qint64)> m_series;
  QTimer m_ticks;
  std::unique_ptr<Work> m_work;
  std::unique_ptr<Kept> m_kept;  ///< never beside m_work
};

}  // namespace cachedeck
