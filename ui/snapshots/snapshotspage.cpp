// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/snapshotspage.h"

#include "core/base/text.h"
#include "core/journal/journal.h"
#include "ui/snapshots/comparepanel.h"
#include "ui/snapshots/snapshotcompareview.h"
#include "ui/snapshots/snapshotview.h"
#include "ui/snapshots/takepanel.h"
#include "ui/snapshots/takeschedule.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/rowpainter.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace cachedeck {

namespace {

constexpr int listWidth = 296;

QString fileIn(const QMimeData* data) {
  const QList<QUrl> urls = data->urls();
  const QString file = urls.size() == 1 ? urls.front().toLocalFile() : QString();
  return file.endsWith(QLatin1String(".cdsnap")) ? file : QString();
}

}  // namespace

QString SnapshotsPage::defaultFolder() { return stateDirectory() + QStringLiteral("/snapshots"); }

SnapshotsPage::SnapshotsPage(const Clock& clock, const TimeView& view, const History& history, const QString& folder, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_controller(new SnapshotController(clock, history, folder, this)), m_schedule(new TakeSchedule(clock, this)), m_model(new SnapshotModel(this)) {
  m_panel = new TakePanel(clock, view, *m_schedule);
  m_times = new ComparePanel(clock, view);
  m_view = new SnapshotView;
  m_message = new Notice(Notice::Form::Compact);
  m_message->hide();
  auto* right = new QVBoxLayout;
  right->setSpacing(Theme::cardGap);
  right->addWidget(m_panel);
  right->addWidget(m_times);
  m_comparison = new SnapshotCompareView;
  m_right = new QStackedWidget;
  m_right->addWidget(m_view);
  m_right->addWidget(m_comparison);
  right->addWidget(m_right, 1);
  auto* beside = new QHBoxLayout;
  beside->setSpacing(Theme::cardGap);
  beside->addWidget(buildList());
  beside->addLayout(right, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_message);
  column->addLayout(beside, 1);
  connect(m_message, &Notice::buttonClicked, m_message, &QWidget::hide);
  connectController();
  connectExports();
  setAcceptDrops(true);
  open(std::nullopt);
  m_controller->refresh();
}

SnapshotsPage::~SnapshotsPage() = default;

QWidget* SnapshotsPage::buildList() {
  m_list = new QListView;
  m_list->setModel(m_model);
  m_list->setItemDelegate(new TwoLinePainter(m_list));
  m_list->setAccessibleName(tr("Snapshots"));
  m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setMouseTracking(true);
  m_list->setUniformItemSizes(true);
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setStyleSheet(QStringLiteral("QListView { border: none; background: transparent; }"));
  m_none = new Notice(Notice::Form::Full);
  m_none->setText({QStringLiteral("camera"), Theme::instance().palette().text3, tr("No snapshot yet"), tr("Those that you take are kept here."), {}, {}});
  m_stack = new QStackedWidget;
  m_stack->addWidget(m_none);
  m_stack->addWidget(m_list);
  m_openFile = new QPushButton(tr("Open file…"));
  m_openFile->setProperty("kind", QStringLiteral("quiet"));
  m_openFile->setToolTip(plainTip(tr("Open a snapshot that somebody sent. It can also be dragged here.")));
  m_compare = new QPushButton(tr("Compare"));
  m_remove = new QPushButton(tr("Delete"));
  for (QPushButton* const button : {m_openFile, m_compare, m_remove}) button->setAutoDefault(false);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 0, 0, 0);
  head->addWidget(plainLabel(tr("Snapshots"), TextRole::CardTitle), 1);
  head->addWidget(m_openFile);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(8, 0, 8, 0);
  buttons->setSpacing(2 * Theme::grid);
  buttons->addWidget(m_compare, 1);
  buttons->addWidget(m_remove, 1);
  auto* card = new Card;
  card->setFixedWidth(listWidth);
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(8, 8, 8, 10);
  column->setSpacing(Theme::grid);
  column->addLayout(head);
  column->addWidget(m_stack, 1);
  column->addLayout(buttons);
  return card;
}

