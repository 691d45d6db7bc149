// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <QAbstractTableModel>

namespace cachedeck {

/// A table of facts of a snapshot, which holds a few thousand rows at most. Sorting goes by numbers where a column has some.
class FactModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  static constexpr int sortRole = Qt::UserRole;
  using QAbstractTableModel::QAbstractTableModel;
  void setTable(const snapshot::FactTable& table);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString cell(const QModelIndex& index) const;
  bool isNumber(int column) const { return m_table.columns[column].isNumber; }
  snapshot::FactTable m_table;
};

}  // namespace cachedeck
