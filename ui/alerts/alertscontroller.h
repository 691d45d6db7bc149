// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/journaled_alerts.h"
#include "core/base/worker.h"
#include "ui/alerts/alertreadings.h"
#include "ui/alerts/alertstarget.h"

#include <QTimer>

#include <memory>

namespace cachedeck {

/// Reads Prometheus and Alertmanager again and again, each on a worker of its own, and carries out what the page asks for.
class AlertsController : public QObject {
  Q_OBJECT
 public:
  /// The clock outlives this.
  explicit AlertsController(const Clock& clock, QObject* parent = nullptr);
  ~AlertsController() override;

  void setTarget(const std::optional<AlertsTarget>& target);
  const std::optional<AlertsTarget>& target() const { return m_target; }
  bool isProduction() const;
  void setPeriod(std::chrono::milliseconds period);
  /// Both now, also one that was given up because another attempt could not help.
  void refresh();

  /// silenced() or failed(). All three stand in the journal before they begin, or do not begin.
  void silence(const Silence& silence);
  /// expired() or failed().
  void expire(const Silence& silence);
  /// trialStepped() several times, then trialEnded().
  void tryAlert(const QString& severity);
  void cancelTrial();
  bool isTrying() const { return m_trying; }
  /// Name of the account that runs the program; empty until it is known.
  const QString& account() const { return m_account; }

 Q_SIGNALS:
  void targetChanged();
  void rulesRead(const cachedeck::RulesReading& reading);
  void rulesFailed(const QString& sentence);
  void historyRead(const cachedeck::AlertHistory& history);
  void managerRead(const cachedeck::ManagerReading& reading);
  void managerFailed(const QString& sentence);
  void silenced(const QString& id);
  void expired(const QString& id);
  void failed(const QString& sentence);
  void trialStepped(const cachedeck::TrialStep& step);
  /// `delivered`: it arrived. `sentence`: why it could not be followed to its end; mostly empty.
  void trialEnded(bool delivered, const QString& sentence);

 private:
  template <typename Client>
  struct Link {
    std::shared_ptr<std::unique_ptr<Client>> client = std::make_shared<std::unique_ptr<Client>>();  ///< made and destroyed on the worker
    HttpSettings settings;
    Worker worker;
    bool busy = false;
    bool halted = false;  ///< another attempt would be useless until the person acts
    explicit Link(const QString& name, HttpSettings where) : settings(std::move(where)), worker(name) {
      worker.atExit([client = client] { client->reset(); });
    }
    template <typename Job, typename Done>
    void post(QObject* context, Job job, Done done) {
      worker.post(
          context,
          [client = client, settings = settings, job = std::move(job)](std::stop_token stop) mutable {
            if (!*client) *client = std::make_unique<Client>(settings);
            return job(**client, stop);
          },
          std::move(done));
    }
  };
  AlertJournal journal() const { return {m_target->profile, m_target->environment, m_target->configFolder}; }
  void readRules();
  void readHistory();
  void readManager();

  const Clock& m_clock;
  std::optional<AlertsTarget> m_target;
  QString m_account, m_rulesProblem, m_managerProblem;  ///< of settings that cannot be used
  QTimer m_timer;
  qint64 m_historyAtMs = 0;
  bool m_trying = false;
  int m_trial = 0;  ///< steps of one that was cancelled come too late
  std::stop_source m_trialStop;
  std::unique_ptr<Link<PrometheusClient>> m_prometheus;
  std::unique_ptr<Link<AlertmanagerClient>> m_manager;
  Worker m_tries{QStringLiteral("test alert")};  ///< apart and never cut off: a test alert is always taken back. Last: it calls back into what stands above
};

}  // namespace cachedeck
