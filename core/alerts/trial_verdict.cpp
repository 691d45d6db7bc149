// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/trial_verdict.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

using State = TrialMark::State;

int configsOf(const QList<AlertReceiver>& known, const QString& receiver, const QString& integration) {
  for (const AlertReceiver& one : known)
    if (one.name == receiver) return one.integrations.contains(integration) ? std::max(1, one.configs.value(integration)) : 0;
  return 0;
}

int mostConfigs(const QList<AlertReceiver>& known, const QString& integration) {
  int most = 1;
  for (const AlertReceiver& one : known) most = std::max(most, configsOf(known, one.name, integration));
  return most;
}

/// How often a group of this receiver, or of any, may notify meanwhile: once, and once more for each interval.
double turnsOf(const TrialSight& sight, const QString& receiver) {
  std::chrono::milliseconds shortest = std::chrono::hours(24 * 365);
  for (const AlertRoute& route : sight.routes)
    if (receiver.isEmpty() || route.receiver == receiver) shortest = std::min(shortest, route.groupInterval);
  return 1 + std::floor(static_cast<double>(sight.lasted.count()) / static_cast<double>(std::max<qint64>(1000, shortest.count())));
}

TrialMark markOf(const TrialSight& sight, const QString& receiver, const QString& integration) {
  TrialMark mark{receiver, integration};
  const Notified before = sight.before.of(integration, receiver), due = sight.due.of(integration, receiver), now = sight.now.of(integration, receiver);
  mark.succeeded = now.succeeded() - due.succeeded();
  mark.failed = now.failed - due.failed;
  double most = sight.hidden * mostConfigs(sight.known, integration) * turnsOf(sight, {});
  const bool fails = now.failed > before.failed;
  mark.rivals = sight.hidden;
  mark.alone = sight.hidden <= 0;
  for (const AlertGroup& group : sight.groups) {
    const int configs = configsOf(sight.known, group.receiver, integration);
    const bool counts = configs > 0 && (group.receiver == receiver || !sight.now.namesReceivers());
    if (!counts || (group.holds(sight.instance) && !sight.joined)) continue;
    mark.alone = false;
    // One that fails is tried again at any time, and may then have more to say.
    if (!fails && !group.holds(sight.instance) && isSettled(group, sight.routes, sight.nowMs)) continue;
    ++mark.rivals;
    most += configs * (turnsOf(sight, group.receiver) + (fails ? 1 : 0));
  }
  // One counter for all receivers that it goes to: all of them must have been told.
  int own = 0;
  for (const QString& one : sight.receivers)
    if (one == receiver || !sight.now.namesReceivers()) own += configsOf(sight.known, one, integration);
  const bool allTold = mark.succeeded >= std::max(1, own);
  if (mark.rivals > 0) mark.state = allTold && now.succeeded() - before.succeeded() > most ? State::Told : mark.succeeded > 0 ? State::Unclear : mark.failed > 0 ? State::Failing : State::Waiting;
  else mark.state = allTold ? State::Told : mark.failed > 0 ? State::Failing : State::Waiting;
  return mark;
}

}  // namespace

QList<TrialMark> trialMarks(const TrialSight& sight) {
  QList<TrialMark> marks;
  for (const QString& receiver : sight.receivers)
    for (const AlertReceiver& one : sight.known)
      if (one.name == receiver)
        for (const QString& integration : one.integrations) marks += markOf(sight, receiver, integration);
  return marks;
}

}  // namespace cachedeck