void SnapshotsPage::connectController() {
  connect(m_panel, &TakePanel::takeRequested, m_controller, &SnapshotController::take);
  connect(m_panel, &TakePanel::scheduleChanged, this, &SnapshotsPage::scheduleChanged);
  connect(m_panel, &TakePanel::recordToggled, this, &SnapshotsPage::recordToggled);
  connect(m_schedule, &TakeSchedule::due, m_controller, &SnapshotController::take);
  connect(m_panel, &TakePanel::cancelRequested, m_controller, &SnapshotController::cancel);
  connect(m_controller, &SnapshotController::stepped, this, [this](const QString& step) {
    m_panel->setBusy(step);
    updateButtons();
  });
  connect(m_controller, &SnapshotController::listed, this, [this](const QList<SnapshotEntry>& entries) {
    m_ofFolder = entries;
    showEntries();
  });
  connect(m_controller, &SnapshotController::taken, this, [this](const QString& file, const QStringList& missing, bool bySchedule) {
    if (bySchedule) return;  // it appears in the list; who is at something else is not disturbed
    m_choose = file;
    m_panel->title()->clear();
    m_panel->note()->clear();
    if (missing.isEmpty()) say(Level::Good, tr("The snapshot is in %1").arg(file));
    else say(Level::Warning, tr("The snapshot is in %1, without some of what servers say: %2").arg(file, missing.front()));
  });
  connect(m_controller, &SnapshotController::looked, this, [this](const QString& file, const QList<snapshot::Figure>& figures, const QList<snapshot::FactTable>& facts) {
    if (m_view->file() == file) m_view->setFigures(figures, facts);
  });
  connect(m_controller, &SnapshotController::opened, this, &SnapshotsPage::openRequested);
  connect(m_controller, &SnapshotController::told, this, [this](const QString& sentence) { say(Level::Good, sentence); });
  connect(m_controller, &SnapshotController::failed, this, [this](const QString& sentence) { say(Level::Warning, sentence); });
  connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    if (!m_listing) picked();
  });
  connect(m_list, &QListView::doubleClicked, this, [this](const QModelIndex& index) { m_controller->read(index.data(IdRole).toString()); });
  connect(m_view, &SnapshotView::openRequested, this, [this] { m_controller->read(m_view->file()); });
  connect(m_view, &SnapshotView::closeRequested, this, &SnapshotsPage::closeRequested);
  connect(m_view, &SnapshotView::verifyRequested, this, [this] { m_controller->verify(m_view->file()); });
  connect(m_openFile, &QPushButton::clicked, this, &SnapshotsPage::askForFile);
  connect(m_remove, &QPushButton::clicked, this, &SnapshotsPage::askToRemove);
}

void SnapshotsPage::open(const std::optional<SnapshotTarget>& target) {
  const bool wasKept = std::exchange(m_kept, std::nullopt).has_value();
  m_controller->setTarget(target);
  m_schedule->restart();
  m_panel->setHindrance(target ? QString() : tr("Open a profile to take a snapshot of it."));
  m_times->setEnd(std::nullopt);
  m_times->setHindrance(target ? QString() : tr("Open a profile or a snapshot to compare two of its times."));
  if (!wasKept) return updateButtons();
  showEntries();
  picked();
}

void SnapshotsPage::setKept(const KeptSession& kept) {
  m_controller->setKept(kept.snapshot);
  m_kept = kept.entry;
  m_choose = m_kept->file;
  m_panel->setHindrance(tr("A snapshot is on show. Open a profile to take another one."));
  m_times->setEnd(kept.snapshot->toMs);
  m_times->setHindrance({});
  showEntries();
  picked();
}

/// The folder's, and the one on show wherever it lies: it can be closed and exported only where it stands.
void SnapshotsPage::showEntries() {
  QList<SnapshotEntry> entries = m_ofFolder;
  if (m_kept && !m_kept->file.isEmpty() && std::ranges::none_of(entries, [&](const SnapshotEntry& entry) { return entry.file == m_kept->file; })) entries << *m_kept;
  const bool isFirst = m_model->rowCount() == 0;
  m_listing = true;
  m_model->setEntries(entries, m_clock.now().wallMs);
  m_stack->setCurrentIndex(entries.isEmpty() ? 0 : 1);
  const int chosen = m_choose.isEmpty() ? -1 : m_model->rowOf(m_choose);
  const int row = chosen >= 0 ? chosen : isFirst ? 0 : pickedFiles().isEmpty() ? m_model->rowOf(m_view->file()) : -1;  // else what was picked stays so
  if (row >= 0 && row < m_model->rowCount()) m_list->setCurrentIndex(m_model->index(row));
  m_listing = false;
  if (chosen < 0) return showPicked();
  m_choose.clear();
  picked();
}

