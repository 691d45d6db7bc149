// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace cachedeck::keys {

/// The nodes behind PrefixStats: 64 bytes each, their labels and one hash table (parent, label) → node, all in small chunks, so that what is held is known to the byte and
/// nothing is ever held twice. A node's id is larger than its parent's, and labels lie in the order of the ids: that is what lets compact() work in place.
class PrefixTree {
 public:
  using Id = std::uint32_t;
  static constexpr Id root = 0;          ///< as a child or sibling: none
  static constexpr std::size_t longestLabel = std::size_t{16} << 10;
  static constexpr std::size_t leastBytes = std::size_t{512} << 10;

  struct Node {
    std::uint64_t keys = 0, bytes = 0, direct = 0, withoutTtl = 0;
    std::uint32_t label = 0, labelSize = 0, hash = 0;
    Id parent = root, firstChild = root, nextSibling = root;
    std::uint32_t children = 0;
    bool measured = false, ttlsRead = false;
    bool partial = false;  ///< some of its keys are in children that are not kept
    bool closed = false;   ///< takes no new children
  };

  explicit PrefixTree(std::size_t mostBytes);

  Node& node(Id id) { return m_nodes[id / nodesInChunk][id % nodesInChunk]; }
  const Node& node(Id id) const { return m_nodes[id / nodesInChunk][id % nodesInChunk]; }
  Id size() const { return m_size; }
  std::string_view label(Id id) const;

  /// root when there is none.
  Id find(Id parent, std::string_view label) const { return find(parent, label, hashOf(parent, label)); }
  enum class Outcome { Found, NotKept, NoRoom };
  /// Gives the child, made where the parent takes new ones. NoRoom: makeRoom() first, which moves every node.
  Outcome child(Id parent, std::string_view label, Id& child);

  /// Folds prefixes until a quarter of the memory is free.
  void makeRoom();
  std::size_t memoryBytes() const;

 private:
  static constexpr std::size_t nodesInChunk = 256, labelsInChunk = longestLabel;
  static_assert(sizeof(Node) == 64);
  struct Slot {
    std::uint32_t hash = 0;
    Id id = root;  ///< root: free
  };

  Id find(Id parent, std::string_view label, std::uint32_t hash) const;
  std::uint32_t hashOf(Id parent, std::string_view label) const;
  bool fits(std::size_t labelSize) const;
  void appendLabel(Node& node, std::string_view label);
  void enter(Id id);
  void rebuildTable(std::size_t slots);
  /// Gives up every node whose parent is closed; of the root's children those with at most `mostRootKeys` keys.
  void compact(std::uint64_t mostRootKeys);

  // prefix_fold.cpp
  void foldOnce();
  int foldClass(Id id) const;
  std::uint64_t keysOfChildren(Id id) const;

  std::size_t m_mostBytes;
  std::uint64_t m_seed;
  Id m_size = 1;
  std::size_t m_labelEnd = 0;  ///< position behind the last label: chunk × labelsInChunk + offset
  std::vector<std::unique_ptr<Node[]>> m_nodes;
  std::vector<std::unique_ptr<char[]>> m_labels;
  std::vector<Slot> m_table;
};

}  // namespace cachedeck::keys
