// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertscontroller.h"

#include "core/profiles/profile.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace cachedeck {

namespace {

constexpr qint64 historyMs = 24 * 3600 * 1000, historyEveryMs = 60'000;

QString accountName() {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, space.data(), space.size(), &found);
  return found != nullptr ? QString::fromLocal8Bit(found->pw_name) : QString();
}

Result<ManagerReading> readAll(AlertmanagerClient& client, const std::stop_token& stop) {
  Result<ManagerStatus> status = client.status(stop);
  if (!status) return status.error();
  Result<QList<ManagedAlert>> alerts = client.alerts({}, stop);
  if (!alerts) return alerts.error();
  Result<QList<Silence>> silences = client.silences(stop);
  if (!silences) return silences.error();
  Result<QStringList> receivers = client.receivers(stop);
  if (!receivers) return receivers.error();
  return ManagerReading{std::move(*alerts), std::move(*silences), std::move(*receivers), std::move(*status), client.endpoint(), 0};
}

}  // namespace

AlertsController::AlertsController(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  connect(&m_timer, &QTimer::timeout, this, [this] {
    readRules();
    readManager();
  });
  m_tries.post(this, [](std::stop_token) { return accountName(); }, [this](const QString& name) { m_account = name; });
}

AlertsController::~AlertsController() { m_trialStop.request_stop(); }

bool AlertsController::isProduction() const { return m_target && environmentFromKey(m_target->environment) == Environment::Production; }

void AlertsController::setTarget(const std::optional<AlertsTarget>& target) {
  cancelTrial();
  ++m_trial;
  m_prometheus.reset();  // its connection is shut down, so this returns at once
  m_manager.reset();
  m_target = target;
  Q_EMIT targetChanged();
  m_rulesProblem.clear();
  m_managerProblem.clear();
  m_historyAtMs = 0;
  if (target && target->prometheus) {
    Result<HttpSettings> settings = httpSettings(*target->prometheus, prometheusFields());
    if (settings) m_prometheus = std::make_unique<Link<PrometheusClient>>(QStringLiteral("rules"), std::move(*settings));
    else m_rulesProblem = settings.error().message;
  }
  if (target && target->alertmanager) {
    Result<HttpSettings> settings = httpSettings(*target->alertmanager, alertmanagerFields());
    if (settings) m_manager = std::make_unique<Link<AlertmanagerClient>>(QStringLiteral("alertmanager"), std::move(*settings));
    else m_managerProblem = settings.error().message;
  }
  refresh();
}

void AlertsController::setPeriod(std::chrono::milliseconds period) {
  if (m_timer.isActive() && m_timer.intervalAsDuration() == period) return;
  m_timer.start(period);
  readRules();
  readManager();
}

void AlertsController::refresh() {
  if (!m_rulesProblem.isEmpty()) Q_EMIT rulesFailed(m_rulesProblem);
  if (!m_managerProblem.isEmpty()) Q_EMIT managerFailed(m_managerProblem);
  if (m_prometheus) m_prometheus->halted = false;
  if (m_manager) m_manager->halted = false;
  readRules();
  readManager();
}

void AlertsController::readRules() {
  if (!m_prometheus || m_prometheus->busy || m_prometheus->halted) return;
  m_prometheus->busy = true;
  m_prometheus->post(
      this,
      [](PrometheusClient& client, std::stop_token stop) -> Result<RulesReading> {
        Result<QList<RuleReading>> rules = cachedeck::readRules(client, stop);
        if (!rules) return rules.error();
        return RulesReading{std::move(*rules), client.endpoint(), 0};
      },
      [this](Result<RulesReading> reading) {
        m_prometheus->busy = false;
        if (!reading) {
          m_prometheus->halted = !reading.error().isRetryable();
          return void(Q_EMIT rulesFailed(reading.error().message));
        }
        reading->atMs = m_clock.now().wallMs;
        Q_EMIT rulesRead(*reading);
        if (m_prometheus) readHistory();
      });
}

void AlertsController::readHistory() {
  const qint64 now = m_clock.now().wallMs;
  if (now - m_historyAtMs < historyEveryMs && now >= m_historyAtMs) return;
  m_historyAtMs = now;
  m_prometheus->post(
      this,
      [now](PrometheusClient& client, std::stop_token stop) {
        Result<QList<AlertBand>> bands = alertHistory(client, now - historyMs, now, stop);
        return bands ? AlertHistory{std::move(*bands), now - historyMs, now} : AlertHistory{{}, now - historyMs, now, bands.error().message};
      },
      [this](const AlertHistory& history) { Q_EMIT historyRead(history); });
}

void AlertsController::readManager() {
  if (!m_manager || m_manager->busy || m_manager->halted) return;
  m_manager->busy = true;
  m_manager->post(
      this, [](AlertmanagerClient& client, std::stop_token stop) { return readAll(client, stop); },
      [this](Result<ManagerReading> reading) {
        m_manager->busy = false;
        if (!reading) {
          m_manager->halted = !reading.error().isRetryable();
          return void(Q_EMIT managerFailed(reading.error().message));
        }
        reading->atMs = m_clock.now().wallMs;
        Q_EMIT managerRead(*reading);
      });
}

void AlertsController::silence(const Silence& silence) {
  if (!m_manager) return void(Q_EMIT failed(tr("No Alertmanager is connected.")));
  m_manager->post(
      this, [silence, journal = journal()](AlertmanagerClient& client, std::stop_token stop) { return silenceJournaled(client, silence, journal, stop); },
      [this](const Result<QString>& id) {
        if (!id) return void(Q_EMIT failed(id.error().message));
        Q_EMIT silenced(*id);
        readManager();
      });
}

void AlertsController::expire(const Silence& silence) {
  if (!m_manager) return void(Q_EMIT failed(tr("No Alertmanager is connected.")));
  m_manager->post(
      this, [silence, journal = journal()](AlertmanagerClient& client, std::stop_token stop) { return expireJournaled(client, silence, journal, stop); },
      [this, id = silence.id](const Result<void>& done) {
        if (!done) return void(Q_EMIT failed(done.error().message));
        Q_EMIT expired(id);
        readManager();
      });
}

void AlertsController::tryAlert(const QString& severity) {
  if (m_trying || !m_manager) return;
  m_trying = true;
  m_trialStop = {};
  const int number = ++m_trial;
  const auto tell = [this, number](const TrialStep& step) {
    QMetaObject::invokeMethod(
        this, [this, number, step] {
          if (number == m_trial) Q_EMIT trialStepped(step);
        },
        Qt::QueuedConnection);
  };
  m_tries.post(
      this,
      [tell, settings = m_manager->settings, severity, author = m_account, journal = journal(), &clock = m_clock, cancelled = m_trialStop](std::stop_token stop) mutable {
        const std::stop_callback ended(stop, [&cancelled] { cancelled.request_stop(); });
        AlertmanagerClient client(settings);
        return tryAlertJournaled(client, {severity, author, std::chrono::seconds(0)}, journal, clock, tell, cancelled.get_token());
      },
      [this, number](const Result<TrialOutcome>& outcome) {
        m_trying = false;
        if (number != m_trial) return void(Q_EMIT trialEnded(false, {}));  // of a profile that is open no more
        Q_EMIT trialEnded(outcome && outcome->delivered, outcome ? QString() : outcome.error().isCancelled() ? tr("Cancelled.") : outcome.error().message);
      });
}

void AlertsController::cancelTrial() { m_trialStop.request_stop(); }

}  // namespace cachedeck
