// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/keyslist.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QItemSelectionModel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>

namespace cachedeck {

namespace {

constexpr qsizetype undosOffered = 10, mostPicked = 100'000;

QString menuText(QString text) { return text.replace(QLatin1Char('&'), QLatin1String("&&")); }

}  // namespace

QWidget* KeysList::buildActions() {
  auto* bar = new QWidget;
  m_scopes = new QComboBox;
  m_scopes->setAccessibleName(tr("What to act on"));
  m_scopes->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_scopes->setMinimumContentsLength(4);
  m_undo = new QPushButton(tr("Undo"));
  m_undo->setMenu(new QMenu(m_undo));
  m_undo->setToolTip(plainTip(tr("Puts back what an earlier operation on this server took away or changed")));
  m_undo->setEnabled(false);
  m_softly = new QPushButton(tr("Expire softly…"));
  m_retime = new QPushButton(tr("TTL…"));
  m_delete = new QPushButton(tr("Delete…"));
  m_delete->setProperty("kind", QStringLiteral("danger"));
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(Theme::cardPadding, 0, Theme::cardPadding, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_scopes, 1);
  for (QPushButton* const button : {m_undo, m_softly, m_retime, m_delete}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  connect(m_scopes, &QComboBox::currentIndexChanged, this, &KeysList::updateButtons);
  connect(m_softly, &QPushButton::clicked, this, [this] { Q_EMIT actionWanted(keys::ActionKind::SoftExpire); });
  connect(m_retime, &QPushButton::clicked, this, [this] { Q_EMIT actionWanted(keys::ActionKind::Set); });
  connect(m_delete, &QPushButton::clicked, this, [this] { Q_EMIT actionWanted(keys::ActionKind::Delete); });
  return bar;
}

QPushButton* KeysList::buildMore() {
  auto* more = new QPushButton(tr("More"));
  more->setAutoDefault(false);
  more->setAccessibleName(tr("More ways to name keys"));
  auto* menu = new QMenu(more);
  menu->setToolTipsVisible(true);
  const std::pair<NamesPanel::From, QString> ways[] = {{NamesPanel::From::List, tr("Plan for a list of names…")}, {NamesPanel::From::File, tr("Plan for names in a file…")}, {NamesPanel::From::Query, tr("Plan for names of a SQL query…")}};
  for (const auto& [from, text] : ways) connect(menu->addAction(text), &QAction::triggered, this, [this, from = from] { Q_EMIT namesWanted(from); });
  menu->addSeparator();
  m_flush = menu->addAction(tr("Empty this database…"));
  connect(m_flush, &QAction::triggered, this, &KeysList::flushWanted);
  more->setMenu(menu);
  return more;
}

void KeysList::setFlushForbidden(const QString& why) {
  m_flush->setEnabled(why.isEmpty());
  m_flush->setText(why.isEmpty() ? tr("Empty this database…") : tr("Empty this database (not possible here)"));
  m_flush->setToolTip(plainTip(why));
}

void KeysList::setOperations(const QList<OperationState>& operations) {
  QMenu* const menu = m_undo->menu();
  menu->clear();
  for (const OperationState& one : operations) {
    const keys::OperationRow& row = one.row;
    const bool settled = row.undone && one.undoRefused == 0;
    if (!row.undoable || settled || menu->actions().size() >= undosOffered) continue;
    QString text = tr("%1  %2 · %3 · %4 keys").arg(instantText(row.createdMs), printable(row.action, 60), printable(row.selected, 60), countText(row.planned));
    if (one.undoIsOpen()) text += tr(" · undo stopped, %1 remain").arg(countText(one.undoRemaining()));
    else if (one.undoRefused > 0) text += tr(" · undone, %1 refused").arg(countText(one.undoRefused));
    connect(menu->addAction(menuText(text)), &QAction::triggered, this, [this, row] { Q_EMIT undoWanted(row); });
  }
  m_undo->setEnabled(!menu->isEmpty());
}

// Rows that somebody picks are meant; else the prefix, else the filter. The box says it, and may say otherwise.
void KeysList::updateScopes() {
  int rows = 0;
  const QItemSelection selection = m_view->selectionModel()->selection();
  for (const QItemSelectionRange& range : selection) rows += range.height();
  m_picked = rows;
  const QSignalBlocker silent(m_scopes);
  m_scopes->clear();
  const auto add = [this](const QString& text, KeyScope::Kind kind) { m_scopes->addItem(text, static_cast<int>(kind)); };
  if (rows > 0) add(rows == 1 ? tr("1 picked key") : tr("%1 picked keys").arg(countText(rows)), KeyScope::Kind::Picked);
  if (m_listed.kind == KeyScope::Kind::Prefix)
    add(m_listed.known >= 0 ? tr("%1 · %2 keys").arg(m_listed.title(), countText(m_listed.known)) : m_listed.title(), KeyScope::Kind::Prefix);
  add(filterScope(m_filter).title(), KeyScope::Kind::Filter);
  updateButtons();
}

KeyScope KeysList::scope() const {
  switch (static_cast<KeyScope::Kind>(m_scopes->currentData().toInt())) {
    case KeyScope::Kind::Picked: return pickedScope(picked(mostPicked));
    case KeyScope::Kind::Prefix: return m_listed;
    case KeyScope::Kind::Filter: return filterScope(m_filter);
    case KeyScope::Kind::List:
    case KeyScope::Kind::File:
    case KeyScope::Kind::Query: break;  // of the panel of names
  }
  return {};
}

void KeysList::setRights(const QString& locked, const KeyRights& rights) {
  m_locked = locked;
  m_rights = rights;
  updateButtons();
}

void KeysList::updateButtons() {
  const auto kind = static_cast<KeyScope::Kind>(m_scopes->currentData().toInt());
  const bool ofPrefix = kind == KeyScope::Kind::Prefix, tooMany = kind == KeyScope::Kind::Picked && m_picked > mostPicked;
  const QString blocked = !m_locked.isEmpty() ? m_locked : m_model->size() == 0 ? tr("There are no keys to act on.") : tooMany ? tr("Pick at most %1 keys, or choose the prefix or the filter, which have no bound.").arg(countText(mostPicked))
                          : ofPrefix ? m_listed.blocked() : QString();
  const auto set = [&](QPushButton* button, const QString& forbidden, const QString& help) {
    const QString& why = blocked.isEmpty() ? forbidden : blocked;
    button->setEnabled(why.isEmpty());
    button->setToolTip(plainTip(why.isEmpty() ? help : why));
    button->setAccessibleDescription(why.isEmpty() ? help : why);
  };
  set(m_softly, m_rights.retime, tr("Plans that each key ends at a random moment within a time, so that the database is not asked for all of them at once"));
  set(m_retime, m_rights.retime, tr("Plans a change of the keys' TTL"));
  set(m_delete, m_rights.remove, tr("Plans the deletion of the keys; nothing is deleted before you have seen the plan"));
}

}  // namespace cachedeck
