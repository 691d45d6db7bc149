// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/factmodel.h"

#include "core/base/text.h"
#include "ui/theme/theme.h"

#include <limits>

namespace cachedeck {

namespace {

constexpr int longestShown = 400, longestTip = 4000;

}  // namespace

void FactModel::setTable(const snapshot::FactTable& table) {
  beginResetModel();
  m_table = table;
  endResetModel();
}

int FactModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size()); }
int FactModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size()); }

QString FactModel::cell(const QModelIndex& index) const { return m_table.rows[index.row()].value(index.column()); }

QVariant FactModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole: return printable(cell(index), longestShown);
    case Qt::ToolTipRole: return isNumber(column) ? QVariant() : QVariant(plainTip(printable(cell(index), longestTip)));
    case Qt::TextAlignmentRole: return QVariant((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole: return column < m_table.keys ? Theme::instance().palette().text1 : Theme::instance().palette().text2;
    case sortRole: {
      if (!isNumber(column)) return cell(index);
      bool ok = false;
      const double number = cell(index).toDouble(&ok);
      return ok ? number : -std::numeric_limits<double>::infinity();
    }
    default: return {};
  }
}

QVariant FactModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= m_table.columns.size()) return {};
  const snapshot::FactTable::Column& column = m_table.columns[section];
  if (role == Qt::DisplayRole) return printable(column.unit.isEmpty() ? column.title : QStringLiteral("%1, %2").arg(column.title, column.unit), 80);
  if (role == Qt::TextAlignmentRole) return QVariant((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  return {};
}

}  // namespace cachedeck
