// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace cachedeck {

class FactModel;

/// Tables of facts, a tab each, with a filter over all their cells; a heading sorts.
class FactTables : public QWidget {
  Q_OBJECT
 public:
  explicit FactTables(QWidget* parent = nullptr);
  /// What stands in a tab before those of the tables; call it once.
  void setFirst(const QString& title, QWidget* body);
  /// The tab that is on show stays so where there is one of its title.
  void setTables(const QList<snapshot::FactTable>& tables);
  QTabBar* tabs() const { return m_tabs; }
  QTableView* table() const { return m_table; }
  QLineEdit* filter() const { return m_filter; }

 private:
  void showTab(int tab);
  void showCount();
  void fitColumns();

  QList<snapshot::FactTable> m_tables;
  int m_first = 0;  ///< tabs before those of the tables
  FactModel* m_model;
  QSortFilterProxyModel* m_rows;
  QTabBar* m_tabs;
  QLineEdit* m_filter;
  QLabel* m_count;
  QWidget* m_tools;
  QTableView* m_table;
  QStackedWidget* m_stack;
};

}  // namespace cachedeck
