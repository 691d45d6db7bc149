// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keylistmodel.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/keys/key_text.h"
#include "core/metrics/format.h"
#include "ui/keys/listedname.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype mostFacts = 100'000;

}  // namespace

KeyListModel::KeyListModel(const Clock& clock, QObject* parent) : QAbstractTableModel(parent), m_clock(clock) {}

void KeyListModel::clear() {
  beginResetModel();
  m_blocks = {};
  m_size = 0;
  m_unpacked = {};
  m_facts.clear();
  m_rows.clear();
  m_types = {QByteArray()};
  endResetModel();
}

void KeyListModel::append(const QList<NameBlock>& blocks) {
  int added = 0;
  for (const NameBlock& block : blocks) added += block.size();
  if (added == 0) return;
  beginInsertRows({}, m_size, m_size + added - 1);
  for (const NameBlock& block : blocks) {
    m_blocks.push_back({block, m_size});
    m_size += block.size();
  }
  endInsertRows();
}

const KeyNames& KeyListModel::unpacked(std::size_t block) const {
  if (m_unpacked[0].first == block + 1) return m_unpacked[0].second;
  std::swap(m_unpacked[0], m_unpacked[1]);
  if (m_unpacked[0].first != block + 1) m_unpacked[0] = {block + 1, m_blocks[block].names.unpack()};
  return m_unpacked[0].second;
}

QByteArray KeyListModel::name(int row) const {
  const auto after = std::ranges::upper_bound(m_blocks, row, {}, &Block::firstRow);
  const auto block = static_cast<std::size_t>(after - m_blocks.begin()) - 1;
  return unpacked(block).at(row - m_blocks[block].firstRow).toByteArray();
}

void KeyListModel::setFacts(const QList<RowFacts>& rows) {
  int first = rowCount(), last = -1;
  for (const RowFacts& row : rows) {
    const auto at = m_rows.constFind(row.name);
    if (at == m_rows.constEnd()) continue;
    const int number = *at;
    m_rows.erase(at);
    qsizetype type = m_types.indexOf(row.type);
    if (type < 0 && m_types.size() < 250) {
      m_types.append(row.type);
      type = m_types.size() - 1;
    }
    m_facts[number] = {row.expiresAtMs, row.bytes, static_cast<std::uint8_t>(std::max<qsizetype>(0, type)), row.exists ? Known::Yes : Known::Gone, row.hasTtl};
    first = std::min(first, number);
    last = std::max(last, number);
  }
  if (last >= 0) Q_EMIT dataChanged(index(first, 0), index(last, Columns - 1));
}

void KeyListModel::setExpiryBelow(bool below) {
  if (below == m_expiryBelow) return;
  m_expiryBelow = below;
  Q_EMIT headerDataChanged(Qt::Horizontal, Ttl, Ttl);
}

void KeyListModel::refreshTimes(int first, int last) {
  if (rowCount() > 0) Q_EMIT dataChanged(index(std::max(0, first), Ttl), index(std::min(last, rowCount() - 1), Ttl), {Qt::DisplayRole});
}

void KeyListModel::forgetFacts() {
  m_facts.clear();
  m_rows.clear();
}

QList<QByteArray> KeyListModel::unknown(int first, int last) {
  if (m_facts.size() > mostFacts) forgetFacts();
  QList<QByteArray> names;
  for (int row = std::max(0, first); row <= std::min(last, rowCount() - 1); ++row) {
    if (m_facts.contains(row)) continue;
    m_facts.insert(row, {});
    names.append(name(row));
    m_rows.insert(names.last(), row);
  }
  return names;
}

int KeyListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_size; }
int KeyListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : Columns; }

QVariant KeyListModel::text(int row, int column) const {
  if (column == Name) return listedName(name(row));
  const Facts facts = m_facts.value(row);
  if (facts.known == Known::Gone) return column == Type ? tr("gone") : QString();
  if (facts.known != Known::Yes) return QString();
  const qint64 now = m_clock.now().wallMs + m_skewMs;
  switch (column) {
    case Type: return printable(m_types[facts.type], 40);
    case Ttl: return !facts.hasTtl ? QString() : facts.expiresAtMs < 0 ? ttlText(-1) : facts.expiresAtMs <= now ? tr("expired") : ttlText(facts.expiresAtMs - now);
    case Expires: return facts.expiresAtMs < 0 ? QString() : shortInstant(facts.expiresAtMs, now);
    case Size: return facts.bytes < 0 ? QString() : bytesText(facts.bytes);
    default: return {};
  }
}

QString KeyListModel::tip(int row) const {
  const Facts facts = m_facts.value(row);
  QStringList lines{listedName(name(row), 2000)};
  if (facts.known == Known::Yes && facts.hasTtl) lines << (facts.expiresAtMs < 0 ? tr("Does not expire") : tr("Expires at %1").arg(instantText(facts.expiresAtMs)));
  if (facts.known == Known::Yes && facts.bytes >= 0) lines << tr("%1 bytes of memory").arg(countText(facts.bytes));
  return plainTip(lines.join(QLatin1Char('\n')));
}

QVariant KeyListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  switch (role) {
    case Qt::DisplayRole: return text(index.row(), index.column());
    case Qt::ToolTipRole: return tip(index.row());
    case Qt::TextAlignmentRole: return index.column() >= Ttl ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case BelowRole: return m_expiryBelow && index.column() == Ttl ? text(index.row(), Expires) : QVariant();
    case Qt::AccessibleTextRole: {
      const QString one = text(index.row(), index.column()).toString(), below = data(index, BelowRole).toString();
      return below.isEmpty() ? one : one + QLatin1String(", ") + below;
    }
    default: return {};
  }
}

QVariant KeyListModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return section >= Ttl ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("Key");
    case Type: return tr("Type");
    case Ttl: return m_expiryBelow ? tr("TTL, expires at") : tr("TTL");
    case Expires: return tr("Expires at");
    case Size: return tr("Size");
    default: return {};
  }
}

}  // namespace cachedeck
