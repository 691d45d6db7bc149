// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/prefix_tree.h"

#include <QRandomGenerator>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <xxhash.h>

namespace cachedeck::keys {

namespace {

constexpr std::size_t leastSlots = 1024;
// Ids and positions of labels are 32 bits.
constexpr std::size_t mostAllowed = std::size_t{1} << 32;

bool isFull(std::size_t used, std::size_t slots) { return used * 10 >= slots * 7; }

std::size_t startFor(std::size_t position, std::size_t size, std::size_t chunk) {
  const std::size_t offset = position % chunk;
  return offset == 0 || offset + size <= chunk ? position : position - offset + chunk;
}

}  // namespace

PrefixTree::PrefixTree(std::size_t mostBytes)
    : m_mostBytes(std::clamp(mostBytes, leastBytes, mostAllowed)), m_seed(QRandomGenerator::system()->generate64()), m_table(leastSlots) {
  m_nodes.push_back(std::make_unique<Node[]>(nodesInChunk));
}

std::string_view PrefixTree::label(Id id) const {
  const Node& of = node(id);
  if (of.labelSize == 0) return {};
  return {m_labels[of.label / labelsInChunk].get() + of.label % labelsInChunk, of.labelSize};
}

// The hash is that of the whole path, so that it stays the same when nodes move.
std::uint32_t PrefixTree::hashOf(Id parent, std::string_view label) const {
  const std::uint64_t seed = m_seed ^ (std::uint64_t{node(parent).hash} * 0x9E3779B97F4A7C15u);
  const XXH64_hash_t hash = XXH3_64bits_withSeed(label.data(), label.size(), seed);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

PrefixTree::Id PrefixTree::find(Id parent, std::string_view wanted, std::uint32_t hash) const {
  const std::size_t mask = m_table.size() - 1;
  for (std::size_t at = hash & mask; m_table[at].id != root; at = (at + 1) & mask) {
    const Slot slot = m_table[at];
    if (slot.hash == hash && node(slot.id).parent == parent && label(slot.id) == wanted) return slot.id;
  }
  return root;
}

PrefixTree::Outcome PrefixTree::child(Id parent, std::string_view label, Id& child) {
  if (label.size() > longestLabel) return Outcome::NotKept;
  const std::uint32_t hash = hashOf(parent, label);
  child = find(parent, label, hash);
  if (child != root) return Outcome::Found;
  if (node(parent).closed) return Outcome::NotKept;
  if (!fits(label.size())) return Outcome::NoRoom;

  if (isFull(m_size, m_table.size())) rebuildTable(m_table.size() * 2);
  if (m_size % nodesInChunk == 0) m_nodes.push_back(std::make_unique<Node[]>(nodesInChunk));
  child = m_size++;
  Node& made = node(child);
  made = Node{};
  made.hash = hash;
  made.parent = parent;
  made.nextSibling = node(parent).firstChild;
  appendLabel(made, label);
  node(parent).firstChild = child;
  ++node(parent).children;
  enter(child);
  return Outcome::Found;
}

void PrefixTree::appendLabel(Node& made, std::string_view label) {
  const std::size_t start = startFor(m_labelEnd, label.size(), labelsInChunk);
  m_labelEnd = start + label.size();
  if (m_labelEnd > m_labels.size() * labelsInChunk) m_labels.push_back(std::make_unique_for_overwrite<char[]>(labelsInChunk));
  made.label = static_cast<std::uint32_t>(start);
  made.labelSize = static_cast<std::uint32_t>(label.size());
  if (!label.empty()) std::memcpy(m_labels[start / labelsInChunk].get() + start % labelsInChunk, label.data(), label.size());
}

void PrefixTree::enter(Id id) {
  const std::size_t mask = m_table.size() - 1;
  std::size_t at = node(id).hash & mask;
  while (m_table[at].id != root) at = (at + 1) & mask;
  m_table[at] = {node(id).hash, id};
}

void PrefixTree::rebuildTable(std::size_t slots) {
  m_table = {};  // the old one goes first: never both
  m_table.resize(slots);
  for (Id id = 1; id < m_size; ++id) enter(id);
}

std::size_t PrefixTree::memoryBytes() const {
  return sizeof(*this) + m_nodes.size() * nodesInChunk * sizeof(Node) + m_labels.size() * labelsInChunk +
         (m_nodes.capacity() + m_labels.capacity()) * sizeof(void*) + m_table.capacity() * sizeof(Slot);
}

// Whether one more node stays within the memory, with what compact() needs besides.
bool PrefixTree::fits(std::size_t labelSize) const {
  std::size_t wanted = memoryBytes() + (std::size_t{m_size} + 1) * sizeof(Id);
  if (isFull(m_size, m_table.size())) wanted += m_table.size() * sizeof(Slot);
  if (m_size % nodesInChunk == 0) wanted += nodesInChunk * sizeof(Node);
  if (startFor(m_labelEnd, labelSize, labelsInChunk) + labelSize > m_labels.size() * labelsInChunk) wanted += labelsInChunk;
  // The lists of chunks double now and then.
  wanted += 2 * (m_nodes.capacity() + m_labels.capacity()) * sizeof(void*);
  return wanted <= m_mostBytes;
}

void PrefixTree::compact(std::uint64_t mostRootKeys) {
  constexpr Id gone = std::numeric_limits<Id>::max();
  std::vector<Id> moved(m_size, gone);
  const Id before = m_size;
  moved[root] = root;
  node(root).firstChild = root;
  node(root).children = 0;
  m_size = 1;
  m_labelEnd = 0;
  for (Id id = 1; id < before; ++id) {
    const Node old = node(id);
    const Id parent = moved[old.parent];
    if (parent == gone) continue;
    if (node(parent).closed && (parent != root || old.keys <= mostRootKeys)) continue;
    const Id to = m_size++;
    moved[id] = to;
    // Both places are at or before the old ones, so nothing is overwritten that is still to be read.
    const std::size_t start = startFor(m_labelEnd, old.labelSize, labelsInChunk);
    m_labelEnd = start + old.labelSize;
    if (old.labelSize > 0)
      std::memmove(m_labels[start / labelsInChunk].get() + start % labelsInChunk, m_labels[old.label / labelsInChunk].get() + old.label % labelsInChunk, old.labelSize);
    Node& kept = node(to);
    kept = old;
    kept.label = static_cast<std::uint32_t>(start);
    kept.parent = parent;
    kept.firstChild = root;
    kept.children = 0;
    kept.nextSibling = node(parent).firstChild;
    node(parent).firstChild = to;
    ++node(parent).children;
  }
  m_nodes.resize((m_size + nodesInChunk - 1) / nodesInChunk);
  m_labels.resize((m_labelEnd + labelsInChunk - 1) / labelsInChunk);
  rebuildTable(std::max(leastSlots, std::bit_ceil(std::size_t{m_size} * 2)));
}

}  // namespace cachedeck::keys
