// SPDX-License-Identifier: GPL-3.0-or-later
// How the page of load runs answers: to the controller, to the lists, to the run's head.
#include "core/load/schedule.h"
#include "core/load/scenario_json.h"
#include "ui/keys/lockbar.h"
#include "ui/load/compareview.h"
#include "ui/load/enginechoice.h"
#include "ui/load/loadmodels.h"
#include "ui/load/loadpage.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/load/setuppanel.h"
#include "ui/widgets/notice.h"

#include <QJsonDocument>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

using State = LoadController::State;

void LoadPage::connectController() {
  connect(m_controller, &LoadController::opened, this, &LoadPage::updateLocks);
  connect(m_controller, &LoadController::guardChanged, this, &LoadPage::updateLocks);
  connect(m_controller, &LoadController::k6Came, m_setup, &SetupPanel::setK6);
  connect(m_controller, &LoadController::scenariosCame, this, &LoadPage::scenariosCame);
  connect(m_controller, &LoadController::runsCame, this, &LoadPage::runsCame);
  connect(m_controller, &LoadController::failed, this, &LoadPage::say);
  connect(m_controller, &LoadController::journaled, this, &LoadPage::acted);
  connect(m_controller, &LoadController::startFailed, this, [this](const QString& problem) {
    m_setup->showProblem(problem);
    updateLocks();
  });
  connect(m_controller, &LoadController::started, this, [this](const RecordShot& record) {
    const load::Scenario scenario = m_request.timeScale == 1 ? m_request.scenario : load::scaled(m_request.scenario, m_request.timeScale);
    const load::Caps caps = m_controller->target().allowed();
    m_run->begin(*record, scenario, load::isOpenModel(scenario.executor.kind) ? caps.perSecond : caps.users);
    m_right->setCurrentIndex(Running);
    m_setup->setStarting(false);
    updateLocks();
    updateButtons();
    Q_EMIT started(record);
  });
  connect(m_controller, &LoadController::moved, m_run, &RunView::move);
  connect(m_controller, &LoadController::ended, this, [this](const RecordShot& record) {
    m_run->show(record, true);
    updateLocks();
    updateButtons();
    Q_EMIT ended(record);
  });
  connect(m_controller, &LoadController::cutShort, this, &LoadPage::ended);  // what shows it is closed as well
  connect(m_controller, &LoadController::loaded, this, [this](const RecordShot& record) {
    if (m_run->isLive()) return;
    m_run->show(record, false);
    m_right->setCurrentIndex(Running);
    updateBaseline();
  });
  connect(m_controller, &LoadController::compared, this, [this](const ComparedRuns& runs) {
    if (m_right->currentIndex() == Comparing) m_compare->show(runs);
  });
}

void LoadPage::connectRun() {
  connect(m_lock, &LockBar::unlockWanted, m_controller, &LoadController::unlock);
  connect(m_controller, &LoadController::unlockFailed, m_lock, &LockBar::showProblem);
  connect(m_lock, &LockBar::lockWanted, m_controller, &LoadController::lock);
  connect(m_scenarioList->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) showScenario(index.row());
  });
  connect(m_scenarioList, &QListView::clicked, this, [this](const QModelIndex& index) { showScenario(index.row()); });
  connect(m_runList->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LoadPage::runsPicked);
  connect(m_compareButton, &QPushButton::clicked, this, [this] { beginComparison(pickedRuns()); });
  connect(m_removeButton, &QPushButton::clicked, this, [this] {
    const QStringList ids = pickedRuns();
    const QString question = ids.size() == 1 ? tr("Delete this run?") : tr("Delete %1 runs?").arg(ids.size());
    auto* box = new QMessageBox(QMessageBox::Question, tr("Delete"), question, QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Their curves and figures are gone then."));
    QAbstractButton* const sure = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    connect(box, &QMessageBox::buttonClicked, this, [this, sure, ids](const QAbstractButton* pressed) {
      if (pressed != sure) return;
      m_controller->remove(ids);
      if (!m_run->isLive()) m_right->setCurrentIndex(Setup);
    });
    box->open();
  });
  connect(m_live, &QPushButton::clicked, this, [this] { m_right->setCurrentIndex(Running); });
  connect(m_setup, &SetupPanel::startWanted, this, &LoadPage::begin);
  connect(m_compare, &CompareView::closed, this, [this] { m_right->setCurrentIndex(m_run->isLive() || m_run->record() ? Running : Setup); });
  connect(m_run, &RunView::retryRequested, this, &LoadPage::retryRequested);
  RunHead* const head = m_run->head();
  connect(head, &RunHead::stopWanted, m_controller, &LoadController::stop);
  connect(head, &RunHead::pauseWanted, m_controller, &LoadController::setPaused);
  connect(head, &RunHead::levelWanted, m_controller, &LoadController::setLevel);
  connect(head, &RunHead::againWanted, this, &LoadPage::again);
  connect(head, &RunHead::pinWanted, this, [this](bool pinned) {
    if (m_run->record()) m_controller->pin(m_run->record()->id, pinned);
  });
  connect(head, &RunHead::noteWanted, this, [this](const QString& note) {
    if (m_run->record()) m_controller->setNote(m_run->record()->id, note);
  });
  connect(head, &RunHead::tagsWanted, this, [this](const QStringList& tags) {
    if (m_run->record()) m_controller->setTags(m_run->record()->id, tags);
  });
  connect(head, &RunHead::baselineWanted, this, [this] {
    const RecordShot record = m_run->record();
    if (!record) return;
    for (const runs::RunSummary& run : m_runs->list())
      if (run.pinned && run.scenario == record->scenario && run.url == record->url) return beginComparison({run.id, record->id});
  });
}

