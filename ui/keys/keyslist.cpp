// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyslist.h"

#include "core/base/amounts.h"
#include "core/metrics/format.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/rowpainters.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>

namespace cachedeck {

namespace {

constexpr int rowHeight = 30, tallRow = 38, wide = 620, beyondView = 30;
constexpr qsizetype namesCopied = 10'000;

}  // namespace

KeysList::KeysList(const Clock& clock, QWidget* parent) : Card(parent), m_clock(clock), m_model(new KeyListModel(clock, this)) {
  m_subtitle = new ElidedLabel(TextRole::Secondary, 2);
  m_notice = new Notice(Notice::Form::Full);
  m_more = wrapLabel(TextRole::Secondary, "warning");
  m_more->hide();
  auto* head = new QHBoxLayout;
  head->setContentsMargins(Theme::cardPadding, 0, Theme::cardPadding, 0);
  head->setSpacing(2 * Theme::grid);
  head->addWidget(plainLabel(tr("Keys"), TextRole::CardTitle));
  head->addWidget(m_subtitle, 1);
  head->addWidget(buildMore());
  m_stack = new QStackedWidget;
  m_stack->addWidget(m_notice);
  m_stack->addWidget(buildTable());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, Theme::cardGap, 1, Theme::cardGap);
  column->setSpacing(2 * Theme::grid);
  column->addLayout(head);
  auto* body = new QHBoxLayout;
  body->setContentsMargins(2 * Theme::grid - 1, 0, 2 * Theme::grid - 1, 0);
  body->addWidget(m_stack);
  column->addLayout(body, 1);
  auto* more = new QHBoxLayout;
  more->setContentsMargins(Theme::cardPadding, 0, Theme::cardPadding, 0);
  more->addWidget(m_more);
  column->addLayout(more);
  column->addWidget(buildActions());
  m_lookSoon.setSingleShot(true);
  m_lookSoon.setInterval(80);
  m_second.setInterval(1000);
  connect(&m_lookSoon, &QTimer::timeout, this, &KeysList::fetchVisible);
  connect(&m_second, &QTimer::timeout, this, [this] {
    if (!isVisible()) return;
    const auto [first, last] = visibleRows();
    m_model->refreshTimes(first, last);
  });
  connect(m_notice, &Notice::buttonClicked, this, &KeysList::retryWanted);
  m_second.start();
  addShortcuts();
  updateScopes();
}

QWidget* KeysList::buildTable() {
  m_view = new QTableView;
  m_view->setModel(m_model);
  m_view->setItemDelegate(new KeyCellPainter(this));
  m_view->setAccessibleName(tr("Keys"));
  m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_view->setShowGrid(false);
  m_view->setMouseTracking(true);
  m_view->setWordWrap(false);
  m_view->setTabKeyNavigation(false);
  m_view->setStyleSheet(QStringLiteral("QTableView { border: none; background: transparent; }"));
  m_view->verticalHeader()->hide();
  m_view->verticalHeader()->setDefaultSectionSize(rowHeight);
  m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  QHeaderView* const header = m_view->horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionResizeMode(KeyListModel::Name, QHeaderView::Stretch);
  for (const auto& [column, width] : {std::pair{KeyListModel::Type, 84}, std::pair{KeyListModel::Ttl, 96}, std::pair{KeyListModel::Expires, 116}, std::pair{KeyListModel::Size, 84}})
    m_view->setColumnWidth(column, width);
  connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, &m_lookSoon, qOverload<>(&QTimer::start));
  connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this](const QItemSelection& selected) {
    updateScopes();
    if (selected.contains(m_view->currentIndex())) sayPicked();
  });
  connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &KeysList::sayPicked);
  return m_view;
}

// The keyboard's focus alone, which goes to the first row by itself, picks nothing.
void KeysList::sayPicked() {
  const QModelIndex current = m_view->currentIndex();
  if (current.isValid() && m_view->selectionModel()->isSelected(current)) Q_EMIT keyPicked(m_model->name(current.row()));
}

