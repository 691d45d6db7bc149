// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyspage.h"

#include "ui/keys/consentpanel.h"
#include "ui/keys/filterbar.h"
#include "ui/keys/keyinspector.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/keyspaceview.h"
#include "ui/keys/keystree.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/operationsbar.h"
#include "ui/keys/runpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>

namespace cachedeck {

using namespace keys;

namespace {

QSplitter* splitter(Qt::Orientation orientation = Qt::Horizontal) {
  auto* made = new QSplitter(orientation);
  made->setHandleWidth(Theme::cardGap);
  made->setChildrenCollapsible(false);
  made->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  return made;
}

}  // namespace

KeysPage::KeysPage(const Clock& clock, PlanPanel::MeanQuery meanQueryMs, LoadSource load, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_browse(new KeysController(clock, this)), m_act(new KeysActions(clock, std::move(load), this)), m_plan(new PlanPanel(std::move(meanQueryMs))) {
  m_nothing = new Notice(Notice::Form::Full);
  m_whole = new QStackedWidget;
  m_whole->addWidget(m_nothing);
  m_whole->addWidget(build());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_whole);
  connectBrowsing();
  connectActions();
  const auto shortcut = [this](const QKeySequence& keys, auto call) { connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, this, call); };
  shortcut(QKeySequence::Find, [this] { m_filterBar->pattern()->setFocus(); });
  shortcut(QKeySequence::Refresh, [this] { scan(false); });
  close();
}

KeysPage::~KeysPage() {
  // Their workers end before the widgets that their answers would reach.
  m_browse->close();
  m_act->close();
}

QWidget* KeysPage::build() {
  m_filterBar = new FilterBar;
  m_lock = new LockBar;
  m_operations = new OperationsBar;
  m_tree = new KeysTree;
  m_list = new KeysList(m_clock);
  m_inspector = new KeyInspector;
  m_run = new RunPanel;
  m_names = new NamesPanel;
  m_consent = new ConsentPanel;
  m_list->setMinimumWidth(280);
  m_inspector->setMinimumWidth(270);
  m_inner = splitter();
  m_inner->addWidget(m_list);
  m_inner->addWidget(m_inspector);
  m_inner->setStretchFactor(0, 1);
  m_right = new QStackedWidget;
  m_right->addWidget(m_inner);
  m_right->addWidget(m_plan);
  m_right->addWidget(m_run);
  m_right->addWidget(m_names);
  m_right->addWidget(m_consent);
  m_keyspace = new KeyspaceView;
  m_keyspace->hide();
  m_left = splitter(Qt::Vertical);
  m_left->addWidget(m_tree);
  m_left->addWidget(m_keyspace);
  m_left->setMinimumWidth(208);
  m_outer = splitter();
  m_outer->addWidget(m_left);
  m_outer->addWidget(m_right);
  m_outer->setStretchFactor(1, 1);
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_lock);
  column->addWidget(m_operations);
  column->addWidget(m_filterBar);
  column->addWidget(m_outer, 1);
  return body;
}

