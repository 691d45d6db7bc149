// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/planpanel.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/keys/forecast.h"
#include "core/metrics/format.h"
#include "ui/keys/barlist.h"
#include "ui/keys/commandline.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/listedname.h"
#include "ui/keys/ruleform.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype prefixesShown = 8;
enum Page { Waiting, Failed, Planned };

}  // namespace

void PlanPanel::begin(const KeysTarget& target, const KeyScope& scope, ActionKind kind) {
  m_target = target;
  m_scope = scope;
  if (m_scope.file.isEmpty()) m_scope.file = target.stateFolder + QStringLiteral("/lists/keys-%1.txt").arg(QDateTime::currentMSecsSinceEpoch());
  const bool listed = !keyListFile(target, m_scope).isEmpty();
  m_command->setCopiesLater(listed);
  m_command->setNote(listed ? tr("Copying it writes the %1 names to that file, for you alone to read.").arg(countText(scope.selector.names.size())) : QString());
  m_plan.reset();
  m_problem.clear();
  m_sent = false;
  m_typed->clear();
  m_rule->setKind(kind);
  m_title->setText(QCoreApplication::translate("keys", infoOf(kind).title));
  m_subtitle->setText(scope.title());
  m_stack->setCurrentIndex(Waiting);
  setProgress(0, 0, 0);
  update();
}

void PlanPanel::setProgress(qint64 scanned, qint64 expected, qint64 matched) {
  m_bar->setMaximum(expected == 0 ? 0 : 1000);
  m_bar->setValue(expected == 0 ? 0 : static_cast<int>(1000 * std::min(scanned, expected) / expected));
  m_waiting->setText(expected == 0 ? tr("connecting") : tr("scanned %1 of %2 · %3 match").arg(countText(scanned), countText(expected), countText(matched)));
}

void PlanPanel::showFailure(const Error& error) {
  m_plan.reset();
  m_notice->setText({QStringLiteral("failed"), Theme::instance().palette().critical, tr("No plan was made"), error.message, error.detail.left(500), tr("Try again")});
  m_stack->setCurrentIndex(Failed);
  update();
}

void PlanPanel::setConsent(const Consent& consent) {
  m_consent.reason = consent.reason;
  update();
}

void PlanPanel::showListWritten(const QString& problem) {
  if (problem.isEmpty()) m_command->copyNow();
  m_command->setNote(problem.isEmpty() ? tr("Copied; the %1 names are in that file.").arg(countText(m_scope.selector.names.size())) : problem, problem.isEmpty() ? "good" : "critical");
}

void PlanPanel::show(const Plan& plan, const Consent& consent) {
  m_plan = plan;
  m_phrase = consent.phrase;
  m_consent = consent;
  m_stack->setCurrentIndex(Planned);
  describe();
  update();
}

void PlanPanel::setLocked(const QString& why, const KeyRights& rights) {
  m_locked = why;
  m_rights = rights;
  m_rule->setUndoForbidden(rights.undo);
  update();
}

void PlanPanel::showProblem(const QString& problem) {
  m_sent = false;
  m_problem = problem;
  update();
}

void PlanPanel::describe() {
  const Plan& plan = *m_plan;
  m_subtitle->setText(tr("%1 · %2 keys on %3").arg(m_scope.title(), countText(plan.keys), printable(plan.server.text())));
  m_figures->setFigures({{tr("Keys"), countText(plan.keys)}, {tr("Memory"), plan.sizesKnown() ? bytesText(plan.bytes) : tr("unknown")}, {tr("Largest key"), plan.sizesKnown() ? bytesText(plan.largest) : tr("unknown")},
                         {tr("Of all keys"), plan.scanned > 0 ? formatValue(100.0 * static_cast<double>(plan.keys) / static_cast<double>(plan.scanned), Unit::Percent) : QStringLiteral("–")},
                         {tr("Planned in"), plan.seconds < 10 ? formatValue(plan.seconds, Unit::Seconds) : formatDuration(plan.seconds)}});
  QList<BarList::Row> types, prefixes;
  for (auto type = plan.types.begin(); type != plan.types.end(); ++type) types.append({printable(type.key(), 40), type.value(), -1, {}});
  for (const PrefixRow& row : plan.prefixes.first(std::min(prefixesShown, plan.prefixes.size()))) prefixes.append({listedName(row.prefix, 60), row.keys, -1, {}});
  m_types->setRows(types);
  m_prefixes->setRows(prefixes);
  QStringList samples;
  for (const QByteArray& name : plan.samples) samples << listedName(name, 80);
  m_samples->setText(samples.join(QLatin1Char('\n')));
}

