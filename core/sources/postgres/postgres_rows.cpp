// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_rows.h"

#include <limits>

namespace cachedeck {

const PostgresRows::End* PostgresRows::cell(int row, int column, quint32& start) const {
  if (row < 0 || row >= rows() || column < 0 || column >= m_columns.size()) return nullptr;
  const size_t index = static_cast<size_t>(row) * static_cast<size_t>(m_columns.size()) + static_cast<size_t>(column);
  start = index == 0 ? 0 : m_ends[index - 1].offset;
  return &m_ends[index];
}

bool PostgresRows::isNull(int row, int column) const {
  quint32 start = 0;
  const End* end = cell(row, column, start);
  return !end || end->null;
}

QByteArrayView PostgresRows::bytes(int row, int column) const {
  quint32 start = 0;
  const End* end = cell(row, column, start);
  return end ? QByteArrayView(m_block.data() + start, static_cast<qsizetype>(end->offset - start)) : QByteArrayView();
}

double PostgresRows::number(int row, int column) const {
  bool isNumber = false;
  const double value = bytes(row, column).toDouble(&isNumber);
  return isNumber ? value : std::numeric_limits<double>::quiet_NaN();
}

std::optional<qint64> PostgresRows::integer(int row, int column) const {
  bool isNumber = false;
  const qint64 value = bytes(row, column).toLongLong(&isNumber);
  return isNumber ? std::optional(value) : std::nullopt;
}

void PostgresRows::add(std::optional<QByteArrayView> value) {
  if (value) m_block.insert(m_block.end(), value->begin(), value->end());
  m_ends.push_back({static_cast<quint32>(m_block.size()) & 0x7fffffffU, value ? 0U : 1U});
}

}  // namespace cachedeck
