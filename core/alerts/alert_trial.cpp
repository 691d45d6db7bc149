// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alert_trial.h"

#include "core/alerts/trial_conclusion.h"
#include "core/base/rest.h"
#include "core/base/text.h"

#include <QRandomGenerator>

#include <algorithm>

namespace cachedeck {

namespace {

using namespace std::chrono_literals;

using Steady = std::chrono::steady_clock;
using State = TrialStep::State;

// What was tried is settled after a few repetitions of Alertmanager's, which come after 0.5, 0.75, 1.1 … s.
constexpr auto seenWithin = 15s, beyondDue = 15s, settlesAfter = 5s;
constexpr auto livesFor = 10min, longestWait = 9min;
// Alertmanager drops groups that have told of their end every 30 s.
constexpr auto dropsWithin = 45s, longestClearing = 120s;

bool allAre(const QList<TrialMark>& marks, TrialMark::State state) {
  return std::all_of(marks.begin(), marks.end(), [state](const TrialMark& mark) { return mark.state == state; });
}
bool anyIs(const QList<TrialMark>& marks, TrialMark::State state) {
  return std::any_of(marks.begin(), marks.end(), [state](const TrialMark& mark) { return mark.state == state; });
}

class Trial {
 public:
  Trial(AlertmanagerClient& client, const TrialOptions& options, const Clock& clock, const std::function<void(const TrialStep&)>& step, const std::stop_token& stop)
      : m_client(client), m_options(options), m_clock(clock), m_step(step), m_stop(stop) {
    const QString instance = QStringLiteral("cachedeck-test-%1").arg(QRandomGenerator::global()->generate(), 8, 16, QLatin1Char('0'));
    m_labels = {{QStringLiteral("alertname"), QStringLiteral("CachedeckTest")}, {QStringLiteral("severity"), options.severity}, {QStringLiteral("instance"), instance}, {QStringLiteral("cachedeck_test"), QStringLiteral("true")}};
    m_annotations = {{QStringLiteral("summary"), QStringLiteral("TEST from Cachedeck: nothing is wrong")},
                     {QStringLiteral("description"), QStringLiteral("%1 tests whether alerts arrive. This one is taken back by itself.").arg(options.author.isEmpty() ? QStringLiteral("Somebody") : options.author)}};
    m_filter = QStringLiteral("instance=\"%1\"").arg(instance);
    m_sight.instance = instance;
  }

  Result<TrialOutcome> run() {
    const Result<ManagerStatus> status = m_client.status(m_stop);
    if (!status) return status.error();
    m_sight.routes = routesOf(status->config);
    Result<void> looked = look();
    if (looked) looked = waitForEnded();
    if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    m_sight.before = m_sight.due = m_sight.now;
    const QList<AlertGroup> there = m_sight.groups;
    m_posted = Steady::now();
    m_startedMs = m_clock.now().wallMs;
    if (const Result<void> posted = m_client.post(m_labels, m_annotations, m_startedMs, m_startedMs + std::chrono::milliseconds(livesFor).count(), m_stop); !posted) return posted.error();
    say(State::Done, QStringLiteral("Alertmanager %1 at %2 took the alert.").arg(printable(status->version, 40), m_client.endpoint()));
    Result<TrialOutcome> outcome = follow(looked, there, *status);
    // Also after it was cancelled: a test alert that stays would wake somebody.
    const Result<void> back = m_client.post(m_labels, m_annotations, m_startedMs, m_clock.now().wallMs, {});
    if (outcome) outcome->resolved = back.ok();
    say(back ? State::Done : State::Stopped, back ? QStringLiteral("The alert was taken back.") : QStringLiteral("It was not taken back: %1 It ends by itself within 10 min.").arg(back.error().message));
    return outcome;
  }

 private:
  void say(State state, const QString& text) const {
    if (m_step) m_step({state, text});
  }

  TrialOutcome stopped(TrialOutcome outcome, const QString& why) const {
    outcome.stoppedAt = why;
    say(State::Stopped, why);
    return outcome;
  }

  TrialOutcome concluded(const TrialConclusion& conclusion) const {
    say(conclusion.outcome.delivered ? State::Done : conclusion.outcome.unclear ? State::Unclear : State::Stopped, conclusion.text);
    return conclusion.outcome;
  }

