// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/prefix_stats.h"

#include "core/keys/prefix_tree.h"

#include <algorithm>
#include <array>
#include <limits>

namespace cachedeck::keys {

namespace {

using Id = PrefixTree::Id;
constexpr int deepestAllowed = 16;

std::string_view viewOf(QByteArrayView bytes) { return {bytes.data(), static_cast<std::size_t>(bytes.size())}; }

qint64 figure(std::uint64_t value) {
  return static_cast<qint64>(std::min(value, static_cast<std::uint64_t>(std::numeric_limits<qint64>::max())));
}

}  // namespace

class PrefixStats::Impl {
 public:
  Impl(QByteArray separator, qint64 mostBytes, int deepest)
      : m_separator(std::move(separator)),
        m_tree(static_cast<std::size_t>(std::max<qint64>(0, mostBytes))),
        m_deepest(static_cast<std::size_t>(std::clamp(deepest, 0, deepestAllowed))) {}

  void add(std::string_view name, std::optional<qint64> bytes, std::optional<qint64> ttlMs);
  /// Nothing when that prefix is not known.
  std::optional<Id> find(std::string_view prefix) const;
  QByteArray prefixOf(Id id) const;
  PrefixRow row(Id id) const;
  std::uint64_t keysOfChildren(Id id) const;
  QList<PrefixRow> most(std::vector<Id> ids, qsizetype limit) const;

  const PrefixTree& tree() const { return m_tree; }

 private:
  /// The prefixes of one name, the root first.
  struct Path {
    std::array<Id, deepestAllowed + 1> ids{PrefixTree::root};
    std::size_t size = 1;
    bool whole = false;  ///< the last one holds the name directly
  };
  std::size_t separatorIn(std::string_view name, std::size_t from) const;
  bool walk(std::string_view name, Path& path);