void KeysList::addShortcuts() {
  const auto add = [this](const QKeySequence& keys, auto call) { connect(new QShortcut(keys, m_view, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, call); };
  add(QKeySequence::Copy, [this] { copyNames(); });
  add(QKeySequence::Delete, [this] { m_delete->click(); });  // makes a plan, no more
}

void KeysList::copyNames() const {
  QStringList lines;
  for (const QByteArray& name : picked(namesCopied)) lines << keys::escaped(name);
  if (!lines.isEmpty()) QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void KeysList::begin(const KeyScope& scope, const keys::Selector& filter) {
  m_listed = scope;
  m_filter = filter;
  m_model->clear();
  m_askedRights = false;
  m_scanned = m_expected = m_matched = 0;
  m_running = true;
  m_failed = false;
  updateScopes();
  say();
}

void KeysList::append(const QList<NameBlock>& names) {
  const bool first = m_model->size() == 0;
  m_model->append(names);
  if (first || m_model->size() < 2 * beyondView) m_lookSoon.start();
  if (!m_askedRights && m_model->size() > 0) {
    m_askedRights = true;
    Q_EMIT rightsWanted(m_model->name(0));
  }
  say();
}

void KeysList::setProgress(qint64 scanned, qint64 expected, qint64 matched, bool running) {
  m_scanned = scanned;
  m_expected = expected;
  m_matched = matched;
  const bool ended = m_running && !running;
  m_running = running;
  m_listed.known = running ? -1 : matched;
  if (ended) updateScopes();
  say();
}

void KeysList::say() {
  const Palette& p = Theme::instance().palette();
  const qint64 shown = m_model->size();
  QString text = m_listed.title();
  if (m_running) text += tr(" · scanned %1 of %2").arg(shortCount(m_scanned), shortCount(m_expected));
  else if (!m_failed) text += m_matched == 1 ? tr(" · 1 key") : tr(" · %1 keys").arg(countText(std::max(m_matched, shown)));
  m_subtitle->setText(text);
  const qint64 beyond = m_matched - shown;
  m_more->setVisible(!m_running && beyond > 0);
  if (beyond > 0)
    m_more->setText(tr("The list shows %1 keys, as many as it has room for; %2 more match. Pick a prefix or narrow the filter to see others. What you do with the prefix or filter concerns all of them.")
                        .arg(countText(shown), countText(beyond)));
  m_stack->setCurrentIndex(shown > 0 ? 1 : 0);
  if (shown > 0) return;
  if (m_running)
    m_notice->setText({QStringLiteral("search"), p.info, tr("Looking for keys…"), tr("Names appear here as the scan comes across them."), {}, {}});
  else if (m_expected == 0)
    m_notice->setText({QStringLiteral("database"), p.text3, tr("This database holds no keys"), tr("What the application writes appears with the next scan."), {}, tr("Scan again")});
  else
    m_notice->setText({QStringLiteral("search"), p.text3, tr("No key matches"), tr("All %1 keys of the database were looked at. Widen the filter.").arg(countText(m_expected)), {}, {}});
}

void KeysList::showFailure(const Error& error) {
  m_running = false;
  m_failed = true;
  say();
  if (m_model->size() > 0) return;
  m_notice->setText({QStringLiteral("failed"), Theme::instance().palette().critical, tr("The keys could not be read"), error.message, error.detail.left(500), tr("Try again")});
}

void KeysList::setRows(const QList<RowFacts>& rows, qint64 skewMs) {
  m_model->setSkewMs(skewMs);
  m_model->setFacts(rows);
}

std::pair<int, int> KeysList::visibleRows() const {
  const int first = m_view->rowAt(0), last = m_view->rowAt(m_view->viewport()->height() - 1);
  return {std::max(0, first), last < 0 ? m_model->rowCount() - 1 : last};
}

void KeysList::fetchVisible() {
  if (m_model->rowCount() == 0 || !m_view->isVisible()) return;
  const auto [first, last] = visibleRows();
  const QList<QByteArray> names = m_model->unknown(first, std::min(last, first + 200));
  if (!names.isEmpty()) Q_EMIT rowsWanted(names);
}

void KeysList::refreshFacts() {
  m_model->forgetFacts();
  m_lookSoon.start();
}

void KeysList::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  m_model->setExpiryBelow(width() < wide);  // beside the time left there is no room then
  m_view->setColumnHidden(KeyListModel::Expires, width() < wide);
  m_view->setColumnWidth(KeyListModel::Ttl, width() < wide ? 112 : 96);
  m_view->verticalHeader()->setDefaultSectionSize(width() < wide ? tallRow : rowHeight);
  m_view->setColumnHidden(KeyListModel::Size, width() < 430);
  m_undo->setVisible(width() >= 480);
  m_softly->setText(width() < 480 ? tr("Softly…") : tr("Expire softly…"));
  m_lookSoon.start();
}

void KeysList::pickFirst() {
  if (m_model->rowCount() > 0 && !m_view->currentIndex().isValid()) m_view->setCurrentIndex(m_model->index(0, 0));
}

QList<QByteArray> KeysList::picked(qsizetype most) const {
  QList<QByteArray> names;
  const QItemSelection selection = m_view->selectionModel()->selection();
  for (const QItemSelectionRange& range : selection)
    for (int row = range.top(); row <= range.bottom() && names.size() < most; ++row) names.append(m_model->name(row));
  return names;
}

}  // namespace cachedeck