// Everything that follows from the plan, the rule and the rights.
void PlanPanel::update() {
  const bool planned = m_plan.has_value();
  m_go->setVisible(planned);
  m_ask->setVisible(planned && !m_phrase.isEmpty());
  m_typed->setVisible(planned && !m_phrase.isEmpty());
  if (!planned) {
    m_message->clear();
    return;
  }
  const Result<Action> action = m_rule->action();
  const RunOptions options = m_rule->options();
  QString problem = m_problem;
  if (action) {
    m_title->setText(action->text());
    const TtlForecast forecast = ttlForecast(m_plan->ttls, *action);
    QList<BarList::Row> ttls;
    for (qsizetype i = 0; i < TtlHistogram::classes().size(); ++i)
      ttls.append({QString::fromUtf8(TtlHistogram::classes()[i].label), m_plan->ttls.counts()[i], forecast.after.counts()[i], {}});
    m_ttls->setRows(ttls);
    m_changes->setText(action->deletes() ? tr("All %1 keys go at once (UNLINK), page by page.").arg(countText(m_plan->keys))
                                         : tr("About %1 of %2 keys get another TTL; the bars after are estimated from the classes.").arg(countText(forecast.changes), countText(m_plan->keys)));
    const UndoForecast undo = undoText(*m_plan, *action, options.undo, options.undoCap);
    setTone(m_undo, undo.tooLarge ? "critical" : options.undo ? "secondary" : "warning");
    m_undo->setText(undo.text);
    if (undo.tooLarge && problem.isEmpty()) problem = tr("Undo would need more than its bound.");
    const RefillForecast refill = refillForecast(m_plan->ttls, m_plan->keys, *action, options.keysPerSecond, m_meanQueryMs ? m_meanQueryMs() : std::nullopt);
    setTone(m_refill, refill.cliff ? "warning" : "secondary");
    m_refill->setText(refill.text);
    m_command->setCommand(keysCommand(m_target, m_scope, *action, options, m_consent));
    m_go->setText(action->deletes() ? tr("Delete %1 keys").arg(countText(m_plan->keys)) : tr("Change %1 keys").arg(countText(m_plan->keys)));
  } else {
    problem = action.error().message;
  }
  const QString forbidden = m_rule->kind() == ActionKind::Delete ? m_rights.remove : m_rights.retime;
  if (!forbidden.isEmpty()) problem = forbidden;
  if (!m_locked.isEmpty()) problem = m_locked;
  if (m_plan->keys == 0) problem = tr("Nothing matches: there is nothing to do.");
  const bool typed = m_typed->text().simplified() == m_phrase.simplified();
  m_ask->setText(tr("To confirm, type “%1”").arg(printable(m_phrase)));
  m_typed->setAccessibleName(m_ask->text());
  m_message->setText(problem);
  m_go->setEnabled(action.ok() && problem.isEmpty() && typed && !m_sent);
}

QString PlanPanel::command() const { return m_command->command(); }

void PlanPanel::decide() {
  const Result<Action> action = m_rule->action();
  if (!action || m_sent || !m_plan) return;
  m_sent = true;  // a second click finds nothing to do
  m_go->setEnabled(false);
  Q_EMIT confirmed(*action, m_rule->options(), m_typed->text());
}

void PlanPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) Q_EMIT cancelled();
  else Card::keyPressEvent(event);
}

}  // namespace cachedeck
