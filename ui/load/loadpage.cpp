// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/loadpage.h"

#include "core/base/text.h"
#include "core/load/schedule.h"
#include "ui/keys/lockbar.h"
#include "ui/load/compareview.h"
#include "ui/load/loadmodels.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/load/setuppanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/rowpainter.h"

#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

namespace cachedeck {

namespace {

constexpr int listWidth = 296;

QListView* list(QAbstractItemModel* model, const QString& name) {
  auto* view = new QListView;
  view->setModel(model);
  view->setItemDelegate(new TwoLinePainter(view));
  view->setAccessibleName(name);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  view->setMouseTracking(true);
  view->setUniformItemSizes(true);
  view->setFrameShape(QFrame::NoFrame);
  view->setStyleSheet(QStringLiteral("QListView { border: none; background: transparent; }"));
  return view;
}

}  // namespace

LoadPage::LoadPage(const Clock& clock, const History& history, FrameClock& frames, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_controller(new LoadController(clock, this)), m_scenarios(new ScenarioModel(this)), m_runs(new RunModel(this)) {
  m_setup = new SetupPanel;
  m_run = new RunView(history, frames);
  m_compare = new CompareView(frames);
  m_nothing = new Notice(Notice::Form::Full);
  m_whole = new QStackedWidget;
  m_whole->addWidget(m_nothing);
  m_whole->addWidget(build());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_whole);
  m_controller->setSeriesReader([this](qint64 from, qint64 to) { return m_run->curves().series(from, to); });
  connectController();
  connectRun();
  connectFiles();
  setAcceptDrops(true);
  close();
}

LoadPage::~LoadPage() {
  m_controller->close();  // its workers end before the widgets that their answers would reach
}

QWidget* LoadPage::build() {
  m_lock = new LockBar;
  m_problem = new Notice(Notice::Form::Compact);
  m_problem->hide();
  m_right = new QStackedWidget;
  m_right->addWidget(m_setup);
  m_right->addWidget(m_run);
  m_right->addWidget(m_compare);
  m_right->addWidget(new QWidget);  // until the first run of a snapshot is there
  auto* beside = new QHBoxLayout;
  beside->setSpacing(Theme::cardGap);
  beside->addWidget(buildLists());
  beside->addWidget(m_right, 1);
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_lock);
  column->addWidget(m_problem);
  column->addLayout(beside, 1);
  connect(m_problem, &Notice::buttonClicked, m_problem, &QWidget::hide);
  return body;
}

QWidget* LoadPage::buildLists() {
  m_scenarioList = list(m_scenarios, tr("Scenarios"));
  m_runList = list(m_runs, tr("Runs"));
  m_runList->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_noRuns = new Notice(Notice::Form::Full);
  m_noRuns->setText({QStringLiteral("chart"), Theme::instance().palette().text3, tr("No run yet"), tr("Each run is kept here with its curves, to be compared with later ones."), {}, {}});
  m_runStack = new QStackedWidget;
  m_runStack->addWidget(m_noRuns);
  m_runStack->addWidget(m_runList);
  m_live = new QPushButton(tr("Show the run"));
  m_live->setProperty("kind", QStringLiteral("quiet"));
  m_compareButton = new QPushButton(tr("Compare"));
  m_removeButton = new QPushButton(tr("Delete"));
  m_import = new QPushButton(tr("Import…"));
  m_import->setProperty("kind", QStringLiteral("quiet"));
  m_import->setToolTip(plainTip(tr("Take a scenario file or a k6 script among your own. It can also be dragged here.")));
  for (QPushButton* const button : {m_live, m_import, m_compareButton, m_removeButton}) button->setAutoDefault(false);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(8, 0, 8, 0);
  buttons->setSpacing(2 * Theme::grid);
  buttons->addWidget(m_compareButton, 1);
  buttons->addWidget(m_removeButton, 1);
  const auto card = [](const QString& title, QPushButton* beside, QWidget* body, QLayout* below) {
    auto* made = new Card;
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 0, 0, 0);
    head->addWidget(plainLabel(title, TextRole::CardTitle), 1);
    if (beside) head->addWidget(beside);
    head->addStrut(28);
    auto* column = new QVBoxLayout(made);
    column->setContentsMargins(8, 8, 8, 10);
    column->setSpacing(Theme::grid);
    column->addLayout(head);
    column->addWidget(body, 1);
    if (below) column->addLayout(below);
    return made;
  };
  auto* lists = new QSplitter(Qt::Vertical);
  lists->setHandleWidth(Theme::cardGap);
  lists->setChildrenCollapsible(false);
  lists->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  m_scenarioCard = card(tr("Scenarios"), m_import, m_scenarioList, nullptr);
  lists->addWidget(m_scenarioCard);
  lists->addWidget(card(tr("Runs"), m_live, m_runStack, buttons));
  lists->setStretchFactor(0, 1);
  lists->setStretchFactor(1, 1);
  setTabOrder(m_scenarioList, m_import);
  setTabOrder(m_import, m_runList);
  auto* place = new QWidget;  // a splitter takes the widths of what it holds for its own
  place->setFixedWidth(listWidth);
  auto* column = new QVBoxLayout(place);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(lists);
  return place;
}

