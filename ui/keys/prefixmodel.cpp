// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/prefixmodel.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/keys/listedname.h"

#include <algorithm>

namespace cachedeck {

struct PrefixModel::Node {
  Kind kind = Prefix;
  keys::PrefixRow row;
  Node* parent = nullptr;
  int position = 0;  // among the parent's children
  bool asked = false;
  std::vector<std::unique_ptr<Node>> children;

  void number() {
    for (std::size_t i = 0; i < children.size(); ++i) children[i]->position = static_cast<int>(i);
  }
};

PrefixModel::PrefixModel(QObject* parent) : QAbstractItemModel(parent) { clear(); }
PrefixModel::~PrefixModel() = default;

void PrefixModel::clear() {
  beginResetModel();
  m_root = std::make_unique<Node>();
  m_root->asked = true;
  auto all = std::make_unique<Node>();
  all->kind = All;
  all->parent = m_root.get();
  m_root->children.push_back(std::move(all));
  m_byPrefix.clear();
  m_byPrefix.insert(QByteArray(), m_root.get());
  m_keys = 0;
  m_bytes = -1;
  endResetModel();
}

void PrefixModel::show(const TreeShot& shot) {
  m_keys = shot.keys;
  m_bytes = shot.bytes;
  for (const PrefixLevel& level : shot.levels) show(level, shot.complete);
  Q_EMIT dataChanged(index(0, 0), index(0, 0));
}

void PrefixModel::show(const PrefixLevel& level, bool sorted) {
  if (Node* const node = m_byPrefix.value(level.prefix)) update(node, level, sorted);
}

void PrefixModel::update(Node* node, const PrefixLevel& level, bool sorted) {
  const QModelIndex at = indexOf(node);
  QList<std::pair<Kind, keys::PrefixRow>> fresh;
  std::vector<bool> gone(node->children.size(), true);
  const auto take = [&](Kind kind, const keys::PrefixRow& row) {
    Node* known = kind == Prefix ? m_byPrefix.value(row.prefix) : nullptr;
    if (kind != Prefix)
      for (const auto& child : node->children)
        if (child->kind == kind) known = child.get();
    if (!known) return void(fresh.append({kind, row}));
    known->row = row;
    gone[static_cast<std::size_t>(known->position)] = false;
  };
  for (const keys::PrefixRow& row : level.rows) take(Prefix, row);
  for (const auto& [kind, count] : {std::pair{Direct, level.direct}, std::pair{Rest, level.rest}}) {
    keys::PrefixRow row;
    row.keys = count;
    if (count > 0 && !(kind == Direct && level.rows.isEmpty() && level.rest == 0 && !level.prefix.isEmpty())) take(kind, row);
  }
  for (const auto& child : node->children)
    if (child->kind == All) gone[static_cast<std::size_t>(child->position)] = false;
  if (sorted) remove(node, gone);  // in between, a prefix may only have been pushed out of the list
  if (!node->children.empty()) Q_EMIT dataChanged(index(0, 0, at), index(static_cast<int>(node->children.size()) - 1, 0, at));
  if (!fresh.isEmpty()) {
    const int first = static_cast<int>(node->children.size());
    beginInsertRows(at, first, first + static_cast<int>(fresh.size()) - 1);
    for (const auto& [kind, row] : std::as_const(fresh)) {
      auto child = std::make_unique<Node>();
      child->kind = kind;
      child->row = row;
      child->parent = node;
      if (kind == Prefix) m_byPrefix.insert(row.prefix, child.get());
      node->children.push_back(std::move(child));
    }
    node->number();
    endInsertRows();
  }
  if (sorted || at.isValid()) sort(node);
}

void PrefixModel::remove(Node* node, const std::vector<bool>& gone) {
  for (std::size_t i = gone.size(); i-- > 0;) {
    if (!gone[i]) continue;
    beginRemoveRows(indexOf(node), static_cast<int>(i), static_cast<int>(i));
    std::vector<Node*> below{node->children[i].get()};
    while (!below.empty()) {
      Node* const one = below.back();
      below.pop_back();
      if (one->kind == Prefix) m_byPrefix.remove(one->row.prefix);
      for (const auto& child : one->children) below.push_back(child.get());
    }
    node->children.erase(node->children.begin() + static_cast<std::ptrdiff_t>(i));
    node->number();
    endRemoveRows();
  }
}

void PrefixModel::sort(Node* node) {
  const auto before = [](const std::unique_ptr<Node>& a, const std::unique_ptr<Node>& b) {
    const auto group = [](Kind kind) { return kind == All ? 0 : kind == Prefix ? 1 : kind == Direct ? 2 : 3; };
    if (group(a->kind) != group(b->kind)) return group(a->kind) < group(b->kind);
    return a->row.keys != b->row.keys ? a->row.keys > b->row.keys : a->row.label < b->row.label;
  };
  if (std::is_sorted(node->children.begin(), node->children.end(), before)) return;
  Q_EMIT layoutAboutToBeChanged();
  const QModelIndexList old = persistentIndexList();
  std::vector<Node*> nodes;
  for (const QModelIndex& one : old) nodes.push_back(nodeOf(one));
  std::stable_sort(node->children.begin(), node->children.end(), before);
  node->number();
  for (qsizetype i = 0; i < old.size(); ++i) changePersistentIndex(old[i], indexOf(nodes[static_cast<std::size_t>(i)]));
  Q_EMIT layoutChanged();
}

PrefixModel::Node* PrefixModel::nodeOf(const QModelIndex& index) const {
  return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex PrefixModel::indexOf(const Node* node) const {
  return node == m_root.get() ? QModelIndex() : createIndex(node->position, 0, const_cast<Node*>(node));
}

QModelIndex PrefixModel::indexOf(const QByteArray& prefix) const {
  const Node* const node = m_byPrefix.value(prefix);
  return node ? indexOf(node) : QModelIndex();
}

QModelIndex PrefixModel::index(int row, int column, const QModelIndex& parent) const {
  const Node* const node = nodeOf(parent);
  if (column != 0 || row < 0 || row >= static_cast<int>(node->children.size())) return {};
  return createIndex(row, 0, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex PrefixModel::parent(const QModelIndex& index) const {
  return index.isValid() ? indexOf(nodeOf(index)->parent) : QModelIndex();
}

int PrefixModel::rowCount(const QModelIndex& parent) const { return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size()); }
int PrefixModel::columnCount(const QModelIndex&) const { return 1; }

bool PrefixModel::hasChildren(const QModelIndex& parent) const {
  const Node* const node = nodeOf(parent);
  return node == m_root.get() || (node->kind == Prefix && (node->row.children > 0 || !node->children.empty()));
}

bool PrefixModel::canFetchMore(const QModelIndex& parent) const {
  const Node* const node = nodeOf(parent);
  return node->kind == Prefix && !node->asked && node->row.children > 0;
}

void PrefixModel::fetchMore(const QModelIndex& parent) {
  Node* const node = nodeOf(parent);
  if (node->asked) return;
  node->asked = true;
  Q_EMIT levelWanted(node->row.prefix);
}

Qt::ItemFlags PrefixModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  const Kind kind = nodeOf(index)->kind;
  return kind == All || kind == Prefix ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsEnabled;
}

QString PrefixModel::label(const Node& node) const {
  switch (node.kind) {
    case All: return tr("All keys");
    case Prefix: return listedName(node.row.prefix.mid(node.parent->kind == Prefix ? node.parent->row.prefix.size() : 0), 120);
    case Direct: return tr("without further prefix");
    case Rest: return tr("in further prefixes");
  }
  return {};
}

QVariant PrefixModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Node& node = *nodeOf(index);
  const bool all = node.kind == All;
  const qint64 count = all ? m_keys : node.row.keys, bytes = all ? m_bytes : node.row.bytes;
  switch (role) {
    case Qt::DisplayRole: return label(node);
    case Qt::ToolTipRole: {
      QStringList lines{all ? label(node) : node.kind == Prefix ? listedName(node.row.prefix, 1000) : label(node), tr("%1 keys").arg(countText(count))};
      if (bytes >= 0) lines << tr("%1 of memory").arg(bytesText(bytes));
      if (!all && node.row.withoutTtl >= 0) lines << tr("%1 without TTL").arg(countText(node.row.withoutTtl));
      return plainTip(lines.join(QLatin1Char('\n')));
    }
    case Qt::AccessibleTextRole: return tr("%1, %2 keys").arg(label(node), countText(count));
    case PrefixRole: return node.row.prefix;
    case KeysRole: return count;
    case BytesRole: return bytes;
    case ShareRole: return m_keys > 0 ? static_cast<double>(count) / static_cast<double>(m_keys) : 0.0;
    case KindRole: return node.kind;
    default: return {};
  }
}

}  // namespace cachedeck
