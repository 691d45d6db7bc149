// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keystree.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "ui/keys/prefixmodel.h"
#include "ui/keys/rowpainters.h"
#include "ui/widgets/labels.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QTreeView>

namespace cachedeck {

KeysTree::KeysTree(QWidget* parent) : Card(parent), m_model(new PrefixModel(this)) {
  m_view = new QTreeView;
  m_view->setModel(m_model);
  m_view->setItemDelegate(new PrefixPainter(this));
  m_view->setHeaderHidden(true);
  m_view->setUniformRowHeights(true);
  m_view->setIndentation(16);
  m_view->setMouseTracking(true);
  m_view->setAllColumnsShowFocus(true);
  m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_view->setAccessibleName(tr("Namespaces"));
  m_view->setStyleSheet(QStringLiteral("QTreeView { border: none; background: transparent; show-decoration-selected: 0; }"));  // it stands in a card
  m_subtitle = new ElidedLabel(TextRole::Secondary, 2);
  m_analyse = new QPushButton(tr("Analyse"));
  keepIcon(m_analyse, QStringLiteral("chart"), &Palette::text1);
  m_analyse->setToolTip(plainTip(tr("Asks type, size and TTL of every key of the filter: bytes by prefix, TTL histogram, largest keys, TTL cliffs. The questions are counted, since Redis counts them as hits.")));
  auto* titles = new QVBoxLayout;  // one above the other: beside the button there is no room for both
  titles->setSpacing(0);
  titles->addWidget(plainLabel(tr("Namespaces"), TextRole::CardTitle));
  titles->addWidget(m_subtitle);
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addLayout(titles, 1);
  head->addWidget(m_analyse);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardGap, Theme::cardGap, Theme::grid, Theme::cardGap);
  column->setSpacing(2 * Theme::grid);
  auto* inset = new QHBoxLayout;
  inset->setContentsMargins(Theme::grid, 0, 2 * Theme::grid, 0);
  inset->addLayout(head);
  column->addLayout(inset);
  column->addWidget(m_view, 1);
  connect(m_model, &PrefixModel::levelWanted, this, &KeysTree::levelWanted);
  connect(m_analyse, &QPushButton::clicked, this, &KeysTree::analysisWanted);
  connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (m_silent || !index.isValid() || !(index.flags() & Qt::ItemIsSelectable)) return;
    Q_EMIT prefixPicked(index.data(PrefixModel::PrefixRole).toByteArray());
  });
}

void KeysTree::clear() {
  m_silent = true;
  m_model->clear();
  m_silent = false;
  pickAll();
  say();
}

void KeysTree::show(const TreeShot& shot) {
  m_model->show(shot);
  say();
}

void KeysTree::show(const PrefixLevel& level) { m_model->show(level, true); }

void KeysTree::setRunning(bool running) {
  m_running = running;
  m_analyse->setEnabled(!running);
}

void KeysTree::pickAll() {
  m_silent = true;
  m_view->setCurrentIndex(m_model->index(0, 0));
  m_silent = false;
}

void KeysTree::expandLargest() {
  for (int row = 0; row < m_model->rowCount(); ++row)
    if (const QModelIndex index = m_model->index(row, 0); m_model->hasChildren(index)) return m_view->expand(index);
}

void KeysTree::say() {
  int prefixes = 0;
  bool more = false;  // than the tree lists
  for (int row = 0; row < m_model->rowCount(); ++row) {
    const int kind = m_model->index(row, 0).data(PrefixModel::KindRole).toInt();
    prefixes += kind == PrefixModel::Prefix;
    more = more || kind == PrefixModel::Rest;
  }
  m_subtitle->setText(more ? tr("over %1 prefixes").arg(countText(prefixes)) : prefixes == 1 ? tr("1 prefix") : tr("%1 prefixes").arg(countText(prefixes)));
}

}  // namespace cachedeck
