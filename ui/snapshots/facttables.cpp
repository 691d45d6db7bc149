// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/facttables.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "ui/snapshots/factmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr int widestColumn = 420, narrowestColumn = 72;

}  // namespace

FactTables::FactTables(QWidget* parent) : QWidget(parent), m_model(new FactModel(this)), m_rows(new QSortFilterProxyModel(this)) {
  m_rows->setSourceModel(m_model);
  m_rows->setFilterKeyColumn(-1);
  m_rows->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_rows->setSortRole(FactModel::sortRole);
  m_tabs = new QTabBar;
  m_tabs->setDrawBase(false);
  m_tabs->setExpanding(false);
  m_tabs->setElideMode(Qt::ElideNone);
  m_tabs->setUsesScrollButtons(true);
  m_tabs->setAccessibleName(tr("Tables"));
  m_filter = new QLineEdit;
  m_filter->setPlaceholderText(tr("Filter"));
  m_filter->setAccessibleName(tr("Filter of the table"));
  m_filter->setClearButtonEnabled(true);
  m_filter->setMaximumWidth(320);
  m_count = plainLabel({}, TextRole::Label, "secondary");
  m_table = new QTableView;
  dressTable(*m_table, tr("Table of facts"));
  m_table->setModel(m_rows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_table->horizontalHeader()->setSectionsClickable(true);
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_table->setSortingEnabled(true);
  m_tools = new QWidget;
  auto* tools = new QHBoxLayout(m_tools);
  tools->setContentsMargins(16, 0, 16, 0);
  tools->addWidget(m_filter, 1);
  tools->addStretch(1);
  tools->addWidget(m_count);
  auto* body = new QWidget;
  auto* rows = new QVBoxLayout(body);
  rows->setContentsMargins(0, 2 * Theme::grid, 0, 0);
  rows->setSpacing(2 * Theme::grid);
  rows->addWidget(m_tools);
  rows->addWidget(m_table, 1);
  m_stack = new QStackedWidget;
  m_stack->addWidget(body);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 0, 8, 0);
  head->addWidget(m_tabs, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(head);
  column->addWidget(m_stack, 1);
  connect(m_tabs, &QTabBar::currentChanged, this, &FactTables::showTab);
  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_rows->setFilterFixedString(text);
    showCount();
  });
}

void FactTables::setFirst(const QString& title, QWidget* body) {
  m_first = 1;
  m_stack->insertWidget(0, body);
  m_tabs->insertTab(0, title);
}

void FactTables::setTables(const QList<snapshot::FactTable>& tables) {
  const QString before = m_tabs->tabText(m_tabs->currentIndex());
  {
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > m_first) m_tabs->removeTab(m_tabs->count() - 1);
    m_tables = tables;
    for (const snapshot::FactTable& table : tables) m_tabs->addTab(printable(table.title, 80).replace(QLatin1Char('&'), QStringLiteral("&&")));
    int shown = 0;
    for (int tab = 0; tab < m_tabs->count(); ++tab)
      if (m_tabs->tabText(tab) == before) shown = tab;
    m_tabs->setCurrentIndex(shown);
  }
  showTab(m_tabs->currentIndex());
}

void FactTables::showTab(int tab) {
  const bool isTable = tab >= m_first && tab - m_first < m_tables.size();
  m_stack->setCurrentIndex(isTable || m_first == 0 ? m_stack->count() - 1 : 0);
  m_rows->sort(-1);  // as the server told them, until a heading is chosen
  m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  m_filter->clear();
  m_model->setTable(isTable ? m_tables[tab - m_first] : snapshot::FactTable());
  fitColumns();
  showCount();
  m_table->scrollToTop();
}

void FactTables::showCount() {
  const int all = m_model->rowCount(), shown = m_rows->rowCount();
  m_count->setText(shown == all ? tr("%1 rows").arg(countText(all)) : tr("%1 of %2 rows").arg(countText(shown), countText(all)));
}

// A column is as wide as its words, within bounds: a statement is read in its tip, or by drawing the column wider.
void FactTables::fitColumns() {
  for (int column = 0; column < m_model->columnCount(); ++column) {
    const int wanted = std::max(static_cast<const QAbstractItemView*>(m_table)->sizeHintForColumn(column), m_table->horizontalHeader()->sectionSizeHint(column)) + 16;
    m_table->setColumnWidth(column, std::clamp(wanted, narrowestColumn, widestColumn));
  }
}

}  // namespace cachedeck
