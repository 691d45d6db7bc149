// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/guard.h"
#include "core/load/load_permit.h"
#include "core/profiles/profile.h"

#include <functional>

namespace cachedeck::runs {

/// Whose service or servers a run puts under load, and how much they may have.
struct LoadSubject {
  QString profile;  ///< empty: only a URL was given
  Environment environment = Environment::Production;
  QString serviceUrl;  ///< what the profile names as its own service; may be empty
  load::LoadLimits limits;
};

/// What a profile says of runs against it. A limit that is no number is below 0, and nothing is permitted then.
LoadSubject loadSubject(const Profile& profile);
/// Of a run that names no profile.
LoadSubject withoutProfile();

/// The only way to a LoadPermit, for the page and the commands alike. A production profile has to be unlocked with a reason, and what is meant typed; so has a host that is
/// neither this machine nor the profile's own. The limits are kept, those of other profiles with that service too.
class RunGuard {
 public:
  /// What other saved profiles ask for whose service this URL is.
  struct Others {
    QString refusal;  ///< why a run may not go there as the subject's, in a sentence: it is a stricter profile's; empty: it may
    load::LoadLimits limits{};
  };
  using Foreign = std::function<Others(const QString& url)>;
  /// `changes` unlocks a production profile and keeps the journal; null: nothing runs against one. It outlives this.
  explicit RunGuard(LoadSubject subject, const keys::Guard* changes, Foreign foreign = {}) : m_subject(std::move(subject)), m_changes(changes), m_foreign(std::move(foreign)) {}

  /// What has to be typed: the hosts that the URL and the steps' own URLs name, parted by spaces, or the profile's name for the direct workload; empty: nothing.
  static QString phraseFor(const LoadSubject& subject, const QString& url, const load::Scenario& scenario);
  /// What the requests go to: the run's URL, and scheme, host and port of steps that have a URL of their own.
  static QStringList placesOf(const QString& url, const load::Scenario& scenario);
  /// Permission error where the executor asks for more than the profile allows.
  static Result<void> withinLimits(const LoadSubject& subject, const load::Executor& executor);
  /// The error says what is missing.
  Result<load::LoadPermit> permit(const load::RunPlan& plan, const QString& typed, const Clock& clock) const;

 private:
  Result<void> unlocked(const Clock& clock) const;
  const LoadSubject m_subject;
  const keys::Guard* const m_changes;
  const Foreign m_foreign;
};

}  // namespace cachedeck::runs
