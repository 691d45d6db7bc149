// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/keys/guard.h"
#include "core/keys/undo.h"
#include "ui/keys/keyscope.h"

#include <QTimer>

namespace cachedeck {

/// Plans, runs, undos and the guard in front of them, on a Worker of their own. One thing at a time.
class KeysActions : public QObject {
  Q_OBJECT
 public:
  enum class State { Idle, Planning, Planned, Running };

  explicit KeysActions(const Clock& clock, QObject* parent = nullptr);
  ~KeysActions() override;
  /// Reads the key of journal and images; opened() follows.
  void open(const KeysTarget& target);
  void close();

  State state() const { return m_state; }
  /// Why nothing can be changed at all (no key for the journal); empty when it can.
  QString unavailable() const { return m_unavailable; }
  bool isProduction() const { return m_target.environment == Environment::Production; }
  qint64 writableForMs() const;
  Result<void> unlock(const QString& reason);
  void lock();
  QString phraseFor(qint64 keys) const;
  Result<WritePermit> permit(const QString& what) const;
  /// Writes that a value was changed by hand. When this fails it must not be.
  Result<void> note(const QString& action, const QString& phase, const QString& outcome, const QString& text);

  void plan(const KeyScope& scope);
  /// Ends a plan or a run that is under way; forgets a plan that was made.
  void cancel();
  const std::optional<keys::Plan>& planned() const { return m_plan; }
  /// Carries the plan out, once: a second call finds none. The error says what is missing; the plan stays then.
  Result<void> run(const keys::Action& action, const keys::RunOptions& options, const QString& typed);
  Result<void> undo(const QString& id);
  Result<void> resume(const QString& id);
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
  void operationsCame(const QList<cachedeck::keys::OperationRow>& rows);
  /// The journal has this entry of something that was done here.
  void journaled(const cachedeck::JournalEntry& entry);

 private:
  struct Work;
  struct PlanMail;
  struct RunMail;
  void tick();
  void forgetPlan();
  void tellJournaled(const QString& operation);
  template <typename Report, typename Job, typename Done>
  void start(Job job, Done done);

  const Clock& m_clock;
  KeysTarget m_target;
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
