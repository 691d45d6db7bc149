// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertcounter.h"
#include "ui/alerts/alertscontroller.h"
#include "ui/charts/alertmarks.h"
#include "ui/widgets/card.h"

#include <QWidget>

#include <functional>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace cachedeck {

class AlertRuleModel;
class AlertRuleView;
class ManagerPanel;
class Notice;
class RuleCheckPanel;
class TrialPanel;

/// Alerts: rules with how far they are from firing, what Alertmanager makes of them, silences, and a test of the way they take.
class AlertsPage : public QWidget {
  Q_OBJECT
 public:
  enum Tab { RuleTab, ManagerTab, TrialTab, CheckTab };
  /// The clock outlives the page.
  explicit AlertsPage(const Clock& clock, QWidget* parent = nullptr);
  ~AlertsPage() override;

  /// Whose alerts are shown; none: nothing is connected.
  void open(const std::optional<AlertsTarget>& target);
  /// How its button of notices stands.
  void setMuted(bool muted);
  /// Somebody wants to hear of new alerts while another page is shown.
  void setNotifying(bool notifying);

  AlertsController& controller() { return *m_controller; }
  AlertRuleModel* rules() const { return m_model; }
  QListView* list() const { return m_list; }
  AlertRuleView* ruleView() const { return m_rule; }
  ManagerPanel* manager() const { return m_manager; }
  TrialPanel* trial() const { return m_trial; }
  RuleCheckPanel* ruleCheck() const { return m_check; }
  QTabBar* tabs() const { return m_tabs; }
  QPushButton* muteButton() const { return m_mute; }
  Notice* none() const { return m_none; }
  Notice* stale() const { return m_stale; }
  Notice* message() const { return m_message; }

 Q_SIGNALS:
  /// Show the charts of this time, which ends now at the latest, and the one that a rule with this expression is about.
  void showAt(qint64 fromMs, qint64 toMs, const QString& query);
  /// No notices of alerts that begin to fire, or again.
  void muteWanted(bool muted);
  /// When alerts were firing in the last day, up to now; after each reading.
  void firingRead(const QList<cachedeck::ChartAlert>& alerts);
  /// `newlyFiring`: alerts that were not firing at the reading before.
  void counted(int firing, int pending, const QString& worstSeverity, const QStringList& newlyFiring);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* buildList();
  QWidget* buildRight();
  void connectController();
  void connectActions();
  void readRules(const RulesReading& reading);
  void readManager(const ManagerReading& reading);
  void rulesFailed(const QString& sentence);
  void managerFailed(const QString& sentence);
  void showPicked();
  void updatePeriod(bool shown);
  void updateTabs();
  void publish(const AlertCount& count);
  void publishFiring(const QList<AlertBand>& before);
  void askForSilence(const PromLabels& labels);
  void confirmSilence(const Silence& silence, const QStringList& hits, QWidget* form);
  void confirmExpire(const Silence& silence);
  void confirmTrial(const QString& severity);
  /// `go` after the button of that name.
  void confirm(const QString& title, const QString& text, const QString& button, QWidget* over, std::function<void()> go);
  QString whereText() const;
  void say(Level level, const QString& sentence);

  const Clock& m_clock;
  AlertsController* m_controller;
  AlertRuleModel* m_model;
  AlertCounter m_counter;
  AlertHistory m_history;
  QList<AlertBand> m_bands;
  bool m_notifying = false, m_rulesKnown = false;
  qint64 m_rulesAtMs = 0;
  Notice *m_message, *m_none, *m_stale;
  QListView* m_list;
  QStackedWidget *m_stack, *m_right;
  QLabel* m_sum;
  QPushButton* m_mute;
  QTabBar* m_tabs;
  AlertRuleView* m_rule;
  ManagerPanel* m_manager;
  TrialPanel* m_trial;
  RuleCheckPanel* m_check;
};

}  // namespace cachedeck