void LoadPage::open(const LoadTarget& target) {
  close();
  m_lock->setVisible(target.environment == Environment::Production);
  m_lock->setWritableFor(0);
  m_setup->setTarget(target);
  m_setup->setK6(tr("Whether k6 is installed is being looked at."));
  m_whole->setCurrentIndex(1);
  m_controller->open(target);
  updateLocks();
  updateButtons();
}

void LoadPage::openKept(const KeptRuns& runs) {
  if (runs.records.isEmpty()) return close(tr("No load run in this snapshot"), tr("Load runs that touch its stretch of time would be listed here, with their curves and percentiles."));
  close();
  setKept(runs.takenMs);
  m_compareButton->setVisible(runs.records.size() > 1);
  m_lock->hide();
  m_right->setCurrentIndex(Blank);
  m_whole->setCurrentIndex(1);
  m_controller->openKept(runs);
  updateButtons();
}

void LoadPage::setKept(std::optional<qint64> takenMs) {
  m_isKept = takenMs.has_value();
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_scenarioCard, m_removeButton}) widget->setVisible(!m_isKept);
  m_compareButton->show();
  m_run->head()->setKept(takenMs);
}

void LoadPage::close(const QString& title, const QString& reason) {
  m_controller->close();
  m_run->clear();
  setKept({});
  m_problem->hide();
  m_scenarios->setEntries({});
  m_runs->setRuns({}, 0);
  m_setup->show({});
  m_right->setCurrentIndex(Setup);
  m_nothing->setText({QStringLiteral("load"), Theme::instance().palette().text3, title.isEmpty() ? tr("Nothing is connected") : title,
                      reason.isEmpty() ? tr("Open a profile to put its service, or its Redis and PostgreSQL, under load.") : reason, {}, {}});
  m_whole->setCurrentIndex(0);
}

QString LoadPage::underWay() const { return m_controller->state() == LoadController::State::Running ? tr("A load run is under way. It is stopped, and what it measured is kept.") : QString(); }

void LoadPage::setSourceState(const QString& sourceId, const SourceState& state, const QString& title) { m_run->setSource(sourceId, state, title); }

QStringList LoadPage::pickedRuns() const {
  QStringList ids;
  QModelIndexList picked = m_runList->selectionModel()->selectedIndexes();
  std::sort(picked.begin(), picked.end(), [](const QModelIndex& a, const QModelIndex& b) { return a.row() > b.row(); });  // the oldest is what the others are held against
  for (const QModelIndex& index : picked) ids << index.data(IdRole).toString();
  return ids;
}

void LoadPage::chooseScenario(const QString& name) {
  const int row = m_scenarios->rowOf(name);
  m_pending = row < 0 ? name : QString();
  if (row >= 0) m_scenarioList->setCurrentIndex(m_scenarios->index(row));
}

void LoadPage::say(const QString& problem) {
  m_problem->setText({QStringLiteral("warning"), Theme::instance().palette().warning, problem, {}, {}, tr("Close")});
  m_problem->show();
}

void LoadPage::tell(const QString& done) {
  m_problem->setText({QStringLiteral("check"), Theme::instance().palette().good, done, {}, {}, tr("Close")});
  m_problem->show();
}

}  // namespace cachedeck
