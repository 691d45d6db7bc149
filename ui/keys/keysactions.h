// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/keys/flush.h"
#include "core/keys/guard.h"
#include "core/keys/undo.h"
#include "ui/keys/keyscope.h"
#include "ui/keys/loadfigures.h"
#include "ui/keys/operationstate.h"

#include <QTimer>

namespace cachedeck {

/// Plans, runs, undos and the guard in front of them, on a Worker of their own. One thing at a time. What waits for the disk besides (unlocking, an edit, a list) has another Worker.
class KeysActions : public QObject {
  Q_OBJECT
 public:
  enum class State { Idle, Planning, Planned, Running };

  explicit KeysActions(const Clock& clock, LoadSource load = {}, QObject* parent = nullptr);
  ~KeysActions() override;
  /// Reads the key of journal and images; opened() follows.
  void open(const KeysTarget& target);
  void close();
  void setPostgres(const std::optional<SourceSettings>& postgres) { m_target.postgres = postgres; }

  State state() const { return m_state; }
  /// Why nothing can be changed at all (no key for the journal); empty when it can.
  QString unavailable() const { return m_unavailable; }
  bool isProduction() const { return m_target.environment == Environment::Production; }
  qint64 writableForMs() const;
  /// The journal gets the reason first; guardChanged() or unlockFailed() follows.
  void unlock(const QString& reason);
  void lock();
  QString phraseFor(qint64 keys) const;
  /// Of the commands that are shown.
  Consent consentFor(qint64 keys) const { return {phraseFor(keys), m_reason}; }
  /// To go on with an operation or to undo it, which may have been begun under a stricter profile.
  Consent consentFor(qint64 keys, const keys::OperationOwner& owner) const { return {m_guard ? m_guard->forOperation(owner).phraseFor(keys) : QString(), m_reason}; }
  /// Changes a string's value; the journal has a line before and one after. edited() follows.
  void edit(const QByteArray& name, const QByteArray& before, const QByteArray& after);
  /// Writes the names that the scope's command reads; listWritten() follows.
  void writeList(const KeyScope& scope);

  void plan(const KeyScope& scope);
  /// Ends a plan or a run that is under way; forgets a plan that was made.
  void cancel();
  const std::optional<keys::Plan>& planned() const { return m_plan; }
  /// Carries the plan out, once: a second call finds none. The error says what is missing; the plan stays then.
  Result<void> run(const keys::Action& action, const keys::RunOptions& options, const QString& typed);
  /// What an undo or a resumed run would do, read from the disk; undoPreviewed(), resumePreviewed() or previewFailed() follows.
  void previewUndo(const QString& id);
  void previewResume(const QString& id);
  Result<void> undo(const keys::UndoPreview& preview, const QString& typed);
  /// Of a development profile, where nothing has to be typed.
  Result<void> undo(const QString& id);
  Result<void> resume(const keys::ResumePreview& preview, const QString& typed);
  /// Counts what emptying the database would remove; flushPlanned() or previewFailed() follows.
  void planFlush();
  Result<void> flush(const keys::FlushPlan& plan, const QString& typed);
  /// A run that is held back goes on; it is measured from here on.
  void holdNoMore();
  bool isHeld() const;
  /// Looks for operations of this profile and server; operationsCame() follows.
  void findOperations();

 Q_SIGNALS:
  void opened();
  /// The guard was locked, unlocked, or its time has run out.
  void guardChanged();
  void planMoved(qint64 scanned, qint64 expected, qint64 matched);
  void planMade(const cachedeck::keys::Plan& plan);
  void planFailed(const cachedeck::Error& error);
  void runMoved(const cachedeck::keys::RunCounts& counts, double keysPerSecond, double probeMs, int page, const QString& waitsFor);
  void runEnded(const cachedeck::keys::RunReport& report);
  void undoEnded(const cachedeck::keys::UndoReport& report);
  void runFailed(const cachedeck::Error& error);
  void operationsCame(const QList<cachedeck::OperationState>& rows);
  void undoPreviewed(const cachedeck::keys::UndoPreview& preview);
  void resumePreviewed(const cachedeck::keys::ResumePreview& preview);
  void flushPlanned(const cachedeck::keys::FlushPlan& plan);
  void previewFailed(const cachedeck::Error& error);
  void unlockFailed(const QString& problem);
  void edited(const QByteArray& name, const QString& problem);
  void listWritten(const QString& problem);
  /// Why the run is held back; empty: it is not any more.
  void held(const QString& reason);
  /// The journal has this entry of something that was done here.
  void journaled(const cachedeck::JournalEntry& entry);

 private:
  struct Work;
  struct PlanMail;
  struct RunMail;
  void tick();
  void forgetPlan();
  void tellJournaled(const QString& operation);
  void watchLoad();
  void beginUndo(const QString& id, const WritePermit& permit);
  template <typename Preview, typename Job, typename Done>
  void look(Job job, Done done);
  template <typename Report, typename Job, typename Done>
  void start(Job job, Done done);

  const Clock& m_clock;
  const LoadSource m_load;
  KeysTarget m_target;
  QString m_reason;  // of the last unlocking
  int m_generation = 0, m_lookNumber = 0;  // answers to what was asked before come too late
  State m_state = State::Idle;
  QString m_unavailable;
  std::shared_ptr<Journal> m_journal;
  std::unique_ptr<keys::Guard> m_guard;
  Secret m_key;
  std::optional<keys::Plan> m_plan;
  std::shared_ptr<PlanMail> m_planMail;
  std::shared_ptr<RunMail> m_runMail;
  bool m_wasWritable = false;
  QTimer m_ticks;
  std::unique_ptr<Work> m_work;
};

}  // namespace cachedeck
