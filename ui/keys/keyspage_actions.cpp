// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyinspector.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/keyspage.h"
#include "ui/keys/keytext.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/operationsbar.h"
#include "ui/keys/runpanel.h"

#include <QStackedWidget>
#include <QTableView>

namespace cachedeck {

using namespace keys;

void KeysPage::connectActions() {
  connect(m_lock, &LockBar::unlockWanted, this, [this](const QString& reason) {
    if (const Result<void> unlocked = m_act->unlock(reason); !unlocked) m_lock->showProblem(unlocked.error().message);
  });
  connect(m_lock, &LockBar::lockWanted, m_act, &KeysActions::lock);
  connect(m_act, &KeysActions::opened, this, &KeysPage::updateLocks);
  connect(m_act, &KeysActions::guardChanged, this, &KeysPage::updateLocks);
  connect(m_act, &KeysActions::journaled, this, &KeysPage::acted);
  connect(m_act, &KeysActions::operationsCame, m_operations, &OperationsBar::setOperations);
  connect(m_act, &KeysActions::operationsCame, m_list, &KeysList::setOperations);
  const auto undo = [this](const OperationRow& row) { beginUndo(row.id, tr("Undo: %1").arg(row.action), row.selected); };
  connect(m_list, &KeysList::undoWanted, this, undo);
  connect(m_operations, &OperationsBar::undoWanted, this, undo);
  connect(m_operations, &OperationsBar::resumeWanted, this, [this](const OperationRow& row) {
    const Result<void> begun = m_act->resume(row.id);
    if (!begun) return m_operations->showProblem(begun.error().message);
    m_run->begin(tr("Resume: %1").arg(row.action), row.selected, false, row.action.startsWith(QStringLiteral("Delete")));
    turnTo(Running);
    m_operations->setBusy(true);
  });

  connect(m_list, &KeysList::actionWanted, this, &KeysPage::beginPlan);
  connect(m_act, &KeysActions::planMoved, m_plan, &PlanPanel::setProgress);
  connect(m_act, &KeysActions::planMade, this, [this](const Plan& plan) {
    m_plan->show(plan, m_act->phraseFor(plan.keys));
    if (!plan.samples.isEmpty()) m_browse->askRights(plan.samples.first());  // an account may have rights on some names only
  });
  connect(m_act, &KeysActions::planFailed, m_plan, &PlanPanel::showFailure);
  connect(m_plan, &PlanPanel::cancelled, this, [this] {
    m_act->cancel();
    turnTo(Browse);
  });
  connect(m_plan, &PlanPanel::planAgain, this, [this] { m_act->plan(m_plan->scope()); });
  connect(m_plan, &PlanPanel::confirmed, this, &KeysPage::beginRun);
  connect(m_act, &KeysActions::runMoved, m_run, &RunPanel::setProgress);
  connect(m_act, &KeysActions::runEnded, this, [this](const RunReport& report) {
    m_stale = true;
    m_run->show(report);
  });
  connect(m_act, &KeysActions::undoEnded, this, [this](const UndoReport& report) {
    m_stale = true;
    m_run->show(report);
  });
  connect(m_act, &KeysActions::runFailed, m_run, &RunPanel::showFailure);
  connect(m_run, &RunPanel::cancelWanted, m_act, &KeysActions::cancel);
  connect(m_run, &RunPanel::undoWanted, this, [this](const QString& id) { beginUndo(id, tr("Undo"), {}); });
  connect(m_run, &RunPanel::resumeWanted, this, [this](const QString& id) {
    if (const Result<void> begun = m_act->resume(id); !begun) return m_run->showProblem(begun.error().message);
    m_run->begin(tr("Resume"), {}, false, true);
  });
  connect(m_run, &RunPanel::closed, this, &KeysPage::backToKeys);
}

void KeysPage::updateLocks() {
  const bool production = m_browse->target().environment == Environment::Production;
  m_lock->setWritableFor(production ? m_act->writableForMs() : 0);
  const QString locked = production && m_act->writableForMs() == 0 ? tr("This production profile is read-only. Unlock it at the head of the page.") : QString();
  const QString impossible = m_act->unavailable();
  m_list->setRights(impossible, m_rights);  // a plan only reads, so it can be made of a locked one
  m_plan->setLocked(impossible.isEmpty() ? locked : impossible, m_rights);
  m_inspector->setEditLocked(!impossible.isEmpty() ? impossible : !locked.isEmpty() ? locked : m_rights.edit);
}

// The keyboard goes along, so that Escape and Tab work there, and no button gets it by chance.
void KeysPage::turnTo(Panel panel) {
  m_right->setCurrentIndex(panel);
  QWidget* const focused[] = {m_list->view(), m_plan, m_run};
  focused[panel]->setFocus();
}

void KeysPage::beginPlan(ActionKind kind) {
  if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
  const KeyScope scope = m_list->scope();
  if (!scope.blocked().isEmpty()) return;
  m_act->cancel();
  m_plan->begin(m_browse->target(), scope, kind);
  turnTo(Planning);
  m_act->plan(scope);
}

void KeysPage::beginRun(const Action& action, const RunOptions& options, const QString& typed) {
  const Result<void> begun = m_act->run(action, options, typed);
  if (!begun) return m_plan->showProblem(begun.error().message);
  m_run->begin(action.text(), m_plan->scope().title(), false, action.deletes());
  m_operations->setBusy(true);
  turnTo(Running);
}

void KeysPage::beginUndo(const QString& id, const QString& title, const QString& subtitle) {
  const Result<void> begun = m_act->undo(id);
  if (!begun) return m_right->currentIndex() == Running ? m_run->showProblem(begun.error().message) : m_operations->showProblem(begun.error().message);
  m_run->begin(title, subtitle, true, false);
  m_operations->setBusy(true);
  turnTo(Running);
}

void KeysPage::edit(const QByteArray& name, const QByteArray& before, const QByteArray& after) {
  const Result<WritePermit> permit = m_act->permit(tr("change a value"));
  if (!permit) return m_inspector->showEdited(name, permit.error().message);
  // The journal has a line before anything is changed.
  if (const Result<void> noted = m_act->note(QStringLiteral("keys.edit"), QStringLiteral("begin"), {}, shownKey(name, 64)); !noted)
    return m_inspector->showEdited(name, noted.error().message);
  m_browse->edit(name, before, after, *permit);
}

void KeysPage::backToKeys() {
  turnTo(Browse);
  m_operations->setBusy(false);
  if (std::exchange(m_stale, false)) scan(false);  // names and figures are those from before
}

}  // namespace cachedeck
