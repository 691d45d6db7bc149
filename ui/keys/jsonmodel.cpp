// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/jsonmodel.h"

#include "core/base/text.h"
#include "core/metrics/format.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace cachedeck {

namespace {

constexpr int childrenAtOnce = 200;
constexpr qsizetype longestText = 256, longestTip = 2000;

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

JsonModel::JsonModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {}
JsonModel::~JsonModel() = default;

bool JsonModel::isEmpty() const { return m_json.isEmpty(); }

void JsonModel::setJson(const QByteArray& json) {
  beginResetModel();
  m_json = json;
  m_root = std::make_unique<Node>();
  m_root->begin = skipSpace(json.startsWith("\xEF\xBB\xBF") ? 3 : 0);
  if (!isContainer(*m_root)) m_json.clear();
  m_root->end = m_json.size();
  if (!isEmpty()) m_root->children = nextChildren(*m_root);
  endResetModel();
}

bool JsonModel::isContainer(const Node& node) const { return node.begin < m_json.size() && (m_json[node.begin] == '{' || m_json[node.begin] == '['); }

/// Something stands between the brackets.
bool JsonModel::isFilled(const Node& node) const {
  if (!isContainer(node)) return false;
  const qsizetype first = skipSpace(node.begin + 1);
  return first < m_json.size() && m_json[first] != '}' && m_json[first] != ']';
}

qsizetype JsonModel::skipSpace(qsizetype at) const {
  while (at < m_json.size() && isSpace(m_json[at])) ++at;
  return at;
}

qsizetype JsonModel::skipString(qsizetype at) const {
  for (++at; at < m_json.size() && m_json[at] != '"'; ++at)
    if (m_json[at] == '\\') ++at;
  return std::min(at + 1, m_json.size());
}

qsizetype JsonModel::skipValue(qsizetype at) const {
  if (at >= m_json.size()) return at;
  if (m_json[at] == '"') return skipString(at);
  if (m_json[at] != '{' && m_json[at] != '[') {
    while (at < m_json.size() && !isSpace(m_json[at]) && m_json[at] != ',' && m_json[at] != '}' && m_json[at] != ']') ++at;
    return at;
  }
  for (int depth = 0; at < m_json.size();) {
    const char c = m_json[at];
    if (c == '"') {
      at = skipString(at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) break;
  }
  return at;
}

/// Nothing at the end.
std::unique_ptr<JsonModel::Node> JsonModel::nextChild(Node& node) const {
  qsizetype at = skipSpace(node.next == 0 ? node.begin + 1 : node.next);
  if (at >= m_json.size() || m_json[at] == '}' || m_json[at] == ']') return nullptr;
  auto child = std::make_unique<Node>();
  child->parent = &node;
  child->row = static_cast<int>(node.children.size());
  if (m_json[node.begin] == '{') {
    child->name = at;
    child->nameEnd = at = skipString(at);
    at = skipSpace(at);
    if (at < m_json.size() && m_json[at] == ':') ++at;
    at = skipSpace(at);
  }
  child->begin = at;
  child->end = skipValue(at);
  at = skipSpace(child->end);
  node.next = at < m_json.size() && m_json[at] == ',' ? at + 1 : at;
  return node.next > child->begin ? std::move(child) : nullptr;
}

bool JsonModel::canFetchMore(const QModelIndex& parent) const {
  const Node& node = nodeOf(parent);
  return parent.column() <= 0 && !node.whole && isFilled(node);
}

std::vector<std::unique_ptr<JsonModel::Node>> JsonModel::nextChildren(Node& node) const {
  std::vector<std::unique_ptr<Node>> found;
  const auto first = static_cast<int>(node.children.size());
  while (!node.whole && found.size() < childrenAtOnce) {
    std::unique_ptr<Node> child = nextChild(node);
    node.whole = !child || skipSpace(node.next) >= m_json.size() || m_json[skipSpace(node.next)] == '}' || m_json[skipSpace(node.next)] == ']';
    if (!child) break;
    child->row = first + static_cast<int>(found.size());
    found.push_back(std::move(child));
  }
  return found;
}

void JsonModel::fetchMore(const QModelIndex& parent) {
  Node& node = nodeOf(parent);
  if (node.whole || !isFilled(node)) return;
  std::vector<std::unique_ptr<Node>> found = nextChildren(node);
  if (found.empty()) return;
  const auto first = static_cast<int>(node.children.size());
  beginInsertRows(parent, first, first + static_cast<int>(found.size()) - 1);
  for (auto& child : found) node.children.push_back(std::move(child));
  endInsertRows();
}

JsonModel::Node& JsonModel::nodeOf(const QModelIndex& index) const { return index.isValid() ? *static_cast<Node*>(index.internalPointer()) : *m_root; }

QModelIndex JsonModel::index(int row, int column, const QModelIndex& parent) const {
  if (parent.column() > 0 || column < 0 || column >= Columns) return {};
  const Node& node = nodeOf(parent);
  if (row < 0 || static_cast<std::size_t>(row) >= node.children.size()) return {};
  return createIndex(row, column, node.children[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonModel::parent(const QModelIndex& child) const {
  if (!child.isValid()) return {};
  Node* const above = nodeOf(child).parent;
  return above == m_root.get() ? QModelIndex() : createIndex(above->row, 0, above);
}

int JsonModel::rowCount(const QModelIndex& parent) const { return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent).children.size()); }
int JsonModel::columnCount(const QModelIndex&) const { return Columns; }
bool JsonModel::hasChildren(const QModelIndex& parent) const { return parent.column() <= 0 && isFilled(nodeOf(parent)); }

/// A name, string, number or word as text; a string's escapes are resolved.
QString JsonModel::literal(qsizetype begin, qsizetype end) const {
  const QByteArray raw = m_json.mid(begin, std::min(end - begin, 8 * longestTip));
  if (!raw.startsWith('"')) return QString::fromLatin1(raw);
  const QJsonArray one = QJsonDocument::fromJson('[' + raw + (raw.size() < end - begin ? "\"]" : "]")).array();
  return one.isEmpty() ? QString::fromUtf8(raw.mid(1)) : one.first().toString();
}

QString JsonModel::summary(const Node& node) const {
  if (!isContainer(node)) return literal(node.begin, node.end);
  const bool object = m_json[node.begin] == '{';
  if (!isFilled(node)) return object ? QStringLiteral("{}") : QStringLiteral("[]");
  const QString size = bytesText(node.end - node.begin);
  return object ? tr("{…}  %1").arg(size) : tr("[…]  %1").arg(size);
}

QVariant JsonModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
  const Node& node = nodeOf(index);
  const QString text = index.column() == Value ? summary(node) : node.name < 0 ? QString::number(node.row) : literal(node.name, node.nameEnd);
  return role == Qt::DisplayRole ? printable(text, longestText) : plainTip(printable(text, longestTip));
}

QVariant JsonModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  return section == Name ? tr("Name") : tr("Value");
}

}  // namespace cachedeck
