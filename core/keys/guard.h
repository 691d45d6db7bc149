// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/journal/journal.h"
#include "core/keys/operation_owner.h"
#include "core/keys/plan.h"

namespace cachedeck::keys {

struct DiscardPreview;
struct ResumePreview;
struct UndoPreview;

/// The only way to a WritePermit. Production profiles are read-only until unlocked with a reason, for ten minutes; what has to be typed depends on the environment.
class Guard {
 public:
  static constexpr std::chrono::minutes unlockedFor{10};

  /// The journal must outlive this.
  Guard(QString profile, Environment environment, Journal& journal);

  /// The guard of an operation that goes on or is undone: as strict as this one and as the profile that began it, whichever wants more.
  Guard forOperation(const OperationOwner& owner) const;

  const QString& profile() const { return m_profile; }
  Environment environment() const { return m_environment; }
  /// Milliseconds until a production profile is read-only again; 0: it is; of other environments always some.
  qint64 writableForMs(const Clock& clock) const;
  /// Usage error without a reason of at least three characters. The journal gets it.
  Result<void> unlock(const QString& reason, const Clock& clock);
  void lock() { m_unlockedUntilNs = 0; }

  /// What has to be typed to carry a plan out: nothing (development), the count (staging), the profile's name and the count (production).
  QString phraseFor(qint64 keys) const;
  /// Checks what was typed, that a production profile is unlocked, that the plan is young and its pattern not too wide. The error says what is missing.
  Result<WritePermit> permit(const Plan& plan, const QString& typed, const Clock& clock) const;
  /// For a change of one key in the inspector: the same without a plan. `what` stands in the message. Good for no run, resume or undo, other than in development.
  Result<WritePermit> permit(const QString& what, const Clock& clock) const;
  /// To go on with an operation, or to undo it: the same phrase as for a plan, of the guard forOperation(), with the keys that are left, or that are to be put back. What was looked at is good for
  /// ten minutes.
  Result<WritePermit> permitResume(const ResumePreview& preview, const QString& typed, const Clock& clock) const;
  Result<WritePermit> permitUndo(const UndoPreview& preview, const QString& typed, const Clock& clock) const;
  /// To throw its images away: the same as to undo it, while it could be; otherwise nothing is asked.
  Result<WritePermit> permitDiscard(const DiscardPreview& preview, const QString& typed, const Clock& clock) const;

 private:
  Result<void> writable(const QString& what, const Clock& clock) const;
  Result<WritePermit> permitOperation(const QString& what, const QString& id, const OperationOwner& owner, qint64 keys, qint64 lookedAtMs, const QString& typed, const Clock& clock) const;
  const QString m_profile;
  const Environment m_environment;
  Journal& m_journal;
  qint64 m_unlockedUntilNs = 0;
  QString m_reason;
};

}  // namespace cachedeck::keys