  QByteArray m_separator;
  PrefixTree m_tree;
  std::size_t m_deepest;
};

std::size_t PrefixStats::Impl::separatorIn(std::string_view name, std::size_t from) const {
  if (m_separator.size() == 1) return name.find(m_separator.front(), from);
  return m_separator.isEmpty() ? std::string_view::npos : name.find(viewOf(m_separator), from);
}

// False when room must be made first.
bool PrefixStats::Impl::walk(std::string_view name, Path& path) {
  for (std::size_t from = 0;;) {
    const std::size_t end = separatorIn(name, from);
    path.whole = end == std::string_view::npos;
    if (path.whole || path.size > m_deepest) return true;
    Id child = PrefixTree::root;
    const PrefixTree::Outcome outcome = m_tree.child(path.ids[path.size - 1], name.substr(from, end - from), child);
    if (outcome != PrefixTree::Outcome::Found) return outcome == PrefixTree::Outcome::NotKept;
    path.ids[path.size++] = child;
    from = end + static_cast<std::size_t>(m_separator.size());
  }
}

// The whole path first, then the counting: making room in between moves the nodes and may take some away.
void PrefixStats::Impl::add(std::string_view name, std::optional<qint64> bytes, std::optional<qint64> ttlMs) {
  Path path;
  while (!walk(name, path)) {
    m_tree.makeRoom();
    path = {};
  }
  for (std::size_t i = 0; i < path.size; ++i) {
    PrefixTree::Node& node = m_tree.node(path.ids[i]);
    ++node.keys;
    if (bytes) {
      node.measured = true;
      node.bytes += static_cast<std::uint64_t>(std::max<qint64>(0, *bytes));
    }
    if (ttlMs) {
      node.ttlsRead = true;
      node.withoutTtl += *ttlMs == -1;
    }
  }
  PrefixTree::Node& last = m_tree.node(path.ids[path.size - 1]);
  if (path.whole)
    ++last.direct;
  else
    last.partial = true;
}

std::optional<Id> PrefixStats::Impl::find(std::string_view prefix) const {
  Id id = PrefixTree::root;
  for (std::size_t from = 0; from < prefix.size();) {
    const std::size_t end = separatorIn(prefix, from);
    if (end == std::string_view::npos) return {};
    id = m_tree.find(id, prefix.substr(from, end - from));
    if (id == PrefixTree::root) return {};
    from = end + static_cast<std::size_t>(m_separator.size());
  }
  return id;
}

QByteArray PrefixStats::Impl::prefixOf(Id id) const {
  std::array<Id, deepestAllowed> ids;
  std::size_t levels = 0;
  for (; id != PrefixTree::root; id = m_tree.node(id).parent) ids[levels++] = id;
  QByteArray prefix;
  while (levels > 0) {
    const std::string_view label = m_tree.label(ids[--levels]);
    prefix.append(label.data(), static_cast<qsizetype>(label.size())).append(m_separator);
  }
  return prefix;
}

PrefixRow PrefixStats::Impl::row(Id id) const {
  const PrefixTree::Node& node = m_tree.node(id);
  const std::string_view label = m_tree.label(id);
  PrefixRow row;
  row.prefix = prefixOf(id);
  row.label = QByteArray(label.data(), static_cast<qsizetype>(label.size()));
  row.keys = figure(node.keys);
  row.bytes = node.measured ? figure(node.bytes) : -1;
  row.withoutTtl = node.ttlsRead ? figure(node.withoutTtl) : -1;
  row.children = static_cast<int>(std::min(node.children, static_cast<std::uint32_t>(std::numeric_limits<int>::max())));
  row.folded = node.partial;
  return row;
}

std::uint64_t PrefixStats::Impl::keysOfChildren(Id id) const {
  std::uint64_t sum = 0;
  for (Id child = m_tree.node(id).firstChild; child != PrefixTree::root; child = m_tree.node(child).nextSibling) sum += m_tree.node(child).keys;
  return sum;
}

QList<PrefixRow> PrefixStats::Impl::most(std::vector<Id> ids, qsizetype limit) const {
  const auto wanted = static_cast<std::ptrdiff_t>(std::clamp<qsizetype>(limit, 0, static_cast<qsizetype>(ids.size())));
  std::partial_sort(ids.begin(), ids.begin() + wanted, ids.end(), [this](Id a, Id b) {
    const std::uint64_t keysA = m_tree.node(a).keys, keysB = m_tree.node(b).keys;
    if (keysA != keysB) return keysA > keysB;
    const int order = m_tree.label(a).compare(m_tree.label(b));
    return order != 0 ? order < 0 : a < b;
  });
  QList<PrefixRow> rows;
  rows.reserve(wanted);
  for (std::ptrdiff_t i = 0; i < wanted; ++i) rows.append(row(ids[static_cast<std::size_t>(i)]));
  return rows;
}

PrefixStats::PrefixStats(QByteArray separator, qint64 mostBytes, int deepest) : m_impl(std::make_unique<Impl>(std::move(separator), mostBytes, deepest)) {}
PrefixStats::~PrefixStats() = default;
PrefixStats::PrefixStats(PrefixStats&&) noexcept = default;
PrefixStats& PrefixStats::operator=(PrefixStats&&) noexcept = default;

void PrefixStats::add(QByteArrayView name, std::optional<qint64> bytes, std::optional<qint64> ttlMs) { m_impl->add(viewOf(name), bytes, ttlMs); }

QList<PrefixRow> PrefixStats::children(const QByteArray& prefix, qsizetype limit) const {
  const std::optional<Id> id = m_impl->find(viewOf(prefix));
  if (!id) return {};
  const PrefixTree& tree = m_impl->tree();
  std::vector<Id> ids;
  ids.reserve(tree.node(*id).children);
  for (Id child = tree.node(*id).firstChild; child != PrefixTree::root; child = tree.node(child).nextSibling) ids.push_back(child);
  return m_impl->most(std::move(ids), limit);
}

PrefixRow PrefixStats::row(const QByteArray& prefix) const {
  if (const std::optional<Id> id = m_impl->find(viewOf(prefix))) return m_impl->row(*id);
  PrefixRow unknown;
  unknown.prefix = prefix;
  return unknown;
}

QList<PrefixRow> PrefixStats::top(qsizetype limit) const {
  std::vector<Id> ids(m_impl->tree().size() - 1);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<Id>(i + 1);
  return m_impl->most(std::move(ids), limit);
}

qint64 PrefixStats::keys() const { return figure(m_impl->tree().node(PrefixTree::root).keys); }

qint64 PrefixStats::direct(const QByteArray& prefix) const {
  const std::optional<Id> id = m_impl->find(viewOf(prefix));
  return id ? figure(m_impl->tree().node(*id).direct) : 0;
}

qint64 PrefixStats::rest(const QByteArray& prefix) const {
  const std::optional<Id> id = m_impl->find(viewOf(prefix));
  if (!id) return 0;
  const PrefixTree::Node& node = m_impl->tree().node(*id);
  return figure(node.keys - node.direct - m_impl->keysOfChildren(*id));
}

qint64 PrefixStats::memoryBytes() const { return static_cast<qint64>(sizeof(Impl) + m_impl->tree().memoryBytes()); }

}  // namespace cachedeck::keys