  /// Groups whose alerts have all ended, as that of a test a moment ago, tell of that at their next interval, and nobody could say whether that was this alert's notification: where they are
  /// gone soon, it is posted then.
  Result<void> waitForEnded() {
    std::chrono::milliseconds interval{0};
    for (const AlertRoute& route : m_sight.routes) interval = std::max(interval, route.groupInterval);
    const auto most = std::chrono::ceil<std::chrono::seconds>(interval + dropsWithin);
    if (m_sight.hidden <= 0 || !m_sight.now.groups || most > longestClearing) return {};
    say(State::UnderWay, QStringLiteral("Waiting up to %1 s until alerts that have ended are told of: their notifications could not be told from this one's.").arg(most.count()));
    for (const auto end = Steady::now() + most; m_sight.hidden > 0 && Steady::now() < end && !m_stop.stop_requested();) {
      restFor(500ms, m_stop);
      if (const Result<void> looked = look(); !looked) return looked;
    }
    return {};
  }

  /// All anew. The counters, then the groups: one that ends in between counts as one that nobody knows.
  Result<void> look() {
    m_before = Steady::now();
    m_sight.groups.clear();
    m_sight.hidden = 0;
    auto counters = m_client.notifications(m_stop);
    if (!counters) return counters.error();
    m_sight.now = *counters;
    return lookAtGroups();
  }

  Result<void> lookAtGroups() {
    const auto groups = m_client.groups(m_stop);
    if (!groups) return groups.error();
    // Before 0.20 it does not say how many there are: there may be one.
    m_sight.hidden = std::max(m_sight.hidden, m_sight.now.groups ? *m_sight.now.groups - static_cast<double>(groups->size()) : 1);
    addLook(m_sight.groups, *groups);
    return {};
  }

  Result<TrialOutcome> follow(const Result<void>& looked, const QList<AlertGroup>& there, const ManagerStatus& status) {
    TrialOutcome outcome;
    const Result<ManagedAlert> seen = waitUntilSeen();
    if (!seen) return seen.error();
    outcome.receivers = seen->receivers;
    if (!seen->silencedBy.isEmpty()) return stopped(outcome, QStringLiteral("A silence stops it: %1. Expire the silence, or wait for its end.").arg(printable(seen->silencedBy.join(QLatin1String(", ")), 200)));
    if (!seen->inhibitedBy.isEmpty()) return stopped(outcome, QStringLiteral("Another alert that is firing inhibits it: %1.").arg(printable(seen->inhibitedBy.join(QLatin1String(", ")), 200)));
    if (outcome.receivers.isEmpty()) return stopped(outcome, QStringLiteral("No route leads it to a receiver. Look at “route” in the configuration of Alertmanager."));
    const QString receiver = printable(outcome.receivers.join(QLatin1String(", ")), 200);
    say(State::Done, QStringLiteral("It was routed to %1.").arg(receiver));
    m_sight.receivers = outcome.receivers;
    m_sight.known = receiversOf(status.config).value_or(QList<AlertReceiver>());
    const bool known = std::all_of(outcome.receivers.begin(), outcome.receivers.end(), [&](const QString& one) { return integrationsOf(status.config, one).has_value(); });
    if (known && trialMarks(m_sight).isEmpty()) return stopped(outcome, QStringLiteral("%1 has no integration: nobody is told. Give the receiver slack_configs, webhook_configs or the like.").arg(receiver));
    if (!looked) return concluded(unclearTrial(m_sight, QStringLiteral("Whether %1 was notified cannot be seen: %2").arg(receiver, looked.error().message)));
    if (!known) return concluded(unclearTrial(m_sight, QStringLiteral("Whether %1 was notified cannot be told: the configuration that Alertmanager shows is not of the known form.").arg(receiver)));
    if (const Result<void> groups = lookAtGroups(); !groups) return groups.error();
    return waitForNotification(there);
  }

  Result<ManagedAlert> waitUntilSeen() {
    const auto end = std::chrono::steady_clock::now() + seenWithin;
    while (!m_stop.stop_requested()) {
      const auto alerts = m_client.alerts(m_filter, m_stop);
      if (!alerts) return alerts.error();
      if (!alerts->isEmpty() && alerts->front().state != QLatin1String("unprocessed")) return alerts->front();
      if (std::chrono::steady_clock::now() > end) return fail(Error::Kind::Protocol, QStringLiteral("Alertmanager at %1 took the alert but does not list it. Look at its log.").arg(m_client.endpoint()));
      restFor(250ms, m_stop);
    }
    return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  }

