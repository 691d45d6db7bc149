// SPDX-License-Identifier: GPL-3.0-or-later
// What is given up when the memory is full.
#include "core/keys/prefix_tree.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cachedeck::keys {

namespace {

constexpr int classes = 160, middle = 32;

}  // namespace

std::uint64_t PrefixTree::keysOfChildren(Id id) const {
  const Node& of = node(id);
  if (!of.partial) return of.keys - of.direct;
  std::uint64_t sum = 0;
  for (Id child = of.firstChild; child != root; child = node(child).nextSibling) sum += node(child).keys;
  return sum;
}

/// How much a prefix looks like one of ids: children² / keys in them, that is many children with few keys each, in half powers of two. 977 sessions of 10,000 keys give 0.1,
/// a million users of one key a million. -1: it has no children.
int PrefixTree::foldClass(Id id) const {
  const double children = node(id).children;
  if (children == 0) return -1;
  const double score = children * children / static_cast<double>(std::max<std::uint64_t>(1, keysOfChildren(id)));
  return std::clamp(middle + static_cast<int>(std::floor(2 * std::log2(score))), 0, classes - 1);
}

void PrefixTree::foldOnce() {
  std::array<std::uint64_t, classes> childrenIn{};
  for (Id id = 0; id < m_size; ++id)
    if (const int of = foldClass(id); of >= 0) childrenIn[static_cast<std::size_t>(of)] += node(id).children;
  // Whole classes, so that prefixes that are alike are shown alike.
  int threshold = classes - 1;
  for (std::uint64_t sum = childrenIn.back(); threshold > 0 && sum * 4 < m_size;) sum += childrenIn[static_cast<std::size_t>(--threshold)];

  // Without its first level there is no tree: of the root's children the heavy ones stay, exact since they were there from the beginning.
  std::uint64_t mostRootKeys = 0;
  if (foldClass(root) >= threshold) mostRootKeys = 4 * std::max<std::uint64_t>(1, keysOfChildren(root) / node(root).children);
  for (Id id = 0; id < m_size; ++id)
    if (foldClass(id) >= threshold) node(id).closed = node(id).partial = true;
  compact(mostRootKeys);
}

void PrefixTree::makeRoom() {
  do foldOnce();
  while (m_size > 1 && memoryBytes() > m_mostBytes - m_mostBytes / 4);
}

}  // namespace cachedeck::keys