void SnapshotsPage::take() { m_panel->take(); }

void SnapshotsPage::openFile(const QString& file) { m_controller->read(file); }

QStringList SnapshotsPage::pickedFiles() const {
  QModelIndexList picked = m_list->selectionModel()->selectedIndexes();
  std::sort(picked.begin(), picked.end(), [](const QModelIndex& a, const QModelIndex& b) { return a.row() > b.row(); });  // the oldest first
  QStringList files;
  for (const QModelIndex& index : picked) files << index.data(IdRole).toString();
  return files;
}

void SnapshotsPage::picked() {
  m_right->setCurrentWidget(m_view);
  showPicked();
}

void SnapshotsPage::showPicked() {
  const QStringList files = pickedFiles();
  const SnapshotEntry* entry = files.size() == 1 ? m_model->find(files.front()) : nullptr;
  if (!entry && files.size() < 2) m_view->setNothing();
  if (entry && m_view->file() != entry->file) {
    m_view->show(*entry);
    if (entry->problem.isEmpty()) m_controller->look(entry->file);
  }
  updateButtons();
}

void SnapshotsPage::updateButtons() {
  const QStringList files = pickedFiles();
  const bool allOfFolder = std::ranges::all_of(files, [this](const QString& file) { return std::ranges::any_of(m_ofFolder, [&](const SnapshotEntry& entry) { return entry.file == file; }); });
  m_remove->setEnabled(!files.isEmpty() && allOfFolder);
  m_remove->setToolTip(allOfFolder ? QString() : plainTip(tr("It does not lie in the folder of this list.")));
  const bool withNow = files.size() == 1 && m_controller->target() && !m_controller->isAsking();
  m_compare->setText(files.size() == 1 ? tr("Compare with now") : tr("Compare"));
  m_compare->setEnabled(files.size() == 2 || withNow);
  m_compare->setToolTip(plainTip(files.size() == 2 ? tr("Hold the newer one against the older one.") : tr("Hold what the servers do in the stretch of time above against it. Pick two with Ctrl to compare those.")));
  m_view->setKept(m_kept && !m_view->file().isEmpty() && m_view->file() == m_kept->file);
}

void SnapshotsPage::askForFile() {
  auto* dialog = new QFileDialog(this, tr("Open a snapshot"), m_controller->folder(), tr("Snapshots (*.cdsnap)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &SnapshotsPage::openFile);
  dialog->open();
}

void SnapshotsPage::askToRemove() {
  const QStringList files = pickedFiles();
  if (files.isEmpty()) return;
  auto* question = new QMessageBox(QMessageBox::Warning, tr("Delete snapshots"), tr("%n snapshot(s) will be deleted from the disk. This cannot be undone.", nullptr, static_cast<int>(files.size())), QMessageBox::Cancel, this);
  question->setTextFormat(Qt::PlainText);
  question->setAttribute(Qt::WA_DeleteOnClose);
  question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
  question->setDefaultButton(QMessageBox::Cancel);
  connect(question, &QMessageBox::buttonClicked, this, [this, question, files](QAbstractButton* button) {
    if (question->buttonRole(button) != QMessageBox::DestructiveRole) return;
    for (const QString& file : files) m_controller->remove(file);
  });
  question->open();
}

void SnapshotsPage::say(Level level, const QString& sentence) {
  const Palette& p = Theme::instance().palette();
  const bool good = level == Level::Good;
  m_message->setText({good ? QStringLiteral("check") : QStringLiteral("warning"), good ? p.good : p.warning, sentence, {}, {}, tr("Close")});
  m_message->show();
}

void SnapshotsPage::dragEnterEvent(QDragEnterEvent* event) {
  if (!fileIn(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void SnapshotsPage::dropEvent(QDropEvent* event) {
  const QString file = fileIn(event->mimeData());
  if (!file.isEmpty()) openFile(file);
}

}  // namespace cachedeck
