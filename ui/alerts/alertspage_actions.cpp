// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/alerts/alertspage.h"
#include "ui/alerts/alertstext.h"
#include "ui/alerts/managerpanel.h"
#include "ui/alerts/matcherlines.h"
#include "ui/alerts/ruleview.h"
#include "ui/alerts/silencedialog.h"
#include "ui/alerts/trialpanel.h"

#include <QMessageBox>
#include <QPushButton>

namespace cachedeck {

void AlertsPage::connectActions() {
  connect(m_rule, &AlertRuleView::silenceWanted, this, &AlertsPage::askForSilence);
  connect(m_rule, &AlertRuleView::notOpened, this, [this](const QString& sentence) { say(Level::Warning, sentence); });
  connect(m_manager, &ManagerPanel::silenceWanted, this, &AlertsPage::askForSilence);
  connect(m_manager, &ManagerPanel::expireWanted, this, &AlertsPage::confirmExpire);
  connect(m_trial, &TrialPanel::wanted, this, &AlertsPage::confirmTrial);
  connect(m_trial, &TrialPanel::cancelWanted, m_controller, &AlertsController::cancelTrial);
  connect(m_controller, &AlertsController::trialStepped, m_trial, &TrialPanel::addStep);
  connect(m_controller, &AlertsController::trialEnded, this, [this](bool delivered, const QString& sentence) {
    if (m_trial->isBusy()) m_trial->end(delivered, sentence);
  });
  connect(m_controller, &AlertsController::silenced, this, [this](const QString& id) { say(Level::Good, tr("The silence was made. Its id is %1.").arg(printable(id, 80))); });
  connect(m_controller, &AlertsController::expired, this, [this] { say(Level::Good, tr("The silence has expired.")); });
  connect(m_controller, &AlertsController::failed, this, [this](const QString& sentence) { say(Level::Warning, sentence); });
}

QString AlertsPage::whereText() const {
  const QString endpoint = printable(m_manager->reading().endpoint, 120);
  const std::optional<AlertsTarget>& target = m_controller->target();
  return target ? tr("Alertmanager at %1 (profile %2, %3)").arg(endpoint, printable(target->profile, 80), printable(target->environment, 40)) : endpoint;
}

void AlertsPage::confirm(const QString& title, const QString& text, const QString& button, QWidget* over, std::function<void()> go) {
  auto* question = new QMessageBox(QMessageBox::Warning, title, text, QMessageBox::Cancel, over);
  question->setTextFormat(Qt::PlainText);
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* const yes = question->addButton(button, QMessageBox::AcceptRole);
  question->setDefaultButton(QMessageBox::Cancel);
  // What was asked for belongs to the profile that was open then.
  connect(m_controller, &AlertsController::targetChanged, question, &QMessageBox::reject);
  connect(question, &QMessageBox::buttonClicked, this, [yes, go = std::move(go)](QAbstractButton* clicked) {
    if (clicked == yes) go();
  });
  question->open();
}

void AlertsPage::askForSilence(const PromLabels& labels) {
  if (!m_manager->hasReading()) return;
  auto* form = new SilenceDialog(m_clock, matcherLines(labels), m_controller->account(), m_manager->reading().alerts, this);
  form->setAttribute(Qt::WA_DeleteOnClose);
  connect(m_controller, &AlertsController::targetChanged, form, &QDialog::reject);
  connect(form, &SilenceDialog::wanted, this, [this, form](const Silence& silence, const QStringList& hits) { confirmSilence(silence, hits, form); });
  form->open();
}

void AlertsPage::confirmSilence(const Silence& silence, const QStringList& hits, QWidget* form) {
  QStringList conditions;
  for (const Matcher& matcher : silence.matchers) conditions << QStringLiteral("    ") + printable(matcherLine(matcher), 600);
  const QString now = hits.isEmpty() ? tr("No alert that is there now, but such as come.") : tr("There now (%1): %2").arg(countText(hits.size()), printable(hits.join(QStringLiteral(", ")), 600));
  const QString text = tr("%1 will send no notification of alerts with\n\n%2\n\nfor %3, until %4.\n\n%5\n\nAuthor: %6\nComment: %7")
                           .arg(whereText(), conditions.join(QLatin1Char('\n')), formatDuration(static_cast<double>(silence.endsAtMs - silence.startsAtMs) / 1000.0), instantText(silence.endsAtMs), now, printable(silence.author, 200),
                                printable(silence.comment, 1000));
  confirm(tr("Create a silence"), text, tr("Silence them"), form, [this, silence, form = QPointer(form)] {
    m_controller->silence(silence);
    if (form) form->close();
  });
}

void AlertsPage::confirmExpire(const Silence& silence) {
  const QList<ManagedAlert>& alerts = m_manager->reading().alerts;
  const auto held = std::count_if(alerts.begin(), alerts.end(), [&](const ManagedAlert& one) { return one.silencedBy.contains(silence.id); });
  const QString text = tr("%1 will notify again of alerts with\n\n    %2\n\nThe silence of %3 (“%4”), which would last until %5, ends now. Alerts that it holds back: %6.")
                           .arg(whereText(), matchersText(silence.matchers, 2000), printable(silence.author, 200), printable(silence.comment, 1000), instantText(silence.endsAtMs), countText(held));
  confirm(tr("Expire a silence"), text, tr("Expire it"), this, [this, silence] { m_controller->expire(silence); });
}

void AlertsPage::confirmTrial(const QString& severity) {
  if (m_controller->isTrying()) return;
  const auto go = [this, severity] {
    m_trial->begin();
    m_controller->tryAlert(severity);
  };
  if (!m_controller->isProduction()) return go();
  confirm(tr("Send a test alert"), tr("%1 gets an alert named CachedeckTest with severity %2. Whoever its route names is really notified.").arg(whereText(), printable(severity, 40)), tr("Send it"), this, go);
}

}  // namespace cachedeck