void LoadPage::scenariosCame(const QList<ScenarioEntry>& entries) {
  const QModelIndex before = m_scenarioList->currentIndex();
  const QString chosen = !m_pending.isEmpty() ? m_pending : before.data(IdRole).toString();
  m_scenarios->setEntries(entries);
  if (entries.isEmpty()) return;
  const int row = std::max(0, m_scenarios->rowOf(chosen));
  m_pending.clear();
  m_scenarioList->setCurrentIndex(m_scenarios->index(row));
}

void LoadPage::runsCame(const QList<runs::RunSummary>& runs, const QStringList& problems) {
  m_runs->setRuns(runs, m_clock.now().wallMs);
  m_runStack->setCurrentIndex(runs.isEmpty() ? 0 : 1);
  if (!problems.isEmpty()) say(problems.size() == 1 ? problems.first() : tr("%1 files of runs cannot be shown. %2").arg(problems.size()).arg(problems.first()));
  updateBaseline();
  updateButtons();
  if (m_isKept && pickedRuns().isEmpty()) m_runList->setCurrentIndex(m_runs->index(0));  // nothing else is there to be looked at
}

void LoadPage::showScenario(int row) {
  m_setup->show(m_scenarios->entries()[row]);
  m_runList->selectionModel()->clear();
  m_right->setCurrentIndex(Setup);
}

void LoadPage::runsPicked() {
  updateButtons();
  const QStringList ids = pickedRuns();
  // A run that goes on is not put aside by a look at another; it is picked from the list again when it is over.
  if (ids.size() != 1) return;
  if (m_run->isLive()) say(tr("A run is under way. Others are shown when it has ended; they can be compared meanwhile."));
  else m_controller->load(ids.first());
}

void LoadPage::begin(const RunRequest& request) {
  m_request = request;
  if (const Result<void> begun = m_controller->start(request); !begun) return m_setup->showProblem(begun.error().message);
  m_setup->setStarting(true);
}

void LoadPage::beginComparison(const QStringList& ids) {
  if (ids.size() < 2) return;
  m_compare->begin(static_cast<int>(ids.size()));
  m_right->setCurrentIndex(Comparing);
  m_controller->compare(ids);
}

// The scenario as the run had it, also when the file has changed since.
void LoadPage::again() {
  const RecordShot record = m_run->record();
  if (!record) return;
  m_setup->engine()->choose(record->engine == QLatin1String(runs::k6Engine));
  const int row = m_scenarios->rowOfRun(record->scenario, record->definition.contains(QLatin1String("k6Script")));
  if (row < 0) {
    const auto scenario = load::parseScenario(QJsonDocument(record->definition).toJson().toStdString());
    if (!scenario) return say(tr("The scenario of this run is not among those at the left, and cannot be read from the run."));
    ScenarioEntry entry;
    entry.name = record->scenario;
    entry.title = scenario->title.empty() ? entry.name : QString::fromStdString(scenario->title);
    entry.scenario = *scenario;
    m_setup->show(entry);
    m_right->setCurrentIndex(Setup);
    return;
  }
  m_scenarioList->setCurrentIndex(m_scenarios->index(row));
  showScenario(row);
}

void LoadPage::updateBaseline() {
  const RecordShot record = m_run->record();
  if (!record || m_run->isLive()) return;
  m_run->head()->setPushable(m_controller->target().pushgateway.has_value());
  const runs::RunSummary* const own = m_runs->find(record->id);
  bool comparable = false;
  for (const runs::RunSummary& run : m_runs->list()) comparable = comparable || (run.pinned && run.id != record->id && run.scenario == record->scenario && run.url == record->url);
  m_run->head()->setPinned(own && own->pinned, comparable);
}

void LoadPage::updateLocks() {
  const bool production = m_controller->isProduction();
  const qint64 left = m_controller->unlockedForMs();
  if (production) m_lock->setWritableFor(left);
  const QString unavailable = m_controller->unavailable();
  m_setup->setBlocked(m_controller->state() == State::Running ? tr("A run is under way.") : !unavailable.isEmpty() ? unavailable : production && left == 0 ? tr("Unlock the production profile first.") : QString());
}

void LoadPage::updateButtons() {
  const auto picked = pickedRuns().size();
  m_compareButton->setEnabled(picked >= 2 && picked <= CompareView::mostRuns);
  m_compareButton->setToolTip(picked < 2 ? tr("Pick two or more runs (Ctrl) to compare them.") : picked > CompareView::mostRuns ? tr("At most %1 runs are compared at once.").arg(CompareView::mostRuns) : QString());
  m_removeButton->setEnabled(picked >= 1);
  m_live->setVisible(m_run->isLive());
}

}  // namespace cachedeck
