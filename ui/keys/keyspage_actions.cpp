// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/keys/key_text.h"
#include "core/metrics/format.h"
#include "ui/keys/consentpanel.h"
#include "ui/keys/keyinspector.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/keyspage.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/namespanel.h"
#include "ui/keys/operationsbar.h"
#include "ui/keys/runpanel.h"

#include <QStackedWidget>
#include <QTableView>

namespace cachedeck {

using namespace keys;

void KeysPage::connectActions() {
  connect(m_lock, &LockBar::unlockWanted, m_act, &KeysActions::unlock);
  connect(m_lock, &LockBar::lockWanted, m_act, &KeysActions::lock);
  connect(m_act, &KeysActions::unlockFailed, m_lock, &LockBar::showProblem);
  connect(m_act, &KeysActions::opened, this, &KeysPage::updateLocks);
  connect(m_act, &KeysActions::guardChanged, this, &KeysPage::updateLocks);
  connect(m_act, &KeysActions::journaled, this, &KeysPage::acted);
  connect(m_act, &KeysActions::operationsCame, m_operations, &OperationsBar::setOperations);
  connect(m_act, &KeysActions::operationsCame, m_list, &KeysList::setOperations);
  const auto undo = [this](const OperationRow& row) { beginUndo(row.id, tr("Undo: %1").arg(row.action), row.selected); };
  connect(m_list, &KeysList::undoWanted, this, undo);
  connect(m_operations, &OperationsBar::undoWanted, this, undo);
  connect(m_operations, &OperationsBar::resumeWanted, this, [this](const OperationRow& row) { beginResume(row.id, tr("Resume: %1").arg(row.action), row.selected); });
  connectPlan();
  connectConsent();
  connectRun();
}

void KeysPage::connectPlan() {
  connect(m_list, &KeysList::actionWanted, this, [this](ActionKind kind) { beginPlan(m_list->scope(), kind); });
  connect(m_list, &KeysList::flushWanted, this, &KeysPage::beginFlush);
  connect(m_list, &KeysList::namesWanted, this, [this](NamesPanel::From from) {
    if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
    m_act->cancel();
    turnTo(Naming);
    m_names->begin(m_browse->target(), from);
  });
  connect(m_names, &NamesPanel::cancelled, this, [this] { turnTo(Browse); });
  connect(m_names, &NamesPanel::planWanted, this, [this] {
    if (const Result<KeyScope> scope = m_names->scope()) beginPlan(*scope, m_names->kind());
  });
  connect(m_act, &KeysActions::planMoved, m_plan, &PlanPanel::setProgress);
  connect(m_act, &KeysActions::planMade, this, [this](const Plan& plan) {
    m_plan->show(plan, m_act->consentFor(plan.keys));
    if (!plan.samples.isEmpty()) m_browse->askRights(plan.samples.first());  // an account may have rights on some names only
  });
  connect(m_act, &KeysActions::planFailed, m_plan, &PlanPanel::showFailure);
  connect(m_act, &KeysActions::listWritten, m_plan, &PlanPanel::showListWritten);
  connect(m_plan, &PlanPanel::listWanted, m_act, &KeysActions::writeList);
  connect(m_plan, &PlanPanel::cancelled, this, [this] {
    m_act->cancel();
    turnTo(Browse);
  });
  connect(m_plan, &PlanPanel::planAgain, this, [this] { m_act->plan(m_plan->scope()); });
  connect(m_plan, &PlanPanel::confirmed, this, &KeysPage::beginRun);
}

void KeysPage::connectConsent() {
  connect(m_act, &KeysActions::undoPreviewed, this, &KeysPage::showUndo);
  connect(m_act, &KeysActions::resumePreviewed, this, &KeysPage::showResume);
  connect(m_act, &KeysActions::flushPlanned, this, &KeysPage::showFlush);
  connect(m_act, &KeysActions::previewFailed, m_consent, &ConsentPanel::showFailure);
  connect(m_consent, &ConsentPanel::confirmed, this, &KeysPage::consented);
  connect(m_consent, &ConsentPanel::cancelled, this, [this] {
    m_asking = Asking::Nothing;
    m_operations->setBusy(false);
    turnTo(Browse);
  });
  connect(m_consent, &ConsentPanel::otherWanted, this, [this] {
    m_asking = Asking::Nothing;
    m_operations->setBusy(false);
    beginPlan(filterScope({}), ActionKind::Delete);
  });
}

void KeysPage::connectRun() {
  connect(m_act, &KeysActions::runMoved, m_run, &RunPanel::setProgress);
  connect(m_act, &KeysActions::held, m_run, &RunPanel::setHeld);
  connect(m_run, &RunPanel::continueWanted, m_act, &KeysActions::holdNoMore);
  connect(m_act, &KeysActions::runEnded, this, [this](const RunReport& report) {
    m_stale = true;
    m_run->show(report);
    showCommands();
  });
  connect(m_act, &KeysActions::undoEnded, this, [this](const UndoReport& report) {
    m_stale = true;
    m_run->show(report);
    showCommands();
  });
  connect(m_act, &KeysActions::runFailed, m_run, &RunPanel::showFailure);
  connect(m_run, &RunPanel::cancelWanted, m_act, &KeysActions::cancel);
  connect(m_run, &RunPanel::undoWanted, this, [this](const QString& id) { beginUndo(id, tr("Undo"), {}); });
  connect(m_run, &RunPanel::resumeWanted, this, [this](const QString& id) { beginResume(id, tr("Resume"), {}); });
  connect(m_run, &RunPanel::closed, this, &KeysPage::backToKeys);
}

// What has to be confirmed then is counted then.
void KeysPage::showCommands() {
  const KeysTarget& target = m_browse->target();
  Consent consent = m_act->consentFor(0);
  if (!consent.phrase.isEmpty()) consent.phrase = target.environment == Environment::Production ? target.profile + tr(" COUNT") : tr("COUNT");
  m_run->setCommands(undoCommand(target, m_run->id(), consent), resumeCommand(target, m_run->id(), consent));
}

void KeysPage::updateLocks() {
  const bool production = m_browse->target().environment == Environment::Production;
  m_lock->setWritableFor(production ? m_act->writableForMs() : 0);
  const QString locked = production && m_act->writableForMs() == 0 ? tr("This production profile is read-only. Unlock it at the head of the page.") : QString();
  const QString impossible = m_act->unavailable();
  m_list->setRights(impossible, m_rights);  // a plan only reads, so it can be made of a locked one
  m_list->setFlushForbidden(!impossible.isEmpty() ? impossible : production ? tr("A production database is never emptied from here: FLUSHDB and FLUSHALL are not sent to it. Plan the deletion of a prefix instead.") : m_rights.remove);
  m_plan->setLocked(impossible.isEmpty() ? locked : impossible, m_rights);
  m_plan->setConsent(m_act->consentFor(0));
  m_consent->setLocked(impossible.isEmpty() ? locked : impossible);
  m_inspector->setEditLocked(!impossible.isEmpty() ? impossible : !locked.isEmpty() ? locked : m_rights.edit);
}

// The keyboard goes along, so that Escape and Tab work there, and no button gets it by chance.
void KeysPage::turnTo(Panel panel) {
  m_right->setCurrentIndex(panel);
  QWidget* const focused[] = {m_list->view(), m_plan, m_run, m_names, m_consent};
  focused[panel]->setFocus();
}

void KeysPage::beginPlan(const KeyScope& scope, ActionKind kind) {
  if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
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

// What it will do is looked at first, and shown.
void KeysPage::ask(Asking what, const QString& title, const QString& subtitle) {
  m_asking = what;
  m_operations->setBusy(true);
  m_consent->begin(title, printable(subtitle, 200));
  turnTo(Consenting);
}

void KeysPage::beginUndo(const QString& id, const QString& title, const QString& subtitle) {
  if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
  if (m_browse->target().environment != Environment::Development) {
    ask(Asking::Undo, title, subtitle);
    return m_act->previewUndo(id);
  }
  if (const Result<void> begun = m_act->undo(id); !begun) return m_right->currentIndex() == Running ? m_run->showProblem(begun.error().message) : m_operations->showProblem(begun.error().message);
  m_run->begin(title, subtitle, true, false);
  m_operations->setBusy(true);
  turnTo(Running);
}

void KeysPage::beginResume(const QString& id, const QString& title, const QString& subtitle) {
  if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
  ask(Asking::Resume, title, subtitle);
  m_act->previewResume(id);
}

void KeysPage::beginFlush() {
  if (m_act->state() == KeysActions::State::Running) return turnTo(Running);
  ask(Asking::Flush, tr("Empty database %1").arg(m_browse->target().redis.database), m_browse->target().redis.endpoint());
  m_act->planFlush();
}

void KeysPage::showUndo(const UndoPreview& preview) {
  if (m_asking != Asking::Undo) return;
  m_undoing = preview;
  const Consent consent = m_act->consentFor(preview.keys, preview.owner());
  ConsentPanel::Text text{tr("Undo: %1").arg(preview.action), tr("%1 on %2").arg(printable(preview.selected, 120), printable(preview.where)),
                          {{tr("Keys to put back"), countText(preview.keys)}, {tr("Images"), bytesText(preview.bytes)}, {tr("Done"), tr("%1 ago").arg(ttlText(preview.ageMs))}},
                          tr("Deleted keys come back with their value and the rest of their time, unless a key of that name is there again. A changed TTL becomes the old one, unless somebody changed it since. "
                             "What is back already is left as it is."), "secondary", consent.phrase, undoCommand(m_browse->target(), preview.id, consent), tr("Put %1 keys back").arg(countText(preview.keys)), false, {}, {}};
  if (preview.torn) text.explanation += QLatin1Char(' ') + tr("Its log is damaged at its end: what stood there is not known any more.");
  if (preview.keys == 0) text.stop = tr("There is nothing to put back.");
  m_consent->show(text);
}

void KeysPage::showResume(const ResumePreview& preview) {
  if (m_asking != Asking::Resume) return;
  m_resuming = preview;
  const Consent consent = m_act->consentFor(preview.remaining, preview.owner());
  const RunOptions& options = preview.options;
  const bool deletes = preview.action.startsWith(QStringLiteral("Delete"));
  QStringList how{options.undo ? tr("images are kept for undo, at most %1").arg(bytesText(options.undoCap)) : tr("without undo")};
  how << (options.budgetMs > 0 ? tr("others wait at most %1 ms").arg(options.budgetMs) : tr("no latency budget"));
  how << (options.keysPerSecond > 0 ? tr("at most %1 keys/s").arg(countText(static_cast<qint64>(options.keysPerSecond))) : tr("no bound of keys/s"));
  m_consent->show({tr("Resume: %1").arg(preview.action), tr("%1 on %2").arg(printable(preview.selected, 120), printable(preview.where)),
                   {{tr("Planned"), countText(preview.planned)}, {tr("Settled"), countText(preview.settled)}, {tr("Remaining"), countText(preview.remaining)}, {tr("Age of the plan"), ttlText(preview.ageMs)}},
                   tr("It goes on as it began: %1. What is not known of its last pages is asked of the server, key by key. The list of names is the plan's: a key that somebody wrote anew since then is not spared.").arg(how.join(QStringLiteral(", "))),
                   "secondary", consent.phrase, resumeCommand(m_browse->target(), preview.id, consent), deletes ? tr("Delete the remaining %1").arg(countText(preview.remaining)) : tr("Change the remaining %1").arg(countText(preview.remaining)),
                   deletes, {}, {}});
}

void KeysPage::showFlush(const FlushPlan& plan) {
  if (m_asking != Asking::Flush) return;
  m_flushing = plan;
  const Consent consent = m_act->consentFor(plan.plan.keys);
  ConsentPanel::Text text{tr("Empty database %1").arg(m_browse->target().redis.database), printable(plan.plan.server.text()), {{tr("Keys"), countText(plan.plan.keys)}, {tr("Memory of the server"), bytesText(plan.usedMemory)}},
                          tr("FLUSHDB removes all of them in one command, and there is no undo: the cache is cold from then on. A plan deletes them key by key and keeps images, as long as they fit into the bound for undo."), "warning",
                          QString::number(plan.plan.keys), flushCommand(m_browse->target(), consent), tr("Remove %1 keys for good").arg(countText(plan.plan.keys)), true, tr("Plan it with undo…"), {}};
  if (plan.plan.keys == 0) {
    text.stop = tr("The database is empty.");
    text.other.clear();
  }
  m_consent->show(text);
}

void KeysPage::consented(const QString& typed) {
  Result<void> begun;
  const Asking what = m_asking;
  const bool development = m_browse->target().environment == Environment::Development;
  if (what == Asking::Undo) begun = m_act->undo(*m_undoing, typed);
  else if (what == Asking::Resume) begun = m_act->resume(*m_resuming, typed);
  else if (what == Asking::Flush) begun = m_act->flush(*m_flushing, development ? QString() : typed);  // the count is typed here in any environment
  else return;
  if (!begun) return m_consent->showProblem(begun.error().message);
  m_asking = Asking::Nothing;
  const bool deletes = what == Asking::Flush || (what == Asking::Resume && m_resuming->action.startsWith(QStringLiteral("Delete")));
  m_run->begin(m_consent->text().title, m_consent->text().subtitle, what == Asking::Undo, deletes);
  turnTo(Running);
}

void KeysPage::backToKeys() {
  turnTo(Browse);
  m_operations->setBusy(false);
  if (std::exchange(m_stale, false)) scan(false);  // names and figures are those from before
}

}  // namespace cachedeck
