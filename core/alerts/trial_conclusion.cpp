// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/trial_conclusion.h"

#include "core/base/text.h"

namespace cachedeck {

namespace {

using State = TrialMark::State;

QString listed(const QStringList& names) { return printable(names.join(QLatin1String(", ")), 200); }

QString unclearText(const TrialSight& sight, const TrialMark& mark) {
  const bool haveEnded = mark.rivals <= sight.hidden;
  const QString others = (mark.rivals > 1 ? QStringLiteral("%1 other groups of alerts").arg(mark.rivals) : QStringLiteral("another group of alerts")) + (haveEnded ? QStringLiteral(" that have ended") : QString());
  return QStringLiteral("Whether %1 was notified cannot be told: of the notifications by %2 meanwhile %3 went out and %4 failed, and %5 may have made them: Alertmanager counts them together.%6%7")
      .arg(listed(sight.receivers), mark.integration, QString::number(mark.succeeded), QString::number(mark.failed), others,
           haveEnded ? QStringLiteral(" After the group_interval of those it can be told: try again then.") : QString(),
           sight.now.namesReceivers() ? QString() : QStringLiteral(" From 0.27 on it counts by receiver with --enable-feature=receiver-name-in-metrics."));
}

QString failureText(const QString& receiver, const QStringList& failing, bool alone, const QStringList& told) {
  const QString what = alone ? QStringLiteral("The notification of %1 by %2 fails.") : QStringLiteral("%1 was not notified by %2: all attempts since it was due failed, and other alerts' may be among them.");
  return what.arg(receiver, listed(failing)) + QStringLiteral(" Check its URL and credentials, and whether Alertmanager's computer reaches it; its log says why.") + (told.isEmpty() ? QString() : QStringLiteral(" Told by: %1.").arg(listed(told)));
}

}  // namespace

TrialConclusion unclearTrial(const TrialSight& sight, const QString& why) {
  TrialOutcome outcome;
  outcome.receivers = sight.receivers;
  outcome.unclear = true;
  outcome.stoppedAt = why + QStringLiteral(" Look for “%1” where the receiver tells of alerts.").arg(sight.instance);
  return {outcome, outcome.stoppedAt};
}

TrialConclusion trialConclusion(const TrialSight& sight, const QList<TrialMark>& marks, std::chrono::seconds patience) {
  TrialOutcome outcome;
  outcome.receivers = sight.receivers;
  const QString receiver = listed(sight.receivers);
  QStringList failing, open;
  const TrialMark* vague = nullptr;
  bool alone = true;
  for (const TrialMark& mark : marks) {
    (mark.state == State::Told ? outcome.integrations : mark.state == State::Failing ? failing : open) << mark.integration;
    if (mark.state == State::Unclear) vague = &mark;
    if (mark.state == State::Failing) alone = alone && mark.alone;
  }
  for (QStringList* list : {&failing, &open, &outcome.integrations}) list->removeDuplicates();
  if (!failing.isEmpty()) {
    outcome.stoppedAt = failureText(receiver, failing, alone, outcome.integrations);
  } else if (!outcome.integrations.isEmpty()) {
    outcome.delivered = true;
    return {outcome, QStringLiteral("%1 was notified by %2.").arg(receiver, listed(outcome.integrations)) + (open.isEmpty() ? QString() : QStringLiteral(" Nothing is known of %1.").arg(listed(open)))};
  } else if (vague) {
    return unclearTrial(sight, unclearText(sight, *vague));
  } else if (sight.now.members > 1) {
    return unclearTrial(sight, QStringLiteral("Whether %1 was notified cannot be told: this Alertmanager sent nothing within %2 s, but it is one of %3 in a cluster, and another may have.").arg(receiver, QString::number(patience.count()), QString::number(sight.now.members)));
  } else {
    outcome.stoppedAt = QStringLiteral("%1 sent no notification within %2 s. If a test of the same kind ended a moment ago, its group waits for group_interval: try again after that. Alertmanager's log says more.").arg(receiver, QString::number(patience.count()));
  }
  return {outcome, outcome.stoppedAt};
}

}  // namespace cachedeck
