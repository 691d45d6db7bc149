// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"
#include "core/base/text.h"
#include "ui/keys/listedname.h"
#include "ui/keys/valueview.h"

namespace cachedeck {

void ValueModel::begin(const QByteArray& type) {
  beginResetModel();
  m_type = type;
  m_rows.clear();
  endResetModel();
}

void ValueModel::append(const QList<keys::ValueRow>& rows) {
  if (rows.isEmpty()) return;
  beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(rows.size()) - 1);
  m_rows += rows;
  endInsertRows();
}

QString ValueModel::headName() const {
  if (m_type == "hash") return tr("Field");
  if (m_type == "list") return tr("Index");
  if (m_type == "zset") return tr("Score");
  if (m_type == "stream") return tr("Entry");
  return {};
}

int ValueModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ValueModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : headName().isEmpty() ? 1 : 2; }

QVariant ValueModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const bool head = index.column() == 0 && columnCount() == 2;
  const keys::ValueRow& one = m_rows[index.row()];
  if (role == Qt::DisplayRole) return listedName(head ? one.head : one.value, head ? 120 : 200);
  if (role == Qt::ToolTipRole && !head) return plainTip(tr("%1 bytes").arg(countText(one.fullSize)));
  return {};
}

QVariant ValueModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  if (section == 0 && columnCount() == 2) return headName();
  return m_type == "set" || m_type == "zset" ? tr("Member") : tr("Value");
}

}  // namespace cachedeck