  /// When its groups may notify, at the soonest and at the latest.
  std::pair<Steady::time_point, Steady::time_point> dueTimes(const QList<AlertGroup>& there) {
    m_sight.nowMs = m_startedMs;
    for (const AlertGroup& group : m_sight.groups) {
      if (!group.holds(m_sight.instance)) continue;
      m_sight.joined = m_sight.joined || std::any_of(there.begin(), there.end(), [&](const AlertGroup& one) { return one.isSame(group); });
      for (const AlertGroup::Alert& alert : group.alerts)
        if (alert.instance == m_sight.instance) m_sight.nowMs = std::max(m_sight.nowMs, alert.updatedAtMs);
    }
    std::chrono::milliseconds soonest = 24h, latest{0};
    for (const AlertRoute& route : m_sight.routes) {
      if (!m_sight.receivers.contains(route.receiver)) continue;
      soonest = std::min(soonest, route.groupWait);
      latest = std::max(latest, m_sight.joined ? route.groupInterval : route.groupWait);
    }
    // A group that is there already notifies when its interval is over; one whose alerts have ended may be such. By a clock that is ahead of this one, the wait began earlier.
    soonest -= std::chrono::milliseconds(m_sight.nowMs - m_startedMs);
    if (m_sight.joined || m_sight.hidden > 0 || soonest > latest) soonest = 0ms;
    return {m_posted + std::max(0ms, soonest), m_posted + latest};
  }

  Result<TrialOutcome> waitForNotification(const QList<AlertGroup>& there) {
    const auto [due, latest] = dueTimes(there);
    const auto end = m_options.patience.count() > 0 ? m_posted + m_options.patience : std::min<Steady::time_point>(latest + beyondDue, m_posted + longestWait);
    const auto patience = std::chrono::ceil<std::chrono::seconds>(end - m_posted);
    say(State::UnderWay, QStringLiteral("Waiting up to %1 s for the notification (%2).").arg(patience.count()).arg(m_sight.joined ? QStringLiteral("group_interval") : QStringLiteral("group_wait")));
    QList<TrialMark> marks = trialMarks(m_sight);
    std::optional<Steady::time_point> moved;
    while (!m_stop.stop_requested() && Steady::now() < end) {
      restFor(500ms, m_stop);
      const auto counters = m_client.notifications(m_stop);
      if (!counters) return counters.error();
      const bool isMove = !(counters->byIntegration == m_sight.now.byIntegration);
      m_sight.now = *counters;
      m_sight.lasted = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - m_before);
      if (Steady::now() < due) m_sight.due = *counters;  // those were others
      if (isMove)
        if (const Result<void> groups = lookAtGroups(); !groups) return groups.error();
      marks = trialMarks(m_sight);
      if (!moved && !allAre(marks, TrialMark::State::Waiting)) moved = Steady::now();
      const bool alone = std::all_of(marks.begin(), marks.end(), [](const TrialMark& mark) { return mark.alone; }), settled = moved && Steady::now() > *moved + settlesAfter;
      if (allAre(marks, TrialMark::State::Told) && (alone || settled)) break;
      if (settled && !anyIs(marks, TrialMark::State::Waiting) && (alone || Steady::now() > due + beyondDue)) break;
    }
    if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    return concluded(trialConclusion(m_sight, marks, patience));
  }

  AlertmanagerClient& m_client;
  const TrialOptions& m_options;
  const Clock& m_clock;
  const std::function<void(const TrialStep&)>& m_step;
  const std::stop_token& m_stop;
  PromLabels m_labels, m_annotations;
  QString m_filter;
  qint64 m_startedMs = 0;
  Steady::time_point m_before, m_posted;
  TrialSight m_sight;
};

}  // namespace

Result<TrialOutcome> tryAlert(AlertmanagerClient& client, const TrialOptions& options, const Clock& clock, const std::function<void(const TrialStep&)>& step, const std::stop_token& stop) {
  return Trial(client, options, clock, step, stop).run();
}

}  // namespace cachedeck
