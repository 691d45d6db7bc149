// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alert_trial.h"

#include "core/alerts/manager_config.h"
#include "core/base/text.h"

#include <QRandomGenerator>

#include <condition_variable>
#include <mutex>

namespace cachedeck {

namespace {

using namespace std::chrono_literals;
using State = TrialStep::State;

constexpr auto seenWithin = 15s, beyondGroupWait = 15s;
constexpr qint64 livesForMs = 5 * 60'000;

void rest(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
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
  }

  Result<TrialOutcome> run() {
    const auto before = m_client.notifications(m_stop);
    const Result<ManagerStatus> status = m_client.status(m_stop);
    if (!status) return status.error();
    m_startedMs = m_clock.now().wallMs;
    if (const Result<void> posted = m_client.post(m_labels, m_annotations, m_startedMs, m_startedMs + livesForMs, m_stop); !posted) return posted.error();
    say(State::Done, QStringLiteral("Alertmanager %1 at %2 took the alert.").arg(printable(status->version, 40), m_client.endpoint()));
    Result<TrialOutcome> outcome = follow(before, *status);
    // Also after it was cancelled: a test alert that stays would wake somebody.
    const Result<void> back = m_client.post(m_labels, m_annotations, m_startedMs, m_clock.now().wallMs, {});
    if (outcome) outcome->resolved = back.ok();
    say(back ? State::Done : State::Stopped, back ? QStringLiteral("The alert was taken back.") : QStringLiteral("It was not taken back: %1 It ends by itself within 5 min.").arg(back.error().message));
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

  Result<TrialOutcome> follow(const Result<QMap<QString, AlertmanagerClient::Notified>>& before, const ManagerStatus& status) {
    TrialOutcome outcome;
    const Result<ManagedAlert> seen = waitUntilSeen();
    if (!seen) return seen.error();
    outcome.receivers = seen->receivers;
    if (!seen->silencedBy.isEmpty()) return stopped(outcome, QStringLiteral("A silence stops it: %1. Expire the silence, or wait for its end.").arg(printable(seen->silencedBy.join(QLatin1String(", ")), 200)));
    if (!seen->inhibitedBy.isEmpty()) return stopped(outcome, QStringLiteral("Another alert that is firing inhibits it: %1.").arg(printable(seen->inhibitedBy.join(QLatin1String(", ")), 200)));
    if (outcome.receivers.isEmpty()) return stopped(outcome, QStringLiteral("No route leads it to a receiver. Look at “route” in the configuration of Alertmanager."));
    const QString receiver = printable(outcome.receivers.join(QLatin1String(", ")), 200);
    say(State::Done, QStringLiteral("It was routed to %1.").arg(receiver));
    QStringList integrations;
    bool known = true;
    for (const QString& one : outcome.receivers) {
      const auto found = integrationsOf(status.config, one);
      known &= found.has_value();
      if (found) integrations += *found;
    }
    if (known && integrations.isEmpty()) return stopped(outcome, QStringLiteral("%1 has no integration: nobody is told. Give the receiver slack_configs, webhook_configs or the like.").arg(receiver));
    if (!before) return stopped(outcome, QStringLiteral("Whether %1 was notified cannot be seen: %2").arg(receiver, before.error().message));
    return waitForNotification(std::move(outcome), *before, receiver, known ? integrations : QStringList(), status);
  }

  Result<ManagedAlert> waitUntilSeen() {
    const auto end = std::chrono::steady_clock::now() + seenWithin;
    while (!m_stop.stop_requested()) {
      const auto alerts = m_client.alerts(m_filter, m_stop);
      if (!alerts) return alerts.error();
      if (!alerts->isEmpty() && alerts->front().state != QLatin1String("unprocessed")) return alerts->front();
      if (std::chrono::steady_clock::now() > end) return fail(Error::Kind::Protocol, QStringLiteral("Alertmanager at %1 took the alert but does not list it. Look at its log.").arg(m_client.endpoint()));
      rest(250ms, m_stop);
    }
    return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  }

  Result<TrialOutcome> waitForNotification(TrialOutcome outcome, const QMap<QString, AlertmanagerClient::Notified>& before, const QString& receiver, const QStringList& integrations, const ManagerStatus& status) {
    const std::chrono::seconds patience = m_options.patience.count() > 0 ? m_options.patience : longestGroupWait(status.config) + beyondGroupWait;
    say(State::UnderWay, QStringLiteral("Waiting up to %1 s for the notification (group_wait).").arg(patience.count()));
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!m_stop.stop_requested() && std::chrono::steady_clock::now() < end) {
      rest(500ms, m_stop);
      const auto now = m_client.notifications(m_stop);
      if (!now) return now.error();
      QStringList failed;
      for (auto one = now->begin(); one != now->end(); ++one) {
        if (!integrations.isEmpty() && !integrations.contains(one.key())) continue;
        const AlertmanagerClient::Notified was = before.value(one.key());
        const double tries = one->tried - was.tried, failures = one->failed - was.failed;
        if (failures > 0) failed << one.key();
        else if (tries > 0) outcome.integrations << one.key();
      }
      if (!outcome.integrations.isEmpty()) {
        outcome.delivered = true;
        say(State::Done, QStringLiteral("%1 was notified by %2.").arg(receiver, outcome.integrations.join(QLatin1String(", "))));
        return outcome;
      }
      if (!failed.isEmpty())
        return stopped(outcome, QStringLiteral("The notification of %1 by %2 fails. Check its URL and credentials, and whether Alertmanager's computer reaches it; its log says why.").arg(receiver, failed.join(QLatin1String(", "))));
    }
    if (m_stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    return stopped(outcome, QStringLiteral("%1 sent no notification within %2 s. Its group may have told of it already (group_interval, repeat_interval); Alertmanager's log says more.").arg(receiver).arg(patience.count()));
  }

  AlertmanagerClient& m_client;
  const TrialOptions& m_options;
  const Clock& m_clock;
  const std::function<void(const TrialStep&)>& m_step;
  const std::stop_token& m_stop;
  PromLabels m_labels, m_annotations;
  QString m_filter;
  qint64 m_startedMs = 0;
};

}  // namespace

Result<TrialOutcome> tryAlert(AlertmanagerClient& client, const TrialOptions& options, const Clock& clock, const std::function<void(const TrialStep&)>& step, const std::stop_token& stop) {
  return Trial(client, options, clock, step, stop).run();
}

}  // namespace cachedeck