void KeysPage::connectBrowsing() {
  connect(m_filterBar, &FilterBar::scanWanted, this, [this] { scan(false); });
  connect(m_filterBar, &FilterBar::stopWanted, m_browse, &KeysController::stop);
  connect(m_tree, &KeysTree::analysisWanted, this, [this] { scan(true); });
  connect(m_tree, &KeysTree::levelWanted, m_browse, &KeysController::openLevel);
  connect(m_tree, &KeysTree::prefixPicked, this, &KeysPage::pickPrefix);
  connect(m_list, &KeysList::rowsWanted, m_browse, &KeysController::fetchRows);
  connect(m_list, &KeysList::rightsWanted, m_browse, &KeysController::askRights);
  connect(m_list, &KeysList::retryWanted, this, [this] { scan(false); });
  connect(m_list, &KeysList::keyPicked, this, [this](const QByteArray& name) {
    m_inspector->begin(name);
    m_inspectSoon.start();
  });
  m_inspectSoon.setSingleShot(true);
  m_inspectSoon.setInterval(90);
  connect(&m_inspectSoon, &QTimer::timeout, this, [this] {
    if (m_inspector->hasKey()) m_browse->inspect(m_inspector->name());
  });
  connect(m_inspector, &KeyInspector::refreshWanted, m_browse, &KeysController::inspect);
  connect(m_inspector, &KeyInspector::moreWanted, m_browse, &KeysController::fetchMore);
  connect(m_inspector, &KeyInspector::editWanted, m_act, &KeysActions::edit);

  connect(m_browse, &KeysController::treeBegan, this, [this] {
    m_tree->clear();
    m_tree->setRunning(true);
  });
  connect(m_browse, &KeysController::treeCame, m_tree, qOverload<const TreeShot&>(&KeysTree::show));
  connect(m_browse, &KeysController::levelCame, m_tree, qOverload<const PrefixLevel&>(&KeysTree::show));
  connect(m_browse, &KeysController::treeMoved, this, [this](qint64 scanned, qint64 expected, qint64 matched, bool running) {
    m_filterBar->setProgress(scanned, expected, matched, running);
    m_tree->setRunning(running);
  });
  connect(m_browse, &KeysController::treeEnded, this, [this](const ScanEnd& end) {
    if (!end.figures) return;
    m_keyspace->show(*end.figures, m_clock.now().wallMs, analyseCommand(m_browse->target(), filterScope(m_filter)));
    m_keyspace->show();
    if (m_picture) m_tree->expandLargest();
  });
  connect(m_browse, &KeysController::listBegan, this, [this](const KeyScope& scope) { m_list->begin(scope, m_filter); });
  connect(m_browse, &KeysController::namesCame, this, [this](const QList<NameBlock>& names) {
    m_list->append(names);
    if (m_picture && !m_inspector->hasKey()) m_list->pickFirst();
  });
  connect(m_browse, &KeysController::listMoved, m_list, &KeysList::setProgress);
  connect(m_browse, &KeysController::failed, m_list, &KeysList::showFailure);
  connect(m_browse, &KeysController::rowsCame, this, [this](const QList<RowFacts>& rows) { m_list->setRows(rows, m_browse->clockSkewMs()); });
  connect(m_browse, &KeysController::inspected, m_inspector, qOverload<const Inspection&>(&KeyInspector::show));
  connect(m_browse, &KeysController::inspectFailed, m_inspector, &KeyInspector::showFailure);
  connect(m_browse, &KeysController::moreCame, m_inspector, &KeyInspector::append);
  connect(m_act, &KeysActions::edited, this, [this](const QByteArray& name, const QString& problem) {
    m_inspector->showEdited(name, problem);
    m_list->refreshFacts();
  });
  connect(m_browse, &KeysController::rightsCame, this, [this](const KeyRights& rights) {
    m_rights = rights;
    updateLocks();
  });
}

void KeysPage::open(const KeysTarget& target) {
  close();
  m_lock->setVisible(target.environment == Environment::Production);
  m_lock->setWritableFor(0);
  m_browse->open(target);
  m_act->open(target);
  m_whole->setCurrentIndex(1);
  updateLocks();
  if (isVisible()) scan(false);
}

void KeysPage::setPostgres(const std::optional<SourceSettings>& postgres) {
  m_browse->setPostgres(postgres);
  m_act->setPostgres(postgres);
}

void KeysPage::close(const QString& title, const QString& reason) {
  m_browse->close();
  m_act->close();
  m_scanned = m_stale = false;
  m_rights = {};
  m_tree->clear();
  m_list->begin({}, {});
  m_inspector->clear();
  m_keyspace->hide();
  m_operations->setOperations({});
  m_list->setOperations({});
  m_right->setCurrentIndex(Browse);
  m_nothing->setText({QStringLiteral("key"), Theme::instance().palette().text3, title.isEmpty() ? tr("No Redis is connected") : title,
                      reason.isEmpty() ? tr("Open a profile that names a Redis server to see its keys.") : reason, {}, {}});
  m_whole->setCurrentIndex(0);
}

void KeysPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_browse->isOpen() && !m_scanned) scan(false);
}

void KeysPage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->oldSize().width() == width()) return;
  const int room = width() - 2 * Theme::pageMargin;
  const int tree = std::clamp(room * 22 / 100, 208, 420), inspector = std::clamp(room * 32 / 100, 270, 680);
  m_outer->setSizes({tree, room - tree});
  m_inner->setSizes({room - tree - inspector, inspector});
}

void KeysPage::fillForPicture() {
  m_picture = true;
  if (m_scanned) scan(true);
}

QString KeysPage::underWay() const {
  return m_act->state() == KeysActions::State::Running ? tr("Keys are being changed. The page that is under way is finished; the rest can be resumed later.") : QString();
}

void KeysPage::scan(bool measured) {
  const Result<Selector> filter = m_filterBar->filter();
  if (!filter || !m_browse->isOpen()) return;
  m_filter = *filter;
  m_scanned = true;
  m_browse->scan(m_filter, measured);
}

void KeysPage::pickPrefix(const QByteArray& prefix) {
  m_browse->list(prefix.isEmpty() ? filterScope(m_filter) : prefixScope(m_filter, prefix));
  if (m_act->state() != KeysActions::State::Running && m_right->currentIndex() != Browse && m_right->currentIndex() != Running) {
    m_act->cancel();
    m_asking = Asking::Nothing;
    m_operations->setBusy(false);
    m_right->setCurrentIndex(Browse);  // the keyboard stays in the tree
  }
}

}  // namespace cachedeck
